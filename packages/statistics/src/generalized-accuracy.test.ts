import { expect, test } from 'vitest';
import { numberOf, rowsOf, studyRuns, vector } from '../test/real-runs.ts';
import { type Tally, tally } from './ability/tallies.ts';
import { type GeneralizedAccuracies, generalizedAccuracy } from './generalized-accuracy.ts';
import { normalFrom, seededRandom } from './random.ts';

const long = process.env['BREAKWATER_LONG'] === '1';
const study = tally(studyRuns());

function fitted(
  tallies: readonly Tally[],
  options?: Parameters<typeof generalizedAccuracy>[1],
): GeneralizedAccuracies {
  const result = generalizedAccuracy(tallies, options);
  if (!result.ok) throw new Error(result.refusal.got);
  return result.value;
}

const whole = fitted(study);

test('the mixed model of the study is the one that lme4 fits, to its optimizer', () => {
  const rows = rowsOf(vector('reference/lme4.csv'));
  expect(rows).toHaveLength(16);
  for (const row of rows) {
    const ours = whole.models.find(({ model }) => model === row.get('model'));
    expect(whole.logLikelihood).toBeCloseTo(numberOf(row, 'logLikelihood'), 6);
    expect(whole.taskDeviation).toBeCloseTo(numberOf(row, 'deviation'), 3);
    expect(ours?.logit, ours?.model).toBeCloseTo(numberOf(row, 'logit'), 3);
    // lme4 takes its errors from finite differences of the deviance.
    const error = (ours?.logitError ?? 0) / numberOf(row, 'logitError');
    expect(Math.abs(error - 1), ours?.model).toBeLessThan(0.005);
  }
});

test('an accuracy over all tasks of the kind lies near the share seen where all were tried', () => {
  for (const model of whole.models.filter(({ n }) => n > 280)) {
    expect(Math.abs(model.value - model.observed), model.model).toBeLessThan(0.02);
    expect(model.interval.low).toBeLessThan(model.value);
    expect(model.interval.high).toBeGreaterThan(model.value);
  }
  // Tried at the 142 easier tasks only: over all of the kind it would do half as well.
  const early = whole.models.find(({ model }) => model === 'GPT-3.5');
  expect(early?.n).toBe(142);
  expect(early?.observed).toBeGreaterThan(0.33);
  expect(early?.value).toBeLessThan(0.2);
});

function simulated(seed: number): Tally[] {
  const random = seededRandom(seed);
  const tasks = Array.from({ length: 80 }, () => 1.5 * normalFrom(random));
  return tasks.flatMap((easiness, task) =>
    [-1, 0.5].map((logit, model) => {
      const chance = 1 / (1 + Math.exp(-logit - easiness));
      const successes = Array.from({ length: 3 }, () => random()).filter((u) => u < chance).length;
      return { model: `m${model}`, task: `t${task}`, successes, trials: 3 };
    }),
  );
}

test('95 % intervals hold the known accuracy about 95 % of the time, without bias', () => {
  const replicates = long ? 1000 : 40;
  let [held, bias, deviation] = [0, 0, 0];
  // E[logistic(0.5 + 1.5 Z)], by quadrature.
  const truth = 0.5926;
  for (let seed = 0; seed < replicates; seed += 1) {
    const fit = fitted(simulated(seed), { nodes: 15 });
    const model = fit.models.find((one) => one.model === 'm1');
    if (!model) throw new Error('no model');
    if (model.interval.low <= truth && truth <= model.interval.high) held += 1;
    bias += (model.value - truth) / replicates;
    deviation += fit.taskDeviation / replicates;
  }
  // Three standard errors of the simulation itself around 95 %.
  expect(held / replicates).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / replicates));
  expect(Math.abs(bias)).toBeLessThan(long ? 0.004 : 0.015);
  expect(Math.abs(deviation - 1.5)).toBeLessThan(long ? 0.03 : 0.1);
});

test.each([
  ['nothing', [], 'too-few'],
  ['one task', [{ model: 'm', task: 't', successes: 1, trials: 2 }], 'too-few'],
  [
    'successes only',
    [
      { model: 'm', task: 't', successes: 2, trials: 2 },
      { model: 'm', task: 'u', successes: 2, trials: 2 },
    ],
    'one-outcome',
  ],
  [
    'more successes than trials',
    [{ model: 'm', task: 't', successes: 3, trials: 2 }],
    'not-a-number',
  ],
  ['no trial', [{ model: 'm', task: 't', successes: 0, trials: 0 }], 'not-a-number'],
  ['NaN', [{ model: 'm', task: 't', successes: Number.NaN, trials: 2 }], 'not-a-number'],
])('%s is refused', (_, tallies, code) => {
  const result = generalizedAccuracy(tallies);
  expect(result.ok ? 'a figure' : result.refusal.code).toBe(code);
});

test('a pair told twice is refused, whatever spaces its names hold', () => {
  const tally = { model: 'a b', task: 'c', successes: 1, trials: 2 };
  const other = { model: 'a', task: 'b c', successes: 1, trials: 2 };
  expect(generalizedAccuracy([tally, other, tally]).ok).toBe(false);
  expect(generalizedAccuracy([tally, other]).ok).toBe(true);
});

test('epochs of one pair are counted together, without those that have no score', () => {
  const runs = [1, 0, Number.NaN, 1].map((outcome) => ({ model: 'm', task: 't', outcome }));
  expect(tally([...runs, { model: 'm', task: 'u', outcome: 0 }])).toEqual([
    { model: 'm', task: 't', successes: 2, trials: 3 },
    { model: 'm', task: 'u', successes: 0, trials: 1 },
  ]);
});
