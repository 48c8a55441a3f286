import { z } from 'zod';

/** RFC 9457 problem details; says what was expected, what came and what to do. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  expected: z.string(),
  got: z.string(),
  todo: z.string(),
  pointer: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Refusals every operation can answer with. */
export const commonRefusals = {
  'input-malformed': 400,
  'idempotency-key-missing': 400,
  'key-missing': 401,
  'not-permitted': 403,
  'not-found': 404,
  'idempotency-key-reused': 409,
  'input-too-large': 413,
  'too-many-requests': 429,
  /** With Retry-After. */
  'database-away': 503,
} as const;
