import { z } from 'zod';
import { fileBodyBytesMax, operation } from './operation.ts';
import { Attempt } from './validate.ts';
import { At, Base64, DigestText, idOf, Line, PartyRef } from './words.ts';

/** One row of the matrix: a proof against the build without and with the patch. */
export const MatrixRow = z.object({
  finding: idOf('finding').nullable(),
  label: z.string(),
  unpatched: z.object({ fired: z.number(), of: z.number() }),
  patched: z.object({ fired: z.number(), of: z.number() }),
});

export const Verification = z.object({
  id: idOf('verification'),
  status: z.enum(['queued', 'finished']),
  finishedAt: At.nullable(),
  verdict: z.enum(['verified', 'refused', 'inconclusive', 'errored']).nullable(),
  reasons: z.array(z.string()),
  matrix: z.array(MatrixRow),
  tests: z.object({ unpatched: z.string(), patched: z.string() }).nullable(),
  attempts: z.array(Attempt),
  tier: z.string().nullable(),
  attestation: idOf('attestation').nullable(),
});

export const Patch = z.object({
  id: idOf('patch'),
  case: idOf('case'),
  title: z.string(),
  by: PartyRef,
  at: At,
  sha256: DigestText,
  size: z.number(),
  verification: Verification.nullable(),
});
export type Patch = z.infer<typeof Patch>;

const inCase = z.strictObject({ case: idOf('case') });

export const verify = {
  propose: operation({
    id: 'verify.propose',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/cases/{case}/patches',
    summary: 'Propose a patch; it is only a proposal until every old proof fails on it',
    callers: ['owner', 'coordinator', 'finder'],
    needs: { subject: 'case', level: 'summary' },
    params: inCase,
    body: z.strictObject({ title: Line, diff: Base64 }),
    output: z.object({ patch: idOf('patch'), verification: idOf('verification') }),
    refusals: { 'no-recipe': 422, 'no-proof': 422, 'diff-malformed': 422, 'case-merged': 409 },
  }),
  list: operation({
    id: 'verify.list',
    method: 'GET',
    path: '/v1/cases/{case}/patches',
    summary: 'Patches of this case, each with its matrix, newest first',
    callers: ['coordinator', 'owner', 'finder'],
    needs: { subject: 'case', level: 'summary' },
    params: inCase,
    output: z.object({ items: z.array(Patch) }),
  }),
  file: operation({
    id: 'verify.file',
    method: 'GET',
    path: '/v1/patches/{patch}/file',
    summary: 'The patch itself, as it was verified',
    callers: ['public', 'coordinator', 'owner', 'finder', 'operator'],
    params: z.strictObject({ patch: idOf('patch') }),
    output: z.string(),
    file: 'text/x-diff',
  }),
};
