import type { PartnerSide } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { Seen } from '../application/store.ts';

export interface PartnershipRow {
  readonly id: Id<'partner'>;
  readonly application: Id<'application'>;
  readonly tier: Id<'tier'>;
  readonly developer: Id<'party'>;
  readonly applicant: Id<'party'> | null;
  readonly since: Instant;
  readonly expires_at: Instant;
  readonly review_at: Instant;
  readonly reviewed_at: Instant | null;
  readonly review_content: Id<'content'> | null;
  readonly ended_at: Instant | null;
  readonly ended_by: PartnerSide | 'partner' | null;
  readonly ended_content: Id<'content'> | null;
  readonly accepted_terms: string | null;
  readonly accepted_at: Instant | null;
}

export async function findPartnership(reader: Reader, id: string): Promise<PartnershipRow | null> {
  return await reader.row(sql<PartnershipRow>`select * from partners.partnership where id = ${id}`);
}

export async function partnershipOf(
  reader: Reader,
  application: string,
): Promise<PartnershipRow | null> {
  return await reader.row(
    sql<PartnershipRow>`select * from partners.partnership where application = ${application}`,
  );
}

/** One row beyond `limit`, the newest first. */
export async function listPartnerships(
  reader: Reader,
  by: Seen,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly PartnershipRow[]> {
  const seen = (alias: RawBuilder<unknown>) =>
    by.all
      ? sql`true`
      : sql`(${alias}.applicant = ${by.party} or ${alias}.developer = ${by.party})`;
  const beyond =
    page.after === null
      ? sql``
      : sql`and (p.since, p.id) < (select l.since, l.id from partners.partnership l
          where l.id = ${page.after} and ${seen(sql`l`)})`;
  return await reader.rows(sql<PartnershipRow>`
    select p.* from partners.partnership p where ${seen(sql`p`)} ${beyond}
    order by p.since desc, p.id desc limit ${page.limit + 1}`);
}

export async function insertPartnership(
  tx: Transaction,
  row: Pick<
    PartnershipRow,
    'id' | 'application' | 'tier' | 'developer' | 'applicant' | 'since' | 'expires_at' | 'review_at'
  >,
): Promise<void> {
  await tx.run(sql`
    insert into partners.partnership
      (id, application, tier, developer, applicant, since, expires_at, review_at)
    values (${row.id}, ${row.application}, ${row.tier}, ${row.developer}, ${row.applicant},
      ${row.since}, ${row.expires_at}, ${row.review_at})`);
}

export async function acceptTerms(
  tx: Transaction,
  id: string,
  accepted: { readonly terms: string; readonly at: Instant },
): Promise<void> {
  await tx.run(sql`
    update partners.partnership set accepted_terms = ${accepted.terms}, accepted_at = ${accepted.at}
    where id = ${id}`);
}

export async function writeReview(
  tx: Transaction,
  id: string,
  review: { readonly at: Instant; readonly next: Instant; readonly content: Id<'content'> },
): Promise<void> {
  await tx.run(sql`
    update partners.partnership set reviewed_at = ${review.at}, review_at = ${review.next},
      review_content = ${review.content}
    where id = ${id}`);
}

export async function endPartnership(
  tx: Transaction,
  id: string,
  end: {
    readonly at: Instant;
    readonly by: PartnerSide | 'partner';
    readonly content: Id<'content'> | null;
  },
): Promise<void> {
  await tx.run(sql`
    update partners.partnership set ended_at = ${end.at}, ended_by = ${end.by},
      ended_content = ${end.content}
    where id = ${id}`);
}
