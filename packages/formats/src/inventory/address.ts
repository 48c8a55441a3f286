import { parsePurl } from '../purl/purl.ts';
import type { Findings } from './findings.ts';
import { identityOf, type Told } from './identity.ts';

/** An entry of a bill of materials, which is known by its purl. */
export interface Entry extends Told {
  readonly purl: string | undefined;
  readonly name: string;
  readonly path: string;
}

/**
 * Adds the component of an entry; one without a purl, or of an ecosystem whose advisories we cannot
 * name, becomes a note.
 */
export function readAddress(entry: Entry, found: Findings) {
  const { path } = entry;
  const label = entry.name.slice(0, 200);
  if (entry.purl === undefined) {
    return found.note('identity-missing', path, `${label} has no package URL`);
  }
  const purl = parsePurl(entry.purl);
  if (!purl.ok) {
    return found.note('identity-malformed', path, `${label}: ${purl.refusal.got}`);
  }
  const identity = identityOf(purl.value, entry);
  if (identity === null) {
    const { type, namespace } = purl.value;
    const of = namespace === undefined ? type : `${type}/${namespace}`;
    return found.note('ecosystem-unknown', path, `${label} is of purl type ${of}`);
  }
  const { sourceKnown, version, ...rest } = identity;
  if (version === undefined) {
    return found.note('version-missing', path, `${label} has no version`);
  }
  found.add({ ...rest, version, purl: purl.value.canonical, path });
  if (!sourceKnown) {
    const text = `${label}: its source package is not told; binary name used`;
    return found.note('source-unknown', path, text);
  }
}
