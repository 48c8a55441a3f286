import { type Instant, toInstant } from '@breakwater/kernel';
import { type Extent, exceptMax } from './extent.ts';
import { deeper, type OverlapFacts, overlapOf } from './overlap.ts';
import type { Place } from './place.ts';
import { withoutRevisions } from './revisions.ts';
import { settled } from './settle.ts';
import type { Target } from './target.ts';
import { type Weaknesses, withoutWeaknesses } from './weaknesses.ts';

export type Dimension = 'targets' | 'versions' | 'weaknesses' | 'methods' | 'time';

/** What may be had instead of a wish: it has nothing in common with any of the others. */
export interface Alternative {
  /**
   * `part`: lies within the wish. `later`: all of it, for as long, from the first moment at which
   * nothing of the others is in the way.
   */
  readonly kind: 'part' | 'later';
  /** In what it differs from the wish; several only where no single one is enough. */
  readonly differs: readonly Dimension[];
  readonly extent: Extent;
}

/**
 * What is left of a wish beside others, one way for each dimension: the places, versions, classes,
 * methods or the time that they do not cover, and the whole of it later. Empty where nothing is in
 * the way, and where nothing is left.
 */
export function without(
  wish: Extent,
  others: readonly Extent[],
  facts: OverlapFacts = {},
): readonly Alternative[] {
  const inWay = others.filter((other) => overlapOf(wish, other, facts) !== null);
  if (inWay.length === 0) return [];
  const isFree = (extent: Extent) =>
    others.every((other) => overlapOf(extent, other, facts) === null);
  const single = reductions.flatMap(({ differs, reduce }) => {
    const extent = reduce(wish, inWay, isFree);
    return extent !== null && isFree(extent) ? [{ differs: [differs], extent }] : [];
  });
  const isPartLeft = single.some(({ differs }) => !differs.includes('time'));
  const mixed = isPartLeft ? [] : oneByOne(wish, inWay, isFree);
  const parts = [...single, ...mixed].map((part) => ({ kind: 'part', ...part }) as const);
  const shifted = later(wish, others, facts);
  if (shifted === null) return parts;
  return [...parts, { kind: 'later', differs: ['time'], extent: shifted }];
}

type Reduce = (
  wish: Extent,
  others: readonly Extent[],
  isFree: (extent: Extent) => boolean,
) => Extent | null;

const reductions: readonly { readonly differs: Dimension; readonly reduce: Reduce }[] = [
  { differs: 'targets', reduce: otherTargets },
  { differs: 'versions', reduce: otherVersions },
  { differs: 'weaknesses', reduce: otherWeaknesses },
  { differs: 'methods', reduce: otherMethods },
  { differs: 'time', reduce: otherTime },
];

/** The wish without the places of others; where nothing is left, what they except themselves. */
function otherTargets(
  wish: Extent,
  others: readonly Extent[],
  isFree: (extent: Extent) => boolean,
): Extent | null {
  const holes = others.flatMap((other) => common(wish.places, other.places.map(targetOf)));
  const left = withPlaces(wish, wish.places, holes.map(targetOf));
  if (left !== null) return left;
  const islands = others.flatMap((other) => common(wish.places, other.except));
  const free = islands.filter((place) => {
    const alone = withPlaces(wish, [place], []);
    return alone !== null && isFree(alone);
  });
  return withPlaces(wish, free, []);
}

/** Where places and targets meet, in the revisions of the places. */
function common(places: readonly Place[], targets: readonly Target[]): readonly Place[] {
  return places.flatMap(({ target, revisions }) =>
    targets.flatMap((other) => {
      const both = deeper(target, other);
      return both === null ? [] : [{ target: both, revisions }];
    }),
  );
}

function otherVersions(wish: Extent, others: readonly Extent[]): Extent | null {
  let isLess = false;
  const places = wish.places.flatMap((place): Place[] => {
    let left: Place['revisions'] | null = place.revisions;
    for (const { target, revisions } of others.flatMap((other) => other.places)) {
      if (left === null || deeper(place.target, target) === null) continue;
      left = withoutRevisions(left, revisions);
    }
    if (left === null) return [];
    isLess ||= left !== place.revisions;
    return [{ target: place.target, revisions: left }];
  });
  return isLess ? withPlaces(wish, places, []) : null;
}

