import type { Embargo, Stage } from '@breakwater/contract';
import { stages } from '@breakwater/contract';
import { type Id, type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import type { Event } from '../../../platform/commands/commands.ts';
import type { Participants } from './audience.ts';
import { type PaceState, roomFor } from './owner/pace.ts';

export interface RoomState {
  readonly id: Id<'case'>;
  readonly stage: Stage;
  readonly mergedInto: Id<'case'> | null;
  readonly embargo: Embargo;
  readonly revision: number;
  readonly participants: Participants;
}

/** The stage after a step: a case never goes back by itself, and a merged one stands still. */
export function advance(stage: Stage, step: Stage): Stage {
  if (stage === 'merged' || stage === 'published') return stage;
  return stages.indexOf(step) > stages.indexOf(stage) ? step : stage;
}

export type InviteCode =
  | 'not-reproduced'
  | 'not-an-owner'
  | 'already-takes-part'
  | 'already-waits'
  | 'urgent-not-allowed'
  | 'not-exploited'
  | 'reason-missing'
  | 'case-merged';

/** What bringing an owner in depends on, beside the room. */
export interface InviteFacts {
  readonly reason: Id<'content'> | null;
  readonly reproduced: boolean;
  readonly now: Instant;
  /** The coordinator wants it sent at once. */
  readonly urgent: boolean;
  /** Listed as exploited in the wild (KEV). */
  readonly exploited: boolean;
  readonly pace: PaceState;
  /** Cases handed to this owner this week. */
  readonly handedOver: number;
  /** Cases that wait for this owner's pace. */
  readonly waiting: readonly string[];
}

/**
 * Brings the owner in (law 2): an owner hears of a case after its proof ran in the sandbox, or
 * because a coordinator said so and why; and at the pace it set. Where there is no room, or others
 * wait already, the case waits its turn; only what is exploited in the wild may pass them, where the
 * owner allows it.
 */
export function decideInvite(
  room: RoomState,
  /** `answers`: its role may answer as an owner, whatever the role is called. */
  owner: { readonly party: Id<'party'>; readonly answers: boolean },
  given: InviteFacts,
): Result<Event, InviteCode> {
  if (room.mergedInto !== null) return refuse(merged);
  if (!owner.answers) {
    return refuse({
      code: 'not-an-owner',
      expected: 'a party that is here and whose role may answer as an owner',
      got: 'one that is not, or whose role may not',
      todo: 'add the owner as a party first',
    });
  }
  if (room.participants.some((p) => p.party === owner.party && p.role === 'owner')) {
    return refuse({
      code: 'already-takes-part',
      expected: 'an owner who is not in the case yet',
      got: 'one who is',
      todo: 'nothing: the owner sees the case',
    });
  }
  if (!given.reproduced && given.reason === null) {
    return refuse({
      code: 'not-reproduced',
      expected: 'a case whose proof was reproduced in the sandbox',
      got: 'one that was not',
      todo: 'validate it first, or give the reason why the owner should hear of it now',
    });
  }
  const urgent = given.urgent ? urgentRefusal(given) : null;
  if (urgent !== null) return refuse(urgent);
  const { party } = owner;
  const { reproduced, reason } = given;
  const free = roomFor(given.pace, given.handedOver, given.now) > 0 && given.waiting.length === 0;
  if (given.urgent || free) {
    const data = { party, reproduced, reason, urgent: given.urgent };
    return ok({ act: 'coordinate.owner-invited', subject: room.id, data });
  }
  if (given.waiting.includes(room.id)) return refuse(alreadyWaits);
  const data = { party, reproduced, reason, since: null };
  return ok({ act: 'coordinate.owner-queued', subject: room.id, data });
}

function urgentRefusal({ reason, exploited, pace }: InviteFacts) {
  if (!pace.urgent) return urgentNotAllowed;
  if (!exploited) return notExploited;
  return reason === null ? reasonMissing : null;
}

const alreadyWaits = {
  code: 'already-waits',
  expected: 'a case that does not wait for this owner yet',
  got: 'one that does',
  todo: 'nothing: it is handed over by itself when its turn comes',
} as const;
const urgentNotAllowed = {
  code: 'urgent-not-allowed',
  expected: 'an owner that takes urgent cases at once',
  got: 'one that does not',
  todo: 'send it without urgency: it is handed over when its turn comes',
} as const;
const notExploited = {
  code: 'not-exploited',
  expected: 'a case whose newest score finds it in the KEV catalog: exploited in the wild',
  got: 'one that is not',
  todo: 'score it with its CVE once it is listed, or send it without urgency',
} as const;
const reasonMissing = {
  code: 'reason-missing',
  expected: 'the reason why the owner should hear of it at once',
  got: 'none',
  todo: 'say why',
  pointer: '/reason',
} as const;

export type EmbargoCode = 'embargo-ended' | 'hour-passed' | 'zone-unknown' | 'case-merged';

/** Sets the hour at which the embargo ends (law 5: one clock, with an hour and a zone). */
export function decideSetEmbargo(
  room: RoomState,
  wish: { readonly endsAt: Instant; readonly zone: string; readonly zoneKnown: boolean },
  now: Instant,
): Result<Event, EmbargoCode> {
  if (room.mergedInto !== null) return refuse(merged);
  if (room.embargo.state === 'ended') return refuse(ended);
  if (!wish.zoneKnown) {
    return refuse({
      code: 'zone-unknown',
      expected: 'a time zone of the IANA database, such as America/New_York',
      got: 'another word',
      todo: 'name the zone in which people will read the hour',
    });
  }
  if (wish.endsAt <= now) {
    return refuse({
      code: 'hour-passed',
      expected: 'an hour in the future',
      got: `${wish.endsAt}, which is over`,
      todo: 'choose a later hour, or end the embargo now',
    });
  }
  return ok({
    act: 'coordinate.embargo-set',
    subject: room.id,
    data: { endsAt: wish.endsAt, zone: wish.zone },
  });
}

/** Ends the embargo because the matter is public, at once (law 5). */
export function decideEndEmbargo(
  room: RoomState,
  reason: Id<'content'>,
): Result<Event, 'embargo-ended' | 'case-merged'> {
  if (room.mergedInto !== null) return refuse(merged);
  if (room.embargo.state === 'ended') return refuse(ended);
  return ok({
    act: 'coordinate.embargo-ended',
    subject: room.id,
    data: { because: 'public', reason },
  });
}

/**
 * Ends an embargo at the hour that was set; null where it was moved or has ended since. `too-early`
 * where this clock is behind the one that woke us: ask again, or the embargo would never end.
 */
export function decideHourCome(
  room: RoomState,
  hour: Instant,
  now: Instant,
): Event | 'too-early' | null {
  if (room.embargo.state !== 'until' || room.embargo.endsAt !== hour) return null;
  if (hour > now) return 'too-early';
  return { act: 'coordinate.embargo-ended', subject: room.id, data: { because: 'time' } };
}

const ended = {
  code: 'embargo-ended',
  expected: 'an embargo that is open or runs until an hour',
  got: 'one that has ended',
  todo: 'nothing: what is public stays public',
} as const;

const merged = {
  code: 'case-merged',
  expected: 'a case that stands for itself',
  got: 'one that was joined into another',
  todo: 'work on the case it was joined into',
} as const;
