import type { PartnerSide } from '@breakwater/contract';
import { addMilliseconds, type Instant } from '@breakwater/kernel';
import {
  decide,
  promisedBy,
} from '../../apps/server/src/slices/frontier/partners/application/decide.ts';
import { evolve } from '../../apps/server/src/slices/frontier/partners/application/evolve.ts';
import type {
  Application,
  By,
  Command,
} from '../../apps/server/src/slices/frontier/partners/application/model.ts';
import { missingOf } from '../../apps/server/src/slices/frontier/partners/partnership/grant.ts';
import { moments } from './moments.ts';
import type { Machine } from './search.ts';

/** The functions that decide about applicants, as the server calls them. */
export interface PartnerCores {
  readonly decide: typeof decide;
  readonly missingOf: typeof missingOf;
}
export const shippedPartners: PartnerCores = { decide, missingOf };

/** One application, what became of it, and what its access hangs on. */
export interface Applied {
  readonly now: Instant;
  readonly application: Application;
  /** From the answer on. */
  readonly partner: {
    readonly endedAt: Instant | null;
    readonly expiresAt: Instant;
    readonly acceptedTerms: string | null;
  } | null;
  readonly terms: string;
  readonly isInWindow: boolean;
}

export type PartnerAct =
  | { readonly on: 'clock'; readonly to: Instant }
  | { readonly on: 'application'; readonly by: By; readonly command: Command }
  | { readonly on: 'partner'; readonly does: 'accept' | 'leave' }
  | { readonly on: 'tier'; readonly does: 'new terms' | 'window opens' | 'window ends' };

const [start] = moments;
const dayMs = 86_400_000;
const days = (count: number): Instant => addMilliseconds(start, count * dayMs);
/** Around what is promised, and around the last moment for an appeal of an answer at the start. */
const hours = [start, days(29), days(30), days(61)];
export const partnershipDays = 60;

const side = (as: PartnerSide, member: string, party: string): By => ({ as, member, party });
/** Two persons a side; one of the Government's works for the applicant's party. */
const people: readonly By[] = [
  side('government', 'gina', 'office'),
  side('government', 'greg', 'office'),
  side('government', 'hugh', 'hospital'),
  side('developer', 'dan', 'lab'),
  side('developer', 'dora', 'lab'),
];

const begun: Application = {
  developer: 'lab',
  applicant: 'hospital',
  helper: 'firm',
  nominatedBy: 'greg',
  criteria: ['one', 'two'],
  rounds: [
    { begunAt: start, promisedBy: promisedBy(start), interests: [], keys: [], answer: null },
  ],
  withdrawnAt: null,
  said: 0,
};

const turn = (verdict: 'accept' | 'decline', met: boolean): Command => ({
  act: 'turn-key',
  verdict,
  findings: [
    { criterion: 'one', met: true },
    { criterion: 'two', met },
  ],
});
const [clear, conflicted] = [false, true].map(
  (each): Command => ({ act: 'state-interest', conflicted: each }),
) as [Command, Command]; // one for each

export function partnerMachine(
  cores: PartnerCores,
): Omit<Machine<Applied, PartnerAct>, 'invariants'> {
  return {
    beginnings: [nobodyJudged(), declined(cores), accepted(cores)],
    acts,
    step: (state, act) => step(cores, state, act),
    key: (state) => JSON.stringify(state),
  };
}

function nobodyJudged(application = begun): Applied {
  return { now: start, application, partner: null, terms: 'v1', isInWindow: false };
}

/** By one person of each side, who may not decide again. */
function declined(cores: PartnerCores): Applied {
  return after(cores, [
    ['gina', clear],
    ['gina', turn('decline', false)],
    ['dan', clear],
    ['dan', turn('accept', true)],
  ]);
}

function accepted(cores: PartnerCores): Applied {
  return after(cores, [
    ['gina', clear],
    ['dan', clear],
    ['gina', turn('accept', true)],
    ['dan', turn('accept', true)],
  ]);
}

function after(cores: PartnerCores, acted: readonly (readonly [string, Command])[]): Applied {
  return acted.reduce((state, [member, command]) => {
    const by = people.find((each) => 'member' in each && each.member === member);
    const act = by === undefined ? null : ({ on: 'application', by, command } as const);
    // A mutant may refuse it: then it begins where that leaves it.
    return (act === null ? null : step(cores, state, act)) ?? state;
  }, nobodyJudged());
}

/** Everything that anybody may try, whether it will be refused or not. */
function acts({ application, partner }: Applied): readonly PartnerAct[] {
  const each: PartnerAct[] = hours.map((to) => ({ on: 'clock', to }));
  const commands = [clear, conflicted, turn('accept', true), turn('decline', false)];
  for (const by of people) {
    for (const command of commands) each.push({ on: 'application', by, command });
  }
  each.push({ on: 'application', by: people[0] ?? nobody(), command: turn('accept', false) });
  const asked = application.said < 2 ? ([{ act: 'ask' }] as const) : [];
  for (const command of asked) {
    each.push({ on: 'application', by: people[0] ?? nobody(), command });
    each.push({ on: 'application', by: people[2] ?? nobody(), command });
  }
  for (const act of ['add', 'withdraw', 'appeal'] as const) {
    if (act === 'add' && application.said > 1) continue;
    each.push({ on: 'application', by: { as: 'applicant' }, command: { act } });
  }
  each.push({ on: 'application', by: { as: 'helper' }, command: turn('accept', true) });
  if (partner === null) return each;
  each.push({ on: 'partner', does: 'accept' }, { on: 'partner', does: 'leave' });
  const tier = ['new terms', 'window opens', 'window ends'] as const;
  return [...each, ...tier.map((does): PartnerAct => ({ on: 'tier', does }))];
}

function nobody(): never {
  throw new Error('expected a person');
}

export function step(cores: PartnerCores, state: Applied, act: PartnerAct): Applied | null {
  switch (act.on) {
    case 'clock':
      return act.to === state.now ? null : { ...state, now: act.to };
    case 'application': {
      const { now } = state;
      const decided = cores.decide(state.application, act.command, { now, by: act.by });
      if (!decided.ok) return null;
      const application = decided.value.reduce(evolve, state.application);
      const isAccepted = decided.value.some(
        (event) => event.act === 'partners.answered' && event.verdict === 'accept',
      );
      const expiresAt = addMilliseconds(now, partnershipDays * dayMs);
      const partner = { endedAt: null, expiresAt, acceptedTerms: null };
      return { ...state, application, partner: isAccepted ? partner : state.partner };
    }
    case 'partner':
      return onPartner(state, act.does);
    case 'tier':
      if (act.does === 'new terms') return state.terms === 'v2' ? null : { ...state, terms: 'v2' };
      return { ...state, isInWindow: act.does === 'window opens' };
  }
}

function onPartner(state: Applied, does: 'accept' | 'leave'): Applied | null {
  const { partner, terms, now } = state;
  if (partner === null || partner.endedAt !== null) return null;
  const change = does === 'leave' ? { endedAt: now } : { acceptedTerms: terms };
  return { ...state, partner: { ...partner, ...change } };
}

/** Whether access is active. */
export function isActive(cores: PartnerCores, state: Applied): boolean {
  const { partner, terms, isInWindow, now } = state;
  if (partner === null) return false;
  return (
    cores.missingOf(partner, { from: start, until: null, terms, isInWindow }, now).length === 0
  );
}
