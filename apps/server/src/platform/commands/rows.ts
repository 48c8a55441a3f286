import { randomBytes, randomUUID } from 'node:crypto';
import { canonicalJson, fromUtf8, type Instant } from '@breakwater/kernel';
import { commitBytes } from '@breakwater/log';
import { sql } from 'kysely';
import { newIds } from '../clock/clock.ts';
import type { Transaction } from '../database/database.ts';
import type { Actor, Event, JobRequest, NewContent } from './commands.ts';

/** The rows of content that becomes part of the record now. */
export async function insertContents(
  tx: Transaction,
  contents: readonly NewContent[],
  now: Instant,
): Promise<void> {
  if (contents.length === 0) return;
  const column = <T>(pick: (content: NewContent) => T) => contents.map(pick);
  await tx.run(sql`
    insert into content.item (id, size, media_type, name, commitment, subject, level, at)
    select id, size, media_type, name, commitment, subject, level, ${now}::timestamptz
    from unnest(
      ${column(({ ref }) => ref.id)}::text[], ${column(({ ref }) => ref.size)}::bigint[],
      ${column(({ ref }) => ref.mediaType)}::text[], ${column(({ ref }) => ref.name)}::text[],
      ${column(({ ref }) => Buffer.from(ref.commitment))}::bytea[],
      ${column(({ subject }) => subject)}::text[], ${column(({ level }) => level)}::smallint[]
    ) as c (id, size, media_type, name, commitment, subject, level)`);
}

/** An event and who acted. */
export interface Act extends Event {
  readonly actor: Actor;
}

/** One entry of the journal for each act, in their order. */
export async function insertEntries(
  tx: Transaction,
  acts: readonly Act[],
  now: Instant,
): Promise<void> {
  if (acts.length === 0) return;
  const ids = newIds('entry', acts.length);
  const random = randomBytes(32 * acts.length);
  const entries = acts.map(({ act, subject, data, actor }, i) => {
    const id = ids[i];
    if (id === undefined) throw new Error('an event without an id for its entry');
    const content = canonicalJson({ v: 1, id, at: now, actor: actor.id, act, subject, data });
    const salt = random.subarray(32 * i, 32 * (i + 1));
    const commitment = Buffer.from(commitBytes(salt, content));
    return { id, act, subject, actor: actor.id, content: fromUtf8(content), salt, commitment };
  });
  const column = <T>(pick: (entry: (typeof entries)[number]) => T) => entries.map(pick);
  await tx.run(sql`
    insert into journal.entry (id, at, within, subject, act, actor, content, salt, commitment)
    select id, ${now}::timestamptz, within - 1, subject, act, actor, content, salt,
      commitment
    from unnest(
      ${column((e) => e.id)}::text[], ${column((e) => e.subject)}::text[],
      ${column((e) => e.act)}::text[], ${column((e) => e.actor)}::text[],
      ${column((e) => e.content)}::text[],
      ${column((e) => e.salt)}::bytea[], ${column((e) => e.commitment)}::bytea[]
    ) with ordinality as e (id, subject, act, actor, content, salt, commitment, within)`);
}

/** What the queue takes up after commit. */
export async function insertJobs(
  tx: Transaction,
  jobs: readonly JobRequest[],
  now: Instant,
): Promise<void> {
  if (jobs.length === 0) return;
  await tx.run(sql`
    insert into platform.outbox (id, job, payload, start_after, at)
    select id, job, payload, start_after, ${now}::timestamptz from unnest(
      ${jobs.map(() => randomUUID())}::uuid[], ${jobs.map(({ job }) => job)}::text[],
      ${jobs.map(({ payload }) => JSON.stringify(payload))}::jsonb[],
      ${jobs.map(({ startAfter }) => startAfter ?? null)}::timestamptz[]
    ) as j (id, job, payload, start_after)`);
}
