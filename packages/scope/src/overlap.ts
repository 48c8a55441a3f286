import { type Instant, later } from '@breakwater/kernel';
import type { CommitOrder } from './commits.ts';
import type { Extent } from './extent.ts';
import type { Place } from './place.ts';
import { commonRevisions } from './revisions.ts';
import { hasRoom } from './room.ts';
import { settled } from './settle.ts';
import type { Target } from './target.ts';
import { commonWeaknesses, haveCommonWeakness } from './weaknesses.ts';

/** What two extents have in common. */
export interface Overlap {
  /** Exactly that where `certain`; otherwise at most that. */
  readonly extent: Extent;
  /**
   * False: whether they have anything in common hangs on an order that is not known, of commits or
   * between two ways to number versions. Whoever grants nothing twice takes it for an overlap.
   */
  readonly certain: boolean;
  /** The places of `extent` that are not certain. */
  readonly unsure: readonly Target[];
}

/** What is known besides two extents. */
export interface OverlapFacts {
  readonly commitOrder?: CommitOrder | undefined;
}

/**
 * What two extents have in common over all dimensions: place with exceptions, version or commit,
 * method, weakness, and time. null: nothing. Takes about a microsecond where they are apart.
 */
export function overlapOf(a: Extent, b: Extent, facts: OverlapFacts = {}): Overlap | null {
  const from = later(a.from, b.from);
  const until = earlier(a.until, b.until);
  if (until !== null && until <= from) return null;
  const methods = a.methods.filter((method) => b.methods.includes(method));
  if (methods.length === 0 || !haveCommonWeakness(a.weaknesses, b.weaknesses)) return null;
  const found = commonPlaces(a, b, facts);
  if (found.length === 0) return null;
  const weaknesses = commonWeaknesses(a.weaknesses, b.weaknesses);
  if (weaknesses === null) return null;
  const common = settled(
    found.map(({ place }) => place),
    [...a.except, ...b.except],
  );
  return {
    extent: { ...common, methods, weaknesses, from, until },
    certain: found.some(({ certain }) => certain),
    unsure: found.filter(({ certain }) => !certain).map(({ place }) => place.target),
  };
}

interface CommonPlace {
  readonly place: Place;
  readonly certain: boolean;
}

function commonPlaces(a: Extent, b: Extent, { commitOrder }: OverlapFacts): CommonPlace[] {
  const found: CommonPlace[] = [];
  let except: readonly string[] | null = null;
  for (const left of a.places) {
    for (const right of b.places) {
      const target = deeper(left.target, right.target);
      if (target === null) continue;
      except ??= [...a.except, ...b.except].map(({ lineage }) => lineage);
      if (!hasRoom(target.lineage, except)) continue;
      const order =
        target.kind === 'repository'
          ? commitOrder?.(`repo:${target.host}/${target.project}`)
          : undefined;
      const { common, certain } = commonRevisions(left.revisions, right.revisions, order);
      if (common !== null) found.push({ place: { target, revisions: common }, certain });
    }
  }
  return found;
}

/** The one of two nested targets that lies in the other; null: they are apart. */
export function deeper(a: Target, b: Target): Target | null {
  if (a.lineage.startsWith(b.lineage)) return a;
  return b.lineage.startsWith(a.lineage) ? b : null;
}

function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
