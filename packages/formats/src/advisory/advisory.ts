import type { OsvAffected, OsvEvent, OsvRecord } from '../osv/osv-record.ts';
import type { Interval } from '../vers/vers.ts';

/** A published advisory, as far as the formats it goes out in have words for it. */
export interface Advisory {
  readonly id: string;
  /** CVE, GHSA and the like. */
  readonly aliases: readonly string[];
  /** One line. */
  readonly title: string;
  readonly details: string;
  readonly affected: readonly AffectedPackage[];
  /** CVSS vectors. */
  readonly severity: readonly string[];
  /** Such as `CWE-787`. */
  readonly weaknesses: readonly string[];
  readonly references: readonly { readonly type: string; readonly url: string }[];
  /** The finders, as each chose to be named. */
  readonly credits: readonly string[];
  /** A patch that was verified, for those whom no fixed version reaches. */
  readonly patch: { readonly sha256: string; readonly url: string } | null;
  /** Oldest first; never empty. */
  readonly revisions: readonly Revision[];
}

export interface AffectedPackage {
  /** As OSV names it: `npm`, `Debian:12`. */
  readonly ecosystem: string;
  readonly name: string;
  /** Without version; null: its kind of package has none. */
  readonly purl: string | null;
  readonly intervals: readonly Interval[];
}

/** One state of an advisory, which never changes once it is out. */
export interface Revision {
  /** 1, 2, 3 and so on. */
  readonly number: number;
  /** RFC 3339. */
  readonly date: string;
  readonly summary: string;
}

/** Who publishes, and where a document and the page about its advisory are found. */
export interface Publisher {
  readonly name: string;
  /** An address under the publisher's control that stays the same. */
  readonly namespace: string;
  /** How to reach it, in words; null: it does not say. */
  readonly contact: string | null;
  /** Of the document that is written. */
  readonly self: string;
  /** Of the page for people. */
  readonly page: string;
}

/**
 * An OSV record as the other formats need it. Ranges over commits are left out: none of the others
 * can say them.
 */
export function advisoryOfOsv(
  record: OsvRecord,
  more: { readonly revisions: readonly Revision[]; readonly patch: Advisory['patch'] },
): Advisory {
  return {
    id: record.id,
    aliases: record.aliases ?? [],
    title: record.summary ?? record.id,
    details: record.details ?? record.summary ?? record.id,
    affected: (record.affected ?? []).flatMap((each) => packageOf(each) ?? []),
    severity: (record.severity ?? []).map(({ score }) => score),
    weaknesses: weaknessesOf(record),
    references: record.references ?? [],
    credits: (record.credits ?? []).map(({ name }) => name),
    ...more,
  };
}

function packageOf({
  package: of,
  ranges = [],
  versions = [],
}: OsvAffected): AffectedPackage | null {
  const inRanges = ranges.flatMap(({ type, events }) =>
    type === 'GIT' ? [] : intervalsOf(events),
  );
  const alone = versions.map((each) => ({ introduced: each, fixed: null, lastAffected: each }));
  // Where OSV lists every version a range holds, the range says it all.
  const intervals = inRanges.length === 0 ? alone : inRanges;
  if (of === undefined || intervals.length === 0) return null;
  return { ecosystem: of.ecosystem, name: of.name, purl: of.purl ?? null, intervals };
}

/** OSV 1.7, `affected[].ranges[].events`: what was introduced lasts until the next end. */
function intervalsOf(events: readonly OsvEvent[]): Interval[] {
  const intervals: Interval[] = [];
  let open: string | undefined;
  for (const { introduced, fixed, last_affected } of events) {
    if (introduced !== undefined) open ??= introduced;
    else if (open !== undefined && (fixed ?? last_affected) !== undefined) {
      intervals.push({
        ...startingAt(open),
        fixed: fixed ?? null,
        lastAffected: last_affected ?? null,
      });
      open = undefined;
    }
  }
  if (open !== undefined) intervals.push({ ...startingAt(open), fixed: null, lastAffected: null });
  return intervals;
}

const startingAt = (version: string) => ({ introduced: version === '0' ? null : version });

/** Where GitHub's and our own records keep them: OSV has no field for weaknesses. */
function weaknessesOf({ database_specific }: OsvRecord): readonly string[] {
  const ids = database_specific?.['cwe_ids'];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}

/** In plain words, such as `1.0.0 and later, before 1.2.0`. */
export function intervalText({ introduced, fixed, lastAffected }: Interval): string {
  if (introduced !== null && introduced === lastAffected) return introduced;
  const from = introduced === null ? null : `${introduced} and later`;
  const end = fixed === null ? null : `before ${fixed}`;
  const last = lastAffected === null ? null : `up to ${lastAffected}`;
  const parts = [from, end ?? last].filter((part) => part !== null);
  return parts.length === 0 ? 'all versions' : parts.join(', ');
}

/** What somebody who runs an affected version does about a package, in one sentence. */
export function actionText({ name, intervals }: AffectedPackage): string {
  const fixes = [...new Set(intervals.flatMap(({ fixed }) => fixed ?? []))];
  if (fixes.length === 0) return `No fixed version of ${name} is known.`;
  return `Update ${name} to ${fixes.join(' or ')}, or a later version.`;
}
