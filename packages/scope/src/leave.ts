import type { Instant } from '@breakwater/kernel';
import type { Authorization, Pace } from './authorization.ts';
import type { Extent } from './extent.ts';
import { type NeverTimes, neverUntil, nextNever } from './never-times.ts';
import { deeper } from './overlap.ts';
import { hasRoom } from './room.ts';
import { isLive, type Method, type Target } from './target.ts';

/** Who means to do what where; when is asked beside it. */
export interface LeaveWish {
  readonly extent: Pick<Extent, 'places' | 'except' | 'methods'>;
  /** Id of the party. */
  readonly party: string;
  readonly roles: readonly string[];
}

export const leaveRules = [
  'allowed',
  'needs-no-leave',
  'no-authorization',
  'out-of-scope',
  'method-not-allowed',
  'not-for-you',
  'not-yet',
  'over',
  'never-time',
  'control-missing',
  'control-lapsed',
  'control-contested',
  'stopped',
] as const;
export type LeaveRule = (typeof leaveRules)[number];

/** Why a target may or may not be treated by a method, one of several. */
export interface LeaveReason {
  readonly rule: LeaveRule;
  /** Canonical text of the wished target it is about. */
  readonly target: string;
  readonly method: Method;
  /** null: none speaks of the target, or none is needed. */
  readonly authorization: string | null;
  /** Canonical text of what is out of scope or stopped; null for other rules. */
  readonly of: string | null;
}

export interface Leave {
  /** True where every wished method is allowed at all of every wished target at that moment. */
  readonly allowed: boolean;
  /** False: all of it is open code that is only read, analyzed or run locally. */
  readonly needed: boolean;
  /** For each target and method, why; the reasons against it alone where it is not allowed. */
  readonly reasons: readonly LeaveReason[];
  /** Ids of those it rests on. */
  readonly authorizations: readonly string[];
  /** The strictest of those it rests on; null where it is not allowed, or not needed. */
  readonly pace: Pace | null;
  /** The answer may be another one from then on; null: not that anybody knows. */
  readonly until: Instant | null;
  /** Where only the time is against it: when to ask again. null: time alone helps nothing. */
  readonly again: Instant | null;
}

/** What may be done to open code without asking: it happens on the asker's own machine. */
const freeMethods: readonly Method[] = ['read', 'static', 'fuzz'];

/**
 * True where nobody may do this without its owner's leave: whatever is done to what runs somewhere,
 * and what reaches running systems, under whatever name they go.
 */
export function needsLeave(target: Target, methods: readonly Method[]): boolean {
  return isLive(target) || methods.some((method) => !freeMethods.includes(method));
}

/**
 * Whether a party may do something somewhere at a moment, by the owners' written scopes. Default
 * deny: every bit of a target has to be allowed by somebody. Out of scope beats in scope, a
 * never-time and the stop switch beat every scope, whoever wrote them; the noes of an owner whose
 * proof of control lapsed or is contested stand, the yeses do not.
 */
export function leaveOf(
  authorizations: readonly Authorization[],
  wish: LeaveWish,
  at: Instant,
): Leave {
  const asked = wish.extent.places.flatMap(({ target }) =>
    wish.extent.methods.map((method) => ({ target, method })),
  );
  const answers = asked.map((one) => answerFor(one, { authorizations, wish, at }));
  const against = answers.filter(({ allowed }) => !allowed);
  const used = [...new Set(answers.flatMap((answer) => answer.used))];
  const near = authorizations.filter(
    (each) => isHeard(each) && asked.some(({ target, method }) => speaks(each, target, method)),
  );
  const isAllowed = answers.length > 0 && against.length === 0;
  return {
    allowed: isAllowed,
    needed: answers.length === 0 || answers.some(({ rule }) => rule !== 'needs-no-leave'),
    reasons: (isAllowed ? answers : against).flatMap(({ reasons }) => reasons),
    authorizations: isAllowed ? used.map(({ id }) => id) : [],
    pace: isAllowed && used.length > 0 ? strictest(used.map(({ pace }) => pace)) : null,
    until: isAllowed ? changeBehind(near, used, at) : null,
    again: isAllowed ? null : againOf(against),
  };
}

interface Asked {
  readonly target: Target;
  readonly method: Method;
}

interface Facts {
  readonly authorizations: readonly Authorization[];
  readonly wish: LeaveWish;
  readonly at: Instant;
}

interface Answer {
  readonly allowed: boolean;
  readonly rule: LeaveRule;
  readonly reasons: readonly LeaveReason[];
  readonly used: readonly Authorization[];
  readonly again: Instant | null;
}

function answerFor(asked: Asked, facts: Facts): Answer {
  const { target, method } = asked;
  if (isOpenCode(target) && freeMethods.includes(method)) {
    const reason = reasonOf(asked, 'needs-no-leave');
    return { allowed: true, rule: 'needs-no-leave', reasons: [reason], used: [], again: null };
  }
  return refusedBy(asked, facts) ?? grantedBy(asked, facts);
}

/** The noes that stand against it, whatever else is allowed. */
function refusedBy(asked: Asked, { authorizations, wish, at }: Facts): Answer | null {
  const holes = wish.extent.except.map(({ lineage }) => lineage);
  const touches = (target: Target) => {
    const both = deeper(asked.target, target);
    return both !== null && hasRoom(both.lineage, holes);
  };
  const reasons: LeaveReason[] = [];
  let again: Instant | null = null;
  let isForTime = true;
  for (const each of authorizations) {
    if (!isHeard(each) || !isInTime(each, at)) continue;
    const out = each.except.find(touches);
    const inside = each.targets.find(touches);
    if (out !== undefined) reasons.push(reasonOf(asked, 'out-of-scope', each, out));
    const isStopped = inside !== undefined && each.standing === 'stopped';
    if (isStopped) reasons.push(reasonOf(asked, 'stopped', each, inside));
    if (out !== undefined || isStopped) isForTime = false;
    const end = inside === undefined ? null : neverAt(each.never, at).until;
    if (end === null) continue;
    reasons.push(reasonOf(asked, 'never-time', each));
    if (again === null || end > again) again = end;
  }
  const [first] = reasons;
  if (first === undefined) return null;
  return { allowed: false, rule: first.rule, reasons, used: [], again: isForTime ? again : null };
}

