import { expect, test } from 'vitest';
import { distinguish, steadied, tMax, toldApart } from './distinguish.ts';

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

test('a difference under a slow tail is seen among the fast', () => {
  const tail = (time: number, i: number) => (i % 20 === 0 ? time + ((i * 7_919) % 1_000) : time);
  const one = spread(5_000, 0.37).map((time) => time + 0.6);
  const [a, b] = [one.map(tail), spread(5_000, 0).map(tail)];
  const found = distinguish(a, b);
  expect(Math.abs(found.t)).toBeLessThan(tMax);
  expect(found.tOfFast).toBeGreaterThan(tMax);
  expect(toldApart(found)).toBe(true);
  expect(toldApart(distinguish(b, b))).toBe(false);
});

test('what a machine is slow by for a while is taken off; what one of two kinds is slow by is not', () => {
  // By another step than the times, so that the two have nothing to do with each other.
  const kinds = Array.from({ length: 4_000 }, (_, i) => (i * 0.754_877_666_2) % 1 < 0.5);
  const times = spread(4_000, 0.37).map((value, i) => value / 10 + i / 10);
  const split = (all: readonly number[], kind: boolean) => all.filter((_, i) => kinds[i] === kind);
  const later = times.map((time, i) => (kinds[i] === true ? time + 0.2 : time));
  const apart = (all: readonly number[]) => distinguish(split(all, true), split(all, false));
  expect(apart(later).visible).toBeGreaterThan(10);
  expect(apart(steadied(later)).visible).toBeLessThan(0.2);
  expect(toldApart(apart(steadied(times)))).toBe(false);
  expect(toldApart(apart(steadied(later)))).toBe(true);
});

test('worked by hand: 1, 2, 3 beside 2, 3, 4', () => {
  const { t, distance, auc } = distinguish([1, 2, 3], [2, 3, 4]);
  expect(t).toBeCloseTo(-1 / Math.sqrt(2 / 3), 10);
  expect(distance).toBeCloseTo(1 / 3, 10);
  // Of nine pairs the first wins one and shares two.
  expect(auc).toBeCloseTo(2 / 9, 10);
});
