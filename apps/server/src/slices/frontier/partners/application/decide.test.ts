import { type PartnerSide, type PartnerVerdict, partnerDays } from '@breakwater/contract';
import { addMilliseconds, type Instant } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appealUntil, decide, openRound, outcomeOf, promisedBy } from './decide.ts';
import { evolve } from './evolve.ts';
import type { Application, By, Command, Event } from './model.ts';

const start = '2026-03-01T08:00:00.000Z' as Instant; // spelled as kernel writes instants
const dayMs = 24 * 60 * 60 * 1_000;
const fresh: Application = {
  developer: 'lab',
  applicant: 'hospital',
  helper: 'firm',
  nominatedBy: 'g0',
  criteria: ['one', 'two'],
  rounds: [
    { begunAt: start, promisedBy: promisedBy(start), interests: [], keys: [], answer: null },
  ],
  withdrawnAt: null,
  said: 0,
};

const side = (as: PartnerSide, member: string): By => ({
  as,
  party: as === 'developer' ? 'lab' : 'office',
  member,
});
/** Three persons a side, of the Government's one who nominated; a helper's people on either side. */
const people: readonly By[] = [
  ...['g0', 'g1', 'g2', 'g3'].map((member) => side('government', member)),
  ...['d1', 'd2', 'd3'].map((member) => side('developer', member)),
  { as: 'government', party: 'firm', member: 'f1' },
  { as: 'government', party: 'hospital', member: 'h1' },
];
const turn = (verdict: PartnerVerdict, met: boolean): Command => ({
  act: 'turn-key',
  verdict,
  findings: [
    { criterion: 'one', met: true },
    { criterion: 'two', met },
  ],
});
const clear: Command = { act: 'state-interest', conflicted: false };
const conflict: Command = { act: 'state-interest', conflicted: true };
const wishes = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      by: fc.constantFrom(...people),
      command: fc.constantFrom<Command>(
        turn('accept', true),
        turn('decline', false),
        ...Array.from({ length: 3 }, () => clear),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      by: fc.constantFrom(...people),
      command: fc.constantFrom<Command>(turn('accept', false), turn('decline', true), conflict, {
        act: 'ask',
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      by: fc.constant<By>({ as: 'applicant' }),
      command: fc.constantFrom<Command>({ act: 'appeal' }, { act: 'add' }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ by: { as: 'applicant' }, command: { act: 'withdraw' } } as const),
  },
);
const step = fc.record({ wish: wishes, afterDays: fc.constantFrom(0, 0, 0, 0, 1, 8) });

test('PAR-5 to PAR-12 whatever anybody tries, in any order', () => {
  const seen = { accepted: 0, declined: 0, appealed: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
      let [state, now]: [Application, Instant] = [fresh, start];
      const history: Event[] = [];
      for (const { wish, afterDays } of steps) {
        now = addMilliseconds(now, afterDays * dayMs);
        const decided = decide(state, wish.command, { now, by: wish.by });
        for (const event of decided.ok ? decided.value : []) {
          state = evolve(state, event);
          history.push(event);
        }
        hold(state);
      }
      if (outcomeOf(state)?.verdict === 'accept') seen.accepted++;
      if (outcomeOf(state)?.verdict === 'decline') seen.declined++;
      if (state.rounds.length > 1) seen.appealed++;
      expect(history.filter(({ act }) => act === 'partners.appealed').length).toBeLessThan(2);
    }),
    { numRuns: 150 },
  );
  // It went everywhere: a walk that never came to an answer would hold anything.
  expect(Math.min(seen.accepted, seen.declined, seen.appealed)).toBeGreaterThan(3);
});

/** What holds of every application that can come about. */
function hold({ rounds, withdrawnAt }: Application): void {
  const turned = rounds.flatMap(({ keys }) => keys.map(({ member }) => member));
  expect(new Set(turned).size).toBe(turned.length);
  const conflicted = rounds.flatMap(({ interests }) => interests).filter((each) => each.conflicted);
  for (const { keys, interests, answer, begunAt } of rounds) {
    for (const key of keys) {
      expect(['g0', 'f1', 'h1']).not.toContain(key.member);
      expect(interests.map(({ member }) => member)).toContain(key.member);
    }
    const verdicts = keys.map(({ verdict }) => verdict);
    if (answer === null) expect(keys.length).toBeLessThan(2);
    else {
      expect(keys.map((key) => key.side).toSorted()).toEqual(['developer', 'government']);
      expect(answer.verdict).toBe(verdicts.includes('decline') ? 'decline' : 'accept');
      expect(answer.at >= begunAt).toBe(true);
    }
  }
  // Who states an interest after its key was turned takes nothing of it back.
  for (const { member } of conflicted) {
    const after = rounds.slice(1).flatMap(({ keys }) => keys);
    const before = rounds[0]?.interests.find((each) => each.member === member && each.conflicted);
    if (before !== undefined) expect(after.map((key) => key.member)).not.toContain(member);
  }
  if (rounds.length > 1) expect(rounds[0]?.answer?.verdict).toBe('decline');
  if (withdrawnAt !== null) expect(rounds.at(-1)?.answer).toBe(null);
}

test('PAR-5 PAR-12 while it waits its applicant can go in one act, and appeal in its days', () => {
  const by = { as: 'applicant' } as const;
  expect(decide(fresh, { act: 'withdraw' }, { now: start, by }).ok).toBe(true);
  const declined = evolve(fresh, {
    act: 'partners.answered',
    round: 1,
    verdict: 'decline',
    at: start,
  });
  const until = addMilliseconds(start, partnerDays.appeal * dayMs);
  expect([appealUntil(declined), openRound(declined)]).toEqual([until, null]);
  const appeal = (now: Instant) => decide(declined, { act: 'appeal' }, { now, by }).ok;
  expect([appeal(addMilliseconds(until, -1)), appeal(until)]).toEqual([true, false]);
  expect(outcomeOf(declined)).toEqual({
    at: until,
    verdict: 'decline',
    appealed: false,
    late: false,
    days: 0,
  });
});
