import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { Look } from './extent.ts';
import { type Places, placesWithin, type Sharing } from './store.ts';

export interface WaitRow {
  readonly id: Id<'wait'>;
  readonly party: Id<'party'>;
  readonly sharing: Sharing;
  readonly extent: string;
  readonly hours: number;
  readonly since: Instant;
  readonly give_up_at: Instant;
  readonly listed: boolean;
  readonly state: 'waiting' | 'granted' | 'given-up' | 'withdrawn' | 'ended';
  readonly claim: Id<'claim'> | null;
  readonly ended_at: Instant | null;
  readonly look_at: Instant;
  readonly reason_content: Id<'content'> | null;
}

const columns = sql`w.id, w.party, w.sharing, w.extent, w.hours, w.since, w.give_up_at, w.listed,
  w.state, w.claim, w.ended_at, w.look_at, w.reason_content`;

const waitsIn = (places: Places) => placesWithin(places, sql`deconflict.wait_place`, sql`wait`);

/** Who stands in line at these places. */
export async function waitsAt(reader: Reader, places: Places): Promise<readonly WaitRow[]> {
  if (places.lineages.length === 0) return [];
  return await reader.rows(
    sql<WaitRow>`
    with met as materialized (${waitsIn(places)})
    select ${columns} from met cross join lateral (
      select * from deconflict.wait k where k.id = met.wait and k.state = 'waiting' limit 1) w`,
    { often: true },
  );
}

/** Has everybody who waits where something was freed tried again at once. */
export async function hastenWaits(
  tx: Transaction,
  freed: readonly Look[],
  now: Instant,
): Promise<void> {
  if (freed.length === 0) return;
  const places = {
    lineages: [...new Set(freed.flatMap((look) => look.places.lineages))],
    ancestors: [...new Set(freed.flatMap((look) => look.places.ancestors))],
  };
  await tx.run(sql`
    update deconflict.wait set look_at = ${now}
    where state = 'waiting' and id in (${waitsIn(places)})`);
}

export async function waitsById(
  reader: Reader,
  ids: readonly string[],
): Promise<readonly WaitRow[]> {
  if (ids.length === 0) return [];
  return await reader.rows(
    sql<WaitRow>`select ${columns} from deconflict.wait w where w.id = any(${[...ids]}::text[])`,
  );
}

/** Those in line who are to be tried now, the longest waiting first. */
export async function waitsDue(
  reader: Reader,
  now: Instant,
  limit: number,
): Promise<readonly Id<'wait'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'wait'> }>`
    select id from deconflict.wait where state = 'waiting' and look_at <= ${now}
    order by look_at limit ${limit}`);
  return rows.map((row) => row.id);
}

/** What a party stands in line for and stood, newest first. */
export async function waitsOf(
  reader: Reader,
  party: string,
  limit: number,
): Promise<readonly WaitRow[]> {
  return await reader.rows(sql<WaitRow>`
    select ${columns} from deconflict.wait w where w.party = ${party}
    order by w.since desc, w.id desc limit ${limit}`);
}

/** Everybody who stands in line, who came last first. */
export async function waitsStanding(
  reader: Reader,
  {
    after,
    limit,
  }: {
    readonly after: { readonly at: Instant; readonly id: string } | null;
    readonly limit: number;
  },
): Promise<readonly WaitRow[]> {
  const beyond =
    after === null ? sql`` : sql`and (w.since, w.id) < (${after.at}::timestamptz, ${after.id})`;
  return await reader.rows(sql<WaitRow>`
    select ${columns} from deconflict.wait w where w.state = 'waiting' ${beyond}
    order by w.since desc, w.id desc limit ${limit}`);
}

/** How often each party stands in line; those who do not are left out. */
export async function waitingBy(
  reader: Reader,
  parties: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (parties.length === 0) return new Map();
  const rows = await reader.rows(sql<{ party: string; n: number }>`
    select party, count(*)::int as n from deconflict.wait
    where party = any(${[...parties]}::text[]) and state = 'waiting' group by party`);
  return new Map(rows.map(({ party, n }) => [party, n]));
}

export interface NewWait extends WaitRow {
  readonly lineages: readonly string[];
}

export async function insertWaits(tx: Transaction, waits: readonly NewWait[]): Promise<void> {
  if (waits.length === 0) return;
  const column = <T>(pick: (wait: NewWait) => T) => waits.map(pick);
  await tx.run(sql`
    insert into deconflict.wait (id, party, sharing, extent, hours, since, give_up_at, listed,
      look_at)
    select * from unnest(
      ${column((w) => w.id)}::text[], ${column((w) => w.party)}::text[],
      ${column((w) => w.sharing)}::text[], ${column((w) => w.extent)}::text[],
      ${column((w) => w.hours)}::int[], ${column((w) => w.since)}::timestamptz[],
      ${column((w) => w.give_up_at)}::timestamptz[], ${column((w) => w.listed)}::boolean[],
      ${column((w) => w.look_at)}::timestamptz[])`);
  const places = waits.flatMap((w) => w.lineages.map((lineage) => ({ lineage, wait: w.id })));
  await tx.run(sql`
    insert into deconflict.wait_place (lineage, wait)
    select * from unnest(
      ${places.map((p) => p.lineage)}::text[], ${places.map((p) => p.wait)}::text[])`);
  await tx.run(sql`
    insert into platform.visibility (party, subject, level)
    select *, 3 from unnest(${column((w) => w.party)}::text[], ${column((w) => w.id)}::text[])`);
}

/** Writes what can change of those in line. */
export async function updateWaits(tx: Transaction, waits: readonly WaitRow[]): Promise<void> {
  if (waits.length === 0) return;
  const column = <T>(pick: (wait: WaitRow) => T) => waits.map(pick);
  await tx.run(sql`
    update deconflict.wait w set state = n.state, claim = n.claim, ended_at = n.ended_at,
      look_at = n.look_at, reason_content = n.reason_content
    from unnest(
      ${column((w) => w.id)}::text[], ${column((w) => w.state)}::text[],
      ${column((w) => w.claim)}::text[], ${column((w) => w.ended_at)}::timestamptz[],
      ${column((w) => w.look_at)}::timestamptz[], ${column((w) => w.reason_content)}::text[]
    ) as n (id, state, claim, ended_at, look_at, reason_content)
    where w.id = n.id`);
  const over = waits.filter((w) => w.state !== 'waiting').map((w) => w.id);
  if (over.length === 0) return;
  await tx.run(sql`delete from deconflict.wait_place where wait = any(${over}::text[])`);
}
