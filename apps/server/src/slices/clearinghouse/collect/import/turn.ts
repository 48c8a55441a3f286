import { type Result, refuse } from '@breakwater/kernel';

/**
 * Lets large works come one after the other, and refuses what would wait behind too many. Of
 * one party half of them wait at most: nobody keeps all others out.
 */
export function createTurns({ waitingMax }: { readonly waitingMax: number }) {
  let last: Promise<unknown> = Promise.resolve();
  const waiting: string[] = [];
  return async <T>(who: string, work: () => Promise<Result<T>>): Promise<Result<T>> => {
    const own = waiting.filter((each) => each === who).length;
    if (waiting.length >= waitingMax || own >= waitingMax / 2) return refuse(busy);
    waiting.push(who);
    const done = last.then(work).finally(() => {
      waiting.splice(waiting.indexOf(who), 1);
    });
    last = done.catch(() => {});
    return await done;
  };
}

const busy = {
  code: 'imports-busy',
  expected: 'a server that takes in few reports at once, and fewer of one party',
  got: 'one with as many as it holds, or as many of yours',
  todo: 'send it again in a minute, with the same Idempotency-Key',
} as const;
