import type { Id, Instant } from '@breakwater/kernel';
import { addMilliseconds, toInstant } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideInvite, type InviteFacts, type RoomState } from '../decide.ts';
import {
  decideAcknowledge,
  decideClose,
  decideReopen,
  decideSetPace,
  decideVerdict,
  type StandingState,
} from './decide.ts';
import { decideHandOver, type WaitingCase } from './hand-over.ts';
import { inOrder, nextChance, openPace, type PaceState, roomFor, weekOf } from './pace.ts';

// Ids and hours in the tables are spelled as kernel writes them.
const wednesday = '2026-03-04T10:00:00.000Z' as Instant;
const monday = '2026-03-09T00:00:00.000Z' as Instant;
const friday = '2026-03-06T12:00:00.000Z' as Instant;
const nextWednesday = '2026-03-11T10:00:00.000Z' as Instant;
const owner = 'party_owner' as Id<'party'>;
const words = 'content_words' as Id<'content'>;

function pace(more: Partial<PaceState>): PaceState {
  return { ...openPace, ...more };
}
const until = (hour: Instant | null) => ({ until: hour, zone: hour === null ? null : 'UTC' });

describe('COO-11 the week of the pace is Monday 00:00 UTC to the next', () => {
  test.each([
    ['2026-03-02T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
    ['2026-03-08T23:59:59.999Z', '2026-03-02T00:00:00.000Z'],
    ['2026-03-09T00:00:00.000Z', '2026-03-09T00:00:00.000Z'],
    ['2026-01-01T12:00:00.000Z', '2025-12-29T00:00:00.000Z'],
  ])('%s', (now, startsAt) => {
    expect(weekOf(now as Instant).startsAt).toBe(startsAt);
  });

  test('every hour lies in its own week, which is seven days long', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
        (date) => {
          const now = toInstant(date);
          const { startsAt, endsAt } = weekOf(now);
          expect(startsAt <= now && now < endsAt).toBe(true);
          expect(addMilliseconds(startsAt, 7 * 86_400_000)).toBe(endsAt);
          expect(new Date(startsAt).getUTCDay()).toBe(1);
        },
      ),
    );
  });
});

describe('COO-11 there is room as far as the owner left it', () => {
  test.each([
    ['no pace set', openPace, 99, Number.POSITIVE_INFINITY, wednesday],
    ['three a week, one came', pace({ capacityPerWeek: 3 }), 1, 2, wednesday],
    ['three a week, three came', pace({ capacityPerWeek: 3 }), 3, 0, monday],
    ['three a week, more came as urgent', pace({ capacityPerWeek: 3 }), 5, 0, monday],
    ['paused until lifted', pace({ pause: until(null) }), 0, 0, null],
    ['paused until Friday', pace({ pause: until(friday) }), 0, 0, friday],
    [
      'full and paused until Friday',
      pace({ capacityPerWeek: 1, pause: until(friday) }),
      1,
      0,
      monday,
    ],
    [
      'full and paused into the next week',
      pace({ capacityPerWeek: 1, pause: until(nextWednesday) }),
      1,
      0,
      nextWednesday,
    ],
    [
      'a pause whose hour has come',
      pace({ pause: until(wednesday) }),
      0,
      Number.POSITIVE_INFINITY,
      wednesday,
    ],
  ])('%s', (_, set, came, room, chance) => {
    expect([roomFor(set, came, wednesday), nextChance(set, came, wednesday)]).toEqual([
      room,
      chance,
    ]);
  });
});

function waiting(id: string, more: Partial<WaitingCase> = {}): WaitingCase {
  return {
    case: `case_${id}`,
    since: wednesday,
    priority: { decision: 'Track', severity: null, exploited: false },
    reason: null,
    reproduced: true,
    red: false,
    room: { mergedInto: null, participants: [] },
    ...more,
  };
}
const exploited = { decision: 'Track', severity: null, exploited: true };
const act = { decision: 'Act', severity: null, exploited: false };

describe('COO-12 what waits is handed over in order, and none is left out', () => {
  const queue = [
    waiting('b'),
    waiting('a'),
    waiting('late', { since: friday }),
    waiting('unscored', { priority: { ...act, decision: null } }),
    waiting('act', { priority: act }),
    waiting('kev', { priority: exploited, since: friday }),
  ];
  const order = ['case_kev', 'case_act', 'case_a', 'case_b', 'case_late', 'case_unscored'];

  test('exploited, then by decision, then by how long it has waited', () => {
    expect(inOrder(queue).map((each) => each.case)).toEqual(order);
  });

  test('whatever order the rows come in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(queue, { minLength: queue.length }), (shuffled) => {
        expect(inOrder(shuffled).map((each) => each.case)).toEqual(order);
      }),
    );
  });

  test.each([
    ['two a week, none came', pace({ capacityPerWeek: 2 }), 0, order.slice(0, 2)],
    ['two a week, one came', pace({ capacityPerWeek: 2 }), 1, order.slice(0, 1)],
    ['as they come', openPace, 0, order],
    ['paused', pace({ pause: until(null) }), 0, []],
  ])('%s', (_, set, came, gone) => {
    const facts = { pace: set, handedOver: came, now: wednesday };
    const { events, left } = decideHandOver(owner, queue, facts);
    expect(events.map((event) => event.subject)).toEqual(gone);
    expect(left).toBe(queue.length - gone.length);
    expect(new Set(events.map((event) => event.act)).size).toBe(gone.length === 0 ? 0 : 1);
  });

  test('what was joined into another case waits there instead, for as long as it has', () => {
    const merged = waiting('m', {
      room: { mergedInto: 'case_into' as Id<'case'>, participants: [] },
    });
    const facts = { pace: pace({ capacityPerWeek: 1 }), handedOver: 0, now: friday };
    const { events, left } = decideHandOver(owner, [merged], facts);
    expect(events.map((e) => [e.act, e.subject, e.data['because'] ?? e.data['since']])).toEqual([
      ['coordinate.owner-dropped', 'case_m', 'merged'],
      ['coordinate.owner-queued', 'case_into', wednesday],
    ]);
    expect(left).toBe(1);
  });

  test('COO-1 what is no longer reproduced, and was queued without a reason, is not handed over', () => {
    const facts = { pace: openPace, handedOver: 0, now: friday };
    const { events } = decideHandOver(owner, [waiting('x', { reproduced: false })], facts);
    expect(events.map((e) => [e.act, e.data['because']])).toEqual([
      ['coordinate.owner-dropped', 'not-reproduced'],
    ]);
  });

  test('VIS-4 what is marked RED by the time its turn comes is not handed over', () => {
    const facts = { pace: openPace, handedOver: 0, now: friday };
    const { events } = decideHandOver(owner, [waiting('x', { red: true })], facts);
    expect(events.map((e) => [e.act, e.data['because']])).toEqual([
      ['coordinate.owner-dropped', 'marked-red'],
    ]);
  });
});

