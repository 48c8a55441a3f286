import type { Stage } from '@breakwater/contract';
import { stages } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import {
  advance,
  decideEndEmbargo,
  decideHourCome,
  decideInvite,
  decideSetEmbargo,
  type InviteFacts,
  type RoomState,
} from './decide.ts';
import { openPace } from './owner/pace.ts';

// Ids and hours in the tables are spelled as kernel writes them.
const owner = 'party_owner' as Id<'party'>;
const reason = 'content_why' as Id<'content'>;
const eight = '2026-03-01T08:00:00.000Z' as Instant;
const nine = '2026-03-01T09:00:00.000Z' as Instant;
const ten = '2026-03-01T10:00:00.000Z' as Instant;

function room(more: Partial<RoomState> = {}): RoomState {
  return {
    id: 'case_1' as Id<'case'>,
    stage: 'received',
    mergedInto: null,
    embargo: { state: 'open' },
    revision: 0,
    participants: [],
    ...more,
  };
}
function given(more: Partial<InviteFacts>): InviteFacts {
  return {
    reason,
    reproduced: true,
    now: eight,
    urgent: false,
    exploited: false,
    pace: openPace,
    handedOver: 0,
    waiting: [],
    ...more,
  };
}
const untilNine = room({ embargo: { state: 'until', endsAt: nine, zone: 'UTC' } });
const over = room({ embargo: { state: 'ended', endedAt: eight, because: 'time' } });
const joined = room({ mergedInto: 'case_2' as Id<'case'>, stage: 'merged' });

describe('COO-1 an owner hears of a case after its proof ran, or because a coordinator said why', () => {
  test.each([
    [false, null, 'not-reproduced'],
    [false, reason, 'invited'],
    [true, null, 'invited'],
    [true, reason, 'invited'],
  ] as const)('reproduced: %s, with the reason %s: %s', (reproduced, why, outcome) => {
    const to = { party: owner, answers: true };
    const decided = decideInvite(room(), to, given({ reason: why, reproduced }));
    expect(decided.ok ? 'invited' : decided.refusal.code).toBe(outcome);
    if (decided.ok)
      expect(decided.value.data).toMatchObject({ party: owner, reproduced, reason: why });
  });

  test('the stage alone invites nobody: what was reproduced may have left with a split', () => {
    const to = { party: owner, answers: true };
    const state = room({ stage: 'reproduced' });
    const decided = decideInvite(state, to, given({ reason: null, reproduced: false }));
    expect(decided).toMatchObject({ ok: false, refusal: { code: 'not-reproduced' } });
  });
});

describe('COO-2 only an owner who is not there yet can be brought in', () => {
  const there = room({ stage: 'reproduced', participants: [{ party: owner, role: 'owner' }] });
  const asFinder = room({ stage: 'reproduced', participants: [{ party: owner, role: 'finder' }] });
  test.each([
    ['one whose role may not answer', room(), false, 'not-an-owner'],
    ['one who is there', there, true, 'already-takes-part'],
    ['one who also found it', asFinder, true, 'invited'],
    ['into a merged case', joined, true, 'case-merged'],
  ] as const)('%s', (_, state, answers, outcome) => {
    const decided = decideInvite(state, { party: owner, answers }, given({}));
    expect(decided.ok ? 'invited' : decided.refusal.code).toBe(outcome);
  });
});

describe('COO-6 a case never goes back by itself', () => {
  const pairs = stages.flatMap((from) => stages.map((to) => [from, to] as [Stage, Stage]));
  test.each(pairs)('%s, then %s', (from, to) => {
    const still = from === 'merged' || from === 'published';
    const further = stages.indexOf(to) > stages.indexOf(from);
    expect(advance(from, to)).toBe(!still && further ? to : from);
  });
});

describe('COO-7 one clock per case, with an hour and a zone', () => {
  test.each([
    ['an hour to come', room(), ten, true, 'set'],
    ['a later hour instead', untilNine, ten, true, 'set'],
    ['this very moment', room(), eight, true, 'hour-passed'],
    ['a zone nobody knows', room(), ten, false, 'zone-unknown'],
    ['after it ended', over, ten, true, 'embargo-ended'],
    ['in a merged case', joined, ten, true, 'case-merged'],
  ] as const)('%s', (_, state, endsAt, zoneKnown, outcome) => {
    const decided = decideSetEmbargo(state, { endsAt, zone: 'UTC', zoneKnown }, eight);
    expect(decided.ok ? 'set' : decided.refusal.code).toBe(outcome);
  });
});

describe('COO-8 it ends at once when the matter is public, and only once', () => {
  test.each([
    ['open', room(), 'ended'],
    ['running', untilNine, 'ended'],
    ['over', over, 'embargo-ended'],
  ] as const)('%s', (_, state, outcome) => {
    const decided = decideEndEmbargo(state, reason);
    expect(decided.ok ? 'ended' : decided.refusal.code).toBe(outcome);
  });
});

describe('COO-9 it ends at its hour, not before, and not at an hour that was moved', () => {
  const ended = { act: 'coordinate.embargo-ended', subject: 'case_1', data: { because: 'time' } };
  test.each([
    ['the hour', untilNine, nine, nine, ended],
    ['after it', untilNine, nine, ten, ended],
    ['before it', untilNine, nine, eight, 'too-early'],
    ['an hour that was moved', untilNine, eight, ten, null],
    ['an embargo that is over', over, nine, ten, null],
    ['none', room(), nine, ten, null],
  ])('%s', (_, state, hour, now, outcome) => {
    expect(decideHourCome(state, hour, now)).toEqual(outcome);
  });
});
