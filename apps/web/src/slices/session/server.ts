import type { CallInput, Client, Operation, Output, Problem } from '@breakwater/contract';
import { ProblemError } from '@breakwater/contract';
import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';

export const ServerContext = createContext<Client | null>(null);

/** The client of the signed-in party. */
export function useServer(): Client {
  const client = useContext(ServerContext);
  if (client === null) throw new Error('expected a signed-in session around this component');
  return client;
}

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'ready'; readonly data: T };

interface LoadOptions<T> {
  /** Asks again every five seconds for as long as this holds: work is under way. */
  readonly againWhile?: (data: T) => boolean;
}

const againMs = 5_000;

/** Reads one operation; `reload` reads again and keeps showing what is there until then. */
export function useLoad<T extends Operation>(
  operation: T,
  input: CallInput<T>,
  options: LoadOptions<Output<T>> = {},
): { readonly loaded: Loaded<Output<T>>; readonly reload: () => void } {
  const client = useServer();
  const [loaded, setLoaded] = useState<Loaded<Output<T>>>({ state: 'loading' });
  const newest = useRef(0);
  const wanted = JSON.stringify(input);

  const load = useCallback(() => {
    newest.current += 1;
    const round = newest.current;
    // An answer that was overtaken, or that comes after the page was left, is dropped.
    const show = (next: Loaded<Output<T>>): void => {
      if (round === newest.current) setLoaded(next);
    };
    const asked: CallInput<T> = JSON.parse(wanted); // what was stringified above
    client.call(operation, asked).then(
      (data) => show({ state: 'ready', data }),
      (cause) => show({ state: 'failed', problem: problemOf(cause) }),
    );
  }, [client, operation, wanted]);
  useEffect(() => {
    load();
    return () => {
      newest.current += 1;
    };
  }, [load]);

  const again = loaded.state === 'ready' && options.againWhile?.(loaded.data) === true;
  useEffect(() => {
    if (!again) return;
    const timer = setInterval(load, againMs);
    return () => clearInterval(timer);
  }, [again, load]);

  return { loaded, reload: load };
}

/**
 * One act at a time, with its refusal. The idempotency key belongs to the input: pressing again
 * after a lost answer repeats the same request instead of acting twice.
 */
export function useAct<T extends Operation>(operation: T) {
  const client = useServer();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const last = useRef({ input: '', key: '' });

  function act(input: CallInput<T>, done: (output: Output<T>) => void): void {
    const text = JSON.stringify(input);
    if (last.current.input !== text) last.current = { input: text, key: crypto.randomUUID() };
    setBusy(true);
    client
      .call(operation, { ...input, idempotencyKey: last.current.key })
      .then(
        (output) => {
          last.current = { input: '', key: '' };
          setProblem(null);
          done(output);
        },
        (cause) => setProblem(problemOf(cause)),
      )
      .finally(() => setBusy(false));
  }
  return { act, busy, problem };
}

/** Whatever went wrong, in the one form that people are shown. */
export function problemOf(cause: unknown): Problem {
  if (cause instanceof ProblemError) return cause.problem;
  const offline = cause instanceof TypeError;
  return {
    type: 'about:blank',
    title: offline ? 'The server cannot be reached' : 'The answer could not be read',
    status: 0,
    detail: offline ? 'no answer came back' : 'the answer has not the published form',
    code: offline ? 'unreachable' : 'answer-malformed',
    expected: offline ? 'an answer from the server' : 'an answer in the published form',
    got: offline ? 'none' : String(cause).slice(0, 300),
    todo: offline
      ? 'check the network and that the server runs, then try again'
      : 'reload the page; server and page may be of different versions',
  };
}
