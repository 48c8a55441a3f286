import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMetrics, computeMetric } from './metrics.ts';
import { passAt, passPower, reduceRecords, reducerOf } from './reducers.ts';
import { numberOf, type ScoreRecord } from './score-values.ts';
import type { LogScore, ScoreValue } from './shapes.ts';

function records(...values: readonly (readonly [string, ScoreValue, string?])[]): ScoreRecord[] {
  return values.map(([id, value, cluster]) => ({ id, value, metadata: { cluster } }));
}

function reduced(name: string, ...values: readonly ScoreValue[]): unknown {
  const reducer = reducerOf(name);
  if (reducer === null) return null;
  return reduceRecords(records(...values.map((value) => ['a', value] as const)), reducer)[0]?.value;
}

it.each([
  ['C', 1],
  ['P', 0.5],
  ['I', 0],
  ['N', 0],
  ['YES', 1],
  ['false', 0],
  [' 0.25 ', 0.25],
  ['1e400', 0],
  ['c', 0],
  ['__proto__', 0],
  [true, 1],
  [{ a: 1 }, 0],
])('%j counts as %d', (value, number) => {
  expect(numberOf(value)).toBe(number);
});

// Expected values: inspect_ai 0.3.260, the same calls.
it.each([
  ['mean', ['C', 'I', 'P'], 0.5],
  ['median', [3, 1, 2, 10], 2.5],
  ['mode', ['I', 'C', 'C'], 'C'],
  ['max', ['P', 'C', 'I'], 'C'],
  ['at_least_2', ['C', 'I', 'C'], 1],
  ['at_least_3', ['C', 'I', 'C'], 0],
  ['pass_at_1', ['C', 'I', 'I', 'I'], 0.25],
  ['pass_at_2', ['C', 'I', 'I', 'I'], 0.5],
  ['pass_at_5', ['C', 'I', 'I', 'I'], Number.NaN],
  ['pass_k_2', ['C', 'C', 'C', 'I'], 0.5],
  ['mean', ['C', Number.NaN], 1],
  ['mean', [Number.NaN, Number.NaN], Number.NaN],
  [
    'mean',
    [
      { a: 1, b: 'I' },
      { a: 0, b: 'C' },
    ],
    { a: 0.5, b: 0.5 },
  ],
  [
    'mean',
    [
      [1, 2],
      [3, Number.NaN],
    ],
    [2, 2],
  ],
  ['own/reducer', ['C'], null],
  ['pass_at_0', ['C'], null],
] as [string, ScoreValue[], unknown][])('%s of %j', (name, values, expected) => {
  const value = reduced(name, ...values);
  if (typeof value !== 'number' || Number.isNaN(value)) expect(value).toEqual(expected);
  else expect(value).toBeCloseTo(Number(expected), 12);
});

it('pass@k and pass^k are the shares of all choices of k attempts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (right, k) => {
        fc.pre(k <= right.length);
        const choices = choose(right, k);
        const share = (good: (chosen: boolean[]) => boolean) =>
          choices.filter(good).length / choices.length;
        const count = right.filter(Boolean).length;
        expect(passAt(k, count, right.length)).toBeCloseTo(
          share((of) => of.some(Boolean)),
          12,
        );
        expect(passPower(k, count, right.length)).toBeCloseTo(
          share((of) => of.every(Boolean)),
          12,
        );
      },
    ),
  );
});

function choose<T>(all: readonly T[], k: number): T[][] {
  if (k === 0) return [[]];
  return all.flatMap((first, i) => choose(all.slice(i + 1), k - 1).map((rest) => [first, ...rest]));
}

describe('metrics', () => {
  const three = records(['a', 'C', 'x'], ['b', 'I', 'x'], ['c', 'C', 'y']);
  // numpy: std([1,0,1], ddof=1) and what follows from it
  it.each([
    ['inspect_ai/accuracy', {}, 2 / 3],
    ['mean', {}, 2 / 3],
    ['var', {}, 1 / 3],
    ['std', {}, Math.sqrt(1 / 3)],
    ['stderr', {}, 1 / 3],
    ['stderr', { cluster: 'cluster' }, 2 / 9],
  ])('%s %j', (name, params, expected) => {
    expect(computeMetric(name, three, params).computed).toBeCloseTo(expected, 12);
  });

  it('what cannot be computed is told with its reason', () => {
    expect(computeMetric('bootstrap_stderr', three)).toEqual({
      computed: null,
      reason: 'metric-unknown',
    });
    expect(computeMetric('stderr', three, { cluster: 'family' })).toEqual({
      computed: null,
      reason: 'clusters-unknown',
    });
    expect(computeMetric('stderr', records(['a', 1]))).toEqual({ computed: 0 });
    expect(computeMetric('mean', records(['a', Number.NaN]))).toEqual({ computed: Number.NaN });
  });

  it('a member of values that are objects has figures of its own', () => {
    const metric = (name: string, value: number) => ({ name, value, params: {} });
    const told: LogScore = {
      name: 'style',
      scorer: 'judge',
      metrics: { mean: metric('mean', 0.75) },
    };
    const values = records(['a', { style: 1, facts: 0 }], ['b', { style: 0.5, facts: 0 }]);
    expect(checkMetrics(told, values)).toEqual([
      {
        scorer: 'judge',
        score: 'style',
        reducer: null,
        metric: 'mean',
        told: 0.75,
        computed: 0.75,
      },
    ]);
  });
});
