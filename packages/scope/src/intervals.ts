/**
 * A place between versions: before the version of `key`, or after it. An interval reaches from one
 * cut to another, so that open and closed ends need no rules of their own.
 */
export interface Cut {
  /** Order key of the ecosystem; compares by code unit. */
  readonly key: string;
  /** The version as written. */
  readonly text: string;
  readonly after: boolean;
}

/** null: no end on that side. Never empty. */
export interface Interval {
  readonly from: Cut | null;
  readonly until: Cut | null;
}

/** Intervals in order, apart from each other. */
export type Intervals = readonly Interval[];

export const everything: Intervals = [{ from: null, until: null }];

/** What lies in at least one of `intervals`. */
export function union(intervals: Intervals): Intervals {
  const merged: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => compareStarts(a.from, b.from))) {
    const last = merged.at(-1);
    if (last === undefined || isBefore(last.until, next.from)) merged.push(next);
    else if (compareEnds(last.until, next.until) < 0) {
      merged[merged.length - 1] = { from: last.from, until: next.until };
    }
  }
  return merged;
}

/** What lies in both. */
export function intersection(a: Intervals, b: Intervals): Intervals {
  const found: Interval[] = [];
  let [i, j] = [0, 0];
  for (let left = a[i], right = b[j]; left !== undefined && right !== undefined; ) {
    const from = compareStarts(left.from, right.from) < 0 ? right.from : left.from;
    const until = compareEnds(left.until, right.until) < 0 ? left.until : right.until;
    if (from === null || until === null || compareCuts(from, until) < 0)
      found.push({ from, until });
    if (compareEnds(left.until, right.until) < 0) left = a[++i];
    else right = b[++j];
  }
  return found;
}

/** What lies in none. */
export function complement(intervals: Intervals): Intervals {
  const found: Interval[] = [];
  let from: Cut | null = null;
  let isOpen = true;
  for (const interval of intervals) {
    if (interval.from !== null) found.push({ from, until: interval.from });
    from = interval.until;
    isOpen = interval.until !== null;
  }
  return isOpen ? [...found, { from, until: null }] : found;
}

/** Orders two cuts: below 0 where `a` lies before `b`. */
export function compareCuts(a: Cut, b: Cut): number {
  if (a.key === b.key) return Number(a.after) - Number(b.after);
  return a.key < b.key ? -1 : 1;
}

/** True where a gap lies between an interval's end and the next one's start. */
function isBefore(until: Cut | null, from: Cut | null): boolean {
  return until !== null && from !== null && compareCuts(until, from) < 0;
}

function compareStarts(a: Cut | null, b: Cut | null): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return compareCuts(a, b);
}

function compareEnds(a: Cut | null, b: Cut | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareCuts(a, b);
}
