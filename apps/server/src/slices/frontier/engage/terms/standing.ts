import { type Protection, protections, sides, type TermsKind } from '@breakwater/contract';
import { type Instant, later } from '@breakwater/kernel';
import type { Engagement, Terms } from '../model.ts';

/** When the second of both sides signed; null: not both did. */
export function signedAt({ signed }: Terms): Instant | null {
  const { developer, government } = signed;
  if (developer === undefined || government === undefined) return null;
  return later(developer, government);
}

/** ENG-10: the newest version of a kind that both sides signed. */
export function inForce({ terms }: Pick<Engagement, 'terms'>, kind: TermsKind): Terms | null {
  return terms.findLast((each) => each.kind === kind && signedAt(each) !== null) ?? null;
}

/** The newest version of a kind, where it is not in force. */
export function proposed({ terms }: Pick<Engagement, 'terms'>, kind: TermsKind): Terms | null {
  const newest = terms.findLast((each) => each.kind === kind);
  return newest === undefined || signedAt(newest) !== null ? null : newest;
}

/** The version in force of each of the six protections; null where there is none. */
export function protectionsOf(
  engagement: Pick<Engagement, 'terms'>,
): Readonly<Record<Protection, Terms['id'] | null>> {
  const each = protections.map((kind) => [kind, inForce(engagement, kind)?.id ?? null] as const);
  // Every protection is among the entries.
  return Object.fromEntries(each) as Record<Protection, Terms['id'] | null>;
}

/** Since when a version is not the one that counts: a later one of its kind stands in its place. */
export function supersededAt({ terms }: Pick<Engagement, 'terms'>, version: Terms): Instant | null {
  const isSigned = signedAt(version) !== null;
  const later = terms.filter(
    (each) => each.kind === version.kind && each.version > version.version,
  );
  const times = later.flatMap((each) => (isSigned ? signedAt(each) : each.proposedAt) ?? []);
  return times.toSorted().at(0) ?? null;
}

/** Sides that have yet to sign a version. */
export function unsigned({ signed }: Terms): readonly (typeof sides)[number][] {
  return sides.filter((side) => signed[side] === undefined);
}
