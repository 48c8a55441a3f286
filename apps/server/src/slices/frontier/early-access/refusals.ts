import type { Missing } from './standing.ts';

/** What does not hold, in words; the first is told as the reason, and all of them by name. */
export function notActive(missing: readonly Missing[]) {
  const names = missing.map(({ what, protection }) =>
    protection === null ? what : `${what}: ${protection}`,
  );
  return {
    code: 'not-active',
    expected: 'an active grant: an open window, six protections with terms, each accepted',
    got: names.join(', '),
    todo: 'see the grant: it lists what is missing, and whose turn it is',
  } as const;
}

/** Every other refusal of this slice. */
export const refusals = {
  developerAlone: {
    code: 'developer-alone',
    expected: 'the developer whose model it is',
    got: 'somebody else',
    todo: 'ask the developer',
  },
  governmentAlone: {
    code: 'government-alone',
    expected: 'the Government party that the engagement names',
    got: 'somebody else',
    todo: 'ask the liaison that the engagement names',
  },
  sidesAlone: {
    code: 'sides-alone',
    expected: 'the developer, or the Government party that the engagement names',
    got: 'somebody else',
    todo: 'ask one of them',
  },
  personAlone: {
    code: 'person-alone',
    expected: 'the person that the grant is of, or a service bound to it, where a service may',
    got: 'somebody else, or a key of nobody',
    todo: 'sign in as that person, or use a key of its own',
  },
  engagementOver: {
    code: 'engagement-over',
    expected: 'an engagement that goes on',
    got: 'one that the developer left, or whose model was released',
    todo: 'nothing: what was taken is returned or destroyed',
  },
  planFirst: {
    code: 'plan-first',
    expected: 'a plan of this engagement: objectives, who, what comes out, what becomes of it',
    got: 'none with this id',
    todo: 'ask the Government to state its plan',
  },
  noDaysLeft: {
    code: 'no-days-left',
    expected: 'a window that begins before the date for other partners, with days left of thirty',
    got: 'no time at all',
    todo: 'begin earlier, or ask for zero days by an end that is the beginning',
  },
  notEarlier: {
    code: 'not-earlier',
    expected: 'an end before the one that the window has',
    got: 'the same, or a later one',
    todo: 'name an earlier end; nothing makes a window longer',
  },
  alreadyOver: {
    code: 'already-over',
    expected: 'a window that is not over',
    got: 'one that is',
    todo: 'nothing: nobody has access by it',
  },
  alreadyAdded: {
    code: 'already-added',
    expected: 'a person who has no standing grant in this window',
    got: 'one who has',
    todo: 'use the grant that stands',
  },
  personsFull: {
    code: 'persons-full',
    expected: 'no more persons at one time than the plan says',
    got: 'one more',
    todo: 'revoke a grant that is not needed, or state another plan',
  },
  alreadyRevoked: {
    code: 'already-revoked',
    expected: 'a grant that stands',
    got: 'one that was revoked',
    todo: 'nothing: it opens nothing',
  },
  termsDiffer: {
    code: 'terms-differ',
    expected: 'the version of the terms that both sides signed last',
    got: 'another, or none is signed',
    todo: 'read the terms as they stand now, and accept those',
  },
  neverUsed: {
    code: 'never-used',
    expected: 'a grant by which access was used',
    got: 'one by which it never was',
    todo: 'begin a use, with its purpose, first',
  },
  accessGoesOn: {
    code: 'access-goes-on',
    expected: 'a grant whose access is over',
    got: 'one that goes on',
    todo: 'give the grant back first, or wait for the window to end',
  },
  alreadyAttested: {
    code: 'already-attested',
    expected: 'a grant of which something is owed',
    got: 'one whose return or destruction is attested',
    todo: 'nothing',
  },
  noSuchWindow: {
    code: 'no-such-window',
    expected: 'a window of this engagement',
    got: 'none with this id',
    todo: 'take the id from the windows of the engagement',
  },
  noSuchGrant: {
    code: 'no-such-grant',
    expected: 'a grant of this engagement',
    got: 'none with this id',
    todo: 'take the id from the access list of the window',
  },
  tooManyWindows: {
    code: 'too-many',
    expected: 'at most 500 windows of one model',
    got: 'one more',
    todo: 'use a window that is open',
  },
  tooManyGrants: {
    code: 'too-many',
    expected: 'at most 1,000 grants of one window',
    got: 'one more',
    todo: 'open another window',
  },
  tooManyPlans: {
    code: 'too-many',
    expected: 'at most 100 plans of one engagement',
    got: 'one more',
    todo: 'use a plan that stands',
  },
  tooManyUses: {
    code: 'too-many',
    expected: 'at most 5,000 sessions of use by one grant',
    got: 'one more',
    todo: 'ask for another grant',
  },
  tooManyExports: {
    code: 'too-many',
    expected: 'at most 5,000 exports by one grant',
    got: 'one more',
    todo: 'record what belongs together as one archive',
  },
  tooManyFindings: {
    code: 'too-many',
    expected: 'at most 5,000 findings of one use',
    got: 'one more',
    todo: 'begin another use',
  },
  noSuchPerson: {
    code: 'no-such-person',
    expected: 'a member of a party here whose role may have access, and who answers for it there',
    got: 'none with this id',
    todo: 'ask for the ids: the members of a party are listed to itself',
  },
  personNeeded: {
    code: 'person-needed',
    expected: 'a person, or a service with the person who answers for it',
    got: 'a service without one, or a person for whom another is to answer',
    todo: 'name the person beside the service, and nobody beside a person',
  },
  useEnded: {
    code: 'use-ended',
    expected: 'a session of use that goes on',
    got: 'one that ended',
    todo: 'begin another, with its purpose',
  },
  noSuchFinding: {
    code: 'no-such-finding',
    expected: 'a finding that your party handed in',
    got: 'none with this id',
    todo: 'hand the finding in first; it is handled as every finding is',
  },
} as const;
