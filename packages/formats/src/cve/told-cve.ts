import { lineOf, proseOf, type ToldFinding, toldLimits, versionOf } from '../finding/finding.ts';
import type { CveAdvisory, CveAffected, CveVersion } from './cve.ts';
import { otherNames } from './read-cve.ts';

const linesMax = 100;

/**
 * A record as findings: one for each package it names by its URL or its collection, or one without
 * a package where it names products in words alone. A record that was rejected tells none.
 */
export function toldByCve(record: CveAdvisory): {
  readonly findings: readonly ToldFinding[];
  readonly notes: readonly string[];
} {
  if (record.state === 'REJECTED') {
    const why = record.rejectedReasons.join(' ').slice(0, 500);
    return { findings: [], notes: [...record.notes, `${record.id} was rejected: ${why}`] };
  }
  const named = new Map<string, CveAffected[]>();
  for (const each of record.affected) {
    if (each.purl === null) continue;
    const others = named.get(each.purl);
    if (others === undefined) named.set(each.purl, [each]);
    else others.push(each);
  }
  const packages = named.size === 0 ? [[null, record.affected] as const] : [...named];
  return {
    findings: packages.map(([name, affected]) => toldOf(record, name, affected)),
    notes: record.notes,
  };
}

function toldOf(
  record: CveAdvisory,
  name: string | null,
  affected: readonly CveAffected[],
): ToldFinding {
  const { id, title, description, solutions, workarounds, weaknesses, vectors } = record;
  const routine = affected.flatMap(({ routines }) => routines)[0];
  const file = affected.flatMap(({ files }) => files)[0];
  const parts = [
    description ?? '',
    section('Affected versions, as the record says', affected.flatMap(wordsFor)),
    section('Solution', solutions),
    section('Workaround', workarounds),
  ];
  return {
    package: name,
    version: name === null ? null : versionIn(affected),
    title: lineOf(title ?? (description === null ? id : `${id}: ${description}`)),
    description: proseOf(parts.filter((part) => part !== '').join('\n\n')) || id,
    weakness: weaknesses[0] ?? null,
    location:
      file === undefined && routine === undefined
        ? null
        : {
            path: (file ?? 'not given').slice(0, toldLimits.pathMax),
            ...(routine === undefined
              ? {}
              : { function: routine.slice(0, toldLimits.functionMax) }),
          },
    identifiers: [id, ...otherNames(record)].slice(0, toldLimits.identifiersMax),
    cvss: vectors[0] ?? null,
    tool: null,
  };
}

/** A version that is affected for certain: one listed alone, or the last of a range. */
function versionIn(affected: readonly CveAffected[]): string | null {
  const all = affected.flatMap(({ versions }) => versions);
  const certain = all.flatMap(({ version, status, lessThan, lessThanOrEqual, changes }) => {
    if (status !== 'affected' || changes.length > 0) return [];
    const one = lessThanOrEqual ?? (lessThan === null ? version : null);
    return one === null || /[*<>=, ]|^(?:n\/a|0|unspecified)$/i.test(one) ? [] : [one];
  });
  return versionOf(certain.at(-1));
}

function wordsFor(affected: CveAffected): readonly string[] {
  const { vendor, product, packageName, defaultStatus, versions } = affected;
  const name = packageName ?? [vendor, product].filter((each) => each !== null).join(' ');
  if (versions.length === 0) return [`${name}: ${defaultStatus}`];
  return versions.map((version) => `${name} ${rangeOf(version)}: ${version.status}`);
}

function rangeOf({ version, lessThan, lessThanOrEqual, changes }: CveVersion): string {
  const end = lessThan === null ? null : `before ${lessThan}`;
  const last = lessThanOrEqual === null ? null : `up to ${lessThanOrEqual}`;
  const bound = end ?? last;
  const later = changes.map(({ at, status }) => `, ${status} from ${at}`).join('');
  return `${bound === null ? version : `from ${version} ${bound}`}${later}`;
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const more = lines.length - linesMax;
  const rest = more > 0 ? [`… and ${more} more`] : [];
  return [`${title}:`, ...lines.slice(0, linesMax), ...rest].join('\n');
}
