import type { Places } from './store.ts';

/** Things by the places they lie at, to be asked what lies at, in or around a place. */
export interface PlaceIndex<T> {
  add(lineages: readonly string[], thing: T): void;
  /** Each thing once, in the order in which they were added. */
  at(places: Places): readonly T[];
}

/** In memory, for what one transaction has read. */
export function createPlaceIndex<T>(): PlaceIndex<T> {
  const by = new Map<string, Set<T>>();
  /** All lineages in order, for what lies in a place. */
  const sorted: string[] = [];
  const order = new Map<T, number>();

  /** The first place in `sorted` that is not before `lineage`. */
  function find(lineage: string): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? '') < lineage) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    add(lineages, thing) {
      if (!order.has(thing)) order.set(thing, order.size);
      for (const lineage of lineages) {
        const there = by.get(lineage);
        if (there !== undefined) there.add(thing);
        else {
          by.set(lineage, new Set([thing]));
          sorted.splice(find(lineage), 0, lineage);
        }
      }
    },
    at({ lineages, ancestors }) {
      const found = new Set<T>();
      const take = (lineage: string) => {
        for (const thing of by.get(lineage) ?? []) found.add(thing);
      };
      for (const ancestor of ancestors) take(ancestor);
      for (const lineage of lineages) {
        for (let i = find(lineage); sorted[i]?.startsWith(lineage) === true; i++) {
          take(sorted[i] ?? '');
        }
      }
      return [...found].toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    },
  };
}
