import { listOf, type Members, membersOf, wholeOf, wordsOf } from '../json/members.ts';

/** The taxonomies of a run by their place in `run.taxonomies`, with the ids of their taxa. */
export interface Taxonomy {
  readonly name: string;
  readonly ids: readonly (string | null)[];
}

const weaknessesMax = 20;

/** What `run.taxonomies` (§3.14.8) has, as far as references by index need it. */
export function taxonomiesOf(value: unknown): readonly Taxonomy[] {
  return listOf(value, 100).map((each) => {
    const given = membersOf(each);
    const taxa = listOf(given['taxa'], 10_000);
    return {
      name: wordsOf(given['name'], 300) ?? '',
      ids: taxa.map((taxon) => wordsOf(membersOf(taxon)['id'], 300)),
    };
  });
}

/**
 * CWE numbers that references to taxa name, §3.52: of a result's `taxa`, and of the targets of its
 * rule's `relationships`.
 */
export function weaknessesIn(references: readonly unknown[], taxonomies: readonly Taxonomy[]) {
  return references.flatMap((reference) => {
    const given = membersOf(reference);
    const component = membersOf(given['toolComponent']);
    const at = wholeOf(component['index'], 0);
    const taxonomy = at === null ? undefined : taxonomies[at];
    const name = wordsOf(component['name'], 300) ?? taxonomy?.name ?? '';
    const index = wholeOf(given['index'], 0);
    const id = wordsOf(given['id'], 300) ?? (index === null ? null : taxonomy?.ids[index]) ?? '';
    const number = /^(?:CWE-?)?0*(\d{1,6})$/i.exec(id)?.[1];
    return number !== undefined && /cwe/i.test(`${name} ${id}`) ? [`CWE-${number}`] : [];
  });
}

/** CWE numbers in tags and properties: `external/cwe/cwe-079`, `CWE-79: …`, `cwe: ["79"]`. */
export function weaknessesInBag(bag: Members, texts: readonly string[]): string[] {
  const plain = ['cwe', 'cwes', 'cwe_id', 'cweid', 'CWE'].flatMap((name) => {
    const value = bag[name];
    return (Array.isArray(value) ? value.slice(0, 20) : [value]).flatMap((each) => {
      const number = /^\d{1,6}$/.exec(String(each))?.[0];
      return number === undefined ? [] : [`CWE-${Number(number)}`];
    });
  });
  return [...texts.flatMap(weaknessesInText), ...plain];
}

/** Each once, none of them the placeholder 0. */
export function distinct(weaknesses: Iterable<string>): readonly string[] {
  return [...new Set(weaknesses)].filter((id) => id !== 'CWE-0').slice(0, weaknessesMax);
}

function weaknessesInText(text: string): string[] {
  return [...text.matchAll(/\bcwe[-_ :]?0*(\d{1,6})\b/gi)].map(([, number]) => `CWE-${number}`);
}
