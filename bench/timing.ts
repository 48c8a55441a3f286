/** Milliseconds that `work` took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The value below which `share` of `values` lie; 0 for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}

/** What many calls took: each in milliseconds, and all of them together by the second. */
export interface Load {
  readonly times: readonly number[];
  readonly perSecond: number;
}

/** Calls `work` `count` times, `clients` at once, each its next as soon as its last is answered. */
export async function load(
  count: number,
  clients: number,
  work: (call: number) => Promise<unknown>,
): Promise<Load> {
  const times: number[] = [];
  let next = 0;
  const client = async () => {
    while (next < count) {
      const call = next++;
      times.push(await timed(() => work(call)));
    }
  };
  const took = await timed(() => Promise.all(Array.from({ length: clients }, client)));
  return { times, perSecond: (count / took) * 1000 };
}
