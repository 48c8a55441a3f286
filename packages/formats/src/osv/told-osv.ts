import { lineOf, proseOf, type ToldFinding, toldLimits, versionOf } from '../finding/finding.ts';
import { buildPurl, parsePurl } from '../purl/purl.ts';
import type { OsvAffected, OsvEvent, OsvRecord } from './osv-record.ts';

const linesMax = 100;

/** A record as findings: one for each package it names. A withdrawn record tells none. */
export function toldByOsv(record: OsvRecord): {
  readonly findings: readonly ToldFinding[];
  readonly notes: readonly string[];
} {
  if (record.withdrawn !== undefined) {
    const note = `The record was withdrawn on ${record.withdrawn}.`;
    return { findings: [], notes: [note] };
  }
  const byName = new Map<string, OsvAffected[]>();
  for (const each of record.affected ?? []) {
    if (each.package === undefined) continue;
    const { ecosystem, name } = each.package;
    const key = packageOf(each) ?? `${ecosystem} ${name}`;
    const others = byName.get(key);
    if (others === undefined) byName.set(key, [each]);
    else others.push(each);
  }
  const notes = [...byName].flatMap(([key, [first]]) =>
    key.startsWith('pkg:') ? [] : [`No package URL is given for ${nameOf(first)}.`],
  );
  if (byName.size === 0) notes.push('The record names no package.');
  return { findings: [...byName.values()].map((of) => toldOf(record, of)), notes };
}

function nameOf(affected: OsvAffected | undefined): string {
  return (affected?.package?.name ?? '').slice(0, 200);
}

function toldOf(record: OsvRecord, affected: readonly OsvAffected[]): ToldFinding {
  const { id, summary, details, aliases, severity } = record;
  const [first] = affected;
  const versions = affected.flatMap((each) => each.versions ?? []);
  const severities = [...affected.flatMap((each) => each.severity ?? []), ...(severity ?? [])];
  const ranges = affected.flatMap(({ ranges: of = [] }) =>
    of.map(({ events }) => events.map(wordsFor).join(', ')),
  );
  const about = [...new Set(ranges)].slice(0, linesMax);
  const section = about.length === 0 ? [] : [`Affected versions:\n${about.join('\n')}`];
  const prose = [details ?? summary ?? '', ...section].filter((part) => part !== '').join('\n\n');
  return {
    package: first === undefined ? null : packageOf(first),
    version: versionOf(versions.at(-1)),
    title: lineOf(summary ?? `${id} in ${nameOf(first)}`),
    description: proseOf(prose) || id,
    weakness: weaknessOf(record),
    location: null,
    identifiers: [...new Set([id, ...(aliases ?? [])])]
      .filter((each) => each.length >= 3 && each.length <= toldLimits.identifierMax)
      .slice(0, toldLimits.identifiersMax),
    cvss:
      severities
        .map(({ score }) => score)
        .filter((score) => score.startsWith('CVSS:'))
        .toSorted()
        .at(-1) ?? null,
    tool: null,
  };
}

function wordsFor({ introduced, fixed, last_affected, limit }: OsvEvent): string {
  if (introduced !== undefined) return `from ${introduced}`;
  if (fixed !== undefined) return `fixed in ${fixed}`;
  return last_affected !== undefined ? `up to ${last_affected}` : `looked at up to ${limit}`;
}

/** Without version; qualifiers are of no package but of a build of it. */
function packageOf({ package: of }: OsvAffected): string | null {
  const purl = of?.purl === undefined ? null : parsePurl(of.purl);
  if (purl?.ok !== true) return null;
  const { type, namespace, name } = purl.value;
  const bare = buildPurl({ type, namespace, name });
  return bare.ok ? bare.value.canonical : null;
}

/** GitHub's advisories carry the weakness where the schema leaves room for it. */
function weaknessOf({ database_specific: more }: OsvRecord): string | null {
  const ids = more?.['cwe_ids'];
  const first: unknown = Array.isArray(ids) ? ids[0] : null;
  return typeof first === 'string' && /^CWE-\d{1,6}$/.test(first) ? first : null;
}
