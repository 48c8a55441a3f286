import {
  type BenchmarkRun,
  buildReport,
  fitRuns,
  type ModelFigures,
} from '@breakwater/benchmark/report';
import type {
  EvaluationFigures,
  EvaluationOutcome,
  RuleDocument,
  RunFigures,
} from '@breakwater/contract';
import { generalizedAccuracy, HORIZON_PENALTY, seededRandom, tally } from '@breakwater/statistics';

/** A sample as the benchmark tells it. */
export interface Sample {
  readonly counted: {
    readonly task: string;
    readonly score: number | null;
    readonly contamination: keyof EvaluationFigures['contamination']['samples'];
    readonly human_time: string | null;
  };
  /** null: no score that a fit can take. */
  readonly run: BenchmarkRun | null;
  readonly review: keyof EvaluationFigures['reviews'];
}

/** What an evaluation goes by. */
export interface Evaluated<S extends Sample> {
  readonly rule: RuleDocument;
  /** Digest of the rule. */
  readonly digest: string;
  readonly samples: readonly S[];
  readonly runsLeftOut: number;
  /** The benchmark's own accuracy over samples. */
  accuracyOf(samples: readonly S[]): RunFigures['all'];
}

/** Draws of the bootstrap by which a horizon has its interval. */
const replicates = 1_000;
const stepsMax = 500;

type Against = EvaluationFigures['all'];
type Estimate = NonNullable<Against['estimate']['figure']>;

/** DES-5: all figures of an evaluation, by those of the benchmark; the same input gives the same. */
export function figuresOf<S extends Sample>(of: Evaluated<S>): EvaluationFigures {
  const { rule, digest, samples, runsLeftOut } = of;
  const valid = samples.filter(({ review }) => review !== 'invalid');
  const counted = rule.counts === 'all' ? samples : valid;
  const report = buildReport(tableOf(counted), { level: rule.level });
  const [model] = report.models;
  const noRuns = { figure: null, none: 'needs scored samples; there is: none' };
  return {
    format: 'breakwater-evaluation/1',
    rule: digest,
    threshold: rule.threshold,
    level: rule.level,
    counts: rule.counts,
    all: against(samples, of),
    withoutInvalid: against(valid, of),
    budget: model === undefined ? noRuns : budgetOf(model.budget),
    power: model === undefined ? noRuns : powerOf(model.power),
    contamination: contaminationOf(counted),
    reviews: countBy(samples, ({ review }) => review, {
      open: 0,
      disputed: 0,
      valid: 0,
      invalid: 0,
    }),
    humanTime: humanTimeOf(counted),
    runsLeftOut,
  };
}

/** DES-5: where the whole interval lies; one that reaches the threshold spans it. */
export function outcomeOf(
  interval: { readonly low: number; readonly high: number },
  threshold: number,
): EvaluationOutcome {
  if (interval.low > threshold) return 'interval-above';
  return interval.high < threshold ? 'interval-below' : 'interval-spans';
}

/** The fewest scored repetitions of one of `items` tasks: 0 where a task has no sample. */
export function fewestOf(samples: readonly Sample[], items: number): number {
  const tasks = Map.groupBy(samples, ({ counted }) => counted.task);
  const counts = [...tasks.values()].map(
    (epochs) => epochs.filter(({ counted }) => counted.score !== null).length,
  );
  if (counts.length < items) return 0;
  return counts.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
}

function against<S extends Sample>(samples: readonly S[], of: Evaluated<S>): Against {
  const estimate = estimateOf(samples, of);
  const { figure } = estimate;
  const outcome = figure === null ? null : outcomeOf(figure.interval, of.rule.threshold);
  return { samples: samples.length, estimate, outcome };
}

function estimateOf<S extends Sample>(
  samples: readonly S[],
  of: Evaluated<S>,
): Against['estimate'] {
  switch (of.rule.measure) {
    case 'accuracy': {
      const figure = of.accuracyOf(samples);
      if (figure === null) return none('needs two tasks at least, scored from 0 to 1');
      const { value, interval, n, epochs, unscored, method } = figure;
      const said = { value, interval, n, epochs, unscored, method };
      return { figure: { ...said, unit: 'share', extrapolated: false }, none: null };
    }
    case 'generalized-accuracy':
      return generalized(samples, of);
    case 'time-horizon-p50':
      return horizon(samples, of, 'p50');
    case 'time-horizon-p80':
      return horizon(samples, of, 'p80');
  }
}

