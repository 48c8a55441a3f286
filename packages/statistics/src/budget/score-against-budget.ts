import { ok } from '@breakwater/kernel';
import { at } from '../at.ts';
import type { Interval } from '../figure.ts';
import { normalCritical } from '../quantiles/normal.ts';
import { type Figured, levelFault, no } from '../refusal.ts';

/** What a run spent (tokens, cost, minutes: any one unit) and how it came to its end. */
export interface Spending {
  readonly spent: number;
  /**
   * `solved`: succeeded after `spent`. `censored`: stopped from outside, as by its budget, and might
   * have succeeded later. `ended`: gave up or answered wrongly, so that no budget would have helped.
   */
  readonly end: 'solved' | 'censored' | 'ended';
}

/** Share solved within a budget, from that budget to the next step. */
export interface BudgetStep {
  readonly spent: number;
  /** Runs that still went on just before. */
  readonly atRisk: number;
  readonly solved: number;
  readonly standardError: number;
  readonly interval: Interval;
}

export interface ScoreAgainstBudget {
  /** Steps at each spending with an event, in ascending order. */
  readonly steps: readonly BudgetStep[];
  /** Mean spending up to success, or up to `upTo` where that comes first. */
  readonly restrictedMean: {
    readonly upTo: number;
    readonly value: number;
    readonly standardError: number;
    readonly interval: Interval;
  };
  /** The least budget that solves half of the runs; null where none seen does. */
  readonly medianSpent: number | null;
  /** Runs, by how they ended. */
  readonly n: number;
  readonly solved: number;
  readonly censored: number;
  readonly ended: number;
}

export interface BudgetOptions {
  readonly level?: number;
  /** Where the mean is cut; the largest spending seen unless told, which it may not exceed. */
  readonly upTo?: number;
}

const RUNS_MAX = 1_000_000;

/**
 * The share of runs solved within each budget, where some runs were stopped before their end.
 *
 * Kaplan and Meier (JASA 53, 1958) where nothing gave up; with `ended` runs the cumulative incidence
 * of Aalen and Johansen (Scandinavian Journal of Statistics 5, 1978), since who gave up is not still
 * trying. Variances by the delta method over the steps, which is Greenwood's without `ended`;
 * intervals on the log(-log) scale (Kalbfleisch and Prentice 1980). At a tie successes come before
 * censoring. The runs are taken as independent: give one run of each task, or one task's epochs.
 */
export function scoreAgainstBudget(
  runs: readonly Spending[],
  options: BudgetOptions = {},
): Figured<ScoreAgainstBudget> {
  const level = options.level ?? 0.95;
  const fault = levelFault(level) ?? runsFault(runs);
  if (fault) return fault;
  const longest = runs.reduce((most, run) => Math.max(most, run.spent), 0);
  const upTo = options.upTo ?? longest;
  if (!(upTo > 0 && upTo <= longest)) {
    return no('unusable-option', {
      expected: `a cut above 0 and at most ${longest}, the largest spending seen`,
      got: String(upTo),
      todo: 'cut the mean where runs still reach',
    });
  }
  const path = walk(runs);
  const critical = normalCritical(level);
  const steps = path.map((point, index) => {
    const standardError = Math.sqrt(incidenceVariance(path, index));
    return {
      spent: point.spent,
      atRisk: point.atRisk,
      solved: point.incidence,
      standardError,
      interval: { ...logLogInterval(point.incidence, critical * standardError), level },
    };
  });
  const mean = restrictedMean(path, upTo);
  const half = critical * mean.standardError;
  const count = (end: Spending['end']): number => runs.filter((run) => run.end === end).length;
  return ok({
    steps,
    restrictedMean: {
      upTo,
      ...mean,
      interval: {
        low: Math.max(0, mean.value - half),
        high: Math.min(upTo, mean.value + half),
        level,
      },
    },
    medianSpent: path.find((point) => point.incidence >= 0.5)?.spent ?? null,
    n: runs.length,
    solved: count('solved'),
    censored: count('censored'),
    ended: count('ended'),
  });
}

