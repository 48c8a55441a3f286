import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../../../../platform/database/database.ts';
import { type ClaimRow, claimColumns, type Places, placesWithin } from './store.ts';

/** Where a page goes on: behind the row with this time and id. */
export interface After {
  readonly at: Instant;
  readonly id: string;
}

interface Page {
  readonly after: After | null;
  readonly limit: number;
}

/** A holder's claims that live at `now`, what ends first first. */
export async function liveClaimsOf(
  reader: Reader,
  holder: string,
  { after, limit, now }: Page & { readonly now: Instant },
): Promise<readonly ClaimRow[]> {
  const from = after ?? { at: now, id: '\u{10ffff}' };
  return await reader.rows(sql<ClaimRow>`
    select ${claimColumns} from deconflict.claim c
    where c.holder = ${holder} and c.ended_at is null and (c.ends_at, c.id) > (${from.at}, ${from.id})
    order by c.ends_at, c.id limit ${limit}`);
}

/** A holder's claims that were ended, newest first. */
export async function endedClaimsOf(
  reader: Reader,
  holder: string,
  { after, limit }: Page,
): Promise<readonly ClaimRow[]> {
  const beyond =
    after === null ? sql`` : sql`and (c.ended_at, c.id) < (${after.at}::timestamptz, ${after.id})`;
  return await reader.rows(sql<ClaimRow>`
    select ${claimColumns} from deconflict.claim c
    where c.holder = ${holder} and c.ended_at is not null ${beyond}
    order by c.ended_at desc, c.id desc limit ${limit}`);
}

/** Everybody's claims that live at `now`, what ends first first. */
export async function liveClaims(
  reader: Reader,
  { after, limit, now }: Page & { readonly now: Instant },
): Promise<readonly ClaimRow[]> {
  const from = after ?? { at: now, id: '\u{10ffff}' };
  return await reader.rows(sql<ClaimRow>`
    select ${claimColumns} from deconflict.claim c
    where c.ended_at is null and (c.ends_at, c.id) > (${from.at}, ${from.id})
    order by c.ends_at, c.id limit ${limit}`);
}

/** Claims that live at `now` and were never used, the longest held first. */
export async function unusedClaims(
  reader: Reader,
  { after, limit, now }: Page & { readonly now: Instant },
): Promise<readonly ClaimRow[]> {
  const beyond =
    after === null
      ? sql``
      : sql`and (c.created_at, c.id) > (${after.at}::timestamptz, ${after.id})`;
  return await reader.rows(sql<ClaimRow>`
    select ${claimColumns} from deconflict.claim c
    where c.ended_at is null and c.used_at is null and c.from_at <= ${now} and c.ends_at > ${now}
      ${beyond}
    order by c.created_at, c.id limit ${limit}`);
}

/** Everybody's claims that were ended, newest first. */
export async function endedClaims(
  reader: Reader,
  { after, limit }: Page,
): Promise<readonly ClaimRow[]> {
  const beyond =
    after === null ? sql`` : sql`and (c.ended_at, c.id) < (${after.at}::timestamptz, ${after.id})`;
  return await reader.rows(sql<ClaimRow>`
    select ${claimColumns} from deconflict.claim c
    where c.ended_at is not null ${beyond}
    order by c.ended_at desc, c.id desc limit ${limit}`);
}

/** Live claims that were offered to a party. */
export async function claimsOffered(
  reader: Reader,
  to: string,
  { now, limit }: { readonly now: Instant; readonly limit: number },
): Promise<readonly ClaimRow[]> {
  return await reader.rows(sql<ClaimRow>`
    select ${claimColumns} from deconflict.claim c
    where c.offered_to = ${to} and c.ended_at is null and c.ends_at > ${now}
    order by c.id limit ${limit}`);
}

export interface ConflictRow {
  readonly id: string;
  readonly asker: Id<'party'>;
  readonly extent: string;
  readonly claims: readonly Id<'claim'>[];
  readonly at: Instant;
}

/** Who was refused what, newest first. */
export async function conflicts(
  reader: Reader,
  { after, limit }: Page,
): Promise<readonly ConflictRow[]> {
  const beyond =
    after === null ? sql`` : sql`where (at, id) < (${after.at}::timestamptz, ${after.id})`;
  return await reader.rows(sql<ConflictRow>`
    select id, asker, extent, claims, at from deconflict.conflict ${beyond}
    order by at desc, id desc limit ${limit}`);
}

export interface AskerRow {
  readonly party: Id<'party'>;
  readonly told: number;
  readonly stopped: number;
  readonly live: number;
  readonly unused: number;
}

/** Who asked how much on the day of `now`, and what each of them holds; who was stopped first. */
export async function askersOn(
  reader: Reader,
  now: Instant,
  limit: number,
): Promise<readonly AskerRow[]> {
  return await reader.rows(sql<AskerRow>`
    select a.party, a.told, a.stopped, c.live, c.unused
    from (
      select party, told, stopped from deconflict.asked where day = ${now.slice(0, 10)}::date
      order by stopped desc, told desc, party limit ${limit}
    ) a
    cross join lateral (
      select count(*)::int as live, (count(*) filter (where used_at is null and from_at <= ${now}))::int
          as unused
      from deconflict.claim
      where holder = a.party and ended_at is null and ends_at > ${now}
    ) c
    order by a.stopped desc, a.told desc, a.party`);
}

export interface CoverageRow {
  readonly id: Id<'decision'>;
  readonly holder: Id<'party'>;
  readonly extent: string;
  readonly outcome: 'nothing-found' | 'findings' | 'unfinished';
  readonly from_at: Instant;
  readonly until_at: Instant;
  readonly listed: boolean;
  readonly struck_at: Instant | null;
  readonly struck_reason: Id<'content'> | null;
}

/** Whose coverage a reader is shown: everybody's, or its own and perhaps what others list. */
export type ShownCoverage = 'all' | { readonly own: string; readonly listed: boolean };

/** What was covered at these places since `since`, newest first. */
export async function coverageAt(
  reader: Reader,
  places: Places,
  given: { readonly since: Instant; readonly shown: ShownCoverage; readonly limit: number },
): Promise<readonly CoverageRow[]> {
  const { since, shown, limit } = given;
  const seen =
    shown === 'all' ? sql`` : sql`and (c.holder = ${shown.own} or (${shown.listed} and c.listed))`;
  return await reader.rows(sql<CoverageRow>`
    with met as materialized (
      ${placesWithin(places, sql`deconflict.coverage_place`, sql`coverage`)})
    select c.id, c.holder, c.extent, c.outcome, c.from_at, c.until_at, c.listed, c.struck_at,
      c.struck_reason
    from met cross join lateral (
      select * from deconflict.coverage k where k.id = met.coverage limit 1) c
    where c.until_at >= ${since} ${seen}
    order by c.until_at desc, c.id desc limit ${limit}`);
}
