import { z } from 'zod';
import { operation, roles } from './operation.ts';

/** Kinds of things whose changes are told. */
export const liveKinds = [
  'case',
  'finding',
  'notice',
  'campaign',
  'claim',
  'authorization',
  'control',
  'stop',
  'suite',
  'run',
  'engagement',
  'window',
  'grant',
] as const;

/** What changed since the last hint, by kind and id; the client fetches what it shows anew. */
export const Changes = z.object({
  items: z.array(z.object({ kind: z.enum(liveKinds), id: z.string() })),
});
export type Changes = z.infer<typeof Changes>;

export const live = {
  events: operation({
    id: 'live.events',
    method: 'GET',
    path: '/v1/events',
    summary: 'What changes of all that you may see, as it changes: kind and id, nothing else',
    callers: roles,
    output: Changes,
    stream: true,
    refusals: { 'too-many-streams': 429 },
  }),
};