interface Point {
  readonly spent: number;
  readonly atRisk: number;
  /** Of those at risk, the shares that were solved and that ended here. */
  readonly solving: number;
  readonly ending: number;
  /** Still going on just before, and just after. */
  readonly before: number;
  readonly after: number;
  readonly incidence: number;
}

function walk(runs: readonly Spending[]): Point[] {
  const sorted = runs.toSorted((one, other) => one.spent - other.spent);
  const points: Point[] = [];
  let [going, incidence, place] = [1, 0, 0];
  while (place < sorted.length) {
    const spent = sorted[place]?.spent ?? 0;
    const atRisk = sorted.length - place;
    let [solved, ended] = [0, 0];
    for (; place < sorted.length && sorted[place]?.spent === spent; place += 1) {
      if (sorted[place]?.end === 'solved') solved += 1;
      if (sorted[place]?.end === 'ended') ended += 1;
    }
    if (solved + ended === 0) continue;
    const before = going;
    const [solving, ending] = [solved / atRisk, ended / atRisk];
    incidence += before * solving;
    // Counted, not subtracted: 1 - 1/3 - 2/3 must be nothing.
    going = (before * (atRisk - solved - ended)) / atRisk;
    points.push({ spent, atRisk, solving, ending, before, after: going, incidence });
  }
  return points;
}

/** Variance of a function of the steps, from its slopes in one step's two shares. */
function stepVariance(point: Point, bySolving: number, byEnding: number): number {
  const { solving, ending, atRisk } = point;
  const mean = solving * bySolving + ending * byEnding;
  return (solving * bySolving ** 2 + ending * byEnding ** 2 - mean ** 2) / atRisk;
}

function incidenceVariance(path: readonly Point[], index: number): number {
  const last = path[index]?.incidence ?? 0;
  let variance = 0;
  for (const point of path.slice(0, index + 1)) {
    const later = point.after > 0 ? (last - point.incidence) / point.after : 0;
    variance += stepVariance(point, point.before * (1 - later), -point.before * later);
  }
  return variance;
}

function restrictedMean(
  path: readonly Point[],
  upTo: number,
): { value: number; standardError: number } {
  const within = path.filter((point) => point.spent < upTo);
  // The area under the incidence from each step to the cut, gathered from the right.
  const areas = new Float64Array(within.length + 1);
  for (let index = within.length - 1; index >= 0; index -= 1) {
    const [point, next] = [within[index], within[index + 1]?.spent ?? upTo];
    areas[index] = at(areas, index + 1) + (point?.incidence ?? 0) * (next - (point?.spent ?? 0));
  }
  let variance = 0;
  for (const [index, point] of within.entries()) {
    const left = upTo - point.spent;
    const later = point.after > 0 ? (at(areas, index) - left * point.incidence) / point.after : 0;
    variance += stepVariance(point, point.before * (left - later), -point.before * later);
  }
  return { value: upTo - at(areas, 0), standardError: Math.sqrt(variance) };
}

function logLogInterval(incidence: number, half: number): { low: number; high: number } {
  const left = 1 - incidence;
  if (!(left > 0 && left < 1)) return { low: incidence, high: incidence };
  const spread = half / (left * -Math.log(left));
  return { low: 1 - left ** Math.exp(-spread), high: 1 - left ** Math.exp(spread) };
}

function runsFault(runs: readonly Spending[]): ReturnType<typeof no> | undefined {
  if (runs.length < 2) {
    return no('too-few', {
      expected: 'two runs at least',
      got: String(runs.length),
      todo: 'run more',
    });
  }
  if (runs.length > RUNS_MAX) {
    return no('too-large', {
      expected: `at most ${RUNS_MAX} runs`,
      got: String(runs.length),
      todo: 'take a part',
    });
  }
  const index = runs.findIndex(({ spent }) => !(spent >= 0 && Number.isFinite(spent)));
  if (index >= 0) {
    return no('not-a-number', {
      expected: 'a spending of 0 or more',
      got: String(runs[index]?.spent),
      todo: 'leave out runs whose usage is not known',
      pointer: `/${index}/spent`,
    });
  }
  if (runs.some((run) => run.end === 'solved')) return undefined;
  return no('one-outcome', {
    expected: 'a success at least',
    got: 'none',
    todo: 'give the share of successes with its Wilson interval instead',
  });
}
