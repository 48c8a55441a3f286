import { identityOf } from '../inventory/identity.ts';
import type { OsvAffected, OsvEvent, OsvRecord } from '../osv/osv-record.ts';
import { parsePurl } from '../purl/purl.ts';
import { type Interval, readVers } from '../vers/vers.ts';
import type { CsafAdvisory, CsafProduct, CsafVulnerability } from './csaf.ts';

/** Advisories that inventories can be held against, and what could not become part of one. */
export interface OsvFromAdvisory {
  readonly records: readonly OsvRecord[];
  readonly notes: readonly string[];
}

/**
 * What a CSAF document says of packages, as OSV records: one for each vulnerability.
 *
 * A product counts as far as it has a package URL, and a version or a VERS range. Where a publisher
 * names fixed versions alone, as Red Hat does, all before them are affected; the OSV project's own
 * converter reads it so. Products named in words or by CPE are told in the notes: nobody can say
 * what of an inventory they are.
 */
export function osvOfCsaf(advisory: CsafAdvisory): OsvFromAdvisory {
  const notes: string[] = [];
  const records = advisory.vulnerabilities.map((vulnerability, index): OsvRecord => {
    const { affected, left } = affectedBy(vulnerability, advisory);
    const id = vulnerability.cve ?? `${advisory.id}#${index + 1}`;
    if (left > 0) notes.push(`${id}: ${left} products have no package URL with versions.`);
    const { title, description } = vulnerability;
    return {
      id,
      modified: advisory.releasedAt,
      published: advisory.firstReleasedAt,
      aliases: [advisory.id],
      summary: title ?? advisory.title,
      ...(description === null ? {} : { details: description }),
      affected,
    };
  });
  return { records, notes };
}

function affectedBy({ status }: CsafVulnerability, { products }: CsafAdvisory) {
  const known = (ids: readonly string[]) => ids.flatMap((id) => products.get(id) ?? []);
  const byPackage = new Map<string, OsvAffected[]>();
  let left = 0;
  const put = (product: CsafProduct, as: 'affected' | 'fixed'): void => {
    const read = affectedOf(product, as);
    if (read === null) {
      left += 1;
      return;
    }
    const key = JSON.stringify([read.package?.ecosystem, read.package?.name]);
    const before = byPackage.get(key);
    if (before === undefined) byPackage.set(key, [read]);
    // A package that is said to be affected, which comes first, needs no guess from a fixed version.
    else if (as === 'affected' || before[0]?.versions === undefined) before.push(read);
  };
  for (const product of known(status.affected)) put(product, 'affected');
  for (const product of known(status.fixed)) put(product, 'fixed');
  return { affected: [...byPackage.values()].flatMap(distinct), left };
}

function distinct(all: readonly OsvAffected[]): readonly OsvAffected[] {
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

function affectedOf(product: CsafProduct, as: 'affected' | 'fixed'): OsvAffected | null {
  const purl = product.purl === null ? null : parsePurl(product.purl);
  if (purl?.ok !== true) return null;
  const told = product.version === null ? {} : { version: product.version };
  const identity = identityOf(purl.value, told);
  if (identity === null) return null;
  const { ecosystem, name, version } = identity;
  const of = { package: { ecosystem, name, purl: purl.value.canonical } };
  if (as === 'fixed') {
    return version === undefined
      ? null
      : {
          ...of,
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: version }] }],
        };
  }
  const range = product.versionRange === null ? null : readVers(product.versionRange);
  if (range !== null) {
    const events = range.intervals.flatMap(eventsOf);
    return { ...of, versions: [], ranges: [{ type: 'ECOSYSTEM', events }] };
  }
  return version === undefined ? null : { ...of, versions: [version] };
}

function eventsOf({ introduced, fixed, lastAffected }: Interval): OsvEvent[] {
  return [
    { introduced: introduced ?? '0' },
    ...(fixed === null ? [] : [{ fixed }]),
    ...(lastAffected === null ? [] : [{ last_affected: lastAffected }]),
  ];
}
