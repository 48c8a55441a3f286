import {
  type Abilities,
  type Expected,
  fitOfResponses,
  type ResponseFit,
  seededRandom,
  type Tally,
} from '@breakwater/statistics';
import { none, type Told, told } from './told.ts';

/** How one task, or one model, follows the map; 1 is as it says, above erratic, below even. */
export type Misfit = Pick<ResponseFit, 'of' | 'n' | 'infit' | 'outfit'> & {
  /** How often answers drawn by the map itself come out as erratic as these, or as even. */
  readonly chance: { readonly erratic: number; readonly even: number };
};

/** How well tasks and models follow the item map. */
export interface MapFit {
  readonly tasks: Told<readonly Misfit[]>;
  readonly models: Told<readonly Misfit[]>;
}

/** Fewer answers than this tell nothing. */
const answersMin = 5;
/** Called out below this. Of tasks that follow the map, one in fifty is, by one of three figures. */
const calledOut = 0.01;
const replicatesMax = 399;
/** For fewer the chance is too coarse. */
const replicatesMin = 199;
const drawsMax = 40_000_000;

interface Answer extends Omit<Expected, 'of'> {
  readonly model: string;
  readonly task: string;
}

/**
 * Infit and outfit of tasks and models under the map's own difficulties and abilities (posterior
 * means, which lie nearer to each other than the true ones: so a misfit shows a little late).
 * Which are out of the ordinary is told by answers that are drawn by the map: the normal deviates
 * of {@link fitOfResponses} fail where most chances are near 0 or 1, as they are in benchmarks.
 */
export function mapFit({ abilities, items, n }: Abilities, tallies: readonly Tally[]): MapFit {
  const itemOf = new Map(items.map((item) => [item.task, item]));
  const abilityOf = new Map(abilities.map(({ model, value }) => [model, value]));
  const answers = tallies.flatMap(({ model, task, successes, trials }): Answer[] => {
    const [item, ability] = [itemOf.get(task), abilityOf.get(model)];
    if (item === undefined || ability === undefined) return [];
    const chance = 1 / (1 + Math.exp(-item.intercept - item.slope * ability));
    return [{ model, task, successes, trials, chance }];
  });
  const have = { models: n, tasks: items.length };
  return {
    tasks: fitBy(answers, 'task', { have: have.models, of: 'models' }),
    models: fitBy(answers, 'model', { have: have.tasks, of: 'tasks that some models solved' }),
  };
}

function fitBy(
  answers: readonly Answer[],
  name: 'model' | 'task',
  { have, of }: { readonly have: number; readonly of: string },
): Told<readonly Misfit[]> {
  if (have < answersMin) return none(`needs ${answersMin} ${of} at least; there are: ${have}`);
  const draws = answers.reduce((sum, { trials }) => sum + trials, 0);
  const replicates = Math.min(replicatesMax, Math.floor(drawsMax / draws));
  if (replicates < replicatesMin) {
    const most = Math.floor(drawsMax / replicatesMin);
    return none(`needs ${most} runs at most; there are: ${draws}`);
  }
  const expected = answers.map((answer) => ({ ...answer, of: answer[name] }));
  const seen = told(fitOfResponses(expected));
  if (seen.figure === null) return seen;
  const beyond = drawn(expected, seen.figure, replicates);
  const figure = seen.figure.map(({ of: one, n, infit, outfit }, at) => {
    const { high = 0, highest = 0, low = 0 } = beyond[at] ?? {};
    const share = (count: number) => (1 + count) / (1 + replicates);
    const chance = { erratic: share(Math.min(high, highest)), even: share(low) };
    return { of: one, n, infit, outfit, chance };
  });
  return { figure, none: null };
}

/** How many draws have an infit or an outfit as high as what was seen, and an infit as low. */
function drawn(
  expected: readonly Expected[],
  seen: readonly ResponseFit[],
  replicates: number,
): readonly { high: number; highest: number; low: number }[] {
  const random = seededRandom(1);
  const counts = seen.map(() => ({ high: 0, highest: 0, low: 0 }));
  for (let i = 0; i < replicates; i += 1) {
    const fit = fitOfResponses(
      expected.map((answer) => ({ ...answer, successes: successesOf(answer, random) })),
    );
    if (!fit.ok) throw new Error(fit.refusal.got);
    for (const [at, { infit, outfit }] of fit.value.entries()) {
      const [count, was] = [counts[at], seen[at]];
      if (count === undefined || was === undefined) continue;
      if (infit >= was.infit) count.high += 1;
      if (outfit >= was.outfit) count.highest += 1;
      if (infit <= was.infit) count.low += 1;
    }
  }
  return counts;
}

function successesOf({ trials, chance }: Expected, random: () => number): number {
  let successes = 0;
  for (let i = 0; i < trials; i += 1) if (random() < chance) successes += 1;
  return successes;
}

/** Those that follow the map too little or too well, the farthest first. */
export function misfits(fits: readonly Misfit[]): readonly Misfit[] {
  const least = ({ chance }: Misfit) => Math.min(chance.erratic, chance.even);
  return fits
    .filter((fit) => fit.n >= answersMin && least(fit) <= calledOut)
    .toSorted((a, b) => least(a) - least(b) || b.infit - a.infit);
}

/** `erratic`: strong models fail where weak ones succeed. `even`: hardly any chance in it. */
export function misfitKind({ chance }: Misfit): 'erratic' | 'even' {
  return chance.erratic <= chance.even ? 'erratic' : 'even';
}