describe('COO-13 an invitation waits where there is no room; only the exploited may pass', () => {
  const room: RoomState = {
    id: 'case_1' as Id<'case'>,
    stage: 'reproduced',
    mergedInto: null,
    embargo: { state: 'open' },
    revision: 0,
    participants: [],
  };
  const facts: InviteFacts = {
    reason: words,
    reproduced: true,
    now: wednesday,
    urgent: false,
    exploited: false,
    pace: pace({ capacityPerWeek: 1 }),
    handedOver: 0,
    waiting: [],
  };
  const full = { handedOver: 1 };
  const open = pace({ capacityPerWeek: 1, urgent: true });
  test.each([
    ['room', {}, 'coordinate.owner-invited'],
    ['no room', full, 'coordinate.owner-queued'],
    ['room, but others wait', { waiting: ['case_2'] }, 'coordinate.owner-queued'],
    ['waits already', { ...full, waiting: ['case_1'] }, 'already-waits'],
    ['urgent, not allowed', { ...full, urgent: true, exploited: true }, 'urgent-not-allowed'],
    ['urgent, not exploited', { ...full, urgent: true, pace: open }, 'not-exploited'],
    [
      'urgent, without a reason',
      { urgent: true, exploited: true, pace: open, reason: null },
      'reason-missing',
    ],
    [
      'urgent and exploited',
      { ...full, urgent: true, exploited: true, pace: open },
      'coordinate.owner-invited',
    ],
    [
      'urgent while paused',
      { urgent: true, exploited: true, pace: pace({ urgent: true, pause: until(null) }) },
      'coordinate.owner-invited',
    ],
  ] as const)('%s', (_, more, outcome) => {
    const decided = decideInvite(room, { party: owner, answers: true }, { ...facts, ...more });
    expect(decided.ok ? decided.value.act : decided.refusal.code).toBe(outcome);
  });
});

describe('COO-11 a pause has an hour to come and a zone, or none', () => {
  const wish = { capacityPerWeek: null, urgent: false };
  test.each([
    ['until lifted', { until: null, zone: null }, false, 'set'],
    ['until Friday', { until: friday, zone: 'Europe/Berlin' }, true, 'set'],
    ['until this very moment', { until: wednesday, zone: 'UTC' }, true, 'hour-passed'],
    ['in a zone nobody knows', { until: friday, zone: 'Mars/Base' }, false, 'zone-unknown'],
  ] as const)('%s', (_, pause, zoneKnown, outcome) => {
    const decided = decideSetPace(owner, { ...wish, pause }, { zoneKnown, now: wednesday });
    expect(decided.ok ? 'set' : decided.refusal.code).toBe(outcome);
  });
});

describe('COO-15 the owner owns the verdict', () => {
  const fresh: StandingState = {
    case: 'case_1',
    merged: false,
    owner,
    acknowledgedAt: null,
    verdict: null,
    closedAt: null,
  };
  const known = { ...fresh, acknowledgedAt: wednesday };
  const judged = { ...known, verdict: 'affected' as const };
  const closed = { ...judged, closedAt: wednesday };
  const gone = { ...fresh, merged: true };
  const verdict = (state: StandingState) => decideVerdict(state, { is: 'disputed', words });
  test.each([
    ['acknowledged once', decideAcknowledge, fresh, 'coordinate.acknowledged'],
    ['acknowledged twice', decideAcknowledge, known, 'already-acknowledged'],
    ['a verdict before taking note', verdict, fresh, 'coordinate.verdict-given'],
    ['a verdict changed', verdict, judged, 'coordinate.verdict-given'],
    ['a verdict on a closed case', verdict, closed, 'standing-closed'],
    ['closed without a verdict', decideClose, known, 'verdict-missing'],
    ['closed after it', decideClose, judged, 'coordinate.standing-closed'],
    ['closed twice', decideClose, closed, 'standing-closed'],
    ['opened again', decideReopen, closed, 'coordinate.standing-reopened'],
    ['opened though open', decideReopen, judged, 'standing-open'],
    ['a case joined into another', verdict, gone, 'case-merged'],
  ] as const)('%s', (_, decide, state, outcome) => {
    const decided = decide(state);
    expect(decided.ok ? decided.value.act : decided.refusal.code).toBe(outcome);
  });
});
