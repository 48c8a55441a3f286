import type { BodySide } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import type { Group } from '@breakwater/log';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import { commitmentOf } from './commitment.ts';
import type { RequestRow } from './request-row.ts';

/**
 * Stores requests that were settled, each once by its id, with its commitment; answers which of them
 * were not there yet. The next interval that closes takes them in.
 */
export async function insertRequests(
  tx: Transaction,
  rows: readonly RequestRow[],
): Promise<ReadonlySet<Id<'request'>>> {
  if (rows.length === 0) return new Set();
  const committed = rows.map((row) => ({ ...row, ...commitmentOf(row) }));
  // As lines, none of which has a line break in it: the driver escapes arrays letter by letter.
  const lines = (pick: (row: (typeof committed)[number]) => string) =>
    sql`string_to_array(${committed.map(pick).join('\n')}, chr(10))`;
  const inserted = await tx.rows(sql<{ id: Id<'request'> }>`
    insert into gateway.request
      (id, key, party, developer, ended_at, content, inside, salt, commitment)
    select id, key, party, developer, ended_at::timestamptz, content, inside,
      decode(salt, 'hex'), decode(commitment, 'hex')
    from unnest(
      ${lines(({ id }) => id)}, ${lines(({ key }) => key)},
      ${lines(({ party }) => party)}, ${lines(({ developer }) => developer)},
      ${lines(({ endedAt }) => endedAt)},
      ${lines(({ content }) => content)}, ${lines(({ inside }) => inside)},
      ${lines(({ salt }) => salt)},
      ${lines(({ commitment }) => commitment.toString('hex'))}
    ) with ordinality as r (id, key, party, developer, ended_at, content, inside, salt, commitment, place)
    order by place
    on conflict (id) do nothing returning id`);
  return new Set(inserted.map(({ id }) => id));
}

export interface StoredRequest {
  readonly id: Id<'request'>;
  readonly seq: number;
  readonly party: Id<'party'>;
  readonly developer: Id<'party'>;
  readonly content: string;
  readonly inside: string;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
}

/** A request of which `party` is one of the two sides; to everybody else there is none. */
export async function findRequest(
  reader: Reader,
  id: string,
  party: string,
): Promise<StoredRequest | null> {
  return await reader.row(sql<StoredRequest>`
    select id, seq, party, developer, content, inside, salt, commitment from gateway.request
    where id = ${id} and ${party} in (party, developer)`);
}

