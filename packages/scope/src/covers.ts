import { coversCommits } from './commits.ts';
import type { Extent } from './extent.ts';
import { deeper, type OverlapFacts } from './overlap.ts';
import type { Place } from './place.ts';
import { type Revisions, withoutRevisions } from './revisions.ts';
import { hasRoom } from './room.ts';
import { includesWeaknesses } from './weaknesses.ts';

/**
 * True where all of `inner` lies in `outer`, over every dimension. False also where that is not
 * certain: ranges of commits without their order, or two ways to number versions.
 */
export function covers(outer: Extent, inner: Extent, facts: OverlapFacts = {}): boolean {
  if (inner.from < outer.from || isAfter(inner.until, outer.until)) return false;
  if (!inner.methods.every((method) => outer.methods.includes(method))) return false;
  if (!includesWeaknesses(outer.weaknesses, inner.weaknesses)) return false;
  return inner.places.every((place) => coversPlace(outer, { place, inner }, facts));
}

function coversPlace(
  outer: Extent,
  { place, inner }: { readonly place: Place; readonly inner: Extent },
  facts: OverlapFacts,
): boolean {
  const { lineage } = place.target;
  const holes = inner.except.map((target) => target.lineage);
  const isMissed = outer.except.some((target) => {
    const both = deeper(target, place.target);
    return both !== null && hasRoom(both.lineage, holes);
  });
  if (isMissed) return false;
  const around = outer.places.filter(({ target }) => lineage.startsWith(target.lineage));
  const missing = rest(place, around, facts);
  if (missing === null) return true;
  // Only addresses are filled by what lies below them, and they have no revisions.
  const below = outer.places.filter(
    (each) => each.target.lineage.startsWith(lineage) && rest(place, [each], facts) === null,
  );
  return !hasRoom(lineage, [...holes, ...below.map(({ target }) => target.lineage)]);
}

/** What is left of a place's revisions without those of others; all of them where it is unsure. */
function rest(
  { target, revisions }: Place,
  others: readonly Place[],
  { commitOrder }: OverlapFacts,
): Revisions | null {
  const sets = others.map((other) => other.revisions);
  if (sets.some(({ kind }) => kind === 'all')) return null;
  if (revisions.kind === 'commits') {
    const project = target.kind === 'repository' ? target.project : '';
    const host = target.kind === 'repository' ? target.host : '';
    const commits = sets.filter((set) => set.kind === 'commits');
    const order = commitOrder?.(`repo:${host}/${project}`);
    return coversCommits(commits, revisions, order) ? null : revisions;
  }
  let left: Revisions | null = revisions;
  for (const set of sets) {
    if (set.kind !== 'versions' || left === null) continue;
    if (left.kind === 'versions' && left.scheme !== set.scheme) continue;
    left = withoutRevisions(left, set);
  }
  return left;
}

function isAfter(a: Extent['until'], b: Extent['until']): boolean {
  return b !== null && (a === null || a > b);
}
