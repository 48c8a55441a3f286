import { z } from 'zod';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { Disclosure, TimelineEntry } from './record.ts';
import { protections } from './terms.ts';
import { At, DigestText, idOf, Line, Moment, PartyRef } from './words.ts';

/** Calendar days of one model at most (Executive Order 14409, Sec. 3(b)(ii)). */
export const earlyAccessDaysMax = 30;

/** Why a window ends when it does: its developer asked so, its date for partners, or the cap. */
export const windowEndsBecause = ['asked', 'partner-date', 'thirty-days'] as const;

/** What became of what was taken. Kept by law: a legal hold stands, and it is owed still. */
export const afterwards = ['returned', 'destroyed', 'kept-by-law'] as const;

/** What has to hold for a grant to be active, and does not. */
export const grantConditions = [
  'window-not-begun',
  'window-over',
  'terms-missing',
  'not-accepted',
  'revoked',
  'engagement-left',
  'model-released',
  'person-gone',
] as const;

/** A paragraph: what a person states, and what others read. */
const Statement = z
  .string()
  .trim()
  .min(3)
  .max(20_000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no NUL: PostgreSQL keeps none in text
  .regex(/^[^\u0000]*$/); // oxlint-disable-line no-control-regex

/** A date on the calendar of a zone, such as 2026-11-21. */
const LocalDate = z.string().regex(/^\d{4}-\d\d-\d\d$/);

/** A person or a service; null: its name was erased. */
const MemberRef = z.object({ id: idOf('member'), name: z.string().nullable(), party: PartyRef });

/** What the Government means to do with a model, stated before there is a window. It does not change. */
export const Plan = z.object({
  id: idOf('plan'),
  engagement: idOf('engagement'),
  by: PartyRef,
  statedAt: At,
  /** Texts are null once erased. */
  objectives: z.string().nullable(),
  /** Who will have access: in words; who has is the access list. */
  who: z.string().nullable(),
  /** What comes out: findings, an assessment, figures. */
  outputs: z.string().nullable(),
  /** How what was taken is returned or destroyed. */
  afterwards: z.string().nullable(),
  /** Persons and services inside at one time at most. */
  personsMax: z.number(),
  /** Days after access ends in which what was taken is returned or destroyed. */
  returnWithinDays: z.number(),
});
export type Plan = z.infer<typeof Plan>;

/** Calendar days of a model, as the clocks of the developer's zone show them. */
export const AccessDays = z.object({
  zone: z.string(),
  /** Dates that some window of the model used or is to use, of all engagements and codenames. */
  used: z.array(LocalDate),
  /** Of thirty. */
  left: z.number(),
  /** Where a window that begins now would end at the latest; null: no day is left. */
  latestEnd: At.nullable(),
});
export type AccessDays = z.infer<typeof AccessDays>;

/** A window: it is open from `begins` to before `ends`, unless it ended earlier by an act. */
export const AccessWindow = z.object({
  id: idOf('window'),
  engagement: idOf('engagement'),
  developer: PartyRef,
  /** null: only who takes part as a side is told. */
  plan: idOf('plan').nullable(),
  /** IANA; days are counted in it. */
  zone: z.string(),
  openedAt: At,
  begins: At,
  /** First instant outside. It only ever moves earlier. */
  ends: At,
  because: z.enum(windowEndsBecause),
  /** By an act of the developer: at once. null: none; the clock ends it. */
  endedAt: At.nullable(),
  /** By the server's clock, at `asOf`. */
  open: z.boolean(),
  asOf: At,
  /** The dates it used or is to use. */
  days: z.array(LocalDate),
  /** null to whoever is of neither side. */
  inside: z
    .object({
      /** Standing grants, of how many the plan speaks of. */
      granted: z.number(),
      active: z.number(),
      personsMax: z.number(),
      /** Grants of which a return or destruction is owed. */
      owed: z.number(),
    })
    .nullable(),
});
export type AccessWindow = z.infer<typeof AccessWindow>;

/** What a person owes after access is over. */
const Owed = z.object({
  since: At,
  /** By the plan. */
  dueAt: At,
  /** Kept by law: stated, and owed still. null: nothing was stated. */
  stated: z.enum(afterwards).nullable(),
});

/** One person's access, or that of a service bound to a person. */
export const AccessGrant = z.object({
  id: idOf('grant'),
  window: idOf('window'),
  /** Who has access. */
  member: MemberRef,
  /** Who accepts and answers: the member itself, or the person that a service is bound to. */
  person: MemberRef,
  kind: z.enum(['person', 'service']),
  addedBy: PartyRef,
  addedAt: At,
  /** All six, in the order of the executive order. */
  protections: z
    .array(
      z.object({
        protection: z.enum(protections),
        /** The version both sides signed last; null: none yet. */
        terms: idOf('terms').nullable(),
        /** When the person accepted exactly that version; null: it did not. */
        acceptedAt: At.nullable(),
      }),
    )
    .length(protections.length),
  revokedAt: At.nullable(),
  revokedBy: PartyRef.nullable(),
  /** Active now, by the server's clock at `asOf`; then `until` is when it ends at the latest. */
  active: z.boolean(),
  until: At.nullable(),
  asOf: At,
  /** What does not hold; empty where it is active. */
  missing: z.array(
    z.object({ what: z.enum(grantConditions), protection: z.enum(protections).nullable() }),
  ),
  /** Sessions of use, and calls of the model that were told of. */
  uses: z.number(),
  calls: z.number(),
  lastUsedAt: At.nullable(),
  exports: z.number(),
  /** null: nothing is owed, or not yet. */
  owed: Owed.nullable(),
  attestation: z
    .object({ how: z.enum(afterwards), at: At, statement: z.string().nullable() })
    .nullable(),
});
export type AccessGrant = z.infer<typeof AccessGrant>;

/** A session of use: one purpose, stated when it began. */
export const AccessUse = z.object({
  id: idOf('use'),
  grant: idOf('grant'),
  window: idOf('window'),
  member: MemberRef,
  purpose: z.string().nullable(),
  beganAt: At,
  endedAt: At.nullable(),
  /** As whoever calls the model told; on the way at most a few seconds behind. */
  calls: z.number(),
  lastAskedAt: At,
  /** Findings that came of it, as far as you may see them: each has a handling of its own. */
  findings: z.array(idOf('finding')),
});
export type AccessUse = z.infer<typeof AccessUse>;

/** Something that was taken out, by its digest. */
export const AccessExport = z.object({
  id: idOf('export'),
  use: idOf('use'),
  grant: idOf('grant'),
  member: MemberRef,
  what: z.string().nullable(),
  digest: DigestText,
  bytes: z.number(),
  to: z.string().nullable(),
  purpose: z.string().nullable(),
  at: At,
});
export type AccessExport = z.infer<typeof AccessExport>;

const ofEngagement = z.strictObject({ engagement: idOf('engagement') });
const ofPlan = z.strictObject({ plan: idOf('plan') });
const ofWindow = z.strictObject({ window: idOf('window') });
const ofGrant = z.strictObject({ grant: idOf('grant') });
const ofUse = z.strictObject({ use: idOf('use') });
const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const sides = ['developer', 'liaison', 'official'] as const;
/** Those of whom somebody may have access. */
const insiders = [...sides, 'evaluator', 'finder'] as const;

const seesEngagement = { subject: 'engagement', level: 'detail' } as const;
const seesWindow = { subject: 'window', level: 'summary' } as const;
const isSide = { subject: 'window', level: 'all' } as const;
const seesGrant = { subject: 'grant', level: 'detail' } as const;

const over = { 'engagement-over': 409, 'already-over': 409 } as const;
const personAlone = { 'person-alone': 403 } as const;
const marked = { 'classified-text': 422 } as const;
const notActive = { 'not-active': 409 } as const;

export const earlyAccess = {
  statePlan: operation({
    id: 'early-access.state-plan',
    method: 'POST',
    path: '/v1/engagements/{engagement}/plans',
    summary: 'State what early access is for, who has it, what comes out, and what becomes of it',
    callers: ['liaison', 'official'],
    needs: seesEngagement,
    params: ofEngagement,
    body: z.strictObject({
      objectives: Statement,
      who: Statement,
      outputs: Statement,
      afterwards: Statement,
      personsMax: z.number().int().min(1).max(500),
      returnWithinDays: z.number().int().min(0).max(90),
    }),
    output: z.object({ plan: idOf('plan') }),
    refusals: { 'government-alone': 403, 'engagement-over': 409, 'too-many': 409, ...marked },
  }),
  plans: operation({
    id: 'early-access.plans',
    method: 'GET',
    path: '/v1/engagements/{engagement}/plans',
    summary: 'The plans of an engagement, the newest first; for its two sides',
    callers: sides,
    needs: seesEngagement,
    params: ofEngagement,
    output: z.object({ items: z.array(Plan) }),
  }),
  plan: operation({
    id: 'early-access.plan',
    method: 'GET',
    path: '/v1/plans/{plan}',
    summary: 'One plan; for the two sides of its engagement',
    callers: sides,
    needs: { subject: 'plan', level: 'all' },
    params: ofPlan,
    output: Plan,
  }),
  days: operation({
    id: 'early-access.days',
    method: 'GET',
    path: '/v1/engagements/{engagement}/days',
    summary:
      'The calendar days that the model used, of all its windows, and what is left of thirty',
    callers: sides,
    needs: seesEngagement,
    params: ofEngagement,
    output: AccessDays,
  }),
  openWindow: operation({
    id: 'early-access.open-window',
    method: 'POST',
    path: '/v1/engagements/{engagement}/windows',
    summary: 'Open a window for a plan; it ends by itself, and nothing makes it longer',
    callers: ['developer'],
    needs: seesEngagement,
    params: ofEngagement,
    body: z.strictObject({
      plan: idOf('plan'),
      /** Left out, or past: now. */
      begins: Moment.optional(),
      /** Left out: as late as it can be. Equal to `begins`: zero days. */
      ends: Moment.optional(),
    }),
    output: z.object({
      window: idOf('window'),
      begins: At,
      ends: At,
      because: z.enum(windowEndsBecause),
    }),
    refusals: {
      'developer-alone': 403,
      'engagement-over': 409,
      'plan-first': 422,
      'no-days-left': 409,
      'too-many': 409,
    },
  }),
  windows: operation({
    id: 'early-access.windows',
    method: 'GET',
    path: '/v1/windows',
    summary: 'The windows you may know of, the newest first',
    callers: insiders,
    query: PageQuery.extend({ engagement: idOf('engagement').optional() }),
    output: pageOf(AccessWindow),
  }),
  window: operation({
    id: 'early-access.window',
    method: 'GET',
    path: '/v1/windows/{window}',
    summary: 'One window: when it ends and why, and to its sides who is inside and what is owed',
    callers: insiders,
    needs: seesWindow,
    params: ofWindow,
    output: AccessWindow,
  }),
  shorten: operation({
    id: 'early-access.shorten',
    method: 'POST',
    path: '/v1/windows/{window}/shorten',
    summary: 'Let a window end earlier',
    callers: ['developer'],
    needs: seesWindow,
    params: ofWindow,
    body: z.strictObject({ ends: Moment }),
    output: z.object({ window: idOf('window'), ends: At }),
    refusals: { 'developer-alone': 403, 'already-over': 409, 'not-earlier': 409 },
  }),
  end: operation({
    id: 'early-access.end',
    method: 'POST',
    path: '/v1/windows/{window}/end',
    summary: 'End a window at once, without a reason',
    callers: ['developer'],
    needs: seesWindow,
    params: ofWindow,
    body: z.strictObject({}),
    output: z.object({ window: idOf('window'), endedAt: At }),
    refusals: { 'developer-alone': 403, 'already-over': 409 },
  }),
  addPerson: operation({
    id: 'early-access.add-person',
    method: 'POST',
    path: '/v1/windows/{window}/grants',
    summary: 'Grant access to a person, or to a service bound to one; it is not active by that',
    callers: sides,
    needs: isSide,
    params: ofWindow,
    body: z.strictObject({
      /** Who is to have access. */
      member: idOf('member'),
      /** For a service: the person of the same party who accepts and answers for it. */
      person: idOf('member').optional(),
    }),
    output: z.object({ grant: idOf('grant') }),
    refusals: {
      ...over,
      'sides-alone': 403,
      'no-such-person': 422,
      'person-needed': 422,
      'already-added': 409,
      'persons-full': 409,
      'too-many': 409,
    },
  }),
  accessList: operation({
    id: 'early-access.access-list',
    method: 'GET',
    path: '/v1/windows/{window}/grants',
    summary: 'Who has or had access in a window, and what each owes; for its two sides',
    callers: sides,
    needs: isSide,
    params: ofWindow,
    output: z.object({ items: z.array(AccessGrant) }),
  }),
  grants: operation({
    id: 'early-access.grants',
    method: 'GET',
    path: '/v1/grants',
    summary: 'The grants of members of your party, the newest first',
    callers: insiders,
    query: PageQuery,
    output: pageOf(AccessGrant),
  }),
  grant: operation({
    id: 'early-access.grant',
    method: 'GET',
    path: '/v1/grants/{grant}',
    summary: 'One grant: whether it is active, until when, and otherwise what is missing',
    callers: insiders,
    needs: seesGrant,
    params: ofGrant,
    output: AccessGrant,
  }),
  grantTerms: operation({
    id: 'early-access.grant-terms',
    method: 'GET',
    path: '/v1/grants/{grant}/terms',
    summary: 'The terms of the six protections as they stand, to be read before they are accepted',
    callers: insiders,
    needs: seesGrant,
    params: ofGrant,
    output: z.object({
      items: z.array(
        z.object({
          protection: z.enum(protections),
          terms: idOf('terms').nullable(),
          digest: DigestText.nullable(),
          /** null: none is signed, or its text was erased. */
          text: z.string().nullable(),
        }),
      ),
    }),
  }),
  accept: operation({
    id: 'early-access.accept-protection',
    method: 'POST',
    path: '/v1/grants/{grant}/accept',
    summary: 'Accept the terms of one protection, as the person they bind; each by itself',
    callers: insiders,
    needs: seesGrant,
    params: ofGrant,
    body: z.strictObject({
      protection: z.enum(protections),
      /** The version that was read. */
      terms: idOf('terms'),
    }),
    output: z.object({ grant: idOf('grant'), active: z.boolean() }),
    refusals: { ...over, ...personAlone, 'already-revoked': 409, 'terms-differ': 409 },
  }),
  revoke: operation({
    id: 'early-access.revoke',
    method: 'POST',
    path: '/v1/grants/{grant}/revoke',
    summary: 'Revoke a grant with effect at once: either side may, and the person may give it back',
    callers: insiders,
    needs: seesGrant,
    params: ofGrant,
    body: z.strictObject({}),
    output: z.object({ grant: idOf('grant'), revokedAt: At }),
    refusals: { ...personAlone, 'already-revoked': 409 },
  }),
  beginUse: operation({
    id: 'early-access.begin-use',
    method: 'POST',
    path: '/v1/grants/{grant}/uses',
    summary: 'Begin a session of use by an active grant, for one purpose',
    callers: insiders,
    needs: seesGrant,
    params: ofGrant,
    body: z.strictObject({ purpose: Statement }),
    output: z.object({ use: idOf('use'), until: At }),
    refusals: { ...personAlone, ...notActive, 'too-many': 409, ...marked },
  }),
  use: operation({
    id: 'early-access.use',
    method: 'POST',
    path: '/v1/uses/{use}/ask',
    summary: 'Ask before each call of the model, and while one goes on, whether access still holds',
    callers: insiders,
    params: ofUse,
    body: z.strictObject({
      /** Calls of the model in this session so far, with the one that is to be made. */
      calls: Count,
    }),
    output: z.object({
      /** Access ends then at the latest; it may end at any moment before. */
      until: At,
      asOf: At,
    }),
    refusals: { ...personAlone, ...notActive, 'use-ended': 409 },
  }),
  endUse: operation({
    id: 'early-access.end-use',
    method: 'POST',
    path: '/v1/uses/{use}/end',
    summary: 'End a session of use, with the number of calls that were made',
    callers: insiders,
    params: ofUse,
    body: z.strictObject({ calls: Count }),
    output: z.object({ use: idOf('use') }),
    refusals: { ...personAlone, 'use-ended': 409 },
  }),
  uses: operation({
    id: 'early-access.uses',
    method: 'GET',
    path: '/v1/grants/{grant}/uses',
    summary: 'The sessions of use of a grant with their purposes, the newest first',
    callers: insiders,
    needs: seesGrant,
    params: ofGrant,
    query: PageQuery,
    output: pageOf(AccessUse),
  }),
  recordExport: operation({
    id: 'early-access.record-export',
    method: 'POST',
    path: '/v1/uses/{use}/exports',
    summary: 'Record what was taken out: what, its digest, to whom and for what',
    callers: insiders,
    params: ofUse,
    body: z.strictObject({
      what: Line,
      digest: DigestText,
      bytes: Count,
      to: Line,
      purpose: Statement,
    }),
    output: z.object({ export: idOf('export') }),
    refusals: { ...personAlone, 'already-attested': 409, 'too-many': 409, ...marked },
  }),
  exports: operation({
    id: 'early-access.exports',
    method: 'GET',
    path: '/v1/grants/{grant}/exports',
    summary: 'What was taken out by a grant, the newest first',
    callers: insiders,
    needs: seesGrant,
    params: ofGrant,
    query: PageQuery,
    output: pageOf(AccessExport),
  }),
  linkFinding: operation({
    id: 'early-access.link-finding',
    method: 'POST',
    path: '/v1/uses/{use}/findings',
    summary:
      'Say that a finding came of a use; it keeps its own handling, and who sees it stays so',
    callers: insiders,
    params: ofUse,
    body: z.strictObject({ finding: idOf('finding') }),
    output: z.object({ use: idOf('use') }),
    refusals: { ...personAlone, 'no-such-finding': 422, 'too-many': 409 },
  }),
  attest: operation({
    id: 'early-access.attest-return',
    method: 'POST',
    path: '/v1/grants/{grant}/attest',
    summary: 'Attest that what was taken was returned or destroyed, or that the law keeps it',
    callers: insiders,
    needs: seesGrant,
    params: ofGrant,
    body: z.strictObject({ how: z.enum(afterwards), statement: Statement }),
    output: z.object({ grant: idOf('grant') }),
    refusals: { ...personAlone, 'access-goes-on': 409, 'already-attested': 409, ...marked },
  }),
  acts: operation({
    id: 'early-access.acts',
    method: 'GET',
    path: '/v1/windows/{window}/acts',
    summary: 'Every act on a window and its grants, the oldest first; for its two sides',
    callers: sides,
    needs: isSide,
    params: ofWindow,
    output: z.object({ items: z.array(TimelineEntry) }),
  }),
  actProof: operation({
    id: 'early-access.act-proof',
    method: 'GET',
    path: '/v1/windows/{window}/acts/{entry}/proof',
    summary: 'One act with its proof under a signed checkpoint, to be checked without this server',
    callers: sides,
    needs: isSide,
    params: z.strictObject({ ...ofWindow.shape, entry: idOf('entry') }),
    output: Disclosure,
    refusals: { 'not-yet-signed': 409 },
  }),
};
