import type { CallInput, Client, Operation, Output, Problem } from '@breakwater/contract';
import { ProblemError } from '@breakwater/contract';
import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createContext, useContext, useRef, useState } from 'react';
import { renew } from './renew.ts';
import type { Reader } from './screen.ts';

export const ServerContext = createContext<Client | null>(null);

/** The client of whoever is signed in, or of the public. */
export function useServer(): Client {
  const client = useContext(ServerContext);
  if (client === null) throw new Error('expected a client around this component');
  return client;
}

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'ready'; readonly data: T };

interface LoadOptions<T> {
  /** Asks again every five seconds for as long as this holds: work is under way. */
  readonly againWhile?: (data: T) => boolean;
  /** Shows the last answer until the next has come, as a search does while somebody types. */
  readonly keepLast?: boolean;
  /** Waits with asking until this holds. */
  readonly when?: boolean;
}

const againMs = 5_000;

/** How one read is asked, kept and found again: `[operation id, input]`. */
export function readOf<T extends Operation>(
  client: Client,
  operation: T,
  input: CallInput<T> = {},
) {
  return queryOptions({
    queryKey: [operation.id, input],
    queryFn: () => client.call(operation, input),
  });
}

/** Begins a read that a page is about to need; its answer or refusal is shown there. */
export function begin<T extends Operation>(
  { client, queries }: Reader,
  operation: T,
  input: CallInput<T> = {},
): void {
  queries.prefetchQuery(readOf(client, operation, input)).catch(() => {});
}

/** Reads one operation; `reload` reads again and keeps showing what is there until then. */
export function useLoad<T extends Operation>(
  operation: T,
  input: CallInput<T>,
  options: LoadOptions<Output<T>> = {},
): { readonly loaded: Loaded<Output<T>>; readonly reload: () => void } {
  const client = useServer();
  const query = useQuery({
    ...readOf(client, operation, input),
    enabled: options.when ?? true,
    ...(options.keepLast ? { placeholderData: keepPreviousData } : {}),
    refetchInterval: ({ state }) =>
      state.data !== undefined && options.againWhile?.(state.data) === true ? againMs : false,
  });
  return { loaded: loadedOf(query), reload: () => void query.refetch() };
}

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface Pages<Item> {
  readonly loaded: Loaded<readonly Item[]>;
  readonly reload: () => void;
  readonly more: { readonly has: boolean; readonly loading: boolean; readonly load: () => void };
}

/** Reads a list page by page, each when it is asked for; `read` asks for the one behind a cursor. */
export function usePages<Item>(
  key: readonly unknown[],
  read: (client: Client, after: string | undefined) => Promise<PageOf<Item>>,
  { againWhile }: Pick<LoadOptions<readonly Item[]>, 'againWhile'> = {},
): Pages<Item> {
  const client = useServer();
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(client, pageParam),
    initialPageParam: firstPage,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    select: itemsOf<Item>,
    // Comparing what has come, row by row, with what comes would take longer with every page.
    structuralSharing: false,
    refetchInterval: ({ state }) =>
      state.data !== undefined && againWhile?.(itemsOf(state.data)) === true ? againMs : false,
  });
  return {
    loaded: loadedOf(query),
    reload: () => void query.refetch(),
    more: {
      has: query.hasNextPage,
      loading: query.isFetchingNextPage,
      load: () => void query.fetchNextPage(),
    },
  };
}

/** One function for all: the rows are put together only when another page came. */
function itemsOf<Item>({ pages }: { readonly pages: readonly PageOf<Item>[] }): readonly Item[] {
  return pages.flatMap(({ items }) => items);
}

const firstPage: string | undefined = undefined;

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
}

/** What there is stays on the page when asking again failed; the refusal is for who has nothing. */
function loadedOf<T>({ data, error }: Asked<T>): Loaded<T> {
  if (data !== undefined && !isGone(error)) return { state: 'ready', data };
  return error === null ? { state: 'loading' } : { state: 'failed', problem: problemOf(error) };
}

/** Whoever may no longer see a thing stops seeing it, also what was fetched before. */
function isGone(error: Error | null): boolean {
  return error instanceof ProblemError && [401, 403, 404].includes(error.problem.status);
}

/**
 * One act at a time, with its refusal. The idempotency key belongs to the input: pressing again
 * after a lost answer repeats the same request instead of acting twice. What is shown anywhere is
 * read again afterwards: an act may change what no page knows of.
 */
export function useAct<T extends Operation>(operation: T) {
  const client = useServer();
  const queries = useQueryClient();
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
          renew(queries);
          done(output);
        },
        (cause) => {
          const found = problemOf(cause);
          setProblem(found);
          // Somebody else was faster: the page shows what stands now, and the next try is on that.
          if (found.code === 'changed-since') renew(queries);
        },
      )
      .finally(() => setBusy(false));
  }
  return { act, busy, problem, forget: () => setProblem(null) };
}

/** What WebAuthn names its refusals, sections 5.1.3 and 5.1.4. */
const passkeyErrors = new Set(['SecurityError', 'NotAllowedError', 'InvalidStateError']);

/** What a browser says of a passkey: the address is not the one they belong to, or nobody agreed. */
function refusedByBrowser({ name, message }: DOMException): Problem {
  const elsewhere = name === 'SecurityError';
  return {
    type: 'about:blank',
    title: elsewhere ? 'Passkeys do not work at this address' : 'The browser gave no passkey',
    status: 0,
    detail: 'the browser refused before anything was sent',
    code: elsewhere ? 'wrong-address' : 'no-passkey',
    expected: elsewhere ? 'the address that the server calls its own' : 'a passkey',
    got: `${name}: ${message}`.slice(0, 300),
    todo: elsewhere
      ? 'open the address of the sign-in link: on the machine of the server, localhost and no number'
      : 'try again and confirm on the device, or sign in with a link',
  };
}

/** Whatever went wrong, in the one form that people are shown. */
export function problemOf(cause: unknown): Problem {
  if (cause instanceof ProblemError) return cause.problem;
  if (cause instanceof DOMException && passkeyErrors.has(cause.name))
    return refusedByBrowser(cause);
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
