import type {
  PartnerAsk,
  PartnerSector,
  PartnerSide,
  PartnerSize,
  PartnerVerdict,
} from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { Application } from './model.ts';

export interface ApplicationRow {
  readonly id: Id<'application'>;
  readonly tier: Id<'tier'>;
  readonly developer: Id<'party'>;
  readonly applicant: Id<'party'> | null;
  readonly helper: Id<'party'> | null;
  readonly link_hash: Uint8Array;
  readonly words_content: Id<'content'>;
  readonly mail_content: Id<'content'> | null;
  readonly mail_blind: Uint8Array | null;
  readonly asks: PartnerAsk;
  readonly sector: PartnerSector;
  readonly size: PartnerSize;
  readonly region: string;
  readonly criteria_version: number;
  readonly nominated_side: PartnerSide | null;
  readonly nominated_by: string | null;
  readonly renews: Id<'partner'> | null;
  readonly applied_at: Instant;
  readonly withdrawn_at: Instant | null;
}

export interface RoundRow {
  readonly application: Id<'application'>;
  readonly round: number;
  readonly begun_at: Instant;
  readonly promised_by: Instant;
  readonly verdict: PartnerVerdict | null;
  readonly answered_at: Instant | null;
}

export interface SaidRow {
  readonly by: PartnerSide | 'applicant';
  readonly kind: 'question' | 'addition' | 'appeal';
  readonly content: Id<'content'>;
  readonly at: Instant;
}

export interface InterestRow {
  readonly round: number;
  readonly side: PartnerSide;
  readonly member: string;
  readonly conflicted: boolean;
  readonly content: Id<'content'> | null;
  readonly at: Instant;
}

export interface KeyRow {
  readonly round: number;
  readonly side: PartnerSide;
  readonly party: Id<'party'>;
  readonly member: string;
  readonly verdict: PartnerVerdict;
  readonly content: Id<'content'>;
  readonly at: Instant;
}

/** Everything that stands of one application, but its texts. */
export interface Whole {
  readonly row: ApplicationRow;
  readonly rounds: readonly RoundRow[];
  readonly said: readonly SaidRow[];
  readonly interests: readonly InterestRow[];
  readonly keys: readonly KeyRow[];
}

export async function findApplication(reader: Reader, id: string): Promise<ApplicationRow | null> {
  return await reader.row(sql<ApplicationRow>`select * from partners.application where id = ${id}`);
}

/** The application that a link opens, by the hash of its token. */
export async function findByLink(reader: Reader, hash: Buffer): Promise<ApplicationRow | null> {
  return await reader.row(
    sql<ApplicationRow>`select * from partners.application where link_hash = ${hash}`,
  );
}

export async function wholeOf(reader: Reader, row: ApplicationRow): Promise<Whole> {
  const of = row.id;
  return {
    row,
    rounds: await reader.rows(sql<RoundRow>`
      select * from partners.round where application = ${of} order by round`),
    said: await reader.rows(sql<SaidRow>`
      select by, kind, content, at from partners.said where application = ${of} order by place`),
    interests: await reader.rows(sql<InterestRow>`
      select round, side, member, conflicted, content, at from partners.interest
      where application = ${of} order by place`),
    keys: await reader.rows(sql<KeyRow>`
      select round, side, party, member, verdict, content, at from partners.turned_key
      where application = ${of} order by round, side desc`),
  };
}

/** What decides about it: what stands, and the criteria it is judged by. */
export function stateOf(whole: Whole, criteria: readonly string[]): Application {
  const { row, interests, keys } = whole;
  return {
    developer: row.developer,
    applicant: row.applicant,
    helper: row.helper,
    nominatedBy: row.nominated_by,
    criteria,
    rounds: whole.rounds.map(({ round, begun_at, promised_by, verdict, answered_at }) => ({
      begunAt: begun_at,
      promisedBy: promised_by,
      interests: interests.filter((each) => each.round === round),
      keys: keys.filter((each) => each.round === round),
      answer: verdict === null || answered_at === null ? null : { verdict, at: answered_at },
    })),
    withdrawnAt: row.withdrawn_at,
    said: whole.said.length,
  };
}

/** Whose applications a reader sees; `all` for the Government's side. */
export interface Seen {
  readonly party: string;
  readonly all: boolean;
}

function seen({ party, all }: Seen, alias: RawBuilder<unknown>): RawBuilder<unknown> {
  if (all) return sql`true`;
  return sql`(${alias}.applicant = ${party} or ${alias}.helper = ${party}
    or ${alias}.developer = ${party})`;
}

