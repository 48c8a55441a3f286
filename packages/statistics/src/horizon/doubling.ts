import { ok } from '@breakwater/kernel';
import { at, mean } from '../at.ts';
import type { Interval } from '../figure.ts';
import { percentileInterval } from '../quantiles/sample.ts';
import { studentCritical } from '../quantiles/student.ts';
import { type Figured, levelFault, no } from '../refusal.ts';
import type { BootstrapRows } from './bootstrap.ts';

/** A model's horizon and the day it came out, counted from any fixed day. */
export interface DatedHorizon {
  readonly model: string;
  readonly day: number;
  readonly minutes: number;
}

/** The straight line of ln(minutes) over days. */
export interface Doubling {
  /** Days in which the horizon doubles: ln 2 / slope. */
  readonly days: number;
  /** From the slope's t interval; high is infinite where the slope's interval reaches 0. */
  readonly interval: Interval;
  readonly slope: number;
  readonly intercept: number;
  readonly rSquared: number;
  /** Models. */
  readonly n: number;
}

/**
 * The doubling time of horizons by ordinary least squares of ln(minutes) on the day of release.
 *
 * Kwa et al. (arXiv 2503.14499), section 4.1. Takes the models it is given: leave out those that
 * were not the best of their day, as the published line does. The interval knows the scatter around
 * the line only; `doublingInterval` gives that of the horizons themselves.
 */
export function doublingTime(models: readonly DatedHorizon[], level = 0.95): Figured<Doubling> {
  const fault = levelFault(level) ?? datedFault(models);
  if (fault) return fault;
  const line = leastSquares(models);
  const n = models.length;
  const half = studentCritical(level, n - 2) * line.standardError;
  const bound = (slope: number): number =>
    slope > 0 ? Math.LN2 / slope : Number.POSITIVE_INFINITY;
  return ok({
    days: Math.LN2 / line.slope,
    interval: { low: bound(line.slope + half), high: bound(line.slope - half), level },
    slope: line.slope,
    intercept: line.intercept,
    rSquared: line.rSquared,
    n,
  });
}

/** Doubling time over bootstrap replicates. */
export interface DoublingSpread {
  readonly median: number;
  readonly interval: Interval;
  readonly replicates: number;
  /** Replicates with a rising line through three models or more; the others have no doubling time. */
  readonly replicatesUsed: number;
}

/**
 * The interval of the doubling time over bootstrap rows: the line is drawn anew in each replicate
 * through the models of `days` that have a horizon there.
 */
export function doublingInterval(
  rows: BootstrapRows,
  days: ReadonlyMap<string, number>,
  level = 0.95,
): Figured<DoublingSpread> {
  const fault = levelFault(level);
  if (fault) return fault;
  const doublings: number[] = [];
  for (let replicate = 0; replicate < rows.replicates; replicate += 1) {
    const models = rows.models.flatMap(({ model, p50 }) => {
      const [day, minutes] = [days.get(model), at(p50, replicate)];
      return day === undefined || !(minutes > 0 && Number.isFinite(minutes))
        ? []
        : [{ model, day, minutes }];
    });
    if (datedFault(models)) continue;
    const { slope } = leastSquares(models);
    if (slope > 0) doublings.push(Math.LN2 / slope);
  }
  if (doublings.length < 2) {
    return no('too-few', {
      expected: 'two replicates at least in which horizons rise over three models or more',
      got: String(doublings.length),
      todo: 'give more models, or days for those there are',
    });
  }
  return ok({
    median: percentileInterval(doublings, 0).low,
    interval: percentileInterval(doublings, level),
    replicates: rows.replicates,
    replicatesUsed: doublings.length,
  });
}

function leastSquares(models: readonly DatedHorizon[]): {
  slope: number;
  intercept: number;
  rSquared: number;
  standardError: number;
} {
  const logs = models.map((model) => Math.log(model.minutes));
  const day = mean(models.map((model) => model.day));
  const level = mean(logs);
  let [xx, xy, yy] = [0, 0, 0];
  for (const [index, model] of models.entries()) {
    const [dx, dy] = [model.day - day, at(logs, index) - level];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const slope = xy / xx;
  const left = Math.max(0, yy - slope * xy);
  return {
    slope,
    intercept: level - slope * day,
    rSquared: yy === 0 ? 1 : 1 - left / yy,
    standardError: Math.sqrt(left / (models.length - 2) / xx),
  };
}

function datedFault(models: readonly DatedHorizon[]): ReturnType<typeof no> | undefined {
  if (models.length < 3 || new Set(models.map((model) => model.day)).size < 2) {
    return no('too-few', {
      expected: 'three models at least, of two different days',
      got: `${models.length} models`,
      todo: 'add models: a line through two has no error',
    });
  }
  const index = models.findIndex(
    ({ day, minutes }) => !(Number.isFinite(day) && minutes > 0 && Number.isFinite(minutes)),
  );
  if (index < 0) return undefined;
  return no('not-a-number', {
    expected: 'a day, and a horizon above 0 minutes',
    got: `${models[index]?.day}, ${models[index]?.minutes}`,
    todo: 'leave out models without a horizon',
    pointer: `/${index}`,
  });
}
