import type { Measure, RuleDocument } from '@breakwater/contract';
import { describe, expect, test } from 'vitest';
import { figuresOf, type Sample } from './figures.ts';

/** One try at a task; who made up the numbers below knows what has to come of them. */
function sampleOf(task: string, epoch: number, of: { solved: boolean; minutes: number }): Sample {
  const outcome = of.solved ? 1 : 0;
  return {
    counted: { task, score: outcome, contamination: 'none-known', human_time: 'completion' },
    run: {
      ...{ model: 'one', task, family: task, outcome, epoch },
      ...{ minutes: of.minutes, timeSource: 'completion', tokens: 100, end: null },
      ...{ budget: null, contamination: 'none-known', weight: null, evaluation: null },
    },
    review: 'valid',
  };
}

function evaluated(
  samples: readonly Sample[],
  {
    measure,
    threshold,
    digest = `sha256:${'ab'.repeat(32)}`,
  }: {
    readonly measure: Measure;
    readonly threshold: number;
    readonly digest?: string;
  },
) {
  const rule: RuleDocument = {
    ...{ format: 'breakwater-threshold-rule/1', suite: 'a'.repeat(64), measure, threshold },
    ...{ budget: { tokens: 1_000 }, repetitions: 4, level: 0.9, counts: 'all' },
  };
  const { all } = figuresOf({ rule, digest, samples, runsLeftOut: 0, accuracyOf: () => null });
  return { outcome: all.outcome, figure: all.estimate.figure ?? expect.fail('expected a figure') };
}

describe('DES-5 a time horizon', () => {
  /** By length in doublings of a minute, how many of four tries at each of six tasks succeed. */
  const solvedOf = [4, 4, 3, 2, 1, 0, 0];
  const samples = solvedOf.flatMap((solved, doublings) =>
    Array.from({ length: 6 }, (_, n) => n).flatMap((n) =>
      Array.from({ length: 4 }, (_, epoch) =>
        sampleOf(`${doublings}-${n}`, epoch, { solved: epoch < solved, minutes: 2 ** doublings }),
      ),
    ),
  );

  /** The slope of ln(p / (1 - p)) through one half at three doublings, by halving an interval. */
  function slopeThroughTheMiddle(): number {
    let [steep, flat] = [-20, 0];
    for (let halving = 0; halving < 100; halving++) {
      const slope = (steep + flat) / 2;
      const pull = solvedOf.reduce((sum, solved, doublings) => {
        const away = doublings - 3;
        return sum + away * (1 / (1 + Math.exp(-slope * away)) - solved / 4);
      }, 0);
      if (pull > 0) flat = slope;
      else steep = slope;
    }
    return steep;
  }

  test('at one half lies where success and failure mirror each other', () => {
    const { figure, outcome } = evaluated(samples, { measure: 'time-horizon-p50', threshold: 2 });
    // Eight minutes by the symmetry of the numbers alone.
    expect(figure.value).toBeCloseTo(8, 3);
    expect(figure).toMatchObject({ unit: 'minutes', epochs: { fewest: 4, most: 4 } });
    expect(figure.interval.low).toBeLessThan(8);
    expect(figure.interval.high).toBeGreaterThan(8);
    expect(outcome).toBe('interval-above');
    const spanning = evaluated(samples, { measure: 'time-horizon-p50', threshold: 8 });
    expect(spanning.outcome).toBe('interval-spans');
    const below = evaluated(samples, { measure: 'time-horizon-p50', threshold: 40 });
    expect(below.outcome).toBe('interval-below');
  });

  test('at four fifths lies on the same curve, found here another way', () => {
    const { figure } = evaluated(samples, { measure: 'time-horizon-p80', threshold: 2 });
    expect(figure.value).toBeCloseTo(2 ** (3 + Math.log(4) / slopeThroughTheMiddle()), 2);
  });

  test('has an interval by draws that follow from the rule', () => {
    const by = (digest: string) =>
      evaluated(samples, { measure: 'time-horizon-p50', threshold: 2, digest }).figure.interval;
    const one = `sha256:${'00'.repeat(31)}01`;
    expect(by(one)).toEqual(by(one));
    expect(by(one)).not.toEqual(by(`sha256:${'00'.repeat(31)}02`));
  });
});

describe('DES-5 a generalized accuracy', () => {
  /** How many tasks were solved in none, one, … of four tries. */
  const tasksOf = [3, 4, 6, 7, 8];
  const samples = tasksOf.flatMap((tasks, solved) =>
    Array.from({ length: tasks }, (_, n) => n).flatMap((n) =>
      Array.from({ length: 4 }, (_, epoch) =>
        sampleOf(`${solved}-${n}`, epoch, { solved: epoch < solved, minutes: 1 }),
      ),
    ),
  );
  const steps = 200;
  /** Moments of a normal distribution, by small even steps to eight deviations. */
  const normal = Array.from({ length: steps + 1 }, (_, step) => {
    const z = (step / steps) * 16 - 8;
    return { z, weight: (Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI)) * (16 / steps) };
  });
  const chance = (logit: number) => 1 / (1 + Math.exp(-logit));

  function likelihood(logit: number, deviation: number): number {
    return tasksOf.reduce((sum, tasks, solved) => {
      const one = normal.reduce((all, { z, weight }) => {
        const p = chance(logit + deviation * z);
        return all + weight * p ** solved * (1 - p) ** (4 - solved);
      }, 0);
      return sum + tasks * Math.log(one);
    }, 0);
  }

  /** The likeliest pair, by a grid that closes in. */
  function likeliest(): readonly [number, number] {
    let [logit, deviation, reach] = [0, 2, 2];
    for (let closer = 0; closer < 14; closer++) {
      let best = Number.NEGATIVE_INFINITY;
      const [around, about] = [logit, deviation];
      for (let i = -5; i <= 5; i++) {
        for (let j = -5; j <= 5; j++) {
          const pair = [around + (i * reach) / 5, Math.abs(about + (j * reach) / 5)] as const;
          const fit = likelihood(...pair);
          if (fit > best) [best, logit, deviation] = [fit, ...pair];
        }
      }
      reach *= 0.45;
    }
    return [logit, deviation];
  }

  test('is the mean over all tasks of the kind, as brute force finds it', () => {
    const { figure, outcome } = evaluated(samples, {
      measure: 'generalized-accuracy',
      threshold: 0.3,
    });
    const [logit, deviation] = likeliest();
    const mean = normal.reduce(
      (sum, { z, weight }) => sum + weight * chance(logit + deviation * z),
      0,
    );
    expect(figure.value).toBeCloseTo(mean, 3);
    expect(figure).toMatchObject({ unit: 'share', n: 28, unscored: 0 });
    expect(outcome).toBe(figure.interval.low > 0.3 ? 'interval-above' : 'interval-spans');
    expect(figure.interval.low).toBeGreaterThan(0.3);
  });
});
