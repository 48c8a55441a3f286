import { type CommitOrder, type Commits, commonCommits, distinct } from './commits.ts';
import { complement, intersection, union } from './intervals.ts';
import type { Target } from './target.ts';
import type { Versions } from './version-range.ts';

/** Which versions of a place: all, by number, or by commit. */
export type Revisions = { readonly kind: 'all' } | Versions | Commits;

export const allRevisions: Revisions = { kind: 'all' };

/** What two sets of revisions of one place have in common; not `certain`: they may have. */
export interface CommonRevisions {
  readonly common: Revisions | null;
  readonly certain: boolean;
}

/**
 * The revisions in both sets. Numbers of different orders, and a number and a commit, cannot be
 * compared: what they have in common is not certain, and may be all of `a`.
 */
export function commonRevisions(
  a: Revisions,
  b: Revisions,
  order: ReturnType<CommitOrder>,
): CommonRevisions {
  if (a.kind === 'all') return { common: b, certain: true };
  if (b.kind === 'all') return { common: a, certain: true };
  if (a.kind === 'commits' && b.kind === 'commits') return commonCommits(a, b, order);
  if (a.kind === 'versions' && b.kind === 'versions' && a.scheme === b.scheme) {
    const intervals = intersection(a.intervals, b.intervals);
    return { common: intervals.length === 0 ? null : { ...a, intervals }, certain: true };
  }
  return { common: a, certain: false };
}

/** What is in at least one; null where no single set says it. */
export function unitedRevisions(a: Revisions, b: Revisions): Revisions | null {
  if (a.kind === 'all' || b.kind === 'all') return allRevisions;
  if (a.kind === 'commits' && b.kind === 'commits') {
    const ids = [...new Set([...a.ids, ...b.ids])].toSorted();
    return { kind: 'commits', ids, ranges: distinct([...a.ranges, ...b.ranges]) };
  }
  if (a.kind !== 'versions' || b.kind !== 'versions' || a.scheme !== b.scheme) return null;
  return versionsOrAll({ ...a, intervals: union([...a.intervals, ...b.intervals]) });
}

/**
 * What is left of `a` without `b`: null where nothing is, or where no set is known to avoid `b`
 * (a range of commits has no complement to name, and other orders cannot be compared).
 */
export function withoutRevisions(a: Revisions, b: Revisions): Revisions | null {
  if (b.kind === 'all') return null;
  if (b.kind === 'versions') {
    if (a.kind === 'commits' || (a.kind === 'versions' && a.scheme !== b.scheme)) return null;
    const rest = complement(b.intervals);
    const intervals = a.kind === 'all' ? rest : intersection(a.intervals, rest);
    return intervals.length === 0 ? null : { kind: 'versions', scheme: b.scheme, intervals };
  }
  if (a.kind !== 'commits' || a.ranges.length > 0 || b.ranges.length > 0) return null;
  const taken = new Set(b.ids);
  const ids = a.ids.filter((id) => !taken.has(id));
  return ids.length === 0 ? null : { kind: 'commits', ids, ranges: [] };
}

/** True where a place of this kind has revisions of that kind: nobody versions a live system. */
export function fits(target: Target, revisions: Revisions): boolean {
  switch (revisions.kind) {
    case 'all':
      return true;
    case 'commits':
      return target.kind === 'repository';
    case 'versions':
      if (target.kind === 'package') return target.type === revisions.scheme;
      return target.kind === 'product';
  }
}

/** A range without ends is all of it. */
export function versionsOrAll(versions: Versions): Revisions {
  const [first] = versions.intervals;
  return first?.from === null && first.until === null ? allRevisions : versions;
}
