import type { PartnerSide } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface NominationRow {
  readonly id: Id<'nomination'>;
  readonly tier: Id<'tier'>;
  readonly side: PartnerSide;
  readonly party: Id<'party'>;
  readonly member: string;
  readonly content: Id<'content'>;
  readonly at: Instant;
  readonly expires_at: Instant;
  readonly application: Id<'application'> | null;
}

export async function insertNomination(
  tx: Transaction,
  row: NominationRow,
  hash: Buffer,
): Promise<void> {
  await tx.run(sql`
    insert into partners.nomination
      (id, tier, side, party, member, link_hash, content, at, expires_at)
    values (${row.id}, ${row.tier}, ${row.side}, ${row.party}, ${row.member}, ${hash},
      ${row.content}, ${row.at}, ${row.expires_at})`);
}

/** What a nomination's link brings; null: unknown, used and expired are one and the same. */
export async function findOpenNomination(
  reader: Reader,
  hash: Buffer,
  now: Instant,
): Promise<NominationRow | null> {
  return await reader.row(sql<NominationRow>`
    select id, tier, side, party, member, content, at, expires_at, application
    from partners.nomination
    where link_hash = ${hash} and application is null and expires_at > ${now}`);
}

export async function markUsed(tx: Transaction, id: string, application: string): Promise<void> {
  await tx.run(sql`update partners.nomination set application = ${application} where id = ${id}`);
}

/** How many a party made since. */
export async function countNominations(
  reader: Reader,
  party: string,
  since: Instant,
): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from partners.nomination where party = ${party} and at > ${since}`);
  return row?.n ?? 0;
}

/** One row beyond `limit`, the newest first. */
export async function nominationsOf(
  reader: Reader,
  party: string,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly NominationRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (n.at, n.id) < (select l.at, l.id from partners.nomination l
          where l.id = ${page.after} and l.party = ${party})`;
  return await reader.rows(sql<NominationRow>`
    select id, tier, side, party, member, content, at, expires_at, application
    from partners.nomination n where n.party = ${party} ${beyond}
    order by n.at desc, n.id desc limit ${page.limit + 1}`);
}
