import { ok } from '@breakwater/kernel';
import type { TaskScores } from './accuracy.ts';
import { mean } from './at.ts';
import { normalCritical } from './quantiles/normal.ts';
import { countFault, type Figured, levelFault, no } from './refusal.ts';

/** What is expected of a benchmark that is being planned. */
export interface Plan {
  /** Expected accuracy, strictly between 0 and 1; 0.5 asks for the most. */
  readonly accuracy: number;
  /** Epochs of each task. */
  readonly epochs: number;
  /**
   * Share of the variance that lies between tasks, 0 to 1: how alike the epochs of one task are.
   * 1 means that repeating a task tells nothing new.
   */
  readonly intraTask: number;
  readonly level?: number;
}

const COUNT_MAX = 1e9;

/**
 * How exact n tasks × k epochs are: half the width of the accuracy's interval.
 *
 * Var = p(1 - p)/n · (ρ + (1 - ρ)/k): Miller, Adding Error Bars to Evals (arXiv 2411.00640),
 * sections 3.1 and 5, with the variance split by the intraclass correlation ρ.
 */
export function halfWidth(tasks: number, plan: Plan): Figured<number> {
  const fault = planFault(plan) ?? countFault('tasks', tasks, { from: 1, to: COUNT_MAX });
  if (fault) return fault;
  return ok(normalCritical(plan.level ?? 0.95) * Math.sqrt(varianceOfOne(plan) / tasks));
}

/** How many tasks make the interval at most ± `half`; the inverse of `halfWidth`, rounded up. */
export function tasksFor(half: number, plan: Plan): Figured<number> {
  const fault = planFault(plan) ?? halfFault(half);
  if (fault) return fault;
  const z = normalCritical(plan.level ?? 0.95);
  const tasks = Math.ceil((z * z * varianceOfOne(plan)) / (half * half));
  return tasks <= COUNT_MAX ? ok(Math.max(1, tasks)) : outOfReach('tasks');
}

/**
 * How many epochs of n tasks make the interval at most ± `half`. Refused where no number does: what
 * lies between tasks only more tasks can tell.
 */
export function epochsFor(
  half: number,
  tasks: number,
  plan: Omit<Plan, 'epochs'>,
): Figured<number> {
  const fault =
    planFault({ ...plan, epochs: 1 }) ??
    halfFault(half) ??
    countFault('tasks', tasks, { from: 1, to: COUNT_MAX });
  if (fault) return fault;
  const z = normalCritical(plan.level ?? 0.95);
  const allowed =
    (half * half * tasks) / (z * z * plan.accuracy * (1 - plan.accuracy)) - plan.intraTask;
  if (plan.intraTask === 1) return allowed >= 0 ? ok(1) : outOfReach('epochs');
  if (!(allowed > 0)) return outOfReach('epochs');
  // A hair is taken off, so that rounding does not ask for one epoch more than is needed.
  const epochs = Math.max(1, Math.ceil((1 - plan.intraTask) / allowed - 1e-9));
  return epochs <= COUNT_MAX ? ok(epochs) : outOfReach('epochs');
}

/** What a comparison of two models at the same tasks is expected to look like. */
export interface ComparisonPlan extends Plan {
  /** The difference in accuracy to be found, between 0 and 1. */
  readonly difference: number;
  /** How alike the two models' task scores are, -1 to 1: pairing saves that much variance. */
  readonly pairCorrelation: number;
  /** Chance of finding it; 0.8 unless told. */
  readonly power?: number;
}

/**
 * How many tasks find a difference between two models, tried at the same tasks, with given power.
 *
 * n = (z_(α/2) + z_β)² · 2·Var·(1 - r)/δ²: Miller (arXiv 2411.00640), section 5.
 */
