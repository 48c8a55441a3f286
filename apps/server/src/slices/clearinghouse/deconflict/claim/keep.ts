import {
  earlier,
  type Id,
  type Instant,
  type Json,
  ok,
  type Result,
  refuse,
} from '@breakwater/kernel';
import type { Actor, Outcome } from '../../../../platform/commands/commands.ts';
import { notFound } from '../../../../route.ts';
import type { Command, CoveredPart } from './command.ts';
import { standingOf } from './decide.ts';
import { covers, lookOf } from './extent.ts';
import type { Register } from './register.ts';
import { addHours, endOf, lapseOf, rules } from './rules.ts';
import type { ClaimRow } from './store.ts';
import { termOutOfRange } from './take.ts';

type Of<K extends Command['kind']> = Extract<Command, { readonly kind: K }>;

/**
 * The claim as its holder acts under it. What somebody else holds is not there; what was lost is
 * told, with why.
 */
export function ownClaim(register: Register, id: string, actor: Actor): Result<ClaimRow> {
  const claim = register.claim(id);
  if (claim === null || claim.holder !== actor.id) return notFound('a claim');
  return claim.ended_at === null ? ok(claim) : refuse(lost(claim));
}

/** DCF-10: whoever acts under a claim that has ended is told so, why and since when. */
export function lost(claim: ClaimRow) {
  return {
    code: claim.state === 'stopped' ? 'stopped-by-owner' : 'claim-lost',
    expected: 'a claim that you still hold',
    got: `one that ${howItEnded[claim.state]} at ${earlier(claim.ended_at ?? claim.ends_at, claim.ends_at)}`,
    todo: whatNow[claim.state] ?? 'stop working under it; claim again, if you want to go on',
  } as const;
}

const howItEnded: Readonly<Record<ClaimRow['state'], string>> = {
  held: 'is held',
  released: 'you released',
  'handed-over': 'you handed over',
  expired: 'came to its end',
  lapsed: 'lapsed because it was not used',
  overridden: 'was ended by a coordinator',
  'opted-out': 'ended because the owner of a target opted out',
  stopped: 'whoever controls the target stopped',
};

/** Where claiming again does not help. */
const whatNow: Readonly<Partial<Record<ClaimRow['state'], string>>> = {
  'opted-out': 'stop working on it; what you found may be handed in',
  stopped: 'stop working under it at once; it may be claimed again once the stop is lifted',
};

/** DCF-8: longer, within the limits, unless somebody waits for it or holds what follows. */
export function renew(
  register: Register,
  actor: Actor,
  { claim: id, until }: Of<'renew'>,
): Result<Outcome<Json>> {
  const found = ownClaim(register, id, actor);
  if (!found.ok) return found;
  const claim = found.value;
  const { now } = register;
  if (!mayLast(claim, until, now)) return refuse(termOutOfRange);
  if (claim.renewals >= rules.renewalsMax) return refuse(renewalsSpent);
  const look = register.lookAnew(claim);
  const wish = {
    party: claim.holder,
    claim: claim.id,
    look,
    sharing: claim.sharing,
    from: claim.from_at,
    until,
  };
  const forbidden = register.forbidden({ party: claim.holder, look, from: now, until });
  if (forbidden !== null) return refuse(forbidden);
  const objected = register.objection(look, now);
  if (objected?.code === 'owner-opted-out') return refuse(objected);
  const waits = register.waitsAt(look).map((wait) => ({
    id: wait.id,
    holder: wait.party,
    look: lookOf(wait.extent),
    sharing: wait.sharing,
    from: claim.until_at,
    until,
  }));
  if (standingOf(wish, waits, register.letIn).inTheWay.length > 0) return refuse(othersWait);
  const beyond = { ...wish, from: claim.until_at };
  const { inTheWay } = standingOf(beyond, register.heldAt(look), register.letIn);
  if (inTheWay.length > 0) return refuse(renewalInConflict);
  const used = { ...claim, until_at: until, used_at: now, renewals: claim.renewals + 1 };
  register.alter({ ...used, warned: false, ends_at: endsAt(used) });
  return ok({
    events: [{ act: 'deconflict.renewed', subject: id, data: { claim: id, until } }],
    response: { claim: id, until, renewalsLeft: rules.renewalsMax - used.renewals },
  });
}

function mayLast(claim: ClaimRow, until: Instant, now: Instant): boolean {
  return (
    until > claim.until_at &&
    until <= addHours(now, rules.termHoursMax) &&
    until <= addHours(claim.from_at, rules.totalHoursMax)
  );
}

function endsAt({ from_at, until_at, created_at, used_at }: ClaimRow): Instant {
  return endOf({ from: from_at, until: until_at, createdAt: created_at, usedAt: used_at });
}

