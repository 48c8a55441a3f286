import { z } from 'zod';
import { operation } from './operation.ts';
import { At, idOf, Line } from './words.ts';

export const Campaign = z.object({
  id: idOf('campaign'),
  recipe: z.string(),
  seconds: z.number(),
  status: z.enum(['queued', 'running', 'finished', 'errored', 'stopped']),
  /** The claim it runs under; null: none. */
  claim: idOf('claim').nullable(),
  startedAt: At.nullable(),
  endedAt: At.nullable(),
  executions: z.number().nullable(),
  crashes: z.number().nullable(),
  findings: z.array(idOf('finding')),
  detail: z.string().nullable(),
});

export const discover = {
  start: operation({
    id: 'discover.start',
    method: 'POST',
    path: '/v1/campaigns',
    summary:
      'Run one time-boxed fuzzing campaign of a recipe in the sandbox; crashes are handed in',
    callers: ['coordinator'],
    body: z.strictObject({
      recipe: Line,
      seconds: z.number().int().min(1).max(3_600),
      /** A claim of yours on what the recipe builds. */
      claim: idOf('claim').optional(),
    }),
    output: z.object({ campaign: idOf('campaign') }),
    refusals: {
      'recipe-unknown': 422,
      'recipe-without-harness': 422,
      'claim-lost': 409,
      'claim-elsewhere': 422,
      'claim-conflict': 409,
      'leave-missing': 403,
      'too-many-claims': 409,
      'asked-too-often': 429,
      'term-out-of-range': 422,
      'owner-opted-out': 409,
      'quiet-until': 409,
      'stopped-by-owner': 409,
    },
  }),
  get: operation({
    id: 'discover.get',
    method: 'GET',
    path: '/v1/campaigns/{campaign}',
    summary: 'One campaign and what it found',
    callers: ['coordinator'],
    params: z.strictObject({ campaign: idOf('campaign') }),
    output: Campaign,
  }),
};
