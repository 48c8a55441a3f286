import { z } from 'zod';
import { HolderRef, quotaKinds, quotaSpans } from './gateway-words.ts';
import { operation, roles } from './operation.ts';
import { At, idOf, PartyRef, Reason } from './words.ts';

const ofKey = z.strictObject({ gkey: idOf('gkey') });
const seesKey = { subject: 'gkey', level: 'detail' } as const;
const Count = z.number().int();

/** What was settled in one span of a key. */
const Spent = z.object({
  requests: Count,
  inputTokens: Count,
  outputTokens: Count,
  costMicros: Count,
});

/** One line of a quota. */
export const QuotaLine = z.object({
  span: z.enum(quotaSpans),
  kind: z.enum(quotaKinds),
  limit: Count,
  /** Settled. */
  spent: Count,
  /** Of what is not settled: held by requests under way, and by processes for those to come. */
  reserved: Count,
  left: Count,
  /** When more comes; null: with this key, never. */
  renewsAt: At.nullable(),
});
export type QuotaLine = z.infer<typeof QuotaLine>;

/** What a developer corrected of a settlement. */
export const Correction = z.object({
  at: At,
  inputTokens: Count,
  outputTokens: Count,
  costMicros: Count,
  /** null: erased. */
  reason: z.string().nullable(),
});
export type Correction = z.infer<typeof Correction>;

const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'expected a date such as 2026-11-22');

/** Usage against quota, traffic, and corrections. */
export const gatewayTraffic = {
  usage: operation({
    id: 'gateway.usage',
    method: 'GET',
    path: '/v1/gateway/keys/{gkey}/usage',
    summary: 'What a key used of its quotas, what is left, and when more comes',
    callers: [...roles],
    needs: seesKey,
    params: ofKey,
    output: z.object({
      key: idOf('gkey'),
      /** Altogether, since it was issued. */
      spent: Spent,
      lines: z.array(QuotaLine),
      currency: z.string().nullable(),
      asOf: At,
    }),
  }),
  traffic: operation({
    id: 'gateway.traffic',
    method: 'GET',
    path: '/v1/gateway/traffic',
    summary: 'What your keys, and keys on models of yours, used by day of UTC and key',
    callers: [...roles],
    query: z.object({ from: Day.optional(), gkey: idOf('gkey').optional() }),
    output: z.object({
      /** The newest day first; at most 31 days from `from` on, and 1,000 lines. */
      items: z.array(
        z.object({
          day: Day,
          key: idOf('gkey'),
          /** What the key is called; null: erased. */
          name: z.string().nullable(),
          holder: HolderRef,
          party: PartyRef,
          /** What clients say for the model first; null: erased. */
          model: z.string().nullable(),
          ...Spent.shape,
          currency: z.string().nullable(),
        }),
      ),
      /** Whether there are more lines than those: what is added up from them is too little. */
      isCut: z.boolean(),
      from: Day,
      asOf: At,
    }),
  }),
  correct: operation({
    id: 'gateway.correct',
    method: 'POST',
    path: '/v1/gateway/requests/{request}/correct',
    summary: 'Correct what was settled of a request whose figures nobody had, as its developer',
    callers: ['developer'],
    params: z.strictObject({ request: idOf('request') }),
    body: z.strictObject({
      inputTokens: z.number().int().min(0).max(1_000_000_000),
      outputTokens: z.number().int().min(0).max(1_000_000_000),
      reason: Reason,
    }),
    output: z.object({ request: idOf('request'), costMicros: Count }),
    refusals: { 'figures-known': 409, 'beyond-settled': 422, 'too-many': 409 },
  }),
  corrections: operation({
    id: 'gateway.corrections',
    method: 'GET',
    path: '/v1/gateway/requests/{request}/corrections',
    summary: 'What was corrected of a request, the oldest first; for its two sides',
    callers: [...roles],
    params: z.strictObject({ request: idOf('request') }),
    output: z.object({ items: z.array(Correction) }),
  }),
};
