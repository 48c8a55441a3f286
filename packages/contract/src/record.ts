import { z } from 'zod';
import { operation } from './operation.ts';
import { At, idOf, PartyRef, Reason } from './words.ts';

/** One act on the case's timeline. */
export const TimelineEntry = z.object({
  entry: idOf('entry'),
  at: At,
  act: z.string(),
  /** null: you may not know who. */
  actor: PartyRef.nullable(),
  /** Position in the log; null until its batch is signed. */
  index: z.number().nullable(),
});

/** Everything needed to check one entry against a signed checkpoint, offline. */
export const Disclosure = z.object({
  format: z.literal('breakwater disclosure v1'),
  salt: z.string(),
  /** The entry's content; its canonical form (RFC 8785) is what was committed. */
  content: z.record(z.string(), z.unknown()),
  index: z.number(),
  /** Base64 hashes, RFC 6962 inclusion proof. */
  proof: z.array(z.string()),
  checkpoint: z.string(),
});
export type Disclosure = z.infer<typeof Disclosure>;

export const record = {
  timeline: operation({
    id: 'record.timeline',
    method: 'GET',
    path: '/v1/cases/{case}/timeline',
    summary: 'Every act on this case that you may see, oldest first',
    callers: ['coordinator', 'owner', 'finder'],
    needs: { subject: 'case', level: 'summary' },
    params: z.strictObject({ case: idOf('case') }),
    output: z.object({ items: z.array(TimelineEntry) }),
  }),
  disclose: operation({
    id: 'record.disclose',
    method: 'GET',
    path: '/v1/entries/{entry}/proof',
    summary: 'The entry, its salt and its inclusion proof under the newest signed checkpoint',
    callers: ['coordinator', 'owner', 'finder'],
    params: z.strictObject({ entry: idOf('entry') }),
    output: Disclosure,
    refusals: { 'not-yet-signed': 409 },
  }),
  erase: operation({
    id: 'record.erase',
    method: 'POST',
    path: '/v1/contents/{content}/erase',
    summary: 'Erase a piece of content everywhere by destroying its key; the commitment stays',
    callers: ['coordinator', 'administrator'],
    params: z.strictObject({ content: idOf('content') }),
    body: z.strictObject({ reason: Reason }),
    output: z.object({ content: idOf('content') }),
    refusals: { 'already-erased': 409 },
  }),
  content: operation({
    id: 'record.content',
    method: 'GET',
    path: '/v1/contents/{content}',
    summary: 'A piece of content verbatim, as a download',
    callers: ['coordinator', 'owner', 'finder'],
    params: z.strictObject({ content: idOf('content') }),
    output: z.string(),
    file: 'application/octet-stream',
    refusals: { erased: 404 },
  }),
  deadLetters: operation({
    id: 'record.dead-letters',
    method: 'GET',
    path: '/v1/dead-letters',
    summary: 'Work that failed for good, with its last error',
    callers: ['coordinator', 'administrator'],
    output: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          job: z.string(),
          subject: z.string(),
          failedAt: At,
          error: z.string(),
        }),
      ),
    }),
  }),
  replay: operation({
    id: 'record.replay',
    method: 'POST',
    path: '/v1/dead-letters/{id}/replay',
    summary: 'Try a dead letter again',
    callers: ['coordinator', 'administrator'],
    params: z.strictObject({ id: z.uuid() }),
    output: z.object({ id: z.string() }),
  }),
};
