import { randomBytes } from 'node:crypto';
import { type Id, type IdKind, type Instant, makeId, toInstant } from '@breakwater/kernel';

/** Where time comes from. Commands take it once, at their start, as a fact. */
export interface Clock {
  now(): Instant;
}

let lastMs = Number.NaN;
let last = toInstant(new Date(0));

/** The machine's clock. A millisecond is spelled once: calls of models ask for it many times. */
export const systemClock: Clock = {
  now() {
    const ms = Date.now();
    if (ms !== lastMs) {
      last = toInstant(new Date(ms));
      lastMs = ms;
    }
    return last;
  },
};

/** A clock that stands still until moved; for tests. */
export function manualClock(start: Instant): Clock & { set(to: Instant): void } {
  let at = start;
  return {
    now: () => at,
    set: (to) => {
      at = to;
    },
  };
}

/** Makes a fresh random id of `kind`. */
export function newId<K extends IdKind>(kind: K): Id<K> {
  return makeId(kind, randomBytes(26));
}

/**
 * Fresh random ids in their own order: what is told apart by them, where time does not, keeps the
 * order in which they are given out.
 */
export function newIds<K extends IdKind>(kind: K, count: number): readonly Id<K>[] {
  const random = randomBytes(26 * count);
  return Array.from({ length: count }, (_, i) =>
    makeId(kind, random.subarray(26 * i, 26 * (i + 1))),
  ).toSorted((a, b) => (a < b ? -1 : 1));
}