/** One row beyond `limit`, the newest first. */
export async function listApplications(
  reader: Reader,
  by: Seen,
  wish: {
    readonly waiting: boolean | null;
    readonly tier: string | null;
    readonly after: Cursor | null;
    readonly limit: number;
  },
): Promise<readonly ApplicationRow[]> {
  const beyond =
    wish.after === null
      ? sql``
      : sql`and (a.applied_at, a.id) < (select l.applied_at, l.id from partners.application l
          where l.id = ${wish.after} and ${seen(by, sql`l`)})`;
  const open = sql`(a.withdrawn_at is null and exists (select 1 from partners.round r
    where r.application = a.id and r.verdict is null))`;
  const waiting =
    wish.waiting === null ? sql`` : wish.waiting ? sql`and ${open}` : sql`and not ${open}`;
  const tier = wish.tier === null ? sql`` : sql`and a.tier = ${wish.tier}`;
  return await reader.rows(sql<ApplicationRow>`
    select a.* from partners.application a
    where ${seen(by, sql`a`)} ${beyond} ${waiting} ${tier}
    order by a.applied_at desc, a.id desc limit ${wish.limit + 1}`);
}

/** Whether a party has an application for the tier that waits. */
export async function anyWaiting(
  reader: Reader,
  of: { readonly applicant: string; readonly tier: string },
): Promise<boolean> {
  const row = await reader.row(sql<{ id: string }>`
    select a.id from partners.application a join partners.round r on r.application = a.id
    where a.applicant = ${of.applicant} and a.tier = ${of.tier} and a.withdrawn_at is null
      and r.verdict is null limit 1`);
  return row !== null;
}

/** How many applications came since; of a party, or for one mail address. */
export async function countSince(
  reader: Reader,
  of: { readonly applicant: string } | { readonly mail: Uint8Array },
  since: Instant,
): Promise<number> {
  const who =
    'applicant' in of
      ? sql`applicant = ${of.applicant}`
      : sql`mail_blind = ${Buffer.from(of.mail)}`;
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from partners.application where ${who} and applied_at > ${since}`);
  return row?.n ?? 0;
}

export async function insertApplication(tx: Transaction, row: ApplicationRow): Promise<void> {
  await tx.run(sql`
    insert into partners.application (id, tier, developer, applicant, helper, link_hash,
      words_content, mail_content, mail_blind, asks, sector, size, region, criteria_version,
      nominated_side, nominated_by, renews, applied_at)
    values (${row.id}, ${row.tier}, ${row.developer}, ${row.applicant}, ${row.helper},
      ${Buffer.from(row.link_hash)}, ${row.words_content}, ${row.mail_content},
      ${row.mail_blind === null ? null : Buffer.from(row.mail_blind)}, ${row.asks}, ${row.sector},
      ${row.size}, ${row.region}, ${row.criteria_version}, ${row.nominated_side},
      ${row.nominated_by}, ${row.renews}, ${row.applied_at})`);
}

export async function insertRound(
  tx: Transaction,
  row: Pick<RoundRow, 'application' | 'round' | 'begun_at' | 'promised_by'>,
): Promise<void> {
  await tx.run(sql`
    insert into partners.round (application, round, begun_at, promised_by)
    values (${row.application}, ${row.round}, ${row.begun_at}, ${row.promised_by})`);
}

export async function insertSaid(
  tx: Transaction,
  application: string,
  said: SaidRow & { readonly place: number },
): Promise<void> {
  await tx.run(sql`
    insert into partners.said (application, place, by, kind, content, at)
    values (${application}, ${said.place}, ${said.by}, ${said.kind}, ${said.content}, ${said.at})`);
}

export async function insertInterest(
  tx: Transaction,
  application: string,
  row: InterestRow & { readonly place: number },
): Promise<void> {
  await tx.run(sql`
    insert into partners.interest (application, place, round, side, member, conflicted, content, at)
    values (${application}, ${row.place}, ${row.round}, ${row.side}, ${row.member},
      ${row.conflicted}, ${row.content}, ${row.at})`);
}

export async function insertKey(tx: Transaction, application: string, row: KeyRow): Promise<void> {
  await tx.run(sql`
    insert into partners.turned_key (application, round, side, party, member, verdict, content, at)
    values (${application}, ${row.round}, ${row.side}, ${row.party}, ${row.member},
      ${row.verdict}, ${row.content}, ${row.at})`);
}

export async function writeAnswer(
  tx: Transaction,
  application: string,
  answer: { readonly round: number; readonly verdict: PartnerVerdict; readonly at: Instant },
): Promise<void> {
  await tx.run(sql`
    update partners.round set verdict = ${answer.verdict}, answered_at = ${answer.at}
    where application = ${application} and round = ${answer.round}`);
}

export async function markWithdrawn(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(sql`update partners.application set withdrawn_at = ${at} where id = ${id}`);
}
