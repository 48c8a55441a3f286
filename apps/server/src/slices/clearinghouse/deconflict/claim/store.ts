import type { Id, Instant } from '@breakwater/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export type Sharing = 'alone' | 'beside';
export type EndState =
  | 'released'
  | 'handed-over'
  | 'expired'
  | 'lapsed'
  | 'overridden'
  | 'opted-out'
  | 'stopped';

export interface ClaimRow {
  readonly id: Id<'claim'>;
  readonly holder: Id<'party'>;
  readonly sharing: Sharing;
  /** As packages/scope writes it. */
  readonly extent: string;
  readonly from_at: Instant;
  readonly until_at: Instant;
  readonly created_at: Instant;
  readonly used_at: Instant | null;
  /** When it ends by itself, whether or not that was written down yet. */
  readonly ends_at: Instant;
  readonly next_at: Instant;
  readonly warned: boolean;
  readonly renewals: number;
  readonly listed: boolean;
  readonly state: 'held' | EndState;
  readonly ended_at: Instant | null;
  readonly reason_content: Id<'content'> | null;
  readonly offered_to: Id<'party'> | null;
}

export const claimColumns = sql`c.id, c.holder, c.sharing, c.extent, c.from_at, c.until_at, c.created_at,
  c.used_at, c.ends_at, c.next_at, c.warned, c.renewals, c.listed, c.state, c.ended_at,
  c.reason_content, c.offered_to`;

/** Where to look: the places themselves with all that lies in them, and all that they lie in. */
export interface Places {
  readonly lineages: readonly string[];
  /** Every place that one of them lies in. */
  readonly ancestors: readonly string[];
}

/** U+10FFFF sorts behind every lineage that begins with what stands before it. */
export const last = '\u{10ffff}';

/**
 * The things of a table whose places lie at, in or around these: ancestors by equality, descendants
 * by one range each.
 */
