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

/** The level at which somebody who reads as these sees each of the subjects; none is left out. */
export async function levelsOf(
  reader: Reader,
  subjects: readonly string[],
  principals: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (subjects.length === 0) return new Map();
  const rows = await reader.rows(sql<{ subject: string; level: number }>`
    select subject, max(level)::int as level from platform.visibility
    where subject = any(${[...subjects]}) and party = any(${[...principals]})
    group by subject`);
  return new Map(rows.map(({ subject, level }) => [subject, level]));
}
