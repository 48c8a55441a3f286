import { expect, test } from 'vitest';
import { numberOf, realFile, rowsOf, studyRuns, vector } from '../../test/real-runs.ts';
import { percentileInterval, quantile } from '../quantiles/sample.ts';
import { seededRandom } from '../random.ts';
import { doublingInterval, doublingTime } from './doubling.ts';
import { chanceAt, minutesAt } from './fit.ts';
import { type Horizons, horizons } from './horizons.ts';
import type { HorizonRun } from './runs.ts';

const published = rowsOf(vector('cyber-horizons/published-fits.csv'));
const long = process.env['BREAKWATER_LONG'] === '1';

function fitted(runs: readonly HorizonRun[], options?: Parameters<typeof horizons>[1]): Horizons {
  const result = horizons(runs, options);
  if (!result.ok) throw new Error(result.refusal.got);
  return result.value;
}

test('the 16 models of the 2026 study have the published horizons within 0.2 %', () => {
  const { fits, without } = fitted(studyRuns());
  expect(without).toEqual([]);
  expect(new Set(fits.map((fit) => fit.model))).toEqual(
    new Set(published.map((row) => row.get('agent'))),
  );
  for (const row of published) {
    const fit = fits.find(({ model }) => model === row.get('agent'));
    expect(Math.abs((fit?.p50 ?? 0) / numberOf(row, 'p50') - 1), fit?.model).toBeLessThan(0.002);
    // GPT-2 succeeds at two tasks: where the published solver stopped shows most at 80 %.
    expect(Math.abs((fit?.p80 ?? 0) / numberOf(row, 'p80') - 1), fit?.model).toBeLessThan(0.0033);
    expect(fit?.logLoss).toBeCloseTo(numberOf(row, 'bce_loss'), 5);
    expect(fit?.n).toBe(numberOf(row, 'n_tasks'));
    expect(fit?.runs).toBe(numberOf(row, 'n_runs'));
  }
});

const june = realFile('cyber-horizons/june2025_runs.csv');
const juneFits = realFile('cyber-horizons/june2025_published_fits.csv');

test.skipIf(!june || !juneFits)(
  'the 9 models of June 2025 have the published horizons within 0.25 % (λ 0.1, own weights)',
  () => {
    const runs = rowsOf(june ?? '').map((row) => ({
      model: row.get('alias') ?? '',
      task: row.get('task_id') ?? '',
      family: row.get('task_family') ?? '',
      minutes: numberOf(row, 'human_minutes'),
      outcome: numberOf(row, 'score_binarized'),
      weight: numberOf(row, 'equal_task_weight'),
    }));
    const { fits } = fitted(runs, { penalty: 0.1 });
    const rows = rowsOf(juneFits ?? '');
    expect(fits).toHaveLength(9);
    for (const fit of fits) {
      const row = rows.find((one) => one.get('agent') === fit.model) ?? new Map();
      expect(Math.abs(fit.p50 / numberOf(row, 'p50') - 1), fit.model).toBeLessThan(0.0025);
      expect(Math.abs(fit.slope - numberOf(row, 'coefficient')), fit.model).toBeLessThan(1e-3);
    }
  },
);

const bootstrap = realFile('cyber-horizons/v2_published_bootstrap.csv');

test.skipIf(!bootstrap)('published intervals are quantiles of the published rows to 1e-9', () => {
  const rows = rowsOf(bootstrap ?? '');
  for (const row of published) {
    for (const figure of ['p50', 'p80']) {
      const column = rows
        .map((one) => numberOf(one, `${row.get('agent')}_${figure}`))
        .filter((value) => !Number.isNaN(value));
      const { low, high } = percentileInterval(column, 0.95);
      const [lowThere, highThere] = [
        numberOf(row, `${figure}q0.025`),
        numberOf(row, `${figure}q0.975`),
      ];
      // The rows are published to nine decimals.
      expect(Math.abs(low - lowThere), row.get('agent')).toBeLessThan(1e-9);
      expect(Math.abs(high - highThere), row.get('agent')).toBeLessThan(1e-9);
    }
  }
});

test('our bootstrap stands beside the published one', () => {
  const { fits } = fitted(studyRuns(), {
    bootstrap: { replicates: long ? 1000 : 250, random: seededRandom(2026) },
  });
  const lines = published.map((row) => {
    const fit = fits.find(({ model }) => model === row.get('agent'));
    const [low, high] = [numberOf(row, 'p50q0.025'), numberOf(row, 'p50q0.975')];
    const ours = fit?.p50Interval ?? { low: 0, high: 0 };
    // The upper end of the two best models lies far beyond the longest task, where rows scatter.
    const beyond = high > (fit?.taskMinutes.longest ?? 0) / 2;
    const widths = Math.log(ours.high / ours.low) / Math.log(high / low);
    expect(Math.abs(Math.log(ours.high / high)), fit?.model).toBeLessThan(beyond ? 1.5 : 0.6);
    expect(widths, fit?.model).toBeGreaterThan(0.65);
    expect(widths, fit?.model).toBeLessThan(1.4);
    const percent = (a: number, b: number): string => `${((a / b - 1) * 100).toFixed(1)} %`;
    return [
      (fit?.model ?? '').padEnd(18),
      `ours ${ours.low.toFixed(2)} to ${ours.high.toFixed(2)},`,
      `published ${low.toFixed(2)} to ${high.toFixed(2)},`,
      `differences ${percent(ours.low, low)} and ${percent(ours.high, high)}`,
    ].join(' ');
  });
  if (long) process.stdout.write(`${lines.join('\n')}\n`);
});

