import { z } from 'zod';
import { Finding } from './collect.ts';
import { operation } from './operation.ts';
import { changedSince, IfRevision } from './revision.ts';
import { At, idOf, PartyRef, Reason } from './words.ts';

const inCase = z.strictObject({ case: idOf('case') });

/** Why a finding stands in this case, and since when. */
export const Membership = z.object({
  finding: Finding,
  since: At,
  by: z.enum(['opened', 'exact-identity', 'merge', 'split', 'undo']),
  /** The kinds of evidence that matched: crash-signature, location-and-weakness, identifier. */
  evidence: z.array(z.string()),
});

export const Join = z.object({
  id: idOf('decision'),
  kind: z.enum(['merge', 'split']),
  from: idOf('case'),
  into: idOf('case'),
  findings: z.array(idOf('finding')),
  reason: z.string(),
  by: PartyRef,
  at: At,
  undone: z.object({ at: At, by: PartyRef, reason: z.string() }).nullable(),
});

export const correlate = {
  findings: operation({
    id: 'correlate.findings',
    method: 'GET',
    path: '/v1/cases/{case}/findings',
    summary: 'The findings joined in this case, why each was joined, and every merge and split',
    callers: ['coordinator', 'owner', 'finder'],
    needs: { subject: 'case', level: 'summary' },
    params: inCase,
    output: z.object({ members: z.array(Membership), joins: z.array(Join) }),
  }),
  merge: operation({
    id: 'correlate.merge',
    method: 'POST',
    path: '/v1/cases/{case}/merge',
    summary: 'Join this case into another, with a reason; nothing is deleted and it can be undone',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'all', alsoInBody: 'into' },
    params: inCase,
    body: z.strictObject({
      into: idOf('case'),
      reason: Reason,
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({ join: idOf('decision'), case: idOf('case') }),
    refusals: { 'same-case': 409, 'case-merged': 409, 'case-published': 409, ...changedSince },
  }),
  split: operation({
    id: 'correlate.split',
    method: 'POST',
    path: '/v1/cases/{case}/split',
    summary: 'Move findings out of this case into a case of their own, with a reason',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'all' },
    params: inCase,
    body: z.strictObject({
      findings: z.array(idOf('finding')).min(1).max(1_000),
      reason: Reason,
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({ join: idOf('decision'), case: idOf('case') }),
    refusals: {
      'finding-elsewhere': 409,
      'nothing-left': 409,
      'case-merged': 409,
      ...changedSince,
    },
  }),
  undo: operation({
    id: 'correlate.undo',
    method: 'POST',
    path: '/v1/joins/{join}/undo',
    summary: 'Undo a merge or split, with a reason',
    callers: ['coordinator'],
    needs: { subject: 'join', level: 'all' },
    params: z.strictObject({ join: idOf('decision') }),
    body: z.strictObject({ reason: Reason }),
    output: z.object({ case: idOf('case') }),
    refusals: { 'already-undone': 409, 'findings-moved-since': 409, 'case-published': 409 },
  }),
};
