import { earlier, type Id, type Json, ok, type Result, refuse } from '@breakwater/kernel';
import type { Actor, Event, Outcome } from '../../../../platform/commands/commands.ts';
import { notFound } from '../../../../route.ts';
import type { Command } from './command.ts';
import { type Held, standingOf, type Wish } from './decide.ts';
import type { Register } from './register.ts';
import { addHours, hourMs, rules } from './rules.ts';
import { grant, overLimits, termOutOfRange } from './take.ts';
import type { WaitRow } from './wait-store.ts';

type Of<K extends Command['kind']> = Extract<Command, { readonly kind: K }>;

/** DCF-9: stands in line; what is free already is granted with the next look, a moment later. */
export function standInLine(
  register: Register,
  party: Id<'party'>,
  { look, sharing, hours, giveUpAt, listed }: Of<'wait'>,
): Result<Outcome<Json>> {
  const { now } = register;
  const tooFar = giveUpAt <= now || giveUpAt > addHours(now, rules.aheadHoursMax);
  if (tooFar || hours > rules.termHoursMax) return refuse(termOutOfRange);
  const forbidden = register.forbidden({ party, look, from: now, until: null });
  if (forbidden !== null) return refuse(forbidden);
  const limited = overLimits(register, party);
  if (limited !== null) return refuse(limited);
  const objected = register.objection(look, now);
  if (objected?.code === 'owner-opted-out') return refuse(objected);
  if (register.waiting(party) >= rules.waitsMax) return refuse(tooManyWaits);
  // Whether it is granted at once tells what others hold, as an answer to a claim would.
  register.tell(party);
  const wait = register.addWait(
    {
      party,
      sharing,
      extent: look.text,
      hours,
      since: now,
      give_up_at: giveUpAt,
      listed,
      state: 'waiting',
      claim: null,
      ended_at: null,
      look_at: now,
      reason_content: null,
    },
    look,
  );
  const data = { wait, sharing, hours, giveUpAt, extent: look.digest };
  return ok({
    events: [{ act: 'deconflict.waiting', subject: wait, data }],
    response: { wait },
  });
}

/** Leaves the line. */
export function withdraw(
  register: Register,
  actor: Actor,
  { wait: id }: Of<'withdraw'>,
): Result<Outcome<Json>> {
  const wait = register.wait(id);
  if (wait === null || wait.party !== actor.id) return notFound('a place in the line');
  if (wait.state !== 'waiting') return refuse(notWaiting);
  register.alterWait({ ...wait, state: 'withdrawn', ended_at: register.now });
  return ok({
    events: [{ act: 'deconflict.withdrawn', subject: id, data: { wait: id } }],
    response: { wait: id },
  });
}

/** DCF-13: ended by a coordinator, who says why. */
export function endWait(
  register: Register,
  { wait: id, reason }: Of<'end-wait'>,
): Result<Outcome<Json>> {
  const wait = register.wait(id);
  if (wait === null) return notFound('a place in the line');
  if (wait.state !== 'waiting') return refuse(notWaiting);
  const { now } = register;
  register.alterWait({ ...wait, state: 'ended', ended_at: now, reason_content: reason.ref.id });
  const commitment = Buffer.from(reason.ref.commitment).toString('hex');
  const data = { wait: id, reason: { content: reason.ref.id, commitment } };
  return ok({
    events: [{ act: 'deconflict.wait-ended', subject: id, data }],
    contents: [reason],
    response: { wait: id },
  });
}

/** DCF-9: grants what is free to those in line, in the published order. */
export function serveWaits(
  register: Register,
  { waits: ids }: Of<'serve-waits'>,
): Result<Outcome<Json>> {
  const waits = ids.flatMap((id) => register.wait(id) ?? []);
  const events = waits
    .filter((wait) => wait.state === 'waiting')
    .toSorted((a, b) => rankOf(register, a) - rankOf(register, b))
    .flatMap((wait) => serve(register, wait));
  return ok({ events, response: { served: events.length } });
}

/** DCF-9: the hour since when somebody counts as waiting; the earliest comes first. */
function rankOf(register: Register, wait: WaitRow): number {
  const hours = Math.min(
    register.count(wait.party) * rules.hoursPerClaimHeld,
    rules.hoursForClaimsMax,
  );
  return Date.parse(wait.since) + hours * hourMs;
}

function serve(register: Register, wait: WaitRow): Event[] {
  const { now } = register;
  const { id, party } = wait;
  if (wait.give_up_at <= now) {
    register.alterWait({ ...wait, state: 'given-up', ended_at: now });
    return [{ act: 'deconflict.gave-up', subject: id, data: { wait: id } }];
  }
  const wish: Wish = {
    party,
    claim: null,
    look: register.lookAnew(wait),
    sharing: wait.sharing,
    from: now,
    until: addHours(now, wait.hours),
  };
  const before = beforeIt(register, wait);
  const { inTheWay } = standingOf(
    wish,
    register.heldAt(wish.look).filter((held) => before(held)),
    register.letIn,
  );
  const full = register.count(party) >= rules.liveClaimsMax;
  if (
    full ||
    inTheWay.length > 0 ||
    register.forbidden(wish) !== null ||
    register.objection(wish.look, now) !== null
  ) {
    const next = inTheWay.map(({ held }) => held.until).reduce(earlier, addHours(now, 1));
    register.alterWait({ ...wait, look_at: earlier(next, wait.give_up_at) });
    return [];
  }
  const claim = grant(register, { ...wish, party, listed: wait.listed });
  register.alterWait({ ...wait, state: 'granted', claim, ended_at: now });
  const { sharing, from, until } = wish;
  const data = { claim, wait: id, sharing, from, until, extent: wish.look.digest };
  return [{ act: 'deconflict.granted', subject: claim, data }];
}

/** Others in line stand in the way only where they come first. */
function beforeIt(register: Register, wait: WaitRow): (held: Held) => boolean {
  const rank = rankOf(register, wait);
  return ({ id }) => {
    const other = register.wait(id);
    return other === null || rankOf(register, other) < rank;
  };
}

const tooManyWaits = {
  code: 'too-many-waits',
  expected: `at most ${rules.waitsMax} places in the line of one party`,
  got: 'one more',
  todo: 'leave one that you need less',
} as const;

const notWaiting = {
  code: 'not-waiting',
  expected: 'a place in the line',
  got: 'one that was granted, given up or left',
  todo: 'list what you wait for',
} as const;
