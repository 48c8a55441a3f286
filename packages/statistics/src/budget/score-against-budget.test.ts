import { expect, test } from 'vitest';
import { numberOf, rowsOf, vector } from '../../test/real-runs.ts';
import {
  type ScoreAgainstBudget,
  type Spending,
  scoreAgainstBudget,
} from './score-against-budget.ts';

const simulated = rowsOf(vector('reference/simulated-times.csv')).map((row): Spending => {
  const end = row.get('end');
  return {
    spent: numberOf(row, 'spent'),
    end: end === 'solved' || end === 'ended' ? end : 'censored',
  };
});

function curve(runs: readonly Spending[], upTo?: number): ScoreAgainstBudget {
  const result = scoreAgainstBudget(runs, upTo === undefined ? {} : { upTo });
  if (!result.ok) throw new Error(result.refusal.got);
  return result.value;
}

test('where none gave up, curve, errors, intervals and mean are those of R survival', () => {
  const ours = curve(
    simulated.filter(({ end }) => end !== 'ended'),
    40,
  );
  const rows = rowsOf(vector('reference/survival-curve.csv'));
  expect(rows.length).toBeGreaterThan(40);
  for (const step of ours.steps) {
    const row = rows.find((one) => numberOf(one, 'spent') === step.spent) ?? new Map();
    expect(step.atRisk).toBe(numberOf(row, 'atRisk'));
    expect(step.solved).toBeCloseTo(numberOf(row, 'solved'), 10);
    expect(step.standardError).toBeCloseTo(numberOf(row, 'error'), 10);
    expect(step.interval.low).toBeCloseTo(numberOf(row, 'low'), 10);
    expect(step.interval.high).toBeCloseTo(numberOf(row, 'high'), 10);
  }
  const [mean] = rowsOf(vector('reference/survival-mean.csv'));
  expect(ours.restrictedMean.value).toBeCloseTo(numberOf(mean ?? new Map(), 'mean'), 8);
  expect(ours.restrictedMean.standardError).toBeCloseTo(numberOf(mean ?? new Map(), 'error'), 8);
  expect(ours.medianSpent).toBe(numberOf(mean ?? new Map(), 'median'));
});

test('with runs that gave up, the share solved is the Aalen–Johansen estimate of R survival', () => {
  const ours = curve(simulated);
  const rows = rowsOf(vector('reference/survival-states.csv'));
  for (const step of ours.steps) {
    const row = rows.find((one) => numberOf(one, 'spent') === step.spent) ?? new Map();
    expect(step.solved).toBeCloseTo(numberOf(row, 'solved'), 10);
  }
  expect([ours.n, ours.solved + ours.censored + ours.ended]).toEqual([80, 80]);
});

test('a run that gave up is not still trying: it keeps the share below what censoring makes of it', () => {
  const ended = curve(simulated);
  const censored = curve(
    simulated.map((run): Spending => (run.end === 'ended' ? { ...run, end: 'censored' } : run)),
  );
  expect(ended.steps.at(-1)?.solved).toBeLessThan(censored.steps.at(-1)?.solved ?? 0);
});

test('without any censoring the curve is the plain share, and its error that of a proportion', () => {
  const runs = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(
    (spent): Spending => ({ spent, end: spent % 2 === 0 ? 'solved' : 'ended' }),
  );
  const { steps, medianSpent } = curve(runs);
  for (const step of steps) {
    const share = Math.floor(step.spent / 2) / 10;
    expect(step.solved).toBeCloseTo(share, 12);
    expect(step.standardError).toBeCloseTo(Math.sqrt((share * (1 - share)) / 10), 12);
  }
  expect(medianSpent).toBe(10);
});

test.each([
  ['one run', [{ spent: 1, end: 'solved' }], {}, 'too-few'],
  [
    'no success',
    [
      { spent: 1, end: 'ended' },
      { spent: 2, end: 'censored' },
    ],
    {},
    'one-outcome',
  ],
  [
    'NaN',
    [
      { spent: 1, end: 'solved' },
      { spent: Number.NaN, end: 'solved' },
    ],
    {},
    'not-a-number',
  ],
  [
    'a cut beyond all runs',
    [
      { spent: 1, end: 'solved' },
      { spent: 2, end: 'solved' },
    ],
    { upTo: 3 },
    'unusable-option',
  ],
] as const)('%s is refused', (_, runs, options, code) => {
  const result = scoreAgainstBudget(runs, options);
  expect(result.ok ? 'a figure' : result.refusal.code).toBe(code);
});
