import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../platform/database/database.ts';

export interface EntryRow {
  readonly id: Id<'entry'>;
  readonly at: Instant;
  readonly subject: string;
  readonly act: string;
  readonly actor: string;
  readonly content: string;
  readonly salt: Uint8Array;
  readonly index: number | null;
}

/** Acts on a subject, oldest first. */
export async function timelineOf(
  reader: Reader,
  subject: string,
  acts: readonly string[] | 'every',
): Promise<readonly EntryRow[]> {
  const only = acts === 'every' ? sql`` : sql`and act = any(${[...acts]})`;
  return await reader.rows(sql<EntryRow>`
    select id, at, subject, act, actor, content, salt, index from journal.entry
    where subject = ${subject} ${only} order by at, within, id limit 2000`);
}

/** When the first act `act` on a subject was fixed in a batch of the log; null until then. */
export async function committedAt(
  reader: Reader,
  subject: string,
  act: string,
): Promise<Instant | null> {
  const row = await reader.row(sql<{ at: Instant }>`
    select b.at from journal.entry e join journal.batch b on b.number = e.batch
    where e.subject = ${subject} and e.act = ${act} order by e.at, e.within, e.id limit 1`);
  return row?.at ?? null;
}

export async function findEntry(reader: Reader, id: string): Promise<EntryRow | null> {
  return await reader.row(sql<EntryRow>`
    select id, at, subject, act, actor, content, salt, index from journal.entry where id = ${id}`);
}

export interface ContentRow {
  readonly id: Id<'content'>;
  readonly name: string;
  readonly subject: string;
  readonly level: number;
  readonly erased_at: Instant | null;
}

export async function findContent(reader: Reader, id: string): Promise<ContentRow | null> {
  return await reader.row(sql<ContentRow>`
    select id, name, subject, level, erased_at from content.item where id = ${id}`);
}

/** Marks a content item as erased; 0 if it was. */
export async function markErased(tx: Transaction, id: string, at: Instant): Promise<number> {
  return await tx.run(sql`
    update content.item set erased_at = ${at} where id = ${id} and erased_at is null`);
}

/** Every content item of these subjects. */
export async function contentsOf(
  reader: Reader,
  subjects: readonly string[],
): Promise<readonly Id<'content'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'content'> }>`
    select id from content.item where subject = any(${[...subjects]}) and erased_at is null`);
  return rows.map((row) => row.id);
}
