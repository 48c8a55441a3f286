import type { Card } from '@breakwater/contract';
import { describeReason, type Match } from '@breakwater/exposure';
import type { OsvRecord } from '@breakwater/formats/osv';
import type { Digest, Id, Instant } from '@breakwater/kernel';
import { fixedBy, installedName, listOf } from './match-words.ts';
import { stepsFor } from './steps.ts';

/** What a card is made of. */
export interface CardFacts {
  readonly record: OsvRecord;
  /** At least one: what of this inventory is affected. */
  readonly matches: readonly Match[];
  readonly inventory: string;
  /** The kind of file it was read from. */
  readonly format: string;
  readonly due: { readonly dueAt: Instant | null; readonly because: string };
  readonly patch: {
    readonly id: Id<'patch'>;
    readonly sha256: Digest;
    readonly attestation: Id<'attestation'> | null;
  } | null;
}

/**
 * Everything an operator must do, in plain words, on one card (law 7): what, by when, and the fix
 * itself: the exact command, or the verified patch.
 */
export function makeCard(facts: CardFacts): Card {
  const { record, matches, inventory, format, due, patch } = facts;
  const names = [...new Set(matches.map((m) => installedName(m)))];
  return {
    headline: `Update ${listOf(names)} on ${inventory}`,
    why: record.summary ?? record.id,
    steps: stepsFor(matches, format),
    patch,
    dueAt: due.dueAt,
    dueBecause: due.because,
    where: placesOf(matches),
    advisory: record.id,
  };
}

/** Where in an inventory what is affected was found, and why it is. */
export function placesOf(matches: readonly Match[]): Card['where'] {
  return matches.map((match) => ({
    component: installedName(match),
    version: match.component.version,
    fixed: fixedBy(match),
    reason: describeReason(match.component, match.reason),
    path: match.component.path,
  }));
}
