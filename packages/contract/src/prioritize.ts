import { z } from 'zod';
import { fileBodyBytesMax, operation } from './operation.ts';
import { At, idOf, Moment, PartyRef } from './words.ts';

/** One input of a decision: what, from where, as of when; or that it is missing and what that means. */
export const ScoreInput = z.object({
  name: z.string(),
  value: z.string().nullable(),
  source: z.string(),
  date: z.string().nullable(),
  /** What was assumed where the value is missing. */
  assumed: z.string().nullable(),
});

export const Score = z.object({
  at: At,
  by: PartyRef.nullable(),
  inputs: z.array(ScoreInput),
  ssvc: z.object({ decision: z.string(), table: z.string(), row: z.string() }),
  bod2604: z.object({
    tier: z.string(),
    table: z.string(),
    row: z.string(),
    /** Calendar days a federal asset has; null where no fixed deadline applies. */
    days: z.number().nullable(),
    rule: z.string(),
  }),
  cvss: z
    .object({ vector: z.string(), version: z.string(), score: z.number(), severity: z.string() })
    .nullable(),
});
export type Score = z.infer<typeof Score>;

const inCase = z.strictObject({ case: idOf('case') });

/** What a person knows and states; each becomes an input with its source and date. */
export const ScoreStatement = z.strictObject({
  exploitation: z.enum(['none', 'public poc', 'active']).optional(),
  automatable: z.enum(['no', 'yes']).optional(),
  technicalImpact: z.enum(['partial', 'total']).optional(),
  missionPrevalence: z.enum(['minimal', 'support', 'essential']).optional(),
  publicWellBeing: z.enum(['minimal', 'material', 'irreversible']).optional(),
  publiclyExposed: z.enum(['no', 'yes']).optional(),
  cvss: z.string().max(300).optional(),
  /** The CVE whose KEV and EPSS rows apply. */
  cve: z
    .string()
    .regex(/^CVE-\d{4}-\d{4,19}$/)
    .optional(),
});
export type ScoreStatement = z.infer<typeof ScoreStatement>;

export const prioritize = {
  score: operation({
    id: 'prioritize.score',
    method: 'POST',
    path: '/v1/cases/{case}/scores',
    summary: 'Score a case from the published tables; each input is kept with its source and date',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'detail' },
    params: inCase,
    body: ScoreStatement,
    output: Score,
    refusals: { 'cvss-malformed': 422, 'input-unknown': 422 },
  }),
  get: operation({
    id: 'prioritize.get',
    method: 'GET',
    path: '/v1/cases/{case}/score',
    summary: 'The newest score of a case, or null',
    callers: ['coordinator', 'owner', 'finder'],
    needs: { subject: 'case', level: 'summary' },
    params: inCase,
    output: z.object({ score: Score.nullable() }),
  }),
  loadFeed: operation({
    id: 'prioritize.load-feed',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/feeds/{feed}',
    summary: 'Load the KEV catalog (JSON) or EPSS scores (CSV) from a file',
    callers: ['coordinator', 'administrator'],
    params: z.strictObject({ feed: z.enum(['kev', 'epss']) }),
    body: z.strictObject({ text: z.string().max(64_000_000), retrievedAt: Moment.optional() }),
    output: z.object({ entries: z.number(), date: z.string().nullable() }),
    refusals: { 'feed-malformed': 422 },
  }),
};
