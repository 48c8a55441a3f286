import type { PartnerAsk } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface TierRow {
  readonly id: Id<'tier'>;
  readonly developer: Id<'party'>;
  readonly content: Id<'content'>;
  readonly gives: readonly PartnerAsk[];
  readonly terms_version: number;
  readonly terms_digest: string;
  readonly from_at: Instant | null;
  readonly until_at: Instant | null;
  readonly partnership_days: number;
  readonly review_days: number;
  readonly takes_applications: boolean;
  readonly told_content: Id<'content'> | null;
  readonly model: Id<'model'> | null;
  readonly at: Instant;
  readonly revision: number;
}

/** Tiers of one developer, those that take no applications any more with them. */
export const tiersMax = 50;

export async function findTier(reader: Reader, id: string): Promise<TierRow | null> {
  return await reader.row(sql<TierRow>`select * from partners.tier where id = ${id}`);
}

/** Those that take applications, by whoever offers them. */
export async function offeredTiers(reader: Reader): Promise<readonly TierRow[]> {
  return await reader.rows(sql<TierRow>`
    select * from partners.tier where takes_applications order by at, id limit 1000`);
}

export async function tiersOf(reader: Reader, developer: string): Promise<readonly TierRow[]> {
  return await reader.rows(sql<TierRow>`
    select * from partners.tier where developer = ${developer} order by at, id`);
}

export async function insertTier(tx: Transaction, row: TierRow): Promise<void> {
  await tx.run(sql`
    insert into partners.tier (id, developer, content, gives, terms_version, terms_digest, from_at,
      until_at, partnership_days, review_days, takes_applications, told_content, model, at)
    values (${row.id}, ${row.developer}, ${row.content}, ${[...row.gives]}::text[],
      ${row.terms_version}, ${row.terms_digest}, ${row.from_at}, ${row.until_at},
      ${row.partnership_days}, ${row.review_days}, ${row.takes_applications}, ${row.told_content},
      ${row.model}, ${row.at})`);
}

export async function updateTier(tx: Transaction, row: TierRow): Promise<void> {
  await tx.run(sql`
    update partners.tier set content = ${row.content}, gives = ${[...row.gives]}::text[],
      terms_version = ${row.terms_version}, terms_digest = ${row.terms_digest},
      from_at = ${row.from_at}, until_at = ${row.until_at},
      partnership_days = ${row.partnership_days}, review_days = ${row.review_days},
      takes_applications = ${row.takes_applications}, told_content = ${row.told_content},
      model = ${row.model}, revision = revision + 1
    where id = ${row.id}`);
}
