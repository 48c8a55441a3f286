import { randomBytes, randomUUID } from 'node:crypto';
import { canonicalJson, fromUtf8, type Instant } from '@breakwater/kernel';
import { commitBytes } from '@breakwater/log';
import { sql } from 'kysely';
import { newIds } from '../clock/clock.ts';
import { codeOf, type Transaction } from '../database/database.ts';
import type { Actor, Event, JobRequest, NewContent } from './commands.ts';

/**
 * Waits until all these writes of one transaction are over, also where one fails: none may still be
 * under way when the connection goes to somebody else. Throws what failed first; what an aborted
 * transaction says of everything behind it (25P02) only where nothing else is known.
 */
export async function allOver(writes: readonly Promise<unknown>[]): Promise<void> {
  const failures = (await Promise.allSettled(writes)).flatMap((write) =>
    write.status === 'rejected' ? [write.reason as unknown] : [],
  );
  if (failures.length === 0) return;
  throw failures.find((failure) => codeOf(failure) !== '25P02') ?? failures[0];
}

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
