import { setTimeout as delay } from 'node:timers/promises';
import {
  type CallInput,
  type Client,
  createClient,
  type Operation,
  type Output,
  ProblemError,
} from '@breakwater/contract';
import { type ServerProcess, socketFetch } from './server.ts';

/** A caller that survives the server: the same step always carries the same idempotency key. */
export interface Caller {
  /** Carries out a write; `step` names it, so that a repetition is the same request. */
  write<T extends Operation>(step: string, operation: T, input?: CallInput<T>): Promise<Output<T>>;
  read<T extends Operation>(operation: T, input?: CallInput<T>): Promise<Output<T>>;
  download<T extends Operation>(operation: T, input?: CallInput<T>): Promise<Uint8Array>;
  /** Reads until `done` says so; throws after `timeoutMs`. */
  until<T extends Operation>(
    operation: T,
    input: CallInput<T>,
    wait: {
      readonly what: string;
      readonly timeoutMs: number;
      readonly done: (output: Output<T>) => boolean;
    },
  ): Promise<Output<T>>;
}

const patienceMs = 120_000;

/** A caller with an API key, or as the administrator where `key` is null. */
export function createCaller(server: ServerProcess, key: string | null): Caller {
  const client: Client =
    key === null
      ? createClient({ baseUrl: 'http://socket', fetch: socketFetch(server.socket) })
      : createClient({ baseUrl: server.address, key });
  const caller: Caller = {
    async write(step, operation, input) {
      const idempotencyKey = `demo:${step}`.replace(/[^\x21-\x7e]/g, '-');
      const keyed = { ...input, idempotencyKey } as CallInput<typeof operation>; // the same input with its key
      const output = await patiently(() => client.call(operation, keyed));
      server.acknowledged?.({ operation: operation.id, params: input?.params ?? {}, output });
      return output;
    },
    read: (operation, input) => patiently(() => client.call(operation, input)),
    download: (operation, input) => patiently(() => client.download(operation, input)),
    async until(operation, input, wait) {
      const deadline = Date.now() + wait.timeoutMs * server.patience;
      for (;;) {
        const output = await caller.read(operation, input);
        if (wait.done(output)) return output;
        if (Date.now() > deadline) throw new Error(`waited in vain for ${wait.what}`);
        await delay(150);
      }
    },
  };
  return caller;
}

/** No answer, or one that says that it could not be carried out; an unexpected answer is a fault. */
function isAway(error: unknown): boolean {
  if (error instanceof ProblemError) return error.problem.status >= 500;
  if (!(error instanceof Error)) return false;
  return error instanceof TypeError || 'code' in error;
}

/** Repeats while the server is away; an answer of its own, also a refusal, is final. */
export async function patiently<R>(call: () => Promise<R>): Promise<R> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isAway(error) || Date.now() > deadline) throw error;
      await delay(100);
    }
  }
}
