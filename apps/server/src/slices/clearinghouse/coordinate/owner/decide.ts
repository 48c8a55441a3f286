import type { ownerVerdicts } from '@breakwater/contract';
import { type Id, type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import type { Event } from '../../../../platform/commands/commands.ts';
import type { PaceState } from './pace.ts';

export type OwnerVerdict = (typeof ownerVerdicts)[number];

/** Where one owner stands in one case. */
export interface StandingState {
  readonly case: string;
  readonly merged: boolean;
  readonly owner: string;
  readonly acknowledgedAt: Instant | null;
  readonly verdict: OwnerVerdict | null;
  readonly closedAt: Instant | null;
}

/** Sets an owner's pace. An hour needs a zone in which people read it. */
export function decideSetPace(
  owner: string,
  wish: Omit<PaceState, 'revision'>,
  facts: { readonly zoneKnown: boolean; readonly now: Instant },
): Result<Event, 'hour-passed' | 'zone-unknown'> {
  const { pause } = wish;
  if (pause !== null && pause.until !== null) {
    if (!facts.zoneKnown) return refuse(zoneUnknown);
    if (pause.until <= facts.now) return refuse(hourPassed(pause.until));
  }
  return ok({
    act: 'coordinate.pace-set',
    subject: owner,
    data: {
      capacityPerWeek: wish.capacityPerWeek,
      paused: pause !== null,
      until: pause?.until ?? null,
      zone: pause?.until == null ? null : pause.zone,
      urgent: wish.urgent,
    },
  });
}

/** Takes note of a case, once. */
export function decideAcknowledge(
  state: StandingState,
): Result<Event, 'case-merged' | 'standing-closed' | 'already-acknowledged'> {
  const open = mustBeOpen(state);
  if (open !== null) return refuse(open);
  if (state.acknowledgedAt !== null) return refuse(acknowledged);
  return ok(event('coordinate.acknowledged', state));
}

/** Says what the case is. The owner owns the verdict and may change it until it closes the case. */
export function decideVerdict(
  state: StandingState,
  wish: { readonly is: OwnerVerdict; readonly words: Id<'content'> },
): Result<Event, 'case-merged' | 'standing-closed'> {
  const open = mustBeOpen(state);
  if (open !== null) return refuse(open);
  return ok(event('coordinate.verdict-given', state, { verdict: wish.is, words: wish.words }));
}

/** Closes a case on the owner's side, once it said what the case is. */
export function decideClose(
  state: StandingState,
): Result<Event, 'case-merged' | 'standing-closed' | 'verdict-missing'> {
  const open = mustBeOpen(state);
  if (open !== null) return refuse(open);
  if (state.verdict === null) return refuse(verdictMissing);
  return ok(event('coordinate.standing-closed', state));
}

/** Opens it again. */
export function decideReopen(state: StandingState): Result<Event, 'case-merged' | 'standing-open'> {
  if (state.merged) return refuse(merged);
  if (state.closedAt === null) return refuse(stillOpen);
  return ok(event('coordinate.standing-reopened', state));
}

function event(act: string, state: StandingState, more: Event['data'] = {}): Event {
  return { act, subject: state.case, data: { party: state.owner, ...more } };
}

function mustBeOpen(state: StandingState) {
  if (state.merged) return merged;
  return state.closedAt === null ? null : closed;
}

const merged = {
  code: 'case-merged',
  expected: 'a case that stands for itself',
  got: 'one that was joined into another',
  todo: 'ask the coordinator whether you take part in the case it was joined into',
} as const;
const closed = {
  code: 'standing-closed',
  expected: 'a case that is open on your side',
  got: 'one that you closed',
  todo: 'open it again first',
} as const;
const stillOpen = {
  code: 'standing-open',
  expected: 'a case that you closed',
  got: 'one that is open',
  todo: 'nothing: it is open',
} as const;
const acknowledged = {
  code: 'already-acknowledged',
  expected: 'a case that you have not acknowledged yet',
  got: 'one that you have',
  todo: 'nothing: the coordinator knows',
} as const;
const verdictMissing = {
  code: 'verdict-missing',
  expected: 'a case of which you said what it is',
  got: 'one without your verdict',
  todo: 'give your verdict first: affected, not affected, will not fix, or disputed',
} as const;
const zoneUnknown = {
  code: 'zone-unknown',
  expected: 'a time zone of the IANA database, such as America/New_York',
  got: 'none, or another word',
  todo: 'name the zone in which people will read the hour',
} as const;

function hourPassed(until: Instant) {
  return {
    code: 'hour-passed',
    expected: 'an hour to come',
    got: `${until}, which is over`,
    todo: 'choose a later hour, or none: then the pause lasts until you lift it',
  } as const;
}