test('the doubling time of the ten best models of their day is the published one to 0.1 day', () => {
  const { fits, rows } = fitted(studyRuns(), {
    bootstrap: { replicates: 100, random: seededRandom(7) },
  });
  const best = published.filter((row) => row.get('is_sota') === 'True');
  const days = new Map(
    best.map((row) => [
      row.get('agent') ?? '',
      Date.parse(row.get('release_date') ?? '') / 86_400_000,
    ]),
  );
  const line = doublingTime(
    fits.flatMap(({ model, p50 }) => {
      const day = days.get(model);
      return day === undefined ? [] : [{ model, day, minutes: p50 }];
    }),
  );
  if (!line.ok || !rows) throw new Error('no line');
  expect(line.value.n).toBe(10);
  expect(Math.abs(line.value.days - 281.7)).toBeLessThan(0.1);
  const theirs = doublingTime(
    best.map((row) => ({
      model: row.get('agent') ?? '',
      day: days.get(row.get('agent') ?? '') ?? 0,
      minutes: numberOf(row, 'p50'),
    })),
  );
  expect(theirs.ok && theirs.value.rSquared).toBeCloseTo(0.9308, 4);
  expect(theirs.ok && theirs.value.slope).toBeCloseTo(0.0024608043259577205, 12);
  expect(theirs.ok && theirs.value.intercept).toBeCloseTo(-45.942011628451844, 9);
  const spread = doublingInterval(rows, days);
  if (!spread.ok) throw new Error(spread.refusal.got);
  // Published from 1,000 rows of its own: 138 to 324 days around 274.
  expect(spread.value.interval.low).toBeLessThan(line.value.days);
  expect(spread.value.interval.high).toBeGreaterThan(line.value.days);
});

const some: HorizonRun = { model: 'm', task: 'a', family: 'f', minutes: 4, outcome: 1 };

test.each([
  ['no runs', [], 'too-few'],
  ['a time of zero', [{ ...some, minutes: 0 }], 'not-a-number'],
  ['an unknown time', [{ ...some, minutes: Number.NaN }], 'not-a-number'],
  ['an outcome beyond 1', [{ ...some, outcome: 2 }], 'not-a-number'],
  ['an unscored run', [{ ...some, outcome: Number.NaN }], 'not-a-number'],
  ['a weight below 0', [{ ...some, weight: -1 }], 'not-a-number'],
])('%s are refused', (_, runs, code) => {
  const result = horizons(runs);
  expect(result.ok ? 'a figure' : result.refusal.code).toBe(code);
});

test('a model with one outcome, or better at longer tasks, has no horizon and is named', () => {
  const run = (model: string, minutes: number, outcome: number): HorizonRun => ({
    model,
    task: `t${minutes}`,
    family: 'f',
    minutes,
    outcome,
  });
  const { fits, without } = fitted([
    ...[1, 2, 4, 8].map((minutes) => run('always', minutes, 1)),
    ...[1, 2, 4, 8].map((minutes) => run('backwards', minutes, minutes > 3 ? 1 : 0)),
    ...[1, 2, 4, 8].map((minutes) => run('sharp', minutes, minutes < 3 ? 1 : 0)),
  ]);
  expect(without.map(({ model }) => model)).toEqual(['always', 'backwards']);
  // Perfectly separated runs: the penalty alone keeps the slope finite, and the middle is exact.
  expect(fits.map(({ model }) => model)).toEqual(['sharp']);
  expect(fits[0]?.p50).toBeCloseTo(Math.sqrt(8), 3);
});

test('the curve and its inverse agree, and the same seed gives the same rows', () => {
  const { fits } = fitted(studyRuns());
  for (const fit of fits) {
    for (const chance of [0.1, 0.5, 0.8]) {
      expect(chanceAt(fit, minutesAt(fit, chance))).toBeCloseTo(chance, 10);
    }
  }
  const rows = [1, 1, 2].map(
    (seed) =>
      fitted(studyRuns().slice(0, 900), {
        bootstrap: { replicates: 5, random: seededRandom(seed) },
      }).rows,
  );
  expect(rows[0]).toEqual(rows[1]);
  expect(rows[0]).not.toEqual(rows[2]);
});

test('quantiles interpolate between neighbors', () => {
  expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
  expect(quantile([1], 0.9)).toBe(1);
  expect(quantile([], 0.5)).toBeNaN();
  expect(quantile([1, Number.NaN], 0.5)).toBeNaN();
});