function otherWeaknesses(wish: Extent, others: readonly Extent[]): Extent | null {
  let weaknesses: Weaknesses | null = wish.weaknesses;
  for (const other of others) {
    if (weaknesses !== null) weaknesses = withoutWeaknesses(weaknesses, other.weaknesses);
  }
  return weaknesses === null ? null : { ...wish, weaknesses };
}

function otherMethods(wish: Extent, others: readonly Extent[]): Extent | null {
  const methods = wish.methods.filter((method) =>
    others.every((other) => !other.methods.includes(method)),
  );
  return methods.length === 0 ? null : { ...wish, methods };
}

/** The longest part of the wish's time that none of the others takes. */
function otherTime(wish: Extent, others: readonly Extent[]): Extent | null {
  const taken = others.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const gaps: { readonly from: Instant; readonly until: Instant | null }[] = [];
  let from: Instant | null = wish.from;
  for (const other of taken) {
    if (from !== null && other.from > from) gaps.push({ from, until: other.from });
    if (from !== null && (other.until === null || other.until > from)) from = other.until;
  }
  if (from !== null && (wish.until === null || from < wish.until)) {
    gaps.push({ from, until: wish.until });
  }
  const [longest] = gaps.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  return longest === undefined ? null : { ...wish, ...longest };
}

/** Each other avoided by the first way there is; null where one cannot be. */
function oneByOne(
  wish: Extent,
  others: readonly Extent[],
  isFree: (extent: Extent) => boolean,
): readonly { readonly differs: readonly Dimension[]; readonly extent: Extent }[] {
  let extent = wish;
  const differs = new Set<Dimension>();
  for (const other of others) {
    if (overlapOf(extent, other) === null) continue;
    const way = reductions
      .filter((each) => each.differs !== 'time')
      .map((each) => ({
        differs: each.differs,
        left: each.reduce(extent, [other], (part) => overlapOf(part, other) === null),
      }))
      .find(({ left }) => left !== null && overlapOf(left, other) === null);
    if (way?.left == null) return [];
    extent = way.left;
    differs.add(way.differs);
  }
  return isFree(extent) ? [{ differs: [...differs], extent }] : [];
}

/**
 * The whole wish, for as long, at the first moment from its beginning on at which it has nothing in
 * common with the others; null: there is none, or the wish has no end.
 */
function later(wish: Extent, others: readonly Extent[], facts: OverlapFacts): Extent | null {
  if (wish.until === null) return null;
  const length = lengthOf(wish);
  let shifted: Extent = wish;
  for (let round = 0; round <= others.length; round += 1) {
    const current = shifted;
    const inWay = others.filter((other) => overlapOf(current, other, facts) !== null);
    if (inWay.length === 0) return shifted === wish ? null : shifted;
    // It overlaps each of them until that one has ended, wherever it moves before.
    const ends = inWay.map(({ until }) => (until === null ? null : Date.parse(until)));
    if (ends.includes(null)) return null;
    const from = Math.max(...ends.map((end) => end ?? 0));
    if (from + length > timeMax) return null;
    shifted = { ...wish, from: instant(from), until: instant(from + length) };
  }
  return null;
}

/** The last moment of the year 9999: later ones do not sort as text. */
const timeMax = 253_402_300_799_999;

function instant(milliseconds: number): Instant {
  return toInstant(new Date(milliseconds));
}

function lengthOf({ from, until }: { readonly from: Instant; readonly until: Instant | null }) {
  return until === null ? Number.POSITIVE_INFINITY : Date.parse(until) - Date.parse(from);
}

function withPlaces(
  wish: Extent,
  places: readonly Place[],
  holes: readonly Target[],
): Extent | null {
  const left = settled(places, [...wish.except, ...holes]);
  if (left.places.length === 0 || left.except.length > exceptMax) return null;
  return { ...wish, ...left };
}

function targetOf({ target }: Place): Target {
  return target;
}
