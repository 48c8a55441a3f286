import { z } from 'zod';
import { operation, roles } from './operation.ts';
import { Disclosure } from './record.ts';
import { At, idOf, PartyRef } from './words.ts';

/** Who may hand in findings may ask before: nobody else learns anything here. */
const askers = ['finder', 'coordinator', 'owner'] as const;

/**
 * What everybody is told and held to. Elements are counted, not requests: a request always carries
 * `elementsPerRequest`, filled up with elements of nothing.
 */
export const precheckLimits = {
  elementsPerRequest: 8,
  /** Of one party in 24 hours, unless a server's settings say otherwise: its keys are listed with its own. */
  evaluationsPerDay: 256,
  bucketRequestsPerDay: 64,
  knocksPerDay: 10,
  epochDays: 7,
  /** A key answers for the epoch it was made for and the one after. */
  validDays: 14,
  knockDays: 30,
} as const;

/** First 16 hex digits of SHA-256 over the epoch's public key. */
export const EpochId = z.string().regex(/^[0-9a-f]{16}$/, 'expected the id of an epoch');

/** 32 bytes as base64: an element of ristretto255 (RFC 9496), a salt or a handle. */
export const Bytes32 = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'expected base64 of 32 bytes');

/** A key that outputs are made with, what buckets look like under it, and its proof in the log. */
export const PrecheckEpoch = z.object({
  epoch: EpochId,
  /** Base64 of the public key, an element of ristretto255. */
  publicKey: z.string(),
  from: At,
  until: At,
  /** How many leading bits of an output name its bucket. */
  prefixBits: z.number(),
  entriesPerBucket: z.number(),
  /** How many buckets every request asks for. */
  bucketsPerRequest: z.number(),
  /** The entry of the log in which all this was committed. */
  commitment: Disclosure,
});
export type PrecheckEpoch = z.infer<typeof PrecheckEpoch>;

/** How a knock stands. Who declines says nothing: it stays as it was. */
export const knockStates = ['waiting', 'agreed', 'lapsed'] as const;

export const precheck = {
  precheckKeys: operation({
    id: 'deconflict.precheck-keys',
    method: 'GET',
    path: '/v1/precheck/keys',
    summary:
      'The keys a pre-check may be asked under, each with its proof in the log, and the limits',
    callers: ['public', ...roles],
    output: z.object({
      suite: z.literal('ristretto255-SHA512'),
      limits: z.object({
        elementsPerRequest: z.number(),
        evaluationsPerDay: z.number(),
        bucketRequestsPerDay: z.number(),
        knocksPerDay: z.number(),
        epochDays: z.number(),
        validDays: z.number(),
        knockDays: z.number(),
      }),
      /** Newest first; empty until the first is committed. */
      epochs: z.array(PrecheckEpoch),
    }),
  }),
  precheckEvaluate: operation({
    id: 'deconflict.precheck-evaluate',
    method: 'POST',
    path: '/v1/precheck/evaluate',
    summary:
      'Evaluate blinded elements under the key of an epoch, with one proof for all (RFC 9497)',
    callers: askers,
    body: z.strictObject({
      epoch: EpochId,
      elements: z.array(Bytes32).length(precheckLimits.elementsPerRequest),
    }),
    output: z.object({
      epoch: EpochId,
      evaluated: z.array(z.string()),
      /** Base64 of 64 bytes: challenge and response (RFC 9497, 2.2.1). */
      proof: z.string(),
    }),
    refusals: { 'element-malformed': 422, 'epoch-unknown': 409, 'precheck-limit': 429 },
  }),
  precheckBuckets: operation({
    id: 'deconflict.precheck-buckets',
    method: 'POST',
    path: '/v1/precheck/buckets',
    summary: 'Buckets by the first bits of outputs: always as many, as large, and sealed anew',
    callers: askers,
    body: z.strictObject({
      epoch: EpochId,
      /** As many as the epoch says; each a number of its prefix bits. */
      buckets: z.array(z.number().int().min(0).max(16_777_215)).min(1).max(8),
    }),
    output: z.object({
      epoch: EpochId,
      /** Base64 of 32 bytes, new for every answer. */
      salt: z.string(),
      /** In the order asked; base64 of the epoch's number of entries, 48 bytes each. */
      buckets: z.array(z.string()),
    }),
    refusals: { 'buckets-miscounted': 422, 'epoch-unknown': 409, 'precheck-limit': 429 },
  }),
  knock: operation({
    id: 'deconflict.knock',
    method: 'POST',
    path: '/v1/precheck/knocks',
    summary:
      'Offer to talk to whoever holds what a handle stands for; neither learns whose unless both agree',
    callers: askers,
    body: z.strictObject({
      handle: Bytes32,
      /** Read by those who hold it, before they decide: say nothing in it that tells who you are. */
      message: z.string().trim().min(1).max(2_000).optional(),
    }),
    output: z.object({ knock: idOf('knock'), until: At }),
    refusals: { 'handle-unknown': 422, 'precheck-limit': 429 },
  }),
  knocks: operation({
    id: 'deconflict.knocks',
    method: 'GET',
    path: '/v1/precheck/knocks',
    summary: 'Knocks at what you hold, and your own, newest first',
    callers: askers,
    output: z.object({
      received: z.array(
        z.object({
          knock: idOf('knock'),
          case: idOf('case'),
          at: At,
          until: At,
          message: z.string().nullable(),
          answer: z.enum(['agreed', 'declined']).nullable(),
          /** null until you agree. */
          from: PartyRef.nullable(),
        }),
      ),
      sent: z.array(
        z.object({
          knock: idOf('knock'),
          at: At,
          until: At,
          state: z.enum(knockStates),
          /** Those who agreed. */
          with: z.array(PartyRef),
        }),
      ),
    }),
  }),
  answerKnock: operation({
    id: 'deconflict.answer-knock',
    method: 'POST',
    path: '/v1/precheck/knocks/{knock}/answer',
    summary: 'Agree to talk, and so tell each other who you are; or decline, which tells nothing',
    callers: askers,
    params: z.strictObject({ knock: idOf('knock') }),
    body: z.strictObject({ agree: z.boolean() }),
    output: z.object({ from: PartyRef.nullable() }),
    refusals: { 'already-answered': 409, 'knock-lapsed': 409 },
  }),
  precheckUse: operation({
    id: 'deconflict.precheck-use',
    method: 'GET',
    path: '/v1/precheck/use',
    summary:
      'How much each party asked in thirty days, and how often it was refused: the most first',
    callers: ['coordinator'],
    output: z.object({
      items: z.array(
        z.object({
          party: PartyRef,
          evaluations: z.number(),
          bucketRequests: z.number(),
          knocks: z.number(),
          /** Requests beyond a limit. */
          refused: z.number(),
          lastAt: At,
        }),
      ),
    }),
  }),
};
