import { ok } from '@breakwater/kernel';
import { standardError, type TaskScores } from './accuracy.ts';
import { at, mean } from './at.ts';
import { epochsOf, type Figure } from './figure.ts';
import { studentCritical } from './quantiles/student.ts';
import { type Figured, levelFault, no } from './refusal.ts';

/** How much better one model does than another at the same tasks. */
export interface Difference extends Figure {
  readonly standardError: number;
  readonly clusters: number;
  /** Tasks that only one of the two was scored at, left out. */
  readonly unpaired: number;
  /** How alike the two models' task scores are; null where one of them scores the same throughout. */
  readonly correlation: number | null;
}

/**
 * The difference in accuracy, first less second, over the tasks that both were scored at.
 *
 * Paired by task, and clustered where tasks name clusters: Miller, Adding Error Bars to Evals
 * (arXiv 2411.00640), section 4.2. Two intervals that overlap say nothing of this one: shared
 * difficulty leaves it narrower.
 */
export function pairedDifference(
  first: readonly TaskScores[],
  second: readonly TaskScores[],
  level = 0.95,
): Figured<Difference> {
  const fault = levelFault(level) ?? repeated(first) ?? repeated(second);
  if (fault) return fault;
  const others = new Map(second.map((task) => [task.task, scored(task)]));
  const pairs = first.flatMap((task) => {
    const [own, other] = [scored(task), others.get(task.task) ?? []];
    if (own.length === 0 || other.length === 0) return [];
    const cluster = task.cluster === undefined ? `task ${task.task}` : `cluster ${task.cluster}`;
    return [{ cluster, own, other }];
  });
  const clusters = new Set(pairs.map(({ cluster }) => cluster)).size;
  if (clusters < 2) {
    return no('too-few', {
      expected: 'two independent tasks (or clusters) at least that both were scored at',
      got: `${pairs.length} such tasks in ${clusters} clusters`,
      todo: 'run both models at the same tasks',
    });
  }
  const [one, two] = [pairs.map(({ own }) => mean(own)), pairs.map(({ other }) => mean(other))];
  const differences = one.map((score, index) => score - at(two, index));
  if (!differences.every(Number.isFinite)) {
    return no('not-a-number', {
      expected: 'finite scores',
      got: 'an infinite one',
      todo: 'bring scores to the scale from 0 to 1',
    });
  }
  const names = pairs.map(({ cluster }) => cluster);
  const error = standardError(differences, clusters === pairs.length ? undefined : names);
  const value = mean(differences);
  const half = studentCritical(level, clusters - 1) * error;
  const all = new Set([...first, ...second].filter((task) => scored(task).length > 0).map(nameOf));
  return ok({
    value,
    standardError: error,
    interval: { low: value - half, high: value + half, level },
    n: pairs.length,
    clusters,
    epochs: epochsOf(pairs.flatMap(({ own, other }) => [own.length, other.length])),
    unpaired: all.size - pairs.length,
    correlation: correlationOf(one, two),
    method: 't interval over paired tasks',
  });
}

function nameOf(task: TaskScores): string {
  return task.task;
}

function scored({ scores }: TaskScores): number[] {
  return scores.filter((score) => !Number.isNaN(score));
}

/** Pearson's correlation; null where a side does not vary. */
function correlationOf(one: readonly number[], two: readonly number[]): number | null {
  const [centerOne, centerTwo] = [mean(one), mean(two)];
  let [both, squaresOne, squaresTwo] = [0, 0, 0];
  for (const [index, score] of one.entries()) {
    const [dx, dy] = [score - centerOne, at(two, index) - centerTwo];
    both += dx * dy;
    squaresOne += dx * dx;
    squaresTwo += dy * dy;
  }
  return squaresOne > 0 && squaresTwo > 0 ? both / Math.sqrt(squaresOne * squaresTwo) : null;
}

function repeated(tasks: readonly TaskScores[]): ReturnType<typeof no> | undefined {
  if (new Set(tasks.map(nameOf)).size === tasks.length) return undefined;
  return no('not-a-number', {
    expected: 'each task once, with all of its epochs',
    got: 'a task a second time',
    todo: 'put the epochs of one task together',
  });
}
