import type { RunSample } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { type Difference, pairedDifference } from '@breakwater/statistics';

/** One item as two runs did it. */
export interface Pair {
  readonly item: Id<'item'>;
  readonly commitment: string;
  readonly first: readonly RunSample[];
  readonly second: readonly RunSample[];
}

/** Items that the reader sees samples of in both runs, in the order of the first. */
export function pairsOf(
  first: readonly RunSample[],
  second: readonly RunSample[],
): readonly Pair[] {
  const others = Map.groupBy(second, ({ item }) => item);
  return [...Map.groupBy(first, ({ item }) => item)].flatMap(([item, own]) => {
    const other = others.get(item);
    const commitment = own[0]?.commitment ?? null;
    if (item === null || other === undefined || commitment === null) return [];
    return [{ item, commitment, first: own, second: other }];
  });
}

/**
 * How much better the first did, over items that both were scored at; without samples found
 * invalid where `counts` is `valid`. `clusters` says which items hang together. null: too few.
 */
export function differenceOf(
  pairs: readonly Pair[],
  clusters: ReadonlyMap<string, number | null>,
  counts: 'all' | 'valid',
): Difference | null {
  const tasks = (pick: (pair: Pair) => readonly RunSample[]) =>
    pairs.map((pair) => {
      const cluster = clusters.get(pair.item) ?? null;
      return {
        task: pair.item,
        ...(cluster === null ? {} : { cluster: String(cluster) }),
        scores: pick(pair)
          .filter(({ review }) => counts === 'all' || review !== 'invalid')
          .map(({ score }) => score ?? Number.NaN),
      };
    });
  const told = pairedDifference(
    tasks(({ first }) => first),
    tasks(({ second }) => second),
  );
  return told.ok ? told.value : null;
}

/** The mean of what was scored; null where nothing was. */
export function meanScore(samples: readonly RunSample[]): number | null {
  const scores = samples.flatMap(({ score }) => (score === null ? [] : [score]));
  return scores.length === 0 ? null : scores.reduce((sum, each) => sum + each, 0) / scores.length;
}
