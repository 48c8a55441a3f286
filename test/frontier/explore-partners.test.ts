import { addMilliseconds } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import {
  type Applied,
  isActive,
  type PartnerAct,
  type PartnerCores,
  partnerMachine,
  shippedPartners,
  step,
} from './partners-system.ts';
import { type Explored, explore, type Invariant } from './search.ts';

const depth = process.env['BREAKWATER_LONG'] === '1' ? 5 : 4;
const dayMs = 86_400_000;

/** What PAR-5 to PAR-16 ask of one application, said without the code under test. */
function invariants(cores: PartnerCores): readonly Invariant<Applied, PartnerAct>[] {
  return [
    { name: 'accepted is what both accept', inState: wronglyAnswered },
    { name: 'no key is turned by whom it is not for', inState: wrongKey },
    { name: 'who waits may go', inState: (state) => cannotGo(cores, state) },
    { name: 'what was answered stays', ofStep: altered },
    { name: 'an appeal comes once, and in time', ofStep: wronglyAppealed },
    {
      name: 'access is active by what stands now',
      inState: (state) => wronglyActive(cores, state),
    },
  ];
}

function wronglyAnswered({ application: { rounds }, partner }: Applied): string | null {
  for (const { answer, keys } of rounds) {
    const sides = keys.map((key) => key.side);
    if (new Set(sides).size < sides.length) return 'a side turned two keys';
    if (answer === null) {
      if (keys.length > 1) return 'two keys without an answer';
      continue;
    }
    if (keys.length < 2) return 'answered by one key';
    const both = keys.every(({ verdict }) => verdict === 'accept');
    if (both !== (answer.verdict === 'accept')) return `${answer.verdict}ed against a key`;
  }
  const isAccepted = rounds.some(({ answer }) => answer?.verdict === 'accept');
  return isAccepted === (partner !== null) ? null : 'a partner without an answer';
}

/** PAR-7, PAR-8, PAR-11, PAR-12. */
function wrongKey({ application: { rounds } }: Applied): string | null {
  const stated = new Set<string>();
  const decided = new Set<string>();
  for (const { interests, keys } of rounds) {
    for (const { member, conflicted } of interests) if (conflicted) stated.add(member);
    for (const { member } of keys) {
      if (member === 'greg') return 'by who nominated';
      if (member === 'hugh') return 'by somebody of the applicant';
      if (decided.has(member)) return `by ${member}, who decided before`;
      if (!interests.some((each) => each.member === member)) return `by ${member} without a word`;
    }
    for (const { member } of keys) decided.add(member);
  }
  return null;
}

const goes: PartnerAct = {
  on: 'application',
  by: { as: 'applicant' },
  command: { act: 'withdraw' },
};

function cannotGo(cores: PartnerCores, state: Applied): string | null {
  const { rounds, withdrawnAt } = state.application;
  if (withdrawnAt !== null || rounds.at(-1)?.answer !== null) return null;
  return step(cores, state, goes) === null ? 'withdrawing is refused' : null;
}

function altered(before: Applied, act: PartnerAct, after: Applied): string | null {
  for (const [place, { answer, keys }] of before.application.rounds.entries()) {
    const round = after.application.rounds[place];
    if (round === undefined) return 'a round is gone';
    if (answer !== null && JSON.stringify(round) !== JSON.stringify({ ...round, answer, keys })) {
      return 'an answer was altered';
    }
    if (keys.some((key, n) => JSON.stringify(round.keys[n]) !== JSON.stringify(key))) {
      return 'a key was turned back';
    }
    if (round.keys.length > keys.length && statedBefore(before, round.keys.at(-1)?.member)) {
      return 'a key by somebody who stated an interest';
    }
  }
  const { withdrawnAt } = before.application;
  if (withdrawnAt !== null && before.application !== after.application) return 'it goes on';
  return act.on === 'application' || before.application === after.application
    ? null
    : 'it moved by itself';
}

/** Whatever was stated later. */
function statedBefore({ application: { rounds } }: Applied, member: string | undefined): boolean {
  const all = rounds.flatMap(({ interests }) => interests);
  return all.some((each) => each.member === member && each.conflicted);
}

function wronglyAppealed(before: Applied, _act: PartnerAct, after: Applied): string | null {
  const [first] = before.application.rounds;
  if (before.application.rounds.length === after.application.rounds.length) return null;
  if (after.application.rounds.length > 2) return 'appealed twice';
  if (first?.answer?.verdict !== 'decline') return 'appealed without a decline';
  const until = addMilliseconds(first.answer.at, 30 * dayMs);
  return before.now < until ? null : 'appealed late';
}

