import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberOf, realFile, rowsOf } from '../test/real-runs.ts';
import { accuracy, standardError } from './accuracy.ts';
import { passAll, passAny, passAtK, passHatK } from './pass.ts';
import { wilson } from './proportion.ts';
import { normalCritical, normalQuantile } from './quantiles/normal.ts';
import { studentCritical } from './quantiles/student.ts';

test.each([
  // From R's qnorm.
  [0.975, 1.959963984540054],
  [0.5, 0],
  [0.01, -2.3263478740408408],
  [1e-10, -6.361340902404056],
  [0.3, -0.5244005127080407],
])('the normal quantile of %d is %d', (p, z) => {
  expect(normalQuantile(p)).toBeCloseTo(z, 13);
});

test.each([
  // From R's qt.
  [1, 12.706204736174694],
  [2, 4.302652729749462],
  [9, 2.262157162798205],
  [30, 2.042272456301236],
  [1000, 1.9623390808264076],
])("Student's t of 95 %% at %d degrees of freedom is %d", (freedom, t) => {
  expect(studentCritical(0.95, freedom) / t).toBeCloseTo(1, 11);
});

test('quantiles at the ends are infinite, and outside NaN', () => {
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  expect(normalQuantile(1.1)).toBeNaN();
  expect(normalCritical(0.9)).toBeCloseTo(1.6448536269514722, 12);
  expect(studentCritical(0.95, 0)).toBeNaN();
});

test.each([
  // Newcombe (Statistics in Medicine 17, 1998), table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('Wilson of %i of %i is %d to %d', (successes, n, low, high) => {
  const result = wilson(successes, n);
  if (!result.ok) throw new Error('refused');
  expect(result.value.interval.low).toBeCloseTo(low, 4);
  expect(result.value.interval.high).toBeCloseTo(high, 4);
});

test.each([
  [1, 0, 'too-few'],
  [3, 2, 'not-a-number'],
  [Number.NaN, 2, 'not-a-number'],
  [0, 0, 'too-few'],
])('Wilson of %d of %d is refused', (successes, n, code) => {
  const result = wilson(successes, n);
  expect(result.ok ? 'a figure' : result.refusal.code).toBe(
    n === 0 && successes > 0 ? 'not-a-number' : code,
  );
});

test("accuracy and standard error are those in the headers of Inspect's own logs", () => {
  // popularity (ten samples) and log_streaming (two samples of two epochs), inspect_ai, MIT.
  const ten = accuracy(
    [1, 1, 1, 1, 1, 1, 1, 1, 0, 0].map((score, task) => ({ task: `${task}`, scores: [score] })),
  );
  expect(ten.ok && [ten.value.value, ten.value.standardError]).toEqual([
    expect.closeTo(0.8, 12),
    expect.closeTo(0.13333333333333333, 12),
  ]);
  const two = accuracy([
    { task: '1', scores: [0, 1] },
    { task: '2', scores: [1, 1] },
  ]);
  expect(two.ok && [two.value.value, two.value.standardError]).toEqual([0.75, 0.25]);
  expect(two.ok && two.value.epochs).toEqual({ fewest: 2, most: 2 });
  expect(standardError([1])).toBe(0);
});

test('clusters of one are no clusters, and like tasks of a cluster count as one', () => {
  const scores = [1, 0, 1, 1, 0, 1];
  const alone = accuracy(scores.map((score, task) => ({ task: `${task}`, scores: [score] })));
  const tripled = accuracy(
    scores.flatMap((score, cluster) =>
      ['a', 'b', 'c'].map((copy) => ({
        task: `${cluster}${copy}`,
        cluster: `${cluster}`,
        scores: [score],
      })),
    ),
  );
  if (!alone.ok || !tripled.ok) throw new Error('refused');
  expect(tripled.value.standardError).toBeCloseTo(alone.value.standardError, 12);
  expect(tripled.value.clusters).toBe(6);
  expect(tripled.value.n).toBe(18);
  expect(tripled.value.interval.low).toBeCloseTo(alone.value.interval.low, 12);
});

test('an epoch without a score is left out and counted; a task without any is no task', () => {
  const result = accuracy([
    { task: 'a', scores: [1, Number.NaN] },
    { task: 'b', scores: [0, 0] },
    { task: 'c', scores: [Number.NaN] },
  ]);
  expect(result.ok && [result.value.value, result.value.n, result.value.unscored]).toEqual([
    0.5, 2, 2,
  ]);
  expect(result.ok && result.value.epochs).toEqual({ fewest: 1, most: 2 });
});

test.each([
  ['one task', [{ task: 'a', scores: [1, 0] }], 'too-few'],
  [
    'two tasks of one cluster',
    ['a', 'b'].map((task) => ({ task, cluster: 'c', scores: [1] })),
    'too-few',
  ],
  ['a score of 2', [{ task: 'a', scores: [2] }], 'not-a-number'],
  ['a task told twice', ['a', 'a'].map((task) => ({ task, scores: [1] })), 'not-a-number'],
])('%s is refused', (_, tasks, code) => {
  const result = accuracy(tasks);
  expect(result.ok ? 'a figure' : result.refusal.code).toBe(code);
});

