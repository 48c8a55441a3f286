import { ok } from '@breakwater/kernel';
import type { Interval } from './figure.ts';
import { normalCritical } from './quantiles/normal.ts';
import { type Figured, levelFault, no } from './refusal.ts';

/** A share of successes among independent trials. */
export interface Proportion {
  readonly value: number;
  readonly interval: Interval;
  readonly n: number;
  readonly method: 'Wilson score interval';
}

/**
 * The share of `successes` in `n` independent trials with Wilson's score interval.
 *
 * Wilson (JASA 22, 1927), as Brown, Cai and DasGupta (Statistical Science 16, 2001) advise for small
 * n. Unlike the normal interval it is of use at 0 and at n successes. Trials of one task are not
 * independent: use `accuracy` for tasks with epochs.
 */
export function wilson(successes: number, n: number, level = 0.95): Figured<Proportion> {
  const fault = levelFault(level);
  if (fault) return fault;
  if (!Number.isInteger(n) || !Number.isInteger(successes) || successes < 0 || successes > n) {
    return no('not-a-number', {
      expected: 'whole numbers, with successes from 0 to n',
      got: `${successes} of ${n}`,
      todo: 'count the scored trials and the successes among them',
    });
  }
  if (n === 0) {
    return no('too-few', {
      expected: 'one trial at least',
      got: '0',
      todo: 'score some runs first',
    });
  }
  const z = normalCritical(level);
  const value = successes / n;
  const shrink = 1 + (z * z) / n;
  const center = (value + (z * z) / (2 * n)) / shrink;
  const half = (z * Math.sqrt((value * (1 - value)) / n + (z * z) / (4 * n * n))) / shrink;
  // At the ends the bound is exact by definition; arithmetic would leave 1e-17 of it.
  const low = successes === 0 ? 0 : Math.max(0, center - half);
  const high = successes === n ? 1 : Math.min(1, center + half);
  return ok({ value, interval: { low, high, level }, n, method: 'Wilson score interval' });
}