export function tasksForDifference(plan: ComparisonPlan): Figured<number> {
  const power = plan.power ?? 0.8;
  const fault = planFault(plan) ?? levelFault(power) ?? halfFault(plan.difference);
  if (fault) return fault;
  if (!(plan.pairCorrelation >= -1 && plan.pairCorrelation < 1)) {
    return no('unusable-option', {
      expected: 'a correlation from -1 to below 1',
      got: String(plan.pairCorrelation),
      todo: 'take 0 where nothing is known',
    });
  }
  // z_β leaves β above it: the critical value of level 1 - 2β, which is below 0 for power under ½.
  const beta = normalCritical(2 * power - 1);
  const z = normalCritical(plan.level ?? 0.95) + beta;
  const variance = 2 * varianceOfOne(plan) * (1 - plan.pairCorrelation);
  const tasks = Math.ceil((z * z * variance) / plan.difference ** 2);
  return tasks <= COUNT_MAX ? ok(Math.max(2, tasks)) : outOfReach('tasks');
}

/** The intraclass correlation of epochs within tasks. */
export interface IntraTask {
  readonly value: number;
  /** Tasks with two scored epochs or more. */
  readonly n: number;
  readonly epochs: { readonly fewest: number; readonly most: number };
}

/**
 * The intra-task correlation of scores, by the analysis of variance: ICC(1).
 *
 * Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), section 15.2, with
 * their n₀ for unequal epochs; cut to 0 from below. Tasks with one scored epoch tell nothing of it.
 */
export function intraTaskCorrelation(tasks: readonly TaskScores[]): Figured<IntraTask> {
  const rows = tasks
    .map(({ scores }) => scores.filter((score) => !Number.isNaN(score)))
    .filter((scores) => scores.length >= 2);
  if (rows.length < 2) {
    return no('too-few', {
      expected: 'two tasks at least with two scored epochs each',
      got: String(rows.length),
      todo: 'repeat tasks',
    });
  }
  const all = rows.flat();
  const center = mean(all);
  const between = rows.reduce((sum, row) => sum + row.length * (mean(row) - center) ** 2, 0);
  const within = rows.reduce((sum, row) => {
    const own = mean(row);
    return sum + row.reduce((squares, score) => squares + (score - own) ** 2, 0);
  }, 0);
  if (!(between + within > 0) || !Number.isFinite(between + within)) {
    return no(between + within === 0 ? 'one-outcome' : 'not-a-number', {
      expected: 'finite scores that are not all the same',
      got: between + within === 0 ? 'one score throughout' : 'an infinite score',
      todo: 'take tasks that the model sometimes solves',
    });
  }
  const squares = rows.reduce((sum, row) => sum + row.length ** 2, 0);
  const typical = (all.length - squares / all.length) / (rows.length - 1);
  const betweenMean = between / (rows.length - 1);
  const withinMean = within / (all.length - rows.length);
  const value = (betweenMean - withinMean) / (betweenMean + (typical - 1) * withinMean);
  const counts = rows.map((row) => row.length);
  return ok({
    value: Math.max(0, value),
    n: rows.length,
    epochs: {
      fewest: counts.reduce((least, count) => Math.min(least, count)),
      most: counts.reduce((most, count) => Math.max(most, count)),
    },
  });
}

function varianceOfOne({ accuracy, epochs, intraTask }: Plan): number {
  return accuracy * (1 - accuracy) * (intraTask + (1 - intraTask) / epochs);
}

function outOfReach(what: 'tasks' | 'epochs'): ReturnType<typeof no> {
  return no('unusable-option', {
    expected: 'a half width that can be reached',
    got: `one that no number of ${what} up to ${COUNT_MAX} reaches`,
    todo: what === 'epochs' ? 'plan more tasks' : 'allow a wider interval',
  });
}

function halfFault(half: number): ReturnType<typeof no> | undefined {
  if (half > 0 && half < 1) return undefined;
  return no('unusable-option', {
    expected: 'a width or difference between 0 and 1',
    got: String(half),
    todo: 'give it as a share: 0.05 for five points',
  });
}

function planFault(plan: Plan): ReturnType<typeof no> | undefined {
  const fault =
    levelFault(plan.level ?? 0.95) ?? countFault('epochs', plan.epochs, { from: 1, to: COUNT_MAX });
  if (fault) return fault;
  const { accuracy, intraTask } = plan;
  if (accuracy > 0 && accuracy < 1 && intraTask >= 0 && intraTask <= 1) return undefined;
  return no('unusable-option', {
    expected: 'an accuracy between 0 and 1, an intra-task correlation from 0 to 1',
    got: `${accuracy}, ${intraTask}`,
    todo: 'take 0.5 for an accuracy that nobody knows yet',
  });
}
