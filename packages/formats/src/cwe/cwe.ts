import names from './names.json' with { type: 'json' };

const known: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(names));

/** The name of a weakness in CWE 4.17, such as of `CWE-79`; null: there is none of this id. */
export function cweName(id: string): string | null {
  return namesOf(id)[0] ?? null;
}

/**
 * Every name a weakness had in CWE 4.0 to 4.17, the newest first; empty: there is none of this id.
 * Documents keep the name of their day, and CWE renames.
 */
export function namesOf(id: string): readonly string[] {
  return id.startsWith('CWE-') ? (known.get(id.slice('CWE-'.length)) ?? []) : [];
}