function wronglyActive(cores: PartnerCores, state: Applied): string | null {
  if (!isActive(cores, state)) return null;
  const { partner, terms, now, isInWindow } = state;
  if (partner === null) return 'without a partnership';
  if (partner.endedAt !== null) return 'after it ended';
  if (now >= partner.expiresAt) return 'after its days';
  if (isInWindow) return 'in the window of the Government';
  return partner.acceptedTerms === terms ? null : 'by other terms';
}

function exploreWith(cores: PartnerCores, until: string | null = null): Explored<PartnerAct> {
  return explore(
    { ...partnerMachine(cores), invariants: invariants(cores) },
    until === null ? depth : 6,
    until,
  );
}

test('whatever anybody does to an application, both sides accept or nobody is', () => {
  const { faults, ...counts } = exploreWith(shippedPartners);
  console.log(`of partners: ${JSON.stringify(counts)}`);
  expect(faults).toEqual([]);
  expect(counts.transitions).toBeGreaterThan(10_000);
});

const { decide, missingOf } = shippedPartners;

/** What a wrong function does, what it breaks. */
const mutants: readonly (readonly [string, string, Partial<PartnerCores>])[] = [
  [
    'lets one who nominated turn a key',
    'no key is turned by whom it is not for',
    { decide: (state, ...given) => decide({ ...state, nominatedBy: null }, ...given) },
  ],
  [
    'lets the applicant’s own decide',
    'no key is turned by whom it is not for',
    { decide: (state, ...given) => decide({ ...state, applicant: null }, ...given) },
  ],
  [
    'asks nobody for an interest',
    'no key is turned by whom it is not for',
    {
      decide(state, command, facts) {
        if (command.act !== 'turn-key' || !('member' in facts.by)) {
          return decide(state, command, facts);
        }
        const { as: side, member } = facts.by;
        const stated = { side, member, conflicted: false };
        const rounds = state.rounds.map((round) => ({
          ...round,
          interests: [...round.interests, stated],
        }));
        return decide({ ...state, rounds }, command, facts);
      },
    },
  ],
  [
    'forgets an interest that was stated before',
    'what was answered stays',
    {
      decide(state, command, facts) {
        const rounds = state.rounds.map((round) => ({
          ...round,
          interests: round.interests.map((each) => ({ ...each, conflicted: false })),
        }));
        return decide({ ...state, rounds }, command, facts);
      },
    },
  ],
  [
    'has the same persons hear an appeal',
    'no key is turned by whom it is not for',
    {
      decide(state, command, facts) {
        const last = state.rounds.length - 1;
        const rounds = state.rounds.map((round, n) => (n < last ? { ...round, keys: [] } : round));
        return decide({ ...state, rounds }, command, facts);
      },
    },
  ],
  [
    'accepts by one key',
    'accepted is what both accept',
    {
      decide(state, command, facts) {
        const decided = decide(state, command, facts);
        if (!decided.ok) return decided;
        const value = decided.value.map((event) =>
          event.act === 'partners.answered' ? { ...event, verdict: 'accept' as const } : event,
        );
        return { ok: true, value };
      },
    },
  ],
  [
    'keeps who asked a question from going',
    'who waits may go',
    {
      decide: (state, command, facts) =>
        decide(
          command.act === 'withdraw' && state.said > 0 ? { ...state, rounds: [] } : state,
          command,
          facts,
        ),
    },
  ],
  [
    'hears a late appeal',
    'an appeal comes once, and in time',
    {
      decide: (state, command, facts) =>
        decide(state, command, {
          ...facts,
          now: command.act === 'appeal' ? (state.rounds[0]?.begunAt ?? facts.now) : facts.now,
        }),
    },
  ],
  [
    'gives access within the window of the Government',
    'access is active by what stands now',
    {
      missingOf: (grant, tier, now) => missingOf(grant, { ...tier, isInWindow: false }, now),
    },
  ],
  [
    'gives access by the terms of before',
    'access is active by what stands now',
    {
      missingOf: (grant, tier, now) =>
        missingOf(grant, { ...tier, terms: grant.acceptedTerms ?? 'none' }, now),
    },
  ],
  [
    'gives access after the last day',
    'access is active by what stands now',
    {
      missingOf: (grant, tier, now) =>
        missingOf(grant, tier, now).filter((each) => each !== 'partnership-over'),
    },
  ],
];

test.each(mutants)('a function that %s is found', (_, broken, mutant) => {
  const { faults } = exploreWith({ ...shippedPartners, ...mutant }, broken);
  expect(faults.map(({ invariant }) => invariant)).toContain(broken);
});