function generalized(
  samples: readonly Sample[],
  { rule }: Pick<Evaluated<Sample>, 'rule'>,
): Against['estimate'] {
  const fitted = generalizedAccuracy(tally(runsOf(samples)), { level: rule.level });
  const [figure] = fitted.ok ? fitted.value.models : [];
  if (figure === undefined) return none(fitted.ok ? 'needs both outcomes' : words(fitted.refusal));
  const { value, interval, n, epochs, method } = figure;
  const said = { value, interval, n, epochs, method, unscored: unscoredOf(samples) };
  return { figure: { ...said, unit: 'share', extrapolated: false }, none: null };
}

function horizon(
  samples: readonly Sample[],
  { rule, digest }: Pick<Evaluated<Sample>, 'rule' | 'digest'>,
  at: 'p50' | 'p80',
): Against['estimate'] {
  // Said with the rule, before any run: nobody can draw until a draw suits.
  const random = seededRandom(Number.parseInt(digest.slice(-8), 16));
  const fitted = fitRuns(tableOf(samples), {
    level: rule.level,
    bootstrap: { replicates, random },
  });
  if (!fitted.ok) return none(words(fitted.refusal));
  const [fit] = fitted.value.fits;
  if (fit === undefined) return none(fitted.value.without[0]?.reason ?? 'no horizon');
  const interval = at === 'p50' ? fit.p50Interval : fit.p80Interval;
  if (interval === null) return none('needs an interval; too few draws gave one');
  const figure: Estimate = {
    value: fit[at],
    interval,
    unit: 'minutes',
    n: fit.n,
    epochs: fit.epochs,
    unscored: unscoredOf(samples),
    method: `logistic curve, λ ${fit.penalty}; bootstrap over families, tasks and runs, ${fit.replicatesUsed} of ${fit.replicates} draws`,
    extrapolated: fit.extrapolated,
  };
  return { figure, none: null };
}

function tableOf(samples: readonly Sample[]) {
  const runs = runsOf(samples);
  return { runs, penalty: HORIZON_PENALTY, weights: 'task-and-family' as const };
}

function runsOf(samples: readonly Sample[]): readonly BenchmarkRun[] {
  return samples.flatMap(({ run }) => run ?? []);
}

function unscoredOf(samples: readonly Sample[]): number {
  return samples.filter(({ counted }) => counted.score === null).length;
}

function budgetOf(told: ModelFigures['budget']): EvaluationFigures['budget'] {
  if (told.figure === null) return told;
  const { unit, medianSpent, n, solved, censored, ended, endsUntold } = told.figure;
  const steps = thinned(told.figure.steps).map(({ spent, atRisk, solved: share, interval }) => ({
    spent,
    atRisk,
    solved: share,
    interval: { low: interval.low, high: interval.high, level: interval.level },
  }));
  return {
    figure: { unit, steps, medianSpent, n, solved, censored, ended, endsUntold },
    none: null,
  };
}

/** At most 500 steps, the last among them. */
function thinned<T>(steps: readonly T[]): readonly T[] {
  if (steps.length <= stepsMax) return steps;
  const every = Math.ceil(steps.length / (stepsMax - 1));
  return steps.filter((_, place) => place % every === 0 || place === steps.length - 1);
}

function powerOf(told: ModelFigures['power']): EvaluationFigures['power'] {
  if (told.figure === null) return told;
  return { figure: { ...told.figure, plans: [...told.figure.plans] }, none: null };
}

const fromWorst = ['confirmed', 'suspected', 'unknown', 'none-known'] as const;

function contaminationOf(samples: readonly Sample[]): EvaluationFigures['contamination'] {
  const counts = countBy(samples, ({ counted }) => counted.contamination, {
    'none-known': 0,
    unknown: 0,
    suspected: 0,
    confirmed: 0,
  });
  return { worst: fromWorst.find((each) => counts[each] > 0) ?? 'unknown', samples: counts };
}

function humanTimeOf(samples: readonly Sample[]): Record<string, number> {
  const tasks = new Map(samples.map(({ counted }) => [counted.task, counted.human_time]));
  const counts: Record<string, number> = {};
  for (const source of tasks.values()) {
    const name = source ?? 'unknown';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function countBy<T, K extends string>(
  all: readonly T[],
  by: (each: T) => K,
  counts: Record<K, number>,
): Record<K, number> {
  for (const each of all) counts[by(each)] += 1;
  return counts;
}

function none(reason: string): { readonly figure: null; readonly none: string } {
  return { figure: null, none: reason };
}

function words(refusal: { readonly expected: string; readonly got: string }): string {
  return `needs ${refusal.expected}; there is: ${refusal.got}`;
}
