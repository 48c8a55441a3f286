import type { Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../database/database.ts';

export interface EntryRow {
  readonly id: string;
  readonly at: Instant;
  readonly subject: string;
  readonly act: string;
  readonly content: string;
}

/** Entries from `since` on, in order, from the one after `cursor` on. */
export async function entriesSince(
  reader: Reader,
  since: Instant,
  page: { readonly after: Pick<EntryRow, 'at' | 'id'> | null; readonly limit: number },
): Promise<readonly EntryRow[]> {
  const beyond =
    page.after === null ? sql`` : sql`and (at, id) > (${page.after.at}, ${page.after.id})`;
  return await reader.rows(sql<EntryRow>`
    select id, at, subject, act, content from journal.entry
    where at >= ${since} ${beyond} order by at, id limit ${page.limit}`);
}

/**
 * Who of these principals sees which of the subjects, and at what level: one query for all who are
 * told at once, so that the last of them is told no later than the first.
 */
export async function levelsOf(
  reader: Reader,
  subjects: readonly string[],
  principals: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  if (subjects.length === 0) return new Map();
  const rows = await reader.rows(sql<{ subject: string; party: string; level: number }>`
    select subject, party, level::int as level from platform.visibility
    where subject = any(${[...subjects]}::text[]) and party = any(${[...principals]}::text[])`);
  const levels = new Map<string, Map<string, number>>();
  for (const { subject, party, level } of rows) {
    const own = levels.get(party) ?? new Map<string, number>();
    levels.set(party, own.set(subject, level));
  }
  return levels;
}
