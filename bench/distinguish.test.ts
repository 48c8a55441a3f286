import { expect, test } from 'vitest';
import { distinguish, tMax } from './distinguish.ts';

/** Even steps through 0 to 1 in a fixed disorder, so that every run is the same. */
const spread = (count: number, start: number) =>
  Array.from({ length: count }, (_, i) => ((i * 0.618_033_988_75 + start) % 1) * 10);

test('times of one kind are not told apart', () => {
  const { t, distanceP, auc, aucP } = distinguish(spread(5_000, 0), spread(5_000, 0.37));
  expect(Math.abs(t)).toBeLessThan(1);
  expect(distanceP).toBeGreaterThan(0.9);
  expect(auc).toBeCloseTo(0.5, 2);
  expect(aucP).toBeGreaterThan(0.5);
});

test('a difference of a twentieth of the spread is seen by each of the three', () => {
  const later = spread(5_000, 0.37).map((time) => time + 0.5);
  const { t, visible, distanceP, auc, aucP } = distinguish(later, spread(5_000, 0));
  expect(t).toBeGreaterThan(tMax);
  expect(visible).toBeLessThan(0.5);
  expect(distanceP).toBeLessThan(0.001);
  expect(auc).toBeGreaterThan(0.53);
  expect(aucP).toBeLessThan(0.001);
});

test('a few slow answers among many that are alike are seen by their distribution', () => {
  const tail = spread(5_000, 0.37).map((time, i) => (i % 10 === 0 ? 30 : time));
  expect(distinguish(tail, spread(5_000, 0)).distanceP).toBeLessThan(0.001);
});

test('worked by hand: 1, 2, 3 beside 2, 3, 4', () => {
  const { t, distance, auc } = distinguish([1, 2, 3], [2, 3, 4]);
  expect(t).toBeCloseTo(-1 / Math.sqrt(2 / 3), 10);
  expect(distance).toBeCloseTo(1 / 3, 10);
  // Of nine pairs the first wins one and shares two.
  expect(auc).toBeCloseTo(2 / 9, 10);
});
