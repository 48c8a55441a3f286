import { z } from 'zod';
import { Scope, ScopeAnswer } from './extent.ts';
import { Wishes } from './wishes.ts';
import { At, idOf, Line, PartyRef } from './words.ts';

/** Alone: nobody else at the same. Beside: others may, if they ask for beside too. */
export const Sharing = z.enum(['alone', 'beside']);

/** How a claim stands; all but `ahead` and `live` are for good. */
export const claimStates = [
  'ahead',
  'live',
  'released',
  'handed-over',
  'expired',
  'lapsed',
  'overridden',
  'opted-out',
  'stopped',
] as const;

/** A part of what one asked for that others hold: what, and until when; never whose or how many. */
export const HeldPart = z.object({ scope: ScopeAnswer, sharing: Sharing, from: At, until: At });
export type HeldPart = z.infer<typeof HeldPart>;

/** What would be granted, or could be agreed, instead of what is held. */
export const Alternative = z.discriminatedUnion('kind', [
  /** The rest of the wish: what nobody holds against it, and in what it differs. */
  z.object({
    kind: z.literal('part'),
    differs: z.array(z.enum(['targets', 'versions', 'weaknesses', 'methods', 'time'])),
    scope: ScopeAnswer,
    from: At,
    until: At,
  }),
  /** The whole of it, from when it is free. */
  z.object({ kind: z.literal('later'), from: At, until: At }),
  /** The whole of it, side by side: whoever holds it lets others in. */
  z.object({ kind: z.literal('beside') }),
  /** Ask whoever holds it to let you in; you learn of each other if both agree. */
  z.object({ kind: z.literal('join') }),
  /** Stand in line until it is free. */
  z.object({ kind: z.literal('wait') }),
]);
export type Alternative = z.infer<typeof Alternative>;

/** What an asker is answered, whether it takes the claim or only asks. */
export const ClaimAnswer = z.object({
  /** `granted`: nobody else is there; `beside`: granted next to others; `conflict`: not granted. */
  answer: z.enum(['granted', 'beside', 'conflict']),
  /** null where nothing was taken. */
  claim: idOf('claim').nullable(),
  /** Ended by then unless renewed; for a conflict, when what stands in the way ends. */
  until: At,
  /** What others hold of it, at most twenty parts. */
  held: z.array(HeldPart),
  alternatives: z.array(Alternative),
});
export type ClaimAnswer = z.infer<typeof ClaimAnswer>;

/** An answer, and what the owners of the places wish of whoever looks at them. */
export const ClaimAnswered = ClaimAnswer.extend({
  /** What is held now, of at most twenty statements; `deconflict.wishes` tells all of one place. */
  wishes: z.array(Wishes),
});

export const Claim = z.object({
  id: idOf('claim'),
  scope: ScopeAnswer,
  sharing: Sharing,
  state: z.enum(claimStates),
  from: At,
  until: At,
  /** Last sign that the holder works with it; null: none yet. */
  usedAt: At.nullable(),
  /** When it lapses unless it is used; null once it has ended. */
  lapsesAt: At.nullable(),
  renewalsLeft: z.number().int(),
  /** No renewal goes beyond. */
  renewableUntil: At,
  /** Shown on the map of coverage. */
  listed: z.boolean(),
  endedAt: At.nullable(),
  /** Why a coordinator ended it; null where nobody did. */
  reason: z.string().nullable(),
  /** Offered to another party that has not answered. */
  offered: z.boolean(),
  /** Who holds it: to coordinators; null to the holder itself. */
  holder: PartyRef.nullable(),
});
export type Claim = z.infer<typeof Claim>;

/** A place in line. */
export const Wait = z.object({
  id: idOf('wait'),
  scope: ScopeAnswer,
  sharing: Sharing,
  hours: z.number().int(),
  since: At,
  giveUpAt: At,
  /** `ended`: by a coordinator. */
  state: z.enum(['waiting', 'granted', 'given-up', 'withdrawn', 'ended']),
  claim: idOf('claim').nullable(),
  /** Why a coordinator ended it; null where nobody did. */
  reason: z.string().nullable(),
  /** Who stands there: to coordinators; null to whoever stands there itself. */
  party: PartyRef.nullable(),
});
export type Wait = z.infer<typeof Wait>;

/** A part that was looked at, and what came of it. */
export const Covered = z.strictObject({
  scope: Scope,
  outcome: z.enum(['nothing-found', 'findings', 'unfinished']),
});

/** The published limits and orders: the same for every party. */
export const ClaimRules = z.object({
  liveClaimsMax: z.number().int(),
  waitsMax: z.number().int(),
  /** The longest that a claim is granted or renewed for at once. */
  termHoursMax: z.number().int(),
  /** How far ahead a claim may begin. */
  aheadHoursMax: z.number().int(),
  renewalsMax: z.number().int(),
  /** The longest that one claim lasts with all its renewals. */
  totalHoursMax: z.number().int(),
  /** Lapses when it is not used for so long. */
  unusedHours: z.number().int(),
  warningHours: z.number().int(),
  /** Answers that tell of others (previews, conflicts, maps) to one party on one day. */
  answersPerDay: z.number().int(),
  /** What somebody has waited for so long is granted to nobody else anew. */
  waitReservesHours: z.number().int(),
  /** In the line each claim that a party holds counts as so many hours less of waiting. */
  hoursPerClaimHeld: z.number().int(),
  hoursForClaimsMax: z.number().int(),
  /** The order of the line in words. */
  order: z.array(Line),
});
export type ClaimRules = z.infer<typeof ClaimRules>;
