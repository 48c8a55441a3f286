import {
  addMilliseconds,
  type Id,
  type Instant,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@breakwater/kernel';
import type { NoticeRow } from '../store.ts';

const day = 86_400_000;
/** A link or a helper's sight of the card ends by itself. */
const daysUnlessTold = 14;
const daysMax = 30;
/** More than a person keeps in mind. */
export const helpersMax = 10;

export interface DelegateFacts {
  readonly now: Instant;
  /** Helpers the notice has now. */
  readonly helpers: number;
  /** The role of the party named, or null where there is none of that id; undefined: a link. */
  readonly role: string | null | undefined;
  readonly self: boolean;
}

/** Whether a notice may be handed to a helper, and until when. */
export function decideDelegate(
  status: NoticeRow['status'],
  wish: { readonly named: boolean; readonly expiresAt: Instant | undefined },
  facts: DelegateFacts,
): Result<Instant> {
  if (status !== 'open' && status !== 'helper') return refuse(alreadyReceipted);
  if (facts.helpers >= helpersMax) return refuse(tooMany);
  if (facts.role === undefined && !wish.named) return refuse(unnamed);
  if (facts.self || (facts.role !== undefined && facts.role !== 'operator')) return refuse(noSuch);
  const until = wish.expiresAt ?? addMilliseconds(facts.now, daysUnlessTold * day);
  if (until <= facts.now || until > addMilliseconds(facts.now, daysMax * day)) {
    return refuse(outOfRange);
  }
  return ok(until);
}

export interface GrantState {
  readonly id: Id<'helper'>;
  readonly expiresAt: Instant;
  readonly revokedAt: Instant | null;
}

/** Whether the link of a grant still opens its card. */
export function holds(grant: GrantState, now: Instant): boolean {
  return grant.revokedAt === null && grant.expiresAt > now;
}

export const linkNotValid: Refusal<'link-not-valid'> = {
  code: 'link-not-valid',
  expected: 'a link to a card that still holds',
  got: 'one that is unknown, has run out or was taken back',
  todo: 'ask whoever sent it for a new one',
};
export const alreadyReceipted: Refusal<'already-receipted'> = {
  code: 'already-receipted',
  expected: 'a notice that is open or with a helper',
  got: 'one that was reported on for good',
  todo: 'nothing; whoever it belongs to may take the report back',
};
const unnamed: Refusal<'helper-unnamed'> = {
  code: 'helper-unnamed',
  expected: 'what you call the helper, or the id of a party that is here',
  got: 'neither',
  todo: 'write a name, so that you know later to whom you handed it',
  pointer: '/name',
};
const noSuch: Refusal<'no-such-helper'> = {
  code: 'no-such-helper',
  expected: 'the id of another party that is here as an operator',
  got: 'another id',
  todo: 'ask the helper for the id on its own account page, or make a link',
  pointer: '/party',
};
const outOfRange: Refusal<'hour-out-of-range'> = {
  code: 'hour-out-of-range',
  expected: `an hour within the next ${daysMax} days`,
  got: 'another',
  todo: 'choose an earlier hour; you can hand it over again later',
  pointer: '/expiresAt',
};
const tooMany: Refusal<'too-many'> = {
  code: 'too-many',
  expected: `at most ${helpersMax} helpers for one notice`,
  got: 'more',
  todo: 'take it back from somebody first',
};