/** DCF-7: a sign of work; no act of its own, so it has no entry in the log. */
export function use(
  register: Register,
  actor: Actor,
  { claim: id }: Of<'use'>,
): Result<Outcome<Json>> {
  const found = ownClaim(register, id, actor);
  if (!found.ok) return found;
  const claim = found.value;
  if (claim.from_at > register.now) return refuse(notBegun(claim));
  const look = lookOf(claim.extent);
  const forbidden = register.forbidden({
    party: claim.holder,
    look,
    from: register.now,
    until: null,
  });
  if (forbidden !== null) return refuse(forbidden);
  const used = { ...claim, used_at: register.now };
  const ends = endsAt(used);
  register.alter({ ...used, ends_at: ends, warned: used.warned && ends === claim.ends_at });
  const lapsesAt = lapseOf({
    from: used.from_at,
    createdAt: used.created_at,
    usedAt: used.used_at,
  });
  return ok({ events: [], response: { claim: id, until: used.until_at, lapsesAt } });
}

/** DCF-11: given back; what it covered becomes part of the map. */
export function release(
  register: Register,
  actor: Actor,
  { claim: id, covered }: Of<'release'>,
): Result<Outcome<Json>> {
  const found = ownClaim(register, id, actor);
  if (!found.ok) return found;
  const claim = found.value;
  const look = lookOf(claim.extent);
  if (!covered.every((part) => covers(look, part.look))) return refuse(coveredBeyond);
  if (covered.length > 0 && claim.from_at > register.now) return refuse(coveredBeyond);
  for (const part of covered) cover(register, claim, part);
  register.end(claim, 'released');
  const parts = covered.map(({ look: { digest }, outcome }) => ({ extent: digest, outcome }));
  return ok({
    events: [{ act: 'deconflict.released', subject: id, data: { claim: id, covered: parts } }],
    response: { claim: id, coverage: covered.length },
  });
}

function cover(register: Register, claim: ClaimRow, { look, outcome }: CoveredPart): void {
  register.cover({
    claim: claim.id,
    holder: claim.holder,
    extent: look.text,
    outcome,
    from_at: claim.from_at,
    until_at: register.now,
    listed: claim.listed,
  });
}

/** DCF-13: ended by a coordinator, who says why. */
export function override(
  register: Register,
  { claim: id, reason }: Of<'override'>,
): Result<Outcome<Json>> {
  const claim = register.claim(id);
  if (claim === null) return notFound('a claim');
  if (claim.ended_at !== null) return refuse(lost(claim));
  register.end(claim, 'overridden', { reason_content: reason.ref.id });
  const commitment = Buffer.from(reason.ref.commitment).toString('hex');
  const data = { claim: id, reason: { content: reason.ref.id, commitment } };
  return ok({
    events: [{ act: 'deconflict.overridden', subject: id, data }],
    contents: [reason],
    response: { claim: id },
  });
}

/** DCF-52: ends what may not go on since an owner opted out. */
export function endAll(register: Register, { claims, why }: Of<'end-all'>): Result<Outcome<Json>> {
  const live = claims.flatMap((id): ClaimRow[] => {
    const claim = register.claim(id);
    return claim === null || claim.ended_at !== null ? [] : [claim];
  });
  for (const claim of live) register.end(claim, why);
  return ok({
    events: live.map(({ id }) => ({
      act: 'deconflict.claim-ended',
      subject: id,
      data: { claim: id, why },
    })),
    response: { ended: live.length },
  });
}

/** Warns whose claim ends soon. What has ended was ended when the register was opened. */
export function passTime(register: Register, { claims }: Of<'pass-time'>): Result<Outcome<Json>> {
  const due = claims.flatMap((id: Id<'claim'>): ClaimRow[] => {
    const claim = register.claim(id);
    const warn =
      claim !== null && claim.ended_at === null && !claim.warned && claim.next_at <= register.now;
    return warn ? [claim] : [];
  });
  for (const claim of due) register.alter({ ...claim, warned: true });
  return ok({
    events: due.map(({ id, ends_at }) => ({
      act: 'deconflict.claim-ending',
      subject: id,
      data: { claim: id, endsAt: ends_at },
    })),
    response: { warned: due.length },
  });
}

function notBegun({ from_at: from }: ClaimRow) {
  return {
    code: 'claim-not-begun',
    expected: 'a claim that has begun',
    got: `one that begins at ${from}`,
    todo: 'begin then: until it begins it may be held by others',
  } as const;
}

const renewalsSpent = {
  code: 'renewals-spent',
  expected: `at most ${rules.renewalsMax} renewals of one claim`,
  got: 'one more',
  todo: 'release it and claim again what is left to do',
} as const;

const othersWait = {
  code: 'others-wait',
  expected: 'a claim that nobody waits for',
  got: 'one that somebody stands in line for',
  todo: 'finish by its end; what is left you may stand in line for',
} as const;

const renewalInConflict = {
  code: 'renewal-in-conflict',
  expected: 'time that nobody else has claimed',
  got: 'an end within what is claimed from then on',
  todo: 'ask for an earlier end; `preview` tells from when it is taken',
} as const;

const coveredBeyond = {
  code: 'covered-beyond-claim',
  expected: 'parts of what the claim was for, once it has begun',
  got: 'something else',
  todo: 'say what you covered within the claim; for the rest make a claim first',
  pointer: '/covered',
} as const;
