import { ok } from '@breakwater/kernel';
import type { TaskScores } from './accuracy.ts';
import { type Accuracy, type AccuracyOptions, accuracy } from './accuracy.ts';
import { countFault, type Figured, no } from './refusal.ts';

const EPOCHS_MAX = 100_000;

/**
 * The chance that at least one of k attempts succeeds, from c successes in n attempts, without bias.
 *
 * 1 - C(n-c, k)/C(n, k) in the stable product form of Chen et al., Evaluating Large Language Models
 * Trained on Code (arXiv 2107.03374), section 2.1. NaN where n < k: it cannot be estimated.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (n < k) return Number.NaN;
  if (n - c < k) return 1;
  let none = 1;
  for (let attempt = n - c + 1; attempt <= n; attempt += 1) none *= 1 - k / attempt;
  return 1 - none;
}

/**
 * The chance that all of k attempts succeed: C(c, k)/C(n, k), without bias.
 *
 * Yao et al., τ-bench (arXiv 2406.12045), section 3. NaN where n < k.
 */
export function passHatK(n: number, c: number, k: number): number {
  if (n < k) return Number.NaN;
  if (c < k) return 0;
  let all = 1;
  for (let attempt = 0; attempt < k; attempt += 1) all *= (c - attempt) / (n - attempt);
  return all;
}

export interface PassOptions extends AccuracyOptions {
  readonly k: number;
}

/** Accuracy of attempts taken k at a time. */
export interface Pass extends Accuracy {
  readonly k: number;
  /** Tasks with fewer than k scored epochs, left out. */
  readonly tooShort: number;
}

/** pass@k over tasks: at least one of k succeeds. Scores must be 0, 1 or NaN. */
export function passAny(tasks: readonly TaskScores[], options: PassOptions): Figured<Pass> {
  return overTasks(tasks, options, passAtK);
}

/** pass^k over tasks: all of k succeed. Scores must be 0, 1 or NaN. */
export function passAll(tasks: readonly TaskScores[], options: PassOptions): Figured<Pass> {
  return overTasks(tasks, options, passHatK);
}

function overTasks(
  tasks: readonly TaskScores[],
  options: PassOptions,
  estimate: typeof passAtK,
): Figured<Pass> {
  const fault = countFault('k', options.k, { from: 1, to: EPOCHS_MAX });
  if (fault) return fault;
  const estimated: TaskScores[] = [];
  const epochs: number[] = [];
  let tooShort = 0;
  for (const [index, task] of tasks.entries()) {
    const scored = task.scores.filter((score) => !Number.isNaN(score));
    if (scored.some((score) => score !== 0 && score !== 1)) {
      return no('not-a-number', {
        expected: 'scores of 0 or 1: passing in part is not passing',
        got: `another score in the task at ${index}`,
        todo: 'decide from which score on a run counts as passed',
        pointer: `/${index}/scores`,
      });
    }
    const value = estimate(scored.length, scored.filter((score) => score === 1).length, options.k);
    if (Number.isNaN(value)) tooShort += 1;
    else {
      estimated.push({ ...task, scores: [value] });
      epochs.push(scored.length);
    }
  }
  const figure = accuracy(estimated, options);
  if (!figure.ok) return figure;
  const spread = { fewest: Math.min(...epochs), most: Math.max(...epochs) };
  return ok({ ...figure.value, k: options.k, tooShort, epochs: spread });
}
