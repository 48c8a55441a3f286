import { type Result, refuse } from '@breakwater/kernel';

/** Lets large works come one after the other, and refuses what would wait behind too many. */
export function createTurns({ waitingMax }: { readonly waitingMax: number }) {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
    if (waiting >= waitingMax) return refuse(busy);
    waiting += 1;
    const own = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = own.catch(() => {});
    return await own;
  };
}

const busy = {
  code: 'imports-busy',
  expected: 'a server that takes in few reports at once',
  got: 'one with as many as it holds',
  todo: 'send it again in a minute, with the same Idempotency-Key',
} as const;
