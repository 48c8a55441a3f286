import {
  type Circumstances,
  type Difference,
  pairedDifference,
  type Random,
  type Stated,
  stated,
} from '@breakwater/statistics';
import { circumstancesOf, type FittedRuns, fitRuns } from './fit-runs.ts';
import { type ItemMap, itemMap } from './item-map.ts';
import { type ModelFigures, modelFigures, taskScores } from './model-figures.ts';
import type { BenchmarkRun } from './run.ts';
import type { RunsTable } from './runs-table.ts';
import { type Told, told } from './told.ts';

/** Two models at the same tasks: the first less the second. */
export interface PairFigures {
  readonly first: string;
  readonly second: string;
  readonly difference: Told<Stated<Difference>>;
}

/** The bootstrap of the horizons, so that it can be repeated. */
export interface Bootstrap {
  readonly replicates: number;
  readonly seed: number;
}

/** What runs of one or several models show, each figure with what it stands on. */
export interface BenchmarkReport {
  readonly format: 'breakwater-benchmark-report/1';
  readonly level: number;
  readonly runs: number;
  readonly circumstances: Circumstances;
  readonly models: readonly ModelFigures[];
  readonly pairs: readonly PairFigures[];
  /** Pairs beyond the bound, not computed. */
  readonly pairsLeftOut: number;
  readonly itemMap: Told<ItemMap>;
  readonly horizons: Told<FittedRuns>;
  readonly bootstrap: Bootstrap | null;
}

export interface ReportOptions {
  readonly level?: number;
  readonly bootstrap?: Bootstrap & { readonly random: Random };
  /** Item response with a slope for each task, also where that takes minutes. */
  readonly ownSlopes?: boolean;
}

const pairsMax = 300;

/** The report on a table of runs; models in the order of the table. */
export function buildReport(
  table: Pick<RunsTable, 'runs' | 'penalty' | 'weights'>,
  options: ReportOptions = {},
): BenchmarkReport {
  const level = options.level ?? 0.95;
  const { runs } = table;
  const byModel = [...Map.groupBy(runs, ({ model }) => model).values()];
  const pairs = pairsOf(byModel);
  const { replicates = 0, seed = 0, random } = options.bootstrap ?? {};
  const bootstrap = random === undefined ? {} : { bootstrap: { replicates, random } };
  return {
    format: 'breakwater-benchmark-report/1',
    level,
    runs: runs.length,
    circumstances: circumstancesOf(runs),
    models: byModel.map((own) => modelFigures(own, level)),
    pairs: pairs.slice(0, pairsMax).map((pair) => pairFigures(pair, level)),
    pairsLeftOut: Math.max(0, pairs.length - pairsMax),
    itemMap: itemMap(runs, { level, ownSlopes: options.ownSlopes ?? false }),
    horizons: told(fitRuns(table, { level, ...bootstrap })),
    bootstrap: random === undefined ? null : { replicates, seed },
  };
}

type Pair = readonly [readonly BenchmarkRun[], readonly BenchmarkRun[]];

function pairsOf(models: readonly (readonly BenchmarkRun[])[]): readonly Pair[] {
  return models.flatMap((first, place) =>
    models.slice(place + 1).map((second): Pair => [first, second]),
  );
}

function pairFigures([first, second]: Pair, level: number): PairFigures {
  const [one, two] = [taskScores(first), taskScores(second)];
  const several = new Set(one.map(({ cluster }) => cluster)).size > 1;
  // One family for all is no cluster to tell differences by.
  const bare = (tasks: typeof one) => tasks.map(({ task, scores }) => ({ task, scores }));
  const [left, right] = several ? [one, two] : [bare(one), bare(two)];
  const found = told(pairedDifference(left, right, level));
  const circumstances = circumstancesOf([...first, ...second]);
  return {
    first: first[0]?.model ?? '',
    second: second[0]?.model ?? '',
    difference:
      found.figure === null ? found : { figure: stated(found.figure, circumstances), none: null },
  };
}
