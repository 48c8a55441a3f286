import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface CriteriaRow {
  readonly version: number;
  readonly id: Id<'criteria'>;
  readonly content: Id<'content'>;
  readonly why_content: Id<'content'>;
  readonly party: Id<'party'>;
  readonly at: Instant;
}

/** The newest version, or the one that is asked for; null: there is none. */
export async function findCriteria(reader: Reader, version?: number): Promise<CriteriaRow | null> {
  const which = version === undefined ? sql`true` : sql`version = ${version}`;
  return await reader.row(sql<CriteriaRow>`
    select * from partners.criteria where ${which} order by version desc limit 1`);
}

/** When criteria were published first; null: not yet. */
export async function firstPublished(reader: Reader): Promise<Instant | null> {
  const row = await reader.row(sql<{ at: Instant }>`
    select at from partners.criteria order by version limit 1`);
  return row?.at ?? null;
}

export async function insertCriteria(tx: Transaction, row: CriteriaRow): Promise<void> {
  await tx.run(sql`
    insert into partners.criteria (version, id, content, why_content, party, at)
    values (${row.version}, ${row.id}, ${row.content}, ${row.why_content}, ${row.party}, ${row.at})`);
}
