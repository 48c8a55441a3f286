import {
  type Accuracy,
  accuracy,
  type Circumstances,
  type Epochs,
  halfWidth,
  intraTaskCorrelation,
  type Pass,
  passAll,
  passAny,
  type ScoreAgainstBudget,
  type Spending,
  type Stated,
  scoreAgainstBudget,
  stated,
  type TaskScores,
} from '@breakwater/statistics';
import { circumstancesOf } from './fit-runs.ts';
import type { BenchmarkRun } from './run.ts';
import { none, type Told, told } from './told.ts';

/** pass@k (one of k succeeds) and pass^k (all of k do). */
export interface PassFigures {
  readonly k: number;
  readonly any: Told<Stated<Pass>>;
  readonly all: Told<Stated<Pass>>;
}

/** Tokens against the share solved, from the first scored epoch of each task. */
export type BudgetFigure = Stated<ScoreAgainstBudget> & {
  readonly unit: 'tokens';
  readonly epochs: Epochs;
  /** Failures of which nobody told how they ended; they count as ended by themselves. */
  readonly endsUntold: number;
};

/** How exact the accuracy is, and what more tasks or epochs would make of it. */
export interface PowerFigures {
  readonly tasks: number;
  readonly epochs: number;
  readonly level: number;
  /** How alike the epochs of one task are; null where each was tried once: then nobody knows. */
  readonly intraTask: number | null;
  readonly plans: readonly {
    readonly tasks: number;
    readonly epochs: number;
    readonly half: number;
  }[];
}

/** What the runs of one model show. */
export interface ModelFigures {
  readonly model: string;
  readonly runs: number;
  readonly tasks: number;
  readonly unscored: number;
  readonly circumstances: Circumstances;
  /** Tasks taken as independent. */
  readonly accuracy: Told<Stated<Accuracy>>;
  /** Tasks of a family taken together; null where there is one, or no two tasks share one. */
  readonly clustered: Told<Stated<Accuracy>> | null;
  readonly pass: readonly PassFigures[];
  readonly budget: Told<BudgetFigure>;
  readonly power: Told<PowerFigures>;
}

/** The figures of one model's runs; an interval covers with `level`. */
export function modelFigures(runs: readonly BenchmarkRun[], level: number): ModelFigures {
  const tasks = taskScores(runs);
  const circumstances = circumstancesOf(runs);
  const families = new Set(runs.map(({ family }) => family));
  const whole = told(accuracy(withoutClusters(tasks), { level }));
  return {
    model: runs[0]?.model ?? '',
    runs: runs.length,
    tasks: tasks.length,
    unscored: runs.filter(({ outcome }) => Number.isNaN(outcome)).length,
    circumstances,
    accuracy: withCircumstances(whole, circumstances),
    clustered:
      families.size === 1 || families.size === tasks.length
        ? null
        : withCircumstances(told(accuracy(tasks, { level })), circumstances),
    pass: passFigures(tasks, circumstances, level),
    budget: budgetFigure(runs, circumstances, level),
    power: powerFigures(tasks, whole, level),
  };
}

/** The scores of each task's epochs, in the order of the runs; its family is its cluster. */
export function taskScores(runs: readonly BenchmarkRun[]): readonly TaskScores[] {
  return [...Map.groupBy(runs, ({ task }) => task)].map(([task, epochs]) => ({
    task,
    cluster: epochs[0]?.family ?? task,
    scores: epochs.map(({ outcome }) => outcome),
  }));
}

function withoutClusters(tasks: readonly TaskScores[]): TaskScores[] {
  return tasks.map(({ task, scores }) => ({ task, scores }));
}

function withCircumstances<T extends object>(
  figure: Told<T>,
  circumstances: Circumstances,
): Told<Stated<T>> {
  if (figure.none !== null) return none(figure.none);
  return { figure: stated(figure.figure, circumstances), none: null };
}

function passFigures(
  tasks: readonly TaskScores[],
  circumstances: Circumstances,
  level: number,
): readonly PassFigures[] {
  const epochs = tasks.reduce((most, { scores }) => Math.max(most, scored(scores).length), 0);
  const wanted = [1, 2, 3, 5, 10, 20, 50, 100].filter((k) => k < epochs);
  if (epochs <= 1) return [];
  return [...wanted, epochs].map((k) => ({
    k,
    any: withCircumstances(told(passAny(withoutClusters(tasks), { k, level })), circumstances),
    all: withCircumstances(told(passAll(withoutClusters(tasks), { k, level })), circumstances),
  }));
}

function budgetFigure(
  runs: readonly BenchmarkRun[],
  circumstances: Circumstances,
  level: number,
): Told<BudgetFigure> {
  const first = [...Map.groupBy(runs, ({ task }) => task).values()].flatMap(
    (epochs) => epochs.find(({ outcome }) => !Number.isNaN(outcome)) ?? [],
  );
  const counted = first.filter(({ tokens }) => tokens !== null);
  if (counted.length === 0) return none('needs token counts; there is: none');
  const spendings = counted.map(({ tokens, outcome, end }): Spending => {
    const failed = end === 'censored' ? 'censored' : 'ended';
    return { spent: tokens ?? 0, end: outcome === 1 ? 'solved' : failed };
  });
  const figure = told(scoreAgainstBudget(spendings, { level }));
  if (figure.figure === null) return figure;
  const more = {
    unit: 'tokens' as const,
    epochs: { fewest: 1, most: 1 },
    endsUntold: counted.filter(({ outcome, end }) => outcome !== 1 && end === null).length,
  };
  return { figure: { ...stated(figure.figure, circumstances), ...more }, none: null };
}

function powerFigures(
  tasks: readonly TaskScores[],
  whole: Told<Accuracy>,
  level: number,
): Told<PowerFigures> {
  if (whole.figure === null) return whole;
  const { value, n, epochs } = whole.figure;
  if (!(value > 0 && value < 1)) return none('needs an accuracy between 0 and 1');
  const correlation = epochs.most > 1 ? intraTaskCorrelation(tasks) : null;
  const intraTask = correlation?.ok === true ? correlation.value.value : null;
  const now = { tasks: n, epochs: epochs.fewest };
  const more = intraTask === null ? [] : [{ tasks: n, epochs: epochs.fewest * 2 }];
  const wider = [2, 4].map((times) => ({ ...now, tasks: n * times }));
  const plans = [now, ...more, ...wider].flatMap((plan) => {
    // With one epoch the correlation does not enter.
    const half = halfWidth(plan.tasks, {
      accuracy: value,
      epochs: plan.epochs,
      intraTask: intraTask ?? 1,
      level,
    });
    return half.ok ? [{ ...plan, half: half.value }] : [];
  });
  return { figure: { ...now, level, intraTask, plans }, none: null };
}

function scored(scores: readonly number[]): readonly number[] {
  return scores.filter((score) => !Number.isNaN(score));
}
