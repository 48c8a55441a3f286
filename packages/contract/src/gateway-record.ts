import { z } from 'zod';
import { operation, roles } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { Disclosure } from './record.ts';
import { At, idOf, PartyRef } from './words.ts';

const Count = z.number().int();
const Base64Hash = z.string();

/** What a request was held for, or came to; money in millionths of its currency. */
const Tokens = z.object({ inputTokens: Count, outputTokens: Count, costMicros: Count });

/** Of the two bodies of a request. */
export const bodySides = ['request', 'response'] as const;
export type BodySide = (typeof bodySides)[number];

/** One request of a model, as it was recorded: never a word of what was said. */
export const GatewayRequest = z.object({
  id: idOf('request'),
  key: idOf('gkey'),
  holder: idOf('member'),
  party: PartyRef,
  developer: PartyRef,
  standsOn: z.string(),
  startedAt: At,
  endedAt: At,
  /** chat, responses, messages, embeddings, count-tokens */
  path: z.string(),
  job: idOf('job').nullable(),
  stream: z.boolean(),
  status: Count,
  /** upstream, none, lost, unused: whose figures `settled` has. */
  figures: z.string(),
  reserved: Tokens,
  settled: Tokens,
  currency: z.string().nullable(),
  requestDigest: z.string(),
  /** null: it was lost. */
  responseDigest: z.string().nullable(),
  /** What its developer alone is told; null to everybody else. */
  inside: z
    .object({
      model: idOf('model'),
      upstream: idOf('upstream').nullable(),
      process: z.string(),
      marks: z.array(z.string()),
    })
    .nullable(),
  /** Bodies that were kept, because the terms say so; encrypted to those they name. */
  bodies: z.array(z.enum(bodySides)),
});
export type GatewayRequest = z.infer<typeof GatewayRequest>;

/** The proof of a request as a file (docs/log-format.md): it is checked without this server. */
export const RequestProof = z.object({
  format: z.literal('breakwater request proof v1'),
  salt: Base64Hash,
  /** Its canonical form (RFC 8785) is what was committed. */
  request: z.record(z.string(), z.unknown()),
  inside: z.object({ salt: Base64Hash, content: z.record(z.string(), z.unknown()) }).optional(),
  group: z.object({ index: Count, size: Count, root: Base64Hash, proof: z.array(Base64Hash) }),
  interval: z.object({ place: Count, proof: z.array(Base64Hash) }),
  entry: Disclosure,
});
export type RequestProof = z.infer<typeof RequestProof>;

const ofRequest = z.strictObject({ request: idOf('request') });

/** Requests as they were recorded, for their two sides: whoever called, and the developer. */
export const gatewayRecord = {
  requests: operation({
    id: 'gateway.requests',
    method: 'GET',
    path: '/v1/gateway/requests',
    summary: 'Requests by keys of yours, or (side developer) of models of yours, the newest first',
    callers: [...roles],
    query: PageQuery.extend({
      /** As whom you ask: whose keys called, or whose models were called. */
      side: z.enum(['party', 'developer']).default('party'),
      gkey: idOf('gkey').optional(),
    }),
    output: pageOf(GatewayRequest),
  }),
  request: operation({
    id: 'gateway.request',
    method: 'GET',
    path: '/v1/gateway/requests/{request}',
    summary: 'One request as it was recorded; for its two sides',
    callers: [...roles],
    params: ofRequest,
    output: GatewayRequest,
  }),
  proof: operation({
    id: 'gateway.request-proof',
    method: 'GET',
    path: '/v1/gateway/requests/{request}/proof',
    summary:
      'A request with its proof under a signed checkpoint, to be checked without this server',
    callers: [...roles],
    params: ofRequest,
    output: RequestProof,
    refusals: { 'not-yet-signed': 409 },
  }),
  body: operation({
    id: 'gateway.request-body',
    method: 'GET',
    path: '/v1/gateway/requests/{request}/bodies/{side}',
    summary: 'A body that was kept, as an age file that those can open whom the terms name',
    callers: [...roles],
    params: z.strictObject({ ...ofRequest.shape, side: z.enum(bodySides) }),
    output: z.string(),
    file: 'application/octet-stream',
    refusals: { erased: 404 },
  }),
};
