import { ok } from '@breakwater/kernel';
import { mean } from './at.ts';
import { epochsOf, type Figure } from './figure.ts';
import { studentCritical } from './quantiles/student.ts';
import { type Figured, levelFault, no } from './refusal.ts';

/** The scores of one task's epochs, each from 0 to 1; NaN is an epoch without a score. */
export interface TaskScores {
  readonly task: string;
  /** Tasks that hang together (one program, one competition); each task is its own without it. */
  readonly cluster?: string;
  readonly scores: readonly number[];
}

/** Mean score over tasks. */
export interface Accuracy extends Figure {
  readonly standardError: number;
  /** Clusters behind the standard error; equal to n where tasks were taken as independent. */
  readonly clusters: number;
  /** Epochs that had no score and were left out. */
  readonly unscored: number;
}

export interface AccuracyOptions {
  readonly level?: number;
}

/**
 * Mean score over tasks, with the standard error of tasks (or of their clusters) and a t interval.
 *
 * Epochs are averaged within a task first, so that their agreement is not taken for evidence; a task
 * without any score is left out and counted. Errors as Inspect's `stderr` and `ci`: sd(n-1)/√n, t
 * with n - 1 degrees of freedom; clustered: √(G/(G-1) Σ_g(Σ(x - m))²)/n with G - 1, after Miller,
 * Adding Error Bars to Evals (arXiv 2411.00640), section 2.2. The interval is not cut to [0, 1].
 */
export function accuracy(
  tasks: readonly TaskScores[],
  options: AccuracyOptions = {},
): Figured<Accuracy> {
  const level = options.level ?? 0.95;
  const fault = levelFault(level) ?? scoreFault(tasks);
  if (fault) return fault;
  const scored = tasks
    .map((task) => ({ ...task, scores: task.scores.filter((score) => !Number.isNaN(score)) }))
    .filter((task) => task.scores.length > 0);
  const clusters = new Set(scored.map((task) => clusterOf(task))).size;
  if (clusters < 2) {
    return no('too-few', {
      expected: 'scores of two independent tasks (or clusters) at least',
      got: `${scored.length} scored tasks in ${clusters} clusters`,
      todo: 'run more tasks: one says nothing about how far another would differ',
    });
  }
  const values = scored.map((task) => mean(task.scores));
  const names = scored.map((task) => clusterOf(task));
  const value = mean(values);
  const error = standardError(values, clusters === scored.length ? undefined : names);
  const half = studentCritical(level, clusters - 1) * error;
  return ok({
    value,
    standardError: error,
    interval: { low: value - half, high: value + half, level },
    n: scored.length,
    clusters,
    epochs: epochsOf(scored.map((task) => task.scores.length)),
    unscored: tasks.reduce((count, task) => count + task.scores.filter(Number.isNaN).length, 0),
    method:
      clusters === scored.length
        ? 't interval over tasks'
        : `t interval over ${clusters} clusters of tasks`,
  });
}

/**
 * The standard error of a mean, as Inspect's `stderr` metric gives it: 0 for fewer than two values.
 *
 * With `clusters` (one name for each value) the clustered form, which needs two clusters at least.
 */
export function standardError(values: readonly number[], clusters?: readonly string[]): number {
  const center = mean(values);
  const n = values.length;
  if (!clusters) {
    if (n < 2) return 0;
    const squares = values.reduce((total, value) => total + (value - center) ** 2, 0);
    return Math.sqrt(squares / (n - 1) / n);
  }
  const sums = new Map<string, number>();
  values.forEach((value, index) => {
    const cluster = clusters[index] ?? '';
    sums.set(cluster, (sums.get(cluster) ?? 0) + value - center);
  });
  const count = sums.size;
  if (count < 2) return Number.NaN;
  const squares = [...sums.values()].reduce((total, value) => total + value * value, 0);
  return Math.sqrt((count / (count - 1)) * squares) / n;
}

// A task of its own must not meet a cluster that happens to bear its name.
function clusterOf(task: TaskScores): string {
  return task.cluster === undefined ? `task ${task.task}` : `cluster ${task.cluster}`;
}

function scoreFault(tasks: readonly TaskScores[]): ReturnType<typeof no> | undefined {
  const names = new Set<string>();
  for (const [index, { task, scores }] of tasks.entries()) {
    if (names.has(task)) {
      return no('not-a-number', {
        expected: 'each task once, with all of its epochs',
        got: `the task at ${index} a second time`,
        todo: 'put the epochs of one task together',
        pointer: `/${index}/task`,
      });
    }
    names.add(task);
    const wrong = scores.findIndex((score) => score < 0 || score > 1);
    if (wrong < 0) continue;
    return no('not-a-number', {
      expected: 'a score from 0 to 1, or NaN for an epoch without one',
      got: String(scores[wrong]),
      todo: 'bring scores to the scale from 0 to 1',
      pointer: `/${index}/scores/${wrong}`,
    });
  }
  return undefined;
}
