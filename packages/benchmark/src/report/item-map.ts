import {
  type Abilities,
  fitAbilities,
  POINTS_PER_LOGIT,
  type Tally,
  tally,
  weakPrior,
} from '@breakwater/statistics';
import { type MapFit, mapFit } from './map-fit.ts';
import type { BenchmarkRun } from './run.ts';
import { none, type Told, told } from './told.ts';

/** Tasks by difficulty and models by ability, on one scale. */
export interface ItemMap {
  /** One slope for all tasks: difficulties and abilities mean the same everywhere. */
  readonly shared: Abilities;
  /** A slope for each task, with a weak prior. */
  readonly own: Told<Abilities>;
  /** Which tasks and models do not follow `shared`. */
  readonly fit: MapFit;
  /** CAISI's points for one unit of ability of `shared`: 200 triple the odds. */
  readonly pointsPerUnit: number;
}

/** Below so many models, a slope of its own for each task is the prior's alone. */
const modelsForSlopes = 5;
/** 291 tasks of 16 models take 15 s, 100 take one: more are fitted where somebody asks for them. */
const tasksForSlopesMax = { unasked: 100, asked: 1000 } as const;

export interface ItemMapOptions {
  readonly level: number;
  /** A slope for each task also where that takes long. */
  readonly ownSlopes: boolean;
}

/** Fits abilities and difficulties of all models and tasks of `runs`. */
export function itemMap(runs: readonly BenchmarkRun[], options: ItemMapOptions): Told<ItemMap> {
  const { level } = options;
  const models = new Set(runs.map(({ model }) => model)).size;
  if (models < 2) return none(`needs two models at least; there is: ${models}`);
  const tallies = tally(runs);
  const shared = told(fitAbilities(tallies, { kind: '1PL', level }));
  if (shared.figure === null) return shared;
  const slope = shared.figure.items[0]?.slope ?? 1;
  const own = ownSlopes(tallies, shared.figure, options);
  return {
    figure: {
      shared: shared.figure,
      own,
      fit: mapFit(shared.figure, tallies),
      pointsPerUnit: slope * POINTS_PER_LOGIT,
    },
    none: null,
  };
}

function ownSlopes(
  tallies: readonly Tally[],
  shared: Abilities,
  options: ItemMapOptions,
): Told<Abilities> {
  const tasksMax = tasksForSlopesMax[options.ownSlopes ? 'asked' : 'unasked'];
  if (shared.n < modelsForSlopes) {
    return none(`needs ${modelsForSlopes} models at least; there are: ${shared.n}`);
  }
  if (shared.items.length > tasksMax) {
    const ask = options.ownSlopes ? '' : ' unless asked for';
    return none(`needs ${tasksMax} tasks at most${ask}; there are: ${shared.items.length}`);
  }
  return told(
    fitAbilities(tallies, { kind: '2PL', level: options.level, prior: weakPrior(shared) }),
  );
}