/** What the never-times of an authorization come to at a moment: asked for each target and method. */
interface NeverAt {
  readonly at: Instant;
  readonly until: Instant | null;
  next?: Instant | null;
}

const nevers = new WeakMap<NeverTimes, NeverAt>();

function neverAt(never: NeverTimes, at: Instant): NeverAt {
  const known = nevers.get(never);
  if (known?.at === at) return known;
  const found = { at, until: neverUntil(never, at) };
  nevers.set(never, found);
  return found;
}

function nextNeverAt(never: NeverTimes, at: Instant): Instant | null {
  const known = neverAt(never, at);
  known.next ??= nextNever(never, at);
  return known.next;
}

/** Whether those that allow it cover all of the target together; else what each one lacks. */
function grantedBy(asked: Asked, { authorizations, wish, at }: Facts): Answer {
  const near = authorizations.filter((each) => covers(each, asked.target));
  const judged = near.map((each) => ({ each, lack: lackOf(each, asked.method, { wish, at }) }));
  const used = judged.filter(({ lack }) => lack === null).map(({ each }) => each);
  const taken = [...wish.extent.except, ...used.flatMap(({ targets }) => targets)];
  if (
    !hasRoom(
      asked.target.lineage,
      taken.map(({ lineage }) => lineage),
    )
  ) {
    const reasons = used.map((each) => reasonOf(asked, 'allowed', each));
    return { allowed: true, rule: 'allowed', reasons, used, again: null };
  }
  const reasons = judged.flatMap(({ each, lack }) =>
    lack === null ? [] : [reasonOf(asked, lack, each)],
  );
  const starts = judged.filter(({ lack }) => lack === 'not-yet').map(({ each }) => each.from);
  const told = reasons.length === 0 ? [reasonOf(asked, 'no-authorization')] : reasons;
  const again = starts.toSorted()[0] ?? null;
  return { allowed: false, rule: 'no-authorization', reasons: told, used: [], again };
}

/** What an authorization lacks to allow a method to a party now; null: nothing. */
function lackOf(
  authorization: Authorization,
  method: Method,
  { wish, at }: Pick<Facts, 'wish' | 'at'>,
): LeaveRule | null {
  const { standing, parties, roles, methods, from, until } = authorization;
  if (standing === 'revoked') return 'over';
  if (standing !== 'good') return standing;
  const isGrantee = parties.includes(wish.party) || wish.roles.some((role) => roles.includes(role));
  if (!isGrantee) return 'not-for-you';
  if (!methods.includes(method)) return 'method-not-allowed';
  if (at < from) return 'not-yet';
  return until !== null && at >= until ? 'over' : null;
}

/** True for an owner whose noes count: one who has shown control of the targets once. */
function isHeard({ standing }: Authorization): boolean {
  return standing !== 'revoked' && standing !== 'control-missing';
}

function isInTime({ from, until }: Authorization, at: Instant): boolean {
  return from <= at && (until === null || at < until);
}

function covers({ targets }: Authorization, target: Target): boolean {
  return targets.some((each) => deeper(target, each) !== null);
}

/** True where an authorization says anything, yes or no, of what needs leave. */
function speaks(each: Authorization, target: Target, method: Method): boolean {
  if (isOpenCode(target) && freeMethods.includes(method)) return false;
  return covers(each, target) || each.except.some((out) => deeper(target, out) !== null);
}

function isOpenCode(target: Target): boolean {
  return target.kind === 'package' || target.kind === 'repository';
}

/** The first moment behind `at` at which one that speaks of the targets says something else. */
function changeBehind(
  near: readonly Authorization[],
  used: readonly Authorization[],
  at: Instant,
): Instant | null {
  const ends = used.map(({ until }) => until);
  const begins = near.filter(({ from }) => from > at).map(({ from }) => from);
  const nevers = near
    .filter((each) => isInTime(each, at))
    .map(({ never }) => nextNeverAt(never, at));
  const moments = [...ends, ...begins, ...nevers].filter((moment) => moment !== null);
  return moments.toSorted()[0] ?? null;
}

/** When every answer may have become another one; null where one of them will not by itself. */
function againOf(against: readonly Answer[]): Instant | null {
  if (against.some(({ again }) => again === null)) return null;
  return (
    against
      .flatMap(({ again }) => again ?? [])
      .toSorted()
      .at(-1) ?? null
  );
}

function strictest(paces: readonly Pace[]): Pace {
  const least = (values: readonly (number | null)[]) => {
    const bounds = values.filter((value) => value !== null);
    return bounds.length === 0 ? null : Math.min(...bounds);
  };
  return {
    requestsPerSecond: least(paces.map(({ requestsPerSecond }) => requestsPerSecond)),
    connections: least(paces.map(({ connections }) => connections)),
  };
}

function reasonOf(asked: Asked, rule: LeaveRule, by?: Authorization, of?: Target): LeaveReason {
  return {
    rule,
    target: asked.target.text,
    method: asked.method,
    authorization: by?.id ?? null,
    of: of?.text ?? null,
  };
}
