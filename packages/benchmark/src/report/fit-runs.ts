import { ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import {
  type Circumstances,
  type Contamination,
  type Horizon,
  type HorizonRun,
  horizons,
  type NoHorizon,
  type Random,
  type Stated,
  type StatisticsCode,
  stated,
} from '@breakwater/statistics';
import type { BenchmarkRun } from './run.ts';
import type { RunsTable } from './runs-table.ts';

export interface FitOptions {
  /** λ; the table's own unless told. */
  readonly penalty?: number;
  readonly weights?: RunsTable['weights'];
  readonly level?: number;
  readonly bootstrap?: { readonly replicates: number; readonly random: Random };
}

/** Time horizons of the models of a table. */
export interface FittedRuns {
  readonly fits: readonly Stated<Horizon>[];
  /** Models that have no horizon, and why. */
  readonly without: readonly NoHorizon[];
  readonly penalty: number;
  readonly weights: RunsTable['weights'];
  /** Runs that no fit can use. */
  readonly leftOut: { readonly unscored: number; readonly withoutHumanTime: number };
}

/** Fits the time horizons of a table of runs, in the order of the table's models. */
export function fitRuns(
  table: Pick<RunsTable, 'runs' | 'penalty' | 'weights'>,
  options: FitOptions = {},
): Result<FittedRuns, StatisticsCode> {
  const penalty = options.penalty ?? table.penalty;
  const weights = options.weights ?? table.weights;
  const scored = table.runs.filter(({ outcome }) => !Number.isNaN(outcome));
  const usable = scored.flatMap((run) => horizonRun(run, weights));
  if (usable.length === 0) return refuse(untimed(scored.length));
  const fitted = horizons(usable, {
    penalty,
    ...(options.level !== undefined && { level: options.level }),
    ...(options.bootstrap !== undefined && { bootstrap: options.bootstrap }),
  });
  if (!fitted.ok) return fitted;
  const timed = scored.filter(({ minutes }) => minutes !== null);
  const byModel = Map.groupBy(timed, ({ model }) => model);
  return ok({
    fits: fitted.value.fits.map((fit) =>
      stated(fit, circumstancesOf(byModel.get(fit.model) ?? [])),
    ),
    without: fitted.value.without,
    penalty,
    weights,
    leftOut: {
      unscored: table.runs.length - scored.length,
      withoutHumanTime: scored.length - timed.length,
    },
  });
}

function horizonRun(run: BenchmarkRun, weights: RunsTable['weights']): readonly HorizonRun[] {
  const { model, task, family, minutes, outcome, weight } = run;
  if (minutes === null) return [];
  const own = weights === 'table' && weight !== null ? { weight } : {};
  return [{ model, task, family, minutes, outcome, ...own }];
}

function untimed(scored: number): Refusal<StatisticsCode> {
  return {
    code: 'too-few',
    expected: 'scored runs at tasks whose human time is known',
    got: `${scored} scored runs, none with a human time`,
    todo: 'give human times: a column of the table, or metadata of the samples',
  };
}

const worst: readonly Contamination[] = ['confirmed', 'suspected', 'unknown', 'none-known'];

/** What must be told beside a figure of these runs; of contamination the worst that is told of one. */
export function circumstancesOf(runs: readonly BenchmarkRun[]): Circumstances {
  const tasks = new Map(runs.map((run) => [run.task, run.timeSource]));
  const humanTime: Partial<Record<NonNullable<BenchmarkRun['timeSource']>, number>> = {};
  for (const source of tasks.values()) {
    if (source !== null) humanTime[source] = (humanTime[source] ?? 0) + 1;
  }
  const budgets = [...new Set(runs.map(({ budget }) => budget ?? ''))].filter(
    (each) => each !== '',
  );
  const told = new Set(runs.map(({ contamination }) => contamination));
  return {
    budget: budgets.length === 0 ? null : budgets.slice(0, 5).join('; '),
    humanTime,
    contamination: worst.find((each) => told.has(each)) ?? 'unknown',
  };
}
