import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geometricMean } from './geometric-mean.ts';

function of(values: readonly number[]) {
  const mean = geometricMean(values);
  if (!mean.ok) throw new Error(mean.refusal.got);
  return mean.value;
}

test('the published example: 282 values whose decimal logarithms have mean -0.33 and sd 0.17', () => {
  // Bland and Altman 1996: geometric mean 0.47, from 0.45 to 0.49.
  const spread = 0.17 * Math.sqrt(281 / 282);
  const values = Array.from({ length: 282 }, (_, i) => 10 ** (-0.33 + (i % 2 ? spread : -spread)));
  const { value, interval, n } = of(values);
  expect(n).toBe(282);
  expect(value).toBeCloseTo(0.47, 2);
  expect(interval?.low).toBeCloseTo(0.45, 2);
  expect(interval?.high).toBeCloseTo(0.49, 2);
});

const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

test('it lies between the extremes and in its interval, and scales with its unit', () => {
  fc.assert(
    fc.property(fc.array(positive, { minLength: 2, maxLength: 30 }), positive, (values, unit) => {
      const { value, interval } = of(values);
      if (interval === null) throw new Error('no interval');
      expect(value).toBeGreaterThanOrEqual(Math.min(...values) * (1 - 1e-12));
      expect(value).toBeLessThanOrEqual(Math.max(...values) * (1 + 1e-12));
      expect(interval.low).toBeLessThanOrEqual(value);
      expect(interval.high).toBeGreaterThanOrEqual(value);
      const other = of(values.map((each) => each * unit));
      expect(other.value / (value * unit)).toBeCloseTo(1, 9);
    }),
  );
});

test('one value has no interval, and what is no positive number is refused', () => {
  expect(of([7]).interval).toBeNull();
  for (const wrong of [[], [0], [1, -1], [Number.NaN], [Number.POSITIVE_INFINITY]]) {
    expect(geometricMean(wrong).ok).toBe(false);
  }
});