/** The requests of a party as the one side or the other, the newest first; one beyond the limit. */
export async function listRequests(
  reader: Reader,
  of: { readonly side: 'party' | 'developer'; readonly party: string; readonly key: string | null },
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly StoredRequest[]> {
  const column = sql.ref(of.side);
  const byKey = of.key === null ? sql`` : sql`and key = ${of.key}`;
  return await reader.rows(sql<StoredRequest>`
    select id, seq, party, developer, content, inside, salt, commitment from gateway.request
    where ${column} = ${of.party} ${byKey} and (${page.after}::text is null or (ended_at, id) < (
      select ended_at, id from gateway.request where id = ${page.after} and ${column} = ${of.party}))
    order by ended_at desc, id desc limit ${page.limit + 1}`);
}

/** Everything that came in up to now, and nothing that another process is still writing. */
export async function lastSeq(tx: Transaction): Promise<number> {
  // Waits for those who write, and lets nobody begin: numbers are drawn before rows are seen.
  await tx.run(sql`lock table gateway.request in share mode`);
  const row = await tx.row(
    sql<{ seq: number | null }>`select max(seq) as seq from gateway.request`,
  );
  return row?.seq ?? 0;
}

/** The newest interval: when it was closed, and up to which number. */
export async function newestInterval(
  reader: Reader,
): Promise<{ readonly last_seq: number; readonly at: Instant } | null> {
  return await reader.row(sql<{ last_seq: number; at: Instant }>`
    select last_seq, at from gateway.interval_root order by first_seq desc limit 1`);
}

/** Requests of one party at one developer between two numbers. */
export interface GroupRow {
  readonly party: string;
  readonly developer: string;
  readonly first_seq: number;
  readonly last_seq: number;
  /** Commitments in order, 32 bytes each. */
  readonly commitments: Uint8Array;
}

/**
 * The requests after one number up to another, by party and developer, in groups of `groupMax` at
 * most, in the order in which each began; as many groups as `limit`.
 */
export async function groupsBetween(
  reader: Reader,
  between: { readonly after: number; readonly upTo: number },
  most: { readonly groupMax: number; readonly limit: number },
): Promise<readonly GroupRow[]> {
  return await reader.rows(sql<GroupRow>`
    select party, developer, min(seq) as first_seq, max(seq) as last_seq,
      string_agg(commitment, ''::bytea order by seq) as commitments
    from (
      select party, developer, seq, commitment,
        (row_number() over (partition by party, developer order by seq) - 1) / ${most.groupMax} as part
      from gateway.request where seq > ${between.after} and seq <= ${between.upTo}
    ) as r
    group by party, developer, part order by min(seq) limit ${most.limit}`);
}

export interface IntervalRow {
  readonly id: Id<'interval'>;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly seed: Uint8Array;
  readonly root: Uint8Array;
  readonly at: Instant;
}

/** A group at its place. */
export interface PlaceRow extends GroupRow, Group {
  readonly place: number;
}

/** Stores an interval with its taken places; false where it was closed by another in between. */
export async function insertInterval(
  tx: Transaction,
  interval: IntervalRow,
  places: readonly PlaceRow[],
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into gateway.interval_root (id, first_seq, last_seq, seed, root, at)
    values (${interval.id}, ${interval.first_seq}, ${interval.last_seq},
            ${Buffer.from(interval.seed)}, ${Buffer.from(interval.root)}, ${interval.at})
    on conflict (first_seq) do nothing`);
  if (inserted === 0) return false;
  const column = <T>(pick: (row: PlaceRow) => T) => places.map(pick);
  await tx.run(sql`
    insert into gateway.interval_place
      (interval, place, party, developer, first_seq, last_seq, size, root, commitments)
    select ${interval.id}, place, party, developer, first_seq, last_seq, size, root, commitments
    from unnest(
      ${column(({ place }) => place)}::smallint[], ${column(({ party }) => party)}::text[],
      ${column(({ developer }) => developer)}::text[],
      ${column(({ first_seq }) => first_seq)}::bigint[],
      ${column(({ last_seq }) => last_seq)}::bigint[],
      ${column(({ size }) => size)}::int[],
      ${column(({ root }) => Buffer.from(root))}::bytea[],
      ${column(({ commitments }) => Buffer.from(commitments))}::bytea[]
    ) as p (place, party, developer, first_seq, last_seq, size, root, commitments)`);
  return true;
}

/** Where a request is, and what its proof is made of. */
export interface Closed {
  readonly interval: Id<'interval'>;
  readonly seed: Uint8Array;
  readonly place: number;
  /** Of its group, in order, 32 bytes each. */
  readonly commitments: Uint8Array;
}

/** The closed interval that a request is in; null until there is one. */
export async function closedWith(
  reader: Reader,
  { party, developer, seq }: Pick<StoredRequest, 'party' | 'developer' | 'seq'>,
): Promise<Closed | null> {
  return await reader.row(sql<Closed>`
    select p.interval, i.seed, p.place, p.commitments
    from gateway.interval_place p join gateway.interval_root i on i.id = p.interval
    where p.party = ${party} and p.developer = ${developer}
      and p.last_seq >= ${seq} and p.first_seq <= ${seq}`);
}

/** Every taken place of an interval. */
export async function placesIn(
  reader: Reader,
  interval: Id<'interval'>,
): Promise<readonly (Group & { readonly place: number })[]> {
  return await reader.rows(sql<Group & { place: number }>`
    select place, size, root from gateway.interval_place where interval = ${interval}`);
}

/** Which bodies of these requests were kept. */
export async function bodiesOf(
  reader: Reader,
  requests: readonly string[],
): Promise<readonly { readonly request: string; readonly side: BodySide }[]> {
  return await reader.rows(sql<{ request: string; side: BodySide }>`
    select request, side from gateway.body where request = any(${[...requests]}) order by side`);
}

/** A body that was kept, as an item of the content store. */
export async function findBody(
  reader: Reader,
  request: Id<'request'>,
  side: BodySide,
): Promise<{ readonly content: Id<'content'> } | null> {
  return await reader.row(sql<{ content: Id<'content'> }>`
    select content from gateway.body where request = ${request} and side = ${side}`);
}

/** Notes which bodies were kept, and where. */
export async function insertBodies(
  tx: Transaction,
  bodies: readonly {
    readonly request: Id<'request'>;
    readonly side: BodySide;
    readonly content: Id<'content'>;
    readonly bytes: number;
  }[],
): Promise<void> {
  await tx.run(sql`
    insert into gateway.body (request, side, content, bytes)
    select request, side, content, bytes from unnest(
      ${bodies.map(({ request }) => request)}::text[], ${bodies.map(({ side }) => side)}::text[],
      ${bodies.map(({ content }) => content)}::text[], ${bodies.map(({ bytes }) => bytes)}::bigint[]
    ) as b (request, side, content, bytes) on conflict do nothing`);
}
