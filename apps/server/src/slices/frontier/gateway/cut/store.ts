import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

/** What can be cut off. */
export type CutSubject = Id<'gkey' | 'member' | 'party' | 'window' | 'tier' | 'model'>;

export interface CutRow {
  readonly id: Id<'cut'>;
  readonly kind: string;
  readonly subject: CutSubject;
  /** The side that cut it off: its keys, or keys on its models, and no others. */
  readonly party: Id<'party'>;
  readonly by_member: Id<'member'> | null;
  readonly reason_content: Id<'content'>;
  readonly at: Instant;
  readonly lifted_at: Instant | null;
  readonly lifted_by: Id<'member'> | null;
}

export async function insertCut(
  tx: Transaction,
  row: Omit<CutRow, 'lifted_at' | 'lifted_by'>,
): Promise<void> {
  await tx.run(sql`
    insert into gateway.cut (id, kind, subject, party, by_member, reason_content, at)
    values (${row.id}, ${row.kind}, ${row.subject}, ${row.party}, ${row.by_member},
      ${row.reason_content}, ${row.at})`);
}

export async function findCut(reader: Reader, id: string): Promise<CutRow | null> {
  return await reader.row(sql<CutRow>`select * from gateway.cut where id = ${id}`);
}

export async function markLifted(
  tx: Transaction,
  id: string,
  lifted: { readonly at: Instant; readonly by: Id<'member'> | null },
): Promise<void> {
  await tx.run(sql`
    update gateway.cut set lifted_at = ${lifted.at}, lifted_by = ${lifted.by} where id = ${id}`);
}

/** The cuts that stand on any of these, by any of these parties; the oldest first. */
export async function cutsOn(
  reader: Reader,
  subjects: readonly string[],
  parties: readonly string[],
): Promise<readonly CutRow[]> {
  return await reader.rows(sql<CutRow>`
    select * from gateway.cut
    where subject = any(${[...subjects]}::text[]) and party = any(${[...parties]}::text[])
      and lifted_at is null order by at, id limit 100`);
}

/** Whether somebody is cut off by its own party or by a developer. */
export async function isCutOff(
  reader: Reader,
  member: string | null,
  by: readonly string[],
): Promise<boolean> {
  return member !== null && (await cutsOn(reader, [member], by)).length > 0;
}

/** One row beyond `limit`, the newest first. */
export async function listCuts(
  reader: Reader,
  party: string,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly CutRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (at, id) < (select l.at, l.id from gateway.cut l
          where l.id = ${page.after} and l.party = ${party})`;
  return await reader.rows(sql<CutRow>`
    select * from gateway.cut where party = ${party} ${beyond}
    order by at desc, id desc limit ${page.limit + 1}`);
}
