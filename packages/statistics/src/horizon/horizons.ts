import { ok } from '@breakwater/kernel';
import { at } from '../at.ts';
import { type Epochs, epochsOf, type Interval } from '../figure.ts';
import { percentileInterval } from '../quantiles/sample.ts';
import type { Random } from '../random.ts';
import { countFault, type Figured, levelFault, no } from '../refusal.ts';
import { type BootstrapRows, bootstrapHorizons, type Sampled } from './bootstrap.ts';
import { chanceAt, fitHorizonCurve, HORIZON_PENALTY, type HorizonCurve, minutesAt } from './fit.ts';
import { type HorizonRun, horizonWeights, runsFault } from './runs.ts';

export const REPLICATES_MAX = 100_000;

/** A model's time horizon: human minutes at which it succeeds half, or four fifths, of the time. */
export interface Horizon extends HorizonCurve {
  readonly model: string;
  readonly p50: number;
  readonly p80: number;
  /** Percentile intervals of the bootstrap; null where none was asked for, or too few came out. */
  readonly p50Interval: Interval | null;
  readonly p80Interval: Interval | null;
  /** λ of the penalty on the slope: a horizon without it cannot be compared. */
  readonly penalty: number;
  /** Tasks. */
  readonly n: number;
  readonly runs: number;
  readonly epochs: Epochs;
  /** Weighted mean of log loss (nats) and of outcomes. */
  readonly logLoss: number;
  readonly meanOutcome: number;
  /** The shortest and the longest task: a horizon outside is an extrapolation. */
  readonly taskMinutes: { readonly shortest: number; readonly longest: number };
  readonly extrapolated: boolean;
  /** Replicates asked for, and those in which this model had both outcomes and a falling curve. */
  readonly replicates: number;
  readonly replicatesUsed: number;
}

/** A model that has no horizon, and why. */
export interface NoHorizon {
  readonly model: string;
  readonly reason: string;
}

export interface Horizons {
  readonly fits: readonly Horizon[];
  readonly without: readonly NoHorizon[];
  /** One row for each replicate, one column for each fit; null where no bootstrap was asked for. */
  readonly rows: BootstrapRows | null;
}

export interface HorizonsOptions {
  readonly penalty?: number;
  readonly level?: number;
  /** Both or neither: how often to draw the runs anew, and from what chance. */
  readonly bootstrap?: { readonly replicates: number; readonly random: Random };
}

/**
 * Time horizons of all models in `runs`, each with its interval from one shared bootstrap.
 *
 * Kwa et al. (arXiv 2503.14499), section 4; weights of `horizonWeights`, the curve of
 * `fitHorizonCurve`. A model with one outcome only, or one that does better at longer tasks, is
 * listed under `without`: no number would be true of it.
 */
export function horizons(
  runs: readonly HorizonRun[],
  options: HorizonsOptions = {},
): Figured<Horizons> {
  const level = options.level ?? 0.95;
  const penalty = options.penalty ?? HORIZON_PENALTY;
  const fault = levelFault(level) ?? optionsFault(options, penalty) ?? runsFault(runs);
  if (fault) return fault;
  const sampled: Sampled[] = [];
  const without: NoHorizon[] = [];
  for (const part of byModel(runs)) {
    const fit = fitHorizonCurve(part, { penalty });
    if (!fit.ok) {
      without.push({ model: part.model, reason: `${fit.refusal.got}; ${fit.refusal.todo}` });
    } else if (fit.value.slope >= 0) {
      without.push({ model: part.model, reason: 'does no worse at longer tasks' });
    } else sampled.push({ ...part, curve: fit.value });
  }
  const rows = options.bootstrap
    ? bootstrapHorizons(sampled, { penalty, ...options.bootstrap })
    : null;
  const fits = sampled.map((part, column) => describe(part, { penalty, level, rows, column }));
  return ok({ fits, without, rows });
}

interface Description {
  readonly penalty: number;
  readonly level: number;
  readonly rows: BootstrapRows | null;
  readonly column: number;
}

function describe(part: Sampled, { penalty, level, rows, column }: Description): Horizon {
  const { runs, curve } = part;
  const perTask = new Map<string, number>();
  for (const run of runs) perTask.set(run.task, (perTask.get(run.task) ?? 0) + 1);
  const minutes = runs.map((run) => run.minutes);
  const taskMinutes = {
    shortest: minutes.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    longest: minutes.reduce((most, value) => Math.max(most, value), 0),
  };
  const p50 = minutesAt(curve, 0.5);
  const drawn = rows?.models[column];
  const [used50, used80] = [drawn?.p50, drawn?.p80].map((list) =>
    list?.filter((value) => !Number.isNaN(value)),
  );
  const interval = (values: Float64Array | undefined): Interval | null =>
    values && values.length >= 2 ? percentileInterval(values, level) : null;
  return {
    model: part.model,
    ...curve,
    p50,
    p80: minutesAt(curve, 0.8),
    p50Interval: interval(used50),
    p80Interval: interval(used80),
    penalty,
    n: perTask.size,
    runs: runs.length,
    epochs: epochsOf(perTask.values()),
    ...weighted(part),
    taskMinutes,
    extrapolated: p50 < taskMinutes.shortest || p50 > taskMinutes.longest,
    replicates: rows?.replicates ?? 0,
    replicatesUsed: used50?.length ?? 0,
  };
}

function weighted({ runs, weights, curve }: Sampled): { logLoss: number; meanOutcome: number } {
  let [loss, successes, total] = [0, 0, 0];
  for (const [index, run] of runs.entries()) {
    const weight = at(weights, index);
    const chance = chanceAt(curve, run.minutes);
    // A share of 0 adds nothing, also where its logarithm is infinite.
    if (run.outcome > 0) loss -= weight * run.outcome * Math.log(chance);
    if (run.outcome < 1) loss -= weight * (1 - run.outcome) * Math.log1p(-chance);
    successes += weight * run.outcome;
    total += weight;
  }
  return { logLoss: loss / total, meanOutcome: successes / total };
}

function byModel(runs: readonly HorizonRun[]): Omit<Sampled, 'curve'>[] {
  const weights = horizonWeights(runs);
  const parts = new Map<string, { runs: HorizonRun[]; weights: number[] }>();
  for (const [index, run] of runs.entries()) {
    const part = parts.get(run.model) ?? { runs: [], weights: [] };
    parts.set(run.model, part);
    part.runs.push(run);
    part.weights.push(at(weights, index));
  }
  return [...parts].map(([model, part]) => ({
    model,
    runs: part.runs,
    weights: Float64Array.from(part.weights),
    log2Minutes: Float64Array.from(part.runs, (run) => Math.log2(run.minutes)),
    outcomes: Float64Array.from(part.runs, (run) => run.outcome),
  }));
}

function optionsFault(
  options: HorizonsOptions,
  penalty: number,
): ReturnType<typeof no> | undefined {
  if (!(penalty > 0 && Number.isFinite(penalty))) {
    return no('unusable-option', {
      expected: 'a penalty λ above 0',
      got: String(penalty),
      todo: `take ${HORIZON_PENALTY}, which the published fits use`,
    });
  }
  if (!options.bootstrap) return undefined;
  return countFault('replicates', options.bootstrap.replicates, { from: 2, to: REPLICATES_MAX });
}
