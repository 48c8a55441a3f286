import type { SampleHead } from './shapes.ts';

/** What a sample has in numbers; `pool` and `calls` are what model events refer to. */
export type ListName = 'messages' | 'events' | 'pool' | 'calls';

/** One element of a list. */
export interface ListItem {
  readonly at: number;
  /** Of its text in the log. */
  readonly bytes: number;
  /** null: longer than `evalLogLimits.pieceBytesMax`. */
  readonly value: unknown;
}

/** A sample as it lies in a log, whichever of Inspect's two forms it has. */
export interface SampleLists {
  readonly head: SampleHead;
  readonly count: (list: ListName) => number;
  /** How many elements from `from` on fit into a page: at least one, at most `limit`. */
  readonly fit: (list: ListName, from: number, limit: number) => number;
  /** These elements, given in ascending order; all of them exist. */
  readonly items: (list: ListName, at: readonly number[]) => Promise<readonly ListItem[]>;
  /** Texts by the name they are referred to by; a name without one is left out. */
  readonly attachments: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** How many of these sizes, one behind the other, are at most `max` together; at least one. */
export function fitting(sizes: Iterable<number>, max: number): number {
  let count = 0;
  let sum = 0;
  for (const size of sizes) {
    sum += size;
    if (count > 0 && sum > max) break;
    count += 1;
  }
  return count;
}