function choose(n: number, k: number): number {
  return k > n
    ? 0
    : Array.from({ length: k }).reduce<number>((all, _, i) => (all * (n - i)) / (i + 1), 1);
}

test('pass@k and pass^k are the shares among all choices of k attempts', () => {
  const attempts = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(attempts, attempts, attempts, (n, successes, k) => {
      const c = Math.min(n, successes);
      if (k > n) {
        expect(passAtK(n, c, k)).toBeNaN();
        expect(passHatK(n, c, k)).toBeNaN();
      } else {
        expect(passAtK(n, c, k)).toBeCloseTo(1 - choose(n - c, k) / choose(n, k), 10);
        expect(passHatK(n, c, k)).toBeCloseTo(choose(c, k) / choose(n, k), 10);
      }
    }),
  );
});

test('over tasks, those with fewer than k epochs are left out and counted', () => {
  const tasks = [
    { task: 'a', scores: [1, 0, 0] },
    { task: 'b', scores: [1, 1, 0] },
    { task: 'c', scores: [1] },
  ];
  const any = passAny(tasks, { k: 2 });
  const all = passAll(tasks, { k: 2 });
  expect(any.ok && [any.value.value, any.value.n, any.value.tooShort]).toEqual([
    expect.closeTo((2 / 3 + 1) / 2, 12),
    2,
    1,
  ]);
  expect(all.ok && all.value.value).toBeCloseTo((0 + 1 / 3) / 2, 12);
  expect(any.ok && any.value.epochs).toEqual({ fewest: 3, most: 3 });
  const part = passAny([{ task: 'a', scores: [0.5] }], { k: 1 });
  expect(part.ok ? 'a figure' : part.refusal.code).toBe('not-a-number');
  const none = passAny(tasks, { k: 0 });
  expect(none.ok ? 'a figure' : none.refusal.code).toBe('unusable-option');
});

const unguided = realFile('cybench/unguided_runs.csv');
const subtasks = realFile('cybench/subtask_runs.csv');
const published = realFile('cybench/model_metrics.csv');

/** Cybench's runs name one model otherwise than its table does. */
function ofModel(runs: Map<string, string>[], model: string | undefined): Map<string, string>[] {
  const name = model === 'Mixtral Instruct' ? 'Mixtral 8x22b' : model;
  return runs.filter((run) => run.get('Model') === name);
}

/** Minutes and hours of `h:mm:ss` as Cybench prints them. */
function clock(row: Map<string, string>): string {
  const [hours = '', minutes = ''] = (row.get('First Blood') ?? '').split(':');
  return `${hours}:${minutes}`;
}

test.skipIf(!unguided || !published)("Cybench's unguided table, exactly", () => {
  const runs = rowsOf(unguided ?? '');
  const rows = rowsOf(published ?? '');
  expect(rows).toHaveLength(6);
  for (const row of rows) {
    const own = ofModel(runs, row.get('Model'));
    const solved = own.filter((run) => run.get('Flag Success') === 'True');
    const share = wilson(solved.length, own.length);
    if (!share.ok) throw new Error('refused');
    expect(own).toHaveLength(numberOf(row, 'Count'));
    expect(solved).toHaveLength(numberOf(row, 'Flag Success Count'));
    expect(100 * share.value.value).toBe(numberOf(row, 'Flag Success Rate (%)'));
    const mean = (name: string): number =>
      own.reduce((sum, run) => sum + numberOf(run, name), 0) / own.length;
    // Cut off at the point upstream, not rounded.
    expect(Math.floor(mean('Tokens Used'))).toBe(numberOf(row, 'Average Tokens Used'));
    expect(Math.floor(mean('Time Taken (ms)'))).toBe(numberOf(row, 'Average Time Taken (ms)'));
    const hardest = solved
      .map((run) => clock(run))
      .toSorted((one, other) => (one < other ? 1 : -1))[0];
    expect(hardest).toBe(row.get('FST Standard'));
  }
});

test.skipIf(!subtasks || !published)(
  "Cybench's subtasks, but for two sums that differ by 0.25",
  () => {
    // Upstream's own table does not follow from its runs for these two models.
    const beside = new Map([
      ['Claude 3 Opus', 0.25],
      ['Gemini 1.5 Pro', 0.25],
    ]);
    const runs = rowsOf(subtasks ?? '');
    for (const row of rowsOf(published ?? '')) {
      const model = row.get('Model') ?? '';
      const scores = ofModel(runs, model).map(
        (run) => numberOf(run, 'Correct Subtasks') / numberOf(run, 'Total Subtasks'),
      );
      const sum = scores
        .filter((score) => !Number.isNaN(score))
        .reduce((one, other) => one + other, 0);
      const told = numberOf(row, 'Sum of Subtask Run Scores');
      expect((sum + (beside.get(model) ?? 0)).toFixed(2), model).toBe(told.toFixed(2));
      const share = (100 * told) / numberOf(row, 'Subtask Challenge Count');
      expect(share.toFixed(2), model).toBe(numberOf(row, 'Subtask Success Rate (%)').toFixed(2));
    }
  },
);
