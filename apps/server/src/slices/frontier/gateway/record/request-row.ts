import { idOf } from '@breakwater/contract';
import type { Digest, Instant } from '@breakwater/kernel';
import { z } from 'zod';

const Count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const At = z.custom<Instant>((value) => typeof value === 'string' && instant.test(value));
const DigestText = z.custom<Digest>(
  (value) => typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value),
);

/** What a request was held for, or came to; money in millionths of `currency`. */
const Tokens = z.strictObject({ inputTokens: Count, outputTokens: Count, costMicros: Count });

/** Under which address of the wire a request came. */
export const requestPaths = [
  'chat',
  'responses',
  'messages',
  'embeddings',
  'count-tokens',
] as const;

/**
 * Whose figures a settlement has: the upstream's; none were told, so that it is the reservation in
 * full; they were lost with the process, alike; nothing was used.
 */
export const figuresOf = ['upstream', 'none', 'lost', 'unused'] as const;

/**
 * What is recorded of one request of a model: ids, numbers, digests and closed words, never a word
 * of what was said. Plain JSON: a line of a process's journal holds it as it is.
 */
export const RequestRow = z.strictObject({
  id: idOf('request'),
  key: idOf('gkey'),
  holder: idOf('member'),
  party: idOf('party'),
  developer: idOf('party'),
  /** The grant of early access, or the partnership. */
  standsOn: z.union([idOf('grant'), idOf('partner')]),
  model: idOf('model'),
  /** null: none of them was reached. */
  upstream: idOf('upstream').nullable(),
  /** Which process of the gateway carried it out. */
  process: z.string().regex(/^[0-9a-z-]{1,64}$/),
  startedAt: At,
  endedAt: At,
  path: z.enum(requestPaths),
  /** The job it was run for; null where a client called. */
  job: idOf('job').nullable(),
  stream: z.boolean(),
  /** The HTTP status that was answered with. */
  status: z.int().min(100).max(599),
  figures: z.enum(figuresOf),
  reserved: Tokens,
  settled: Tokens,
  currency: z.string().max(16).nullable(),
  /** SHA-256 of the body as it was sent on. */
  requestDigest: DigestText,
  /** SHA-256 of the answer's body as it was sent on; null where it was lost. */
  responseDigest: DigestText.nullable(),
  /** What the looks at it said, in closed words. */
  marks: z
    .array(z.string().regex(/^[a-z0-9-]{1,64}$/))
    .max(32)
    .readonly(),
  /** 32 random bytes in hex: without them nobody can try guesses of what is committed. */
  salt: z.string().regex(/^[0-9a-f]{64}$/),
});
export type RequestRow = Readonly<z.infer<typeof RequestRow>>;
