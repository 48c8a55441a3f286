import { z } from 'zod';
import { AccessExport, AccessGrant, AccessUse, afterwards } from './early-access-views.ts';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { protections } from './terms.ts';
import { At, DigestText, idOf, Line, withoutNul } from './words.ts';

/** A paragraph: what a person states, and what others read. */
export const Statement = z.string().trim().min(3).max(20_000).regex(withoutNul);

const ofWindow = z.strictObject({ window: idOf('window') });
const ofGrant = z.strictObject({ grant: idOf('grant') });
const ofUse = z.strictObject({ use: idOf('use') });
const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Those who act for the two sides of an engagement. */
export const accessSides = ['developer', 'liaison', 'official'] as const;
/** Those of whom somebody may have access. */
export const accessInsiders = [...accessSides, 'evaluator', 'finder'] as const;

const isSide = { subject: 'window', level: 'all' } as const;
const seesGrant = { subject: 'grant', level: 'detail' } as const;

const over = { 'engagement-over': 409, 'already-over': 409 } as const;
const personAlone = { 'person-alone': 403 } as const;
const marked = { 'classified-text': 422 } as const;
const notActive = { 'not-active': 409 } as const;

/** Who is inside a window: grants, what is done by them, and what is owed after. */
export const accessGrants = {
  addPerson: operation({
    id: 'early-access.add-person',
    method: 'POST',
    path: '/v1/windows/{window}/grants',
    summary: 'Grant access to a person, or to a service bound to one; it is not active by that',
    callers: accessSides,
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
    callers: accessSides,
    needs: isSide,
    params: ofWindow,
    output: z.object({ items: z.array(AccessGrant) }),
  }),
  grants: operation({
    id: 'early-access.grants',
    method: 'GET',
    path: '/v1/grants',
    summary: 'The grants of members of your party, the newest first',
    callers: accessInsiders,
    query: PageQuery,
    output: pageOf(AccessGrant),
  }),
  grant: operation({
    id: 'early-access.grant',
    method: 'GET',
    path: '/v1/grants/{grant}',
    summary: 'One grant: whether it is active, until when, and otherwise what is missing',
    callers: accessInsiders,
    needs: seesGrant,
    params: ofGrant,
    output: AccessGrant,
  }),
  grantTerms: operation({
    id: 'early-access.grant-terms',
    method: 'GET',
    path: '/v1/grants/{grant}/terms',
    summary: 'The terms of the six protections as they stand, to be read before they are accepted',
    callers: accessInsiders,
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
    callers: accessInsiders,
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
    callers: accessInsiders,
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
    callers: accessInsiders,
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
    callers: accessInsiders,
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
    refusals: { ...notActive, 'use-ended': 409 },
  }),
  endUse: operation({
    id: 'early-access.end-use',
    method: 'POST',
    path: '/v1/uses/{use}/end',
    summary: 'End a session of use, with the number of calls that were made',
    callers: accessInsiders,
    params: ofUse,
    body: z.strictObject({ calls: Count }),
    output: z.object({ use: idOf('use') }),
    refusals: { 'use-ended': 409 },
  }),
  uses: operation({
    id: 'early-access.uses',
    method: 'GET',
    path: '/v1/grants/{grant}/uses',
    summary: 'The sessions of use of a grant with their purposes, the newest first',
    callers: accessInsiders,
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
    callers: accessInsiders,
    params: ofUse,
    body: z.strictObject({
      what: Line,
      digest: DigestText,
      bytes: Count,
      to: Line,
      purpose: Statement,
    }),
    output: z.object({ export: idOf('export') }),
    refusals: {
      ...personAlone,
      'already-attested': 409,
      'never-used': 409,
      'too-many': 409,
      ...marked,
    },
  }),
  exports: operation({
    id: 'early-access.exports',
    method: 'GET',
    path: '/v1/grants/{grant}/exports',
    summary: 'What was taken out by a grant, the newest first',
    callers: accessInsiders,
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
    callers: accessInsiders,
    params: ofUse,
    body: z.strictObject({ finding: idOf('finding') }),
    output: z.object({ use: idOf('use') }),
    refusals: { 'no-such-finding': 422, 'too-many': 409 },
  }),
  attest: operation({
    id: 'early-access.attest-return',
    method: 'POST',
    path: '/v1/grants/{grant}/attest',
    summary: 'Attest that what was taken was returned or destroyed, or that the law keeps it',
    callers: accessInsiders,
    needs: seesGrant,
    params: ofGrant,
    body: z.strictObject({ how: z.enum(afterwards), statement: Statement }),
    output: z.object({ grant: idOf('grant') }),
    refusals: { ...personAlone, 'access-goes-on': 409, 'already-attested': 409, ...marked },
  }),
};
