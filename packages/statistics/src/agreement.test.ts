import { expect, test } from 'vitest';
import { cohensKappa } from './agreement.ts';

const times = (count: number, one: string, other: string): [string, string][] =>
  Array.from({ length: count }, () => [one, other]);

test('kappa of a worked table: 0.4 from 20, 5, 10 and 15 of 50', () => {
  const result = cohensKappa([
    ...times(20, 'yes', 'yes'),
    ...times(5, 'yes', 'no'),
    ...times(10, 'no', 'yes'),
    ...times(15, 'no', 'no'),
  ]);
  if (!result.ok) throw new Error('refused');
  expect(result.value.observed).toBeCloseTo(0.7, 12);
  expect(result.value.byChance).toBeCloseTo(0.5, 12);
  expect(result.value.value).toBeCloseTo(0.4, 12);
  // Worked from the 1969 paper's formula (13) apart from this code.
  expect(result.value.standardError).toBeCloseTo(0.12699606293110033, 12);
  expect(result.value.n).toBe(50);
});

test('full agreement is 1, full disagreement below 0', () => {
  const same = cohensKappa([...times(5, 'a', 'a'), ...times(5, 'b', 'b')]);
  expect(same.ok && same.value.value).toBe(1);
  const never = cohensKappa([...times(5, 'a', 'b'), ...times(5, 'b', 'a')]);
  expect(never.ok && never.value.value).toBe(-1);
});

test('one label throughout, or one pair, is refused', () => {
  for (const [pairs, code] of [
    [times(9, 'a', 'a'), 'one-outcome'],
    [times(1, 'a', 'b'), 'too-few'],
  ] as const) {
    const result = cohensKappa(pairs);
    expect(result.ok ? 'a figure' : result.refusal.code).toBe(code);
  }
});
