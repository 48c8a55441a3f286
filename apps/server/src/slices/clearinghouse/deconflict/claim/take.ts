import type { ClaimAnswer } from '@breakwater/contract';
import {
  type Id,
  type Instant,
  type Json,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@breakwater/kernel';
import type { Outcome } from '../../../../platform/commands/commands.ts';
import type { Asked } from './command.ts';
import { answerOf, standingOf, type Wish } from './decide.ts';
import type { Register } from './register.ts';
import { addHours, endOf, rules, warningOf } from './rules.ts';

/** DCF-1: takes what was asked for, or answers what stands in the way. */
export function take(
  register: Register,
  party: Id<'party'>,
  asked: Asked & { readonly listed: boolean },
): Result<Outcome<Json>> {
  const { now } = register;
  const wish = wishOf(asked, party, now);
  if (!wish.ok) return wish;
  const forbidden = register.forbidden(wish.value);
  if (forbidden !== null) return refuse(forbidden);
  const limited = overLimits(register, party);
  if (limited !== null) return refuse(limited);
  const objected = register.objection(asked.look, wish.value.from);
  if (objected !== null) return refuse(objected);
  const others = register.heldAt(asked.look);
  const standing = standingOf(wish.value, others, register.letIn);
  const answer = answerOf(wish.value, standing, others);
  if (answer.answer !== 'granted') register.tell(party);
  if (answer.answer === 'conflict') {
    const inTheWay = standing.inTheWay.map(({ held }) => held.id);
    const claims = inTheWay.slice(0, conflictsKept);
    register.conflict({ asker: party, extent: asked.look.text, claims });
    return ok({ events: [], response: told({ ...answer, claim: null }) });
  }
  const claim = grant(register, { ...wish.value, party, listed: asked.listed });
  const { sharing, from, until } = wish.value;
  const data = { claim, sharing, from, until, extent: asked.look.digest };
  return ok({
    events: [{ act: 'deconflict.claimed', subject: claim, data }],
    response: told({ ...answer, claim }),
  });
}

function told(answer: ClaimAnswer): Json {
  return answer as unknown as Json; // plain JSON; its type says that fields may be left out
}

/** Claims named beside a conflict, for coordinators. */
const conflictsKept = 20;

/** Puts a claim into the register. */
export function grant(
  register: Register,
  wish: Wish & { readonly party: Id<'party'>; readonly listed: boolean },
): Id<'claim'> {
  const { now } = register;
  const { from, until, party, look, sharing, listed } = wish;
  const ends = endOf({ from, until, createdAt: now, usedAt: null });
  return register.add(
    {
      holder: party,
      sharing,
      extent: look.text,
      from_at: from,
      until_at: until,
      created_at: now,
      used_at: null,
      ends_at: ends,
      next_at: warningOf(now, ends),
      warned: false,
      renewals: 0,
      listed,
      state: 'held',
      ended_at: null,
      reason_content: null,
      offered_to: null,
    },
    look,
  );
}

/** DCF-5: a wish within the published terms; what began before now begins now. */
export function wishOf(
  asked: Asked,
  party: string,
  now: Instant,
): Result<Wish, 'term-out-of-range'> {
  const { look, sharing, until } = asked;
  const from = asked.from === null || asked.from < now ? now : asked.from;
  const lasts = until > from && until <= addHours(from, rules.termHoursMax);
  if (!lasts || from > addHours(now, rules.aheadHoursMax)) return refuse(termOutOfRange);
  return ok({ party, claim: null, look, sharing, from, until });
}

/** DCF-6, DCF-7: how much one party may hold, and be told. */
export function overLimits(register: Register, party: string): Refusal | null {
  if (register.told(party) >= rules.answersPerDay) {
    register.stop(party);
    return askedTooOften;
  }
  if (register.count(party) >= rules.liveClaimsMax) {
    register.stop(party);
    return tooManyClaims;
  }
  return null;
}

/** Said to a term beyond the published ones. */
export const termOutOfRange = {
  code: 'term-out-of-range',
  expected: `an end after the beginning, at most ${rules.termHoursMax} hours later, and a beginning at most ${rules.aheadHoursMax} hours ahead`,
  got: 'another term',
  todo: 'ask for less, and renew while you work; the rules of claims are published',
  pointer: '/until',
} as const;

/** Said to whoever was told of others as often as anybody is on one day. */
export const askedTooOften = {
  code: 'asked-too-often',
  expected: `at most ${rules.answersPerDay} answers a day that tell of others`,
  got: 'one more',
  todo: 'go on tomorrow (UTC), or speak with the coordinator',
} as const;

const tooManyClaims = {
  code: 'too-many-claims',
  expected: `at most ${rules.liveClaimsMax} claims of one party at once`,
  got: 'one more',
  todo: 'release what you do not work on',
} as const;
