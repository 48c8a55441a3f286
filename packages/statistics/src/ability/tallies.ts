import { ok } from '@breakwater/kernel';
import { type Epochs, epochsOf } from '../figure.ts';
import { type Figured, no } from '../refusal.ts';

/** How often one model succeeded at one task. */
export interface Tally {
  readonly model: string;
  readonly task: string;
  readonly successes: number;
  /** Scored epochs, at least 1. */
  readonly trials: number;
}

/** One run of a model at a task; the outcome is 1, 0, or NaN where the run has no score. */
export interface ModelRun {
  readonly model: string;
  readonly task: string;
  readonly outcome: number;
}

/**
 * Counts runs by model and task; runs without a score are left out. A score in part is no success
 * that can be counted, and comes out as a count that the fits refuse.
 */
export function tally(runs: readonly ModelRun[]): Tally[] {
  const counts = new Map<
    string,
    { model: string; task: string; successes: number; trials: number }
  >();
  for (const { model, task, outcome } of runs) {
    if (Number.isNaN(outcome)) continue;
    const key = pairKey(model, task);
    const count = counts.get(key) ?? { model, task, successes: 0, trials: 0 };
    counts.set(key, count);
    count.successes += outcome;
    count.trials += 1;
  }
  return [...counts.values()];
}

/** The answers of one group, as columns: which items, how often right, how often asked. */
export interface Group {
  readonly items: Uint32Array;
  readonly successes: Float64Array;
  readonly trials: Float64Array;
}

/** Tallies grouped for a model with one random number for each group. */
export interface Table {
  readonly groupNames: readonly string[];
  readonly itemNames: readonly string[];
  readonly groups: readonly Group[];
  /** Items that all groups had right, or all wrong: they have no finite parameter. */
  readonly setAside: readonly { readonly name: string; readonly reason: 'all' | 'none' }[];
  readonly epochs: Epochs;
  readonly trials: number;
}

export interface TableOptions {
  /** Which side of a tally is the random one. */
  readonly groupBy: 'model' | 'task';
  /** Keeps items with one outcome: a prior gives them a finite parameter. */
  readonly keepOneSided: boolean;
}

const TALLIES_MAX = 1_000_000;

/** Arranges tallies; refuses impossible counts, a pair told twice, and too little to fit. */
export function tabulate(tallies: readonly Tally[], options: TableOptions): Figured<Table> {
  const fault = talliesFault(tallies);
  if (fault) return fault;
  const nameOf = (tally: Tally): [group: string, item: string] =>
    options.groupBy === 'model' ? [tally.model, tally.task] : [tally.task, tally.model];
  const totals = new Map<string, { right: number; wrong: number }>();
  for (const tally of tallies) {
    const [, item] = nameOf(tally);
    const total = totals.get(item) ?? { right: 0, wrong: 0 };
    total.right += tally.successes;
    total.wrong += tally.trials - tally.successes;
    totals.set(item, total);
  }
  const setAside = [...totals].flatMap(([name, { right, wrong }]) =>
    options.keepOneSided || (right > 0 && wrong > 0)
      ? []
      : [{ name, reason: right > 0 ? ('all' as const) : ('none' as const) }],
  );
  const aside = new Set(setAside.map(({ name }) => name));
  const itemNames = [...totals.keys()].filter((name) => !aside.has(name));
  const places = new Map(itemNames.map((name, place) => [name, place]));
  const rows = new Map<string, { item: number; tally: Tally }[]>();
  for (const tally of tallies) {
    const [group, name] = nameOf(tally);
    const item = places.get(name);
    if (item === undefined) continue;
    const row = rows.get(group) ?? [];
    row.push({ item, tally });
    rows.set(group, row);
  }
  const other = options.groupBy === 'model' ? 'task' : 'model';
  if (rows.size < 2 || itemNames.length < (options.groupBy === 'model' ? 2 : 1)) {
    return no(setAside.length > 0 ? 'one-outcome' : 'too-few', {
      expected: `two ${options.groupBy}s at least, and a ${other} with successes and failures`,
      got: `${rows.size} ${options.groupBy}s, ${itemNames.length} such ${other}s`,
      todo: 'add runs: these do not separate anything',
    });
  }
  return ok({
    groupNames: [...rows.keys()],
    itemNames,
    groups: [...rows.values()].map((row) => columns(row)),
    setAside,
    epochs: epochsOf(tallies.map((tally) => tally.trials)),
    trials: tallies.reduce((count, tally) => count + tally.trials, 0),
  });
}

function columns(row: readonly { item: number; tally: Tally }[]): Group {
  return {
    items: Uint32Array.from(row, ({ item }) => item),
    successes: Float64Array.from(row, ({ tally }) => tally.successes),
    trials: Float64Array.from(row, ({ tally }) => tally.trials),
  };
}

function talliesFault(tallies: readonly Tally[]): ReturnType<typeof no> | undefined {
  if (tallies.length > TALLIES_MAX) {
    return no('too-large', {
      expected: `at most ${TALLIES_MAX} pairs of model and task`,
      got: String(tallies.length),
      todo: 'fit a part',
    });
  }
  const seen = new Set<string>();
  for (const [index, { model, task, successes, trials }] of tallies.entries()) {
    const whole = Number.isInteger(successes) && Number.isInteger(trials);
    if (!whole || trials < 1 || successes < 0 || successes > trials) {
      return no('not-a-number', {
        expected: 'whole numbers, successes from 0 to trials, trials at least 1',
        got: `${successes} of ${trials}`,
        todo: 'count scored epochs only',
        pointer: `/${index}`,
      });
    }
    const pair = pairKey(model, task);
    if (seen.has(pair)) {
      return no('not-a-number', {
        expected: 'each pair of model and task once, with all of its epochs',
        got: 'a pair a second time',
        todo: 'add its epochs up',
        pointer: `/${index}`,
      });
    }
    seen.add(pair);
  }
  return undefined;
}

// Names are free text: a length in front keeps two pairs of names from running together.
function pairKey(model: string, task: string): string {
  return `${model.length} ${model} ${task}`;
}