export function placesWithin(
  { lineages, ancestors }: Places,
  table: RawBuilder<unknown>,
  thing: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    select p.${thing} from ${table} p where p.lineage = any(${[...ancestors]}::text[])
    union
    select p.${thing}
    from unnest(${[...lineages]}::text[]) as l (lineage)
    join ${table} p
      on p.lineage >= l.lineage collate "C" and p.lineage < (l.lineage || ${last}) collate "C"`;
}

/** A claim that was found by where it lies. */
export interface ClaimMet extends ClaimRow {
  /** Its holder let somebody in beside it. */
  readonly joined: boolean;
}

/**
 * The claims that have not been ended and whose places overlap. Those that ended by themselves and
 * were not looked at since are among them.
 *
 * The engine cannot know how little lies within a place and would rather read every claim (7 ms of
 * 20,000); the limit of one makes it look up each that was found.
 */
export async function claimsAt(reader: Reader, places: Places): Promise<readonly ClaimMet[]> {
  if (places.lineages.length === 0) return [];
  return await reader.rows(
    sql<ClaimMet>`
    with met as materialized (${placesWithin(places, sql`deconflict.claim_place`, sql`claim`)})
    select ${claimColumns}, exists (
      select from deconflict.join_answer a where a.claim = c.id and a.accepted) as joined
    from met cross join lateral (
      select * from deconflict.claim k where k.id = met.claim and k.ended_at is null limit 1) c`,
    { often: true },
  );
}

export async function claimsById(
  reader: Reader,
  ids: readonly string[],
): Promise<readonly ClaimRow[]> {
  if (ids.length === 0) return [];
  return await reader.rows(
    sql<ClaimRow>`select ${claimColumns} from deconflict.claim c where c.id = any(${[...ids]}::text[])`,
  );
}

/** How many claims each party holds at `now`; those who hold none are left out. */
export async function heldBy(
  reader: Reader,
  parties: readonly string[],
  now: Instant,
): Promise<ReadonlyMap<string, number>> {
  if (parties.length === 0) return new Map();
  const rows = await reader.rows(sql<{ holder: string; n: number }>`
    select holder, count(*)::int as n from deconflict.claim
    where holder = any(${[...parties]}::text[]) and ended_at is null and ends_at > ${now}
    group by holder`);
  return new Map(rows.map(({ holder, n }) => [holder, n]));
}

/** A claim that is new, with its places. */
export interface NewClaim extends ClaimRow {
  readonly lineages: readonly string[];
}

export async function insertClaims(tx: Transaction, claims: readonly NewClaim[]): Promise<void> {
  if (claims.length === 0) return;
  const column = <T>(pick: (claim: NewClaim) => T) => claims.map(pick);
  await tx.run(sql`
    insert into deconflict.claim (id, holder, sharing, extent, from_at, until_at, created_at,
      used_at, ends_at, next_at, warned, renewals, listed)
    select * from unnest(
      ${column((c) => c.id)}::text[], ${column((c) => c.holder)}::text[],
      ${column((c) => c.sharing)}::text[], ${column((c) => c.extent)}::text[],
      ${column((c) => c.from_at)}::timestamptz[], ${column((c) => c.until_at)}::timestamptz[],
      ${column((c) => c.created_at)}::timestamptz[], ${column((c) => c.used_at)}::timestamptz[],
      ${column((c) => c.ends_at)}::timestamptz[], ${column((c) => c.next_at)}::timestamptz[],
      ${column((c) => c.warned)}::boolean[], ${column((c) => c.renewals)}::smallint[],
      ${column((c) => c.listed)}::boolean[])`);
  const places = claims.flatMap((c) => c.lineages.map((lineage) => ({ lineage, claim: c.id })));
  await tx.run(sql`
    insert into deconflict.claim_place (lineage, claim)
    select * from unnest(
      ${places.map((p) => p.lineage)}::text[], ${places.map((p) => p.claim)}::text[])`);
  await tx.run(sql`
    insert into platform.visibility (party, subject, level)
    select *, 3 from unnest(${column((c) => c.holder)}::text[], ${column((c) => c.id)}::text[])`);
}

/** Lets a party know that there is a claim, which it is offered. */
export async function showOffer(tx: Transaction, claim: string, party: string): Promise<void> {
  await tx.run(sql`
    insert into platform.visibility (party, subject, level) values (${party}, ${claim}, 1)
    on conflict do nothing`);
}

/** Takes back what {@link showOffer} gave. */
export async function hideOffer(tx: Transaction, claim: string, party: string): Promise<void> {
  await tx.run(sql`
    delete from platform.visibility where party = ${party} and subject = ${claim} and level = 1`);
}

/** Writes what can change of claims: their end, use, renewals and state. */
export async function updateClaims(tx: Transaction, claims: readonly ClaimRow[]): Promise<void> {
  if (claims.length === 0) return;
  const column = <T>(pick: (claim: ClaimRow) => T) => claims.map(pick);
  const touched = await tx.run(sql`
    update deconflict.claim c set until_at = n.until_at, used_at = n.used_at, ends_at = n.ends_at,
      next_at = n.next_at, warned = n.warned, renewals = n.renewals, state = n.state,
      ended_at = n.ended_at, reason_content = n.reason_content, offered_to = n.offered_to
    from unnest(
      ${column((c) => c.id)}::text[], ${column((c) => c.until_at)}::timestamptz[],
      ${column((c) => c.used_at)}::timestamptz[], ${column((c) => c.ends_at)}::timestamptz[],
      ${column((c) => c.next_at)}::timestamptz[], ${column((c) => c.warned)}::boolean[],
      ${column((c) => c.renewals)}::smallint[], ${column((c) => c.state)}::text[],
      ${column((c) => c.ended_at)}::timestamptz[], ${column((c) => c.reason_content)}::text[],
      ${column((c) => c.offered_to)}::text[]
    ) as n (id, until_at, used_at, ends_at, next_at, warned, renewals, state, ended_at,
      reason_content, offered_to)
    where c.id = n.id and c.ended_at is null`);
  if (touched !== claims.length) {
    throw new Error(`expected ${claims.length} claims that had not ended, got ${touched}`);
  }
  const ended = claims.filter((c) => c.ended_at !== null).map((c) => c.id);
  if (ended.length === 0) return;
  await tx.run(sql`delete from deconflict.claim_place where claim = any(${ended}::text[])`);
}

/** Ids of claims whose holder is to be warned, or that have ended by themselves, at `now`. */
export async function claimsDue(
  reader: Reader,
  now: Instant,
  limit: number,
): Promise<readonly Id<'claim'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'claim'> }>`
    select id from deconflict.claim where ended_at is null and next_at <= ${now}
    order by next_at limit ${limit}`);
  return rows.map((row) => row.id);
}
