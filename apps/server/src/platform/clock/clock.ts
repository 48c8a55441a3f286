import { randomBytes } from 'node:crypto';
import { type Id, type IdKind, type Instant, makeId, toInstant } from '@breakwater/kernel';

/** Where time comes from. Commands take it once, at their start, as a fact. */
export interface Clock {
  now(): Instant;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => toInstant(new Date()) };

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
