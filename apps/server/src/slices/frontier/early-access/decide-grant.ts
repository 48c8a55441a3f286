import { ok, type Result, refuse } from '@breakwater/kernel';
import type { Access, Command, Event, Facts, Grant, Window } from './model.ts';
import { notActive, refusals } from './refusals.ts';
import { isEngagementOver, isOver, isSettled, missingOf, overAt } from './standing.ts';

/** One window has so many grants at most, those that were revoked with them. */
const grantsMax = 1_000;

export type GrantCode =
  | 'access-goes-on'
  | 'already-added'
  | 'already-attested'
  | 'already-over'
  | 'already-revoked'
  | 'engagement-over'
  | 'never-used'
  | 'no-such-grant'
  | 'no-such-window'
  | 'not-active'
  | 'persons-full'
  | 'person-alone'
  | 'sides-alone'
  | 'terms-differ'
  | 'too-many';

type GrantCommand = Exclude<
  Command,
  { act: 'state-plan' | 'open-window' | 'shorten' | 'end' | 'follow-engagement' }
>;
type Decided = Result<readonly Event[], GrantCode>;

/** What is decided of one person's access. */
export function decideGrant(access: Access, command: GrantCommand, facts: Facts): Decided {
  if (command.act === 'add-person') return addPerson(access, command, facts);
  const grant = access.grants.find(({ id }) => id === command.grant);
  const window = access.windows.find(({ id }) => id === grant?.window);
  if (grant === undefined || window?.engagement !== facts.engagement.id) {
    return refuse(refusals.noSuchGrant);
  }
  const of = { grant, window };
  switch (command.act) {
    case 'revoke':
      return revoke(of, facts);
    case 'accept-protection':
      return accept(of, command, facts);
    case 'use':
      return use(of, facts);
    case 'record-export':
      return recordExport(of, facts);
    case 'attest-return':
      return attest(of, command, facts);
  }
}

interface Of {
  readonly grant: Grant;
  readonly window: Window;
}

/** EAR-8: either side adds, within what the plan said; active it is by what the person accepts. */
function addPerson(
  access: Access,
  wish: Extract<Command, { act: 'add-person' }>,
  { by, engagement, now }: Facts,
): Decided {
  if (by.as !== 'developer' && by.as !== 'government') return refuse(refusals.sidesAlone);
  const window = access.windows.find(({ id }) => id === wish.window);
  if (window?.engagement !== engagement.id) return refuse(refusals.noSuchWindow);
  if (isEngagementOver(engagement)) return refuse(refusals.engagementOver);
  if (isOver(window, now)) return refuse(refusals.alreadyOver);
  const all = access.grants.filter((grant) => grant.window === window.id);
  const standing = all.filter(({ revokedAt }) => revokedAt === null);
  if (standing.some(({ member }) => member === wish.member)) return refuse(refusals.alreadyAdded);
  const { personsMax = 0 } = access.plans.find(({ id }) => id === window.plan) ?? {};
  if (standing.length >= personsMax) return refuse(refusals.personsFull);
  if (all.length >= grantsMax) return refuse(refusals.tooManyGrants);
  const { grant: id, member, person } = wish;
  const grant = { id, window: window.id, member, person };
  return ok([{ act: 'early-access.person-added', grant }]);
}

/** EAR-11: takes effect with the commit. The person may give it back, too. */
function revoke({ grant }: Of, { by, now }: Facts): Decided {
  if (by.as === 'person' && !isOf(grant, by.member)) return refuse(refusals.personAlone);
  if (grant.revokedAt !== null) return refuse(refusals.alreadyRevoked);
  return ok([{ act: 'early-access.revoked', grant: grant.id, at: now }]);
}

/** EAR-9: each protection by itself, in the version that both sides signed last. */
function accept(
  { grant, window }: Of,
  wish: Extract<Command, { act: 'accept-protection' }>,
  { by, engagement, now }: Facts,
): Decided {
  if (by.as !== 'person' || by.member !== grant.person) return refuse(refusals.personAlone);
  if (isEngagementOver(engagement)) return refuse(refusals.engagementOver);
  if (isOver(window, now)) return refuse(refusals.alreadyOver);
  if (grant.revokedAt !== null) return refuse(refusals.alreadyRevoked);
  if (engagement.terms[wish.protection] !== wish.terms) return refuse(refusals.termsDiffer);
  const { protection, terms } = wish;
  return ok([{ act: 'early-access.protection-accepted', grant: grant.id, protection, terms }]);
}

/** EAR-10: a session of use begins only by an active grant. */
function use(of: Of, { by, engagement, now }: Facts): Decided {
  if (by.as !== 'person' || !isOf(of.grant, by.member)) return refuse(refusals.personAlone);
  const missing = missingOf(of, engagement, now);
  if (missing.length > 0) return refuse(notActive(missing));
  return ok([{ act: 'early-access.used', grant: of.grant.id, at: now }]);
}

/** EAR-12: late is better than never: what was taken may be recorded also after access is over. */
function recordExport({ grant }: Of, { by }: Facts): Decided {
  if (by.as !== 'person' || !isOf(grant, by.member)) return refuse(refusals.personAlone);
  if (grant.usedAt === null) return refuse(refusals.neverUsed);
  if (isSettled(grant)) return refuse(refusals.alreadyAttested);
  return ok([{ act: 'early-access.exported', grant: grant.id }]);
}

/** EAR-14: once access is over, by the person. */
function attest(
  of: Of,
  wish: Extract<Command, { act: 'attest-return' }>,
  { by, now }: Facts,
): Decided {
  const { grant } = of;
  if (by.as !== 'person' || by.member !== grant.person) return refuse(refusals.personAlone);
  if (overAt(of, now) === null) return refuse(refusals.accessGoesOn);
  if (isSettled(grant)) return refuse(refusals.alreadyAttested);
  return ok([{ act: 'early-access.return-attested', grant: grant.id, how: wish.how }]);
}

/** A service acts by itself; what it may not do is accept and attest. */
function isOf(grant: Grant, member: string): boolean {
  return member === grant.member || member === grant.person;
}
