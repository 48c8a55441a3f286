import { z } from 'zod';
import { fileBodyBytesMax, operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { At, Base64, DigestText, idOf, PartyRef } from './words.ts';

export const RecipeSummary = z.object({
  name: z.string(),
  title: z.string(),
  package: z.string(),
  digest: DigestText,
  addedAt: At,
});

/** One sandboxed run, as the case page shows it. */
export const Attempt = z.object({
  build: z.enum(['vulnerable', 'control', 'patched', 'unpatched']),
  input: z.enum(['proof', 'benign', 'tests']),
  number: z.number().int(),
  /** `fired`: the recipe's signs of success were all seen. */
  outcome: z.enum(['fired', 'crashed', 'quiet', 'cut-short', 'errored']),
  reason: z.string(),
  signature: z.string().nullable(),
  wallMs: z.number(),
  peakMemoryBytes: z.number().nullable(),
  networkDenied: z.boolean(),
});

export const verdicts = [
  'reproduced',
  'not-reproduced',
  'flaky',
  'inconclusive',
  'errored',
] as const;

export const Validation = z.object({
  id: idOf('validation'),
  case: idOf('case'),
  finding: idOf('finding'),
  recipe: z.string(),
  recipeDigest: DigestText,
  status: z.enum(['queued', 'finished']),
  requestedAt: At,
  requestedBy: PartyRef.nullable(),
  finishedAt: At.nullable(),
  verdict: z.enum(verdicts).nullable(),
  /** k of n: how often the proof fired on the vulnerable build, with a 95 % interval. */
  reproduced: z
    .object({ k: z.number(), n: z.number(), low: z.number(), high: z.number() })
    .nullable(),
  reasons: z.array(z.string()),
  attempts: z.array(Attempt),
  tier: z.string().nullable(),
  /** The report of the first run that fired, as the tool printed it. */
  report: z.string().nullable(),
  attestation: idOf('attestation').nullable(),
});
export type Validation = z.infer<typeof Validation>;

const inCase = z.strictObject({ case: idOf('case') });

export const validate = {
  addRecipe: operation({
    id: 'validate.add-recipe',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/recipes',
    summary: 'Add a recipe: how to build and run a target, reviewed by a person',
    callers: ['coordinator'],
    body: z.strictObject({
      name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
      /** File name → bytes; `recipe.json` is the recipe itself. */
      files: z.record(z.string().min(1).max(200), Base64),
    }),
    output: z.object({ name: z.string(), digest: DigestText }),
    refusals: { 'recipe-malformed': 422, 'recipe-exists': 409 },
  }),
  listRecipes: operation({
    id: 'validate.list-recipes',
    method: 'GET',
    path: '/v1/recipes',
    summary: 'The recipes that can be run here',
    callers: ['coordinator', 'finder', 'owner'],
    query: PageQuery,
    output: pageOf(RecipeSummary),
  }),
  request: operation({
    id: 'validate.request',
    method: 'POST',
    path: '/v1/cases/{case}/validations',
    summary: 'Reproduce a finding again: N attempts, a control build, a benign input',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'detail' },
    params: inCase,
    body: z.strictObject({
      finding: idOf('finding'),
      attempts: z.number().int().min(3).max(50).default(5),
    }),
    output: z.object({ validation: idOf('validation') }),
    refusals: { 'finding-elsewhere': 409, 'no-recipe': 422, 'no-proof': 422 },
  }),
  list: operation({
    id: 'validate.list',
    method: 'GET',
    path: '/v1/cases/{case}/validations',
    summary: 'Every validation of this case, newest first',
    callers: ['coordinator', 'owner', 'finder'],
    needs: { subject: 'case', level: 'summary' },
    params: inCase,
    output: z.object({ items: z.array(Validation) }),
  }),
  attestation: operation({
    id: 'validate.attestation',
    method: 'GET',
    path: '/v1/attestations/{attestation}',
    summary: 'A signed in-toto attestation in a DSSE envelope, checkable offline',
    callers: ['public', 'coordinator', 'owner', 'finder', 'operator', 'auditor', 'evaluator'],
    params: z.strictObject({ attestation: idOf('attestation') }),
    output: z.string(),
    file: 'application/vnd.dsse.envelope.v1+json',
  }),
};
