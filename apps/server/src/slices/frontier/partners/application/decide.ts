import { type PartnerSide, type PartnerVerdict, partnerDays } from '@breakwater/contract';
import { addMilliseconds, type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import type { Application, By, Command, Event, Facts, Finding, Round } from './model.ts';
import { refusals } from './refusals.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** Questions, additions and the appeal of one application. */
const saidMax = 100;

export type Code = (typeof refusals)[keyof typeof refusals]['code'];
type Decided = Result<readonly Event[], Code>;

/** When an answer is promised for that is asked for at `at`. */
export function promisedBy(at: Instant): Instant {
  return addMilliseconds(at, partnerDays.answer * dayMs);
}

/** PAR-12: until when a declined application may be appealed; null: it cannot be any more, or yet. */
export function appealUntil({ rounds, withdrawnAt }: Application): Instant | null {
  const [first, second] = rounds;
  if (withdrawnAt !== null || second !== undefined) return null;
  if (first?.answer?.verdict !== 'decline') return null;
  return addMilliseconds(first.answer.at, partnerDays.appeal * dayMs);
}

/** The round that waits for its answer; null: none does. */
export function openRound(state: Application): (Round & { readonly number: number }) | null {
  const round = state.rounds.at(-1);
  if (state.withdrawnAt !== null || round === undefined || round.answer !== null) return null;
  return { ...round, number: state.rounds.length };
}

/** What is decided of one application. */
export function decide(state: Application, command: Command, facts: Facts): Decided {
  switch (command.act) {
    case 'appeal':
      return appeal(state, facts);
    case 'withdraw':
      return withdraw(state, facts);
    case 'add':
      return say(state, 'partners.added');
    case 'ask': {
      const asks = deciderOf(state, facts.by);
      return asks.ok ? say(state, 'partners.asked') : asks;
    }
    case 'state-interest':
      return stateInterest(state, command.conflicted, facts);
    case 'turn-key':
      return turnKey(state, command, facts);
  }
}

/** PAR-5: as long as no answer is there. */
function say(state: Application, act: 'partners.added' | 'partners.asked'): Decided {
  if (openRound(state) === null) return refuse(refusals.over);
  if (state.said >= saidMax) return refuse(refusals.tooMuchSaid);
  return ok([{ act }]);
}

/** PAR-5: the applicant may always go, as long as it waits. */
function withdraw(state: Application, { now }: Facts): Decided {
  if (openRound(state) === null) return refuse(refusals.over);
  return ok([{ act: 'partners.withdrawn', at: now }]);
}

/** PAR-12: once, within its days. */
function appeal(state: Application, { now }: Facts): Decided {
  if (state.rounds.length > 1) return refuse(refusals.alreadyAppealed);
  const until = appealUntil(state);
  if (until === null) return refuse(refusals.notDeclined);
  if (now >= until) return refuse(refusals.appealOver);
  return ok([{ act: 'partners.appealed', at: now, promisedBy: promisedBy(now) }]);
}

interface Decider {
  readonly as: PartnerSide;
  readonly party: string;
  readonly member: string;
}

/** PAR-8: nobody decides on what its own party asks for, or helps with. */
function deciderOf(state: Application, by: By): Result<Decider, Code> {
  if (by.as === 'applicant' || by.as === 'helper') return refuse(refusals.ownApplication);
  if (by.party === state.applicant || by.party === state.helper) {
    return refuse(refusals.ownApplication);
  }
  return ok(by);
}

/** PAR-7: once stated, a conflict stays on that application. */
function stateInterest(state: Application, conflicted: boolean, { by }: Facts): Decided {
  const decider = deciderOf(state, by);
  if (!decider.ok) return decider;
  const round = openRound(state);
  if (round === null) return refuse(refusals.over);
  const interest = { side: decider.value.as, member: decider.value.member, conflicted };
  return ok([{ act: 'partners.interest-stated', round: round.number, interest }]);
}

/** PAR-6 to PAR-11. */
function turnKey(
  state: Application,
  wish: Extract<Command, { act: 'turn-key' }>,
  { by, now }: Facts,
): Decided {
  const decider = deciderOf(state, by);
  if (!decider.ok) return decider;
  const round = openRound(state);
  if (round === null) return refuse(refusals.over);
  const { as: side, member } = decider.value;
  const barred = barredBy(state, round, { side, member });
  if (barred !== null) return refuse(barred);
  const against = judge(state.criteria, wish);
  if (!against.ok) return against;
  const key = { side, member, verdict: wish.verdict };
  const turned: Event = { act: 'partners.key-turned', round: round.number, key };
  const other = round.keys[0];
  if (other === undefined) return ok([turned]);
  const both = other.verdict === 'accept' && wish.verdict === 'accept';
  const verdict: PartnerVerdict = both ? 'accept' : 'decline';
  return ok([turned, { act: 'partners.answered', round: round.number, verdict, at: now }]);
}

/** Whether this person may turn the key of its side now, as far as that hangs on the person. */
export function mayTurn(state: Application, by: By): boolean {
  const decider = deciderOf(state, by);
  const round = openRound(state);
  if (!decider.ok || round === null) return false;
  const { as: side, member } = decider.value;
  return barredBy(state, round, { side, member }) === null;
}

/** What keeps this person from this key; null: nothing. */
function barredBy(
  state: Application,
  round: Round & { readonly number: number },
  { side, member }: { readonly side: PartnerSide; readonly member: string },
) {
  if (state.nominatedBy === member) return refusals.nominatedYourself;
  const before = state.rounds.slice(0, round.number - 1);
  if (before.some(({ keys }) => keys.some((key) => key.member === member))) {
    return refusals.decidedBefore;
  }
  if (round.keys.some((key) => key.side === side)) return refusals.keyTurned;
  const stated = state.rounds.flatMap(({ interests }) => interests);
  if (stated.some((each) => each.member === member && each.conflicted)) {
    return refusals.interestConflicts;
  }
  const isStated = round.interests.some((each) => each.member === member && each.side === side);
  return isStated ? null : refusals.interestNotStated;
}

/**
 * PAR-9: every criterion that applies is found met or not, each once, and nothing else; accepted is
 * whoever meets all of them, declined whoever does not.
 */
export function judge(
  criteria: readonly string[],
  {
    verdict,
    findings,
  }: { readonly verdict: PartnerVerdict; readonly findings: readonly Finding[] },
): Result<null, 'criterion-unknown' | 'criteria-missed' | 'verdict-differs'> {
  const found = findings.map(({ criterion }) => criterion);
  if (found.some((each) => !criteria.includes(each))) return refuse(refusals.criterionUnknown);
  if (new Set(found).size !== criteria.length || found.length !== criteria.length) {
    return refuse(refusals.criteriaMissed);
  }
  const meetsAll = findings.every(({ met }) => met);
  return meetsAll === (verdict === 'accept') ? ok(null) : refuse(refusals.verdictDiffers);
}

/**
 * PAR-20: when it came to its end, what came of it, and how long the answer took; null: it goes on,
 * or was withdrawn before there was one. Whoever appeals and withdraws stays declined.
 */
export function outcomeOf(state: Application): Outcome | null {
  const [first, second] = state.rounds;
  if (first === undefined || first.answer === null) return null;
  const rounds = second === undefined ? [first] : [first, second];
  const late = rounds.some(({ answer, promisedBy: by }) => answer !== null && answer.at > by);
  const tookMs = Date.parse(first.answer.at) - Date.parse(first.begunAt);
  const rest = { late, appealed: second !== undefined, days: Math.floor(tookMs / dayMs) };
  if (second === undefined) {
    const { verdict, at } = first.answer;
    return { ...rest, verdict, at: appealUntil(state) ?? at };
  }
  if (second.answer !== null) return { ...rest, ...second.answer };
  return state.withdrawnAt === null ? null : { ...rest, verdict: 'decline', at: state.withdrawnAt };
}

export interface Outcome {
  readonly at: Instant;
  readonly verdict: PartnerVerdict;
  readonly appealed: boolean;
  readonly late: boolean;
  /** From the application to its first answer, whole days. */
  readonly days: number;
}
