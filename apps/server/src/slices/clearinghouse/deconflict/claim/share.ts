import { type Id, type Json, later, ok, type Result, refuse } from '@breakwater/kernel';
import type { Actor, Outcome } from '../../../../platform/commands/commands.ts';
import { notFound } from '../../../../route.ts';
import type { Command } from './command.ts';
import { standingOf } from './decide.ts';
import { lost, ownClaim } from './keep.ts';
import type { Register } from './register.ts';
import { rules } from './rules.ts';
import { askedTooOften, wishOf } from './take.ts';

type Of<K extends Command['kind']> = Extract<Command, { readonly kind: K }>;

/** DCF-12: offers a claim to a party that may hold one. */
export function offer(
  register: Register,
  actor: Actor,
  { claim: id, to }: Of<'offer'>,
): Result<Outcome<Json>> {
  const found = ownClaim(register, id, actor);
  if (!found.ok) return found;
  if (found.value.offered_to !== null) return refuse(alreadyOffered);
  if (to === actor.id || !register.mayHold(to)) return refuse(noSuchTaker);
  register.alter({ ...found.value, offered_to: to });
  register.show(id, to);
  return ok({
    events: [{ act: 'deconflict.offered', subject: id, data: { claim: id, to } }],
    response: { claim: id },
  });
}

/** DCF-12: whoever it was offered to holds it from now on, with what is left of its time. */
export function answerOffer(
  register: Register,
  party: Id<'party'>,
  { claim: id, accept }: Of<'answer-offer'>,
): Result<Outcome<Json>> {
  const claim = register.claim(id);
  if (claim === null || claim.offered_to !== party) return notFound('a claim');
  if (claim.ended_at !== null) return refuse(lost(claim));
  if (!accept) {
    register.alter({ ...claim, offered_to: null });
    register.hide(id, party);
    const data = { claim: id };
    return ok({
      events: [{ act: 'deconflict.offer-declined', subject: id, data }],
      response: { claim: null },
    });
  }
  if (register.count(party) >= rules.liveClaimsMax) return refuse(takerIsFull);
  const look = register.lookAnew(claim);
  const wish = {
    party,
    claim: id,
    look,
    sharing: claim.sharing,
    from: later(claim.from_at, register.now),
    until: claim.until_at,
  };
  const forbidden = register.forbidden(wish);
  if (forbidden !== null) return refuse(forbidden);
  const others = register.heldAt(look).filter((held) => held.id !== id);
  if (standingOf(wish, others, register.letIn).inTheWay.length > 0) return refuse(inConflict);
  register.end(claim, 'handed-over');
  const taken = register.add(
    { ...claim, holder: party, created_at: register.now, offered_to: null },
    look,
  );
  register.moveAnswers(id, taken);
  return ok({
    events: [{ act: 'deconflict.handed-over', subject: id, data: { claim: id, to: taken } }],
    response: { claim: taken },
  });
}

/** DCF-14: asks whoever stands in the way, without telling who asks. */
export function askJoin(
  register: Register,
  party: Id<'party'>,
  asked: Of<'ask-join'>,
): Result<Outcome<Json>> {
  const wish = wishOf(asked, party, register.now);
  if (!wish.ok) return wish;
  const forbidden = register.forbidden(wish.value);
  if (forbidden !== null) return refuse(forbidden);
  if (register.told(party) >= rules.answersPerDay) {
    register.stop(party);
    return refuse(askedTooOften);
  }
  register.tell(party);
  const { look, from, until } = wish.value;
  const { inTheWay } = standingOf(wish.value, register.heldAt(look), register.letIn);
  const claims = inTheWay.flatMap(({ held }) => register.claim(held.id) ?? []);
  if (claims.length === 0) return refuse(nothingInTheWay);
  const join = register.addJoin({
    asker: party,
    extent: look.text,
    from_at: from,
    until_at: until,
    claims,
  });
  for (const { id } of claims) {
    register.note({ act: 'deconflict.join-wanted', subject: id, data: { claim: id } });
  }
  const data = { join, from, until, extent: look.digest };
  return ok({
    events: [{ act: 'deconflict.join-asked', subject: join, data }],
    response: { join },
  });
}

/** DCF-14: once a holder lets the asker in, both learn of each other. */
export function answerJoin(
  register: Register,
  actor: Actor,
  { join, accept }: Of<'answer-join'>,
): Result<Outcome<Json>> {
  const own = register.answers(join).filter((answer) => answer.holder === actor.id);
  const [first] = own;
  if (first === undefined) return notFound('a request to join');
  const claims = own.flatMap((answer) => register.claim(answer.claim) ?? []);
  const live = claims.filter((claim) => claim.ended_at === null);
  const [ended] = claims;
  if (live.length === 0 && ended !== undefined) return refuse(lost(ended));
  register.answerJoin({ request: join, holder: actor.id, accepted: accept });
  if (!accept) return ok({ events: [], response: { join, with: null } });
  const data = { join, with: actor.id };
  return ok({
    events: [{ act: 'deconflict.join-agreed', subject: join, data }],
    response: { join, with: first.asker },
  });
}

const alreadyOffered = {
  code: 'already-offered',
  expected: 'a claim that is not on offer',
  got: 'one that somebody was offered and has not answered',
  todo: 'wait for the answer, or release it',
} as const;

const noSuchTaker = {
  code: 'no-such-taker',
  expected: 'the id of another party that may hold claims',
  got: 'another id',
  todo: 'ask them for the id of their party',
  pointer: '/to',
} as const;

const takerIsFull = {
  code: 'too-many-claims',
  expected: `at most ${rules.liveClaimsMax} claims of one party at once`,
  got: 'one more',
  todo: 'release what you do not work on',
} as const;

const inConflict = {
  code: 'offer-in-conflict',
  expected: 'a claim that nobody else who holds the same keeps you from',
  got: 'one beside which its holder was let in, and you were not',
  todo: 'ask to join',
} as const;

const nothingInTheWay = {
  code: 'nothing-in-the-way',
  expected: 'something that others hold',
  got: 'what is free, or shared already',
  todo: 'claim it',
} as const;
