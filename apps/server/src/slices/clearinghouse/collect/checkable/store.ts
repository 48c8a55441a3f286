import { sql } from 'kysely';
import type { Reader } from '../../../../platform/database/database.ts';

/** The ids of at most `limit` findings that come after `after` in the order of ids. */
export async function findingsBeyond(
  reader: Reader,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ id: string }>`
    select id from collect.finding where id > ${after} order by id limit ${limit}`);
  return rows.map((row) => row.id);
}

/** How many findings there are. */
export async function countFindings(reader: Reader): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from collect.finding`);
  return row?.n ?? 0;
}

/**
 * Of these content items those that are not erased. An item is marked in the transaction that
 * erases it, and its key destroyed after: until then it could still be read.
 */
export async function keptAmong(
  reader: Reader,
  contents: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await reader.rows(sql<{ id: string }>`
    select id from content.item where id = any(${[...contents]}::text[]) and erased_at is null`);
  return new Set(rows.map((row) => row.id));
}
