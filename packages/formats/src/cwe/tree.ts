import parents from './parents.json' with { type: 'json' };

const known: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(parents).map(([id, above]) => [`CWE-${id}`, above.map((each) => `CWE-${each}`)]),
);

/** Every weakness of CWE 4.17, by number; categories and views are none. */
export const weaknesses: readonly string[] = [...known.keys()];

/**
 * What a weakness is directly a kind of, in CWE's view 1000 (Research Concepts): none for the ten
 * pillars and for deprecated ones. null: there is no weakness of this id. The view is no tree: 138
 * have several parents.
 */
export function parentsOf(id: string): readonly string[] | null {
  return known.get(id) ?? null;
}
