import { ok } from '@breakwater/kernel';
import { mean } from './at.ts';
import type { Interval } from './figure.ts';
import { studentCritical } from './quantiles/student.ts';
import { type Figured, levelFault, no } from './refusal.ts';

/** A geometric mean of n positive values. */
export interface GeometricMean {
  readonly value: number;
  /** null for one value: it says nothing about how far another would differ. */
  readonly interval: Interval | null;
  readonly n: number;
}

/**
 * The geometric mean of positive values, with the t interval of the mean of their logarithms taken
 * back: exact where the logarithms are normal (Bland and Altman, Transformations, means, and
 * confidence intervals, BMJ 312:1079, 1996).
 */
export function geometricMean(values: readonly number[], level = 0.95): Figured<GeometricMean> {
  const wrong = levelFault(level);
  if (wrong) return wrong;
  if (values.length === 0) {
    return no('too-few', { expected: 'one value at least', got: 'none', todo: 'give values' });
  }
  const bad = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (bad !== undefined) {
    const expected = 'finite values above 0';
    return no('not-a-number', { expected, got: String(bad), todo: 'leave it out, and say so' });
  }
  const n = values.length;
  const logs = values.map(Math.log);
  const center = mean(logs);
  if (n === 1) return ok({ value: Math.exp(center), interval: null, n });
  const variance = logs.reduce((all, log) => all + (log - center) ** 2, 0) / (n - 1);
  const half = studentCritical(level, n - 1) * Math.sqrt(variance / n);
  const interval = { low: Math.exp(center - half), high: Math.exp(center + half), level };
  return ok({ value: Math.exp(center), interval, n });
}
