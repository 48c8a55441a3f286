import { type Instant, idKinds, parseId, parseInstant } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { manualClock, newId, systemClock } from './clock.ts';

test("the machine's clock speaks in our own form, and never backwards between two calls", () => {
  const [first, second] = [systemClock.now(), systemClock.now()];
  expect(parseInstant(first)).toBe(first);
  expect(second >= first).toBe(true);
});

test('a manual clock stands still until it is moved', () => {
  const [eight, nine] = ['2026-03-01T08:00:00.000Z', '2026-03-01T09:00:00.000Z'] as Instant[];
  if (eight === undefined || nine === undefined) throw new Error('expected two hours');
  const clock = manualClock(eight);
  expect([clock.now(), clock.now()]).toEqual([eight, eight]);
  clock.set(nine);
  expect(clock.now()).toBe(nine);
});

test('ids are of their kind, and no two are the same', () => {
  for (const kind of idKinds) expect(parseId(kind, newId(kind))).not.toBeNull();
  const made = Array.from({ length: 2_000 }, () => newId('case'));
  expect(new Set(made).size).toBe(2_000);
});
