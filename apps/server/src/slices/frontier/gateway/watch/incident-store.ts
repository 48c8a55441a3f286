import type { GatewayMark, incidentClosings } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface IncidentRow {
  readonly id: Id<'incident'>;
  readonly developer: Id<'party'>;
  readonly party: Id<'party'>;
  readonly holder: Id<'member'>;
  readonly key: Id<'gkey'>;
  readonly model: Id<'model'>;
  readonly requests: number;
  readonly first_at: Instant;
  readonly last_at: Instant;
  readonly raised_at: Instant;
  readonly closed_at: Instant | null;
  readonly closed_as: (typeof incidentClosings)[number] | null;
  readonly closed_content: Id<'content'> | null;
  readonly closed_by: Id<'party'> | null;
}

export interface MarkRow {
  readonly incident: Id<'incident'>;
  readonly mark: GatewayMark;
  readonly requests: number;
  readonly first_at: Instant;
  readonly last_at: Instant;
}

/** A request that bears marks. */
export interface MarkedRequest {
  readonly seq: number;
  readonly developer: Id<'party'>;
  readonly party: Id<'party'>;
  readonly holder: Id<'member'>;
  readonly key: Id<'gkey'>;
  readonly model: Id<'model'>;
  readonly marks: readonly string[];
  readonly ended_at: Instant;
}

/** Up to which request marks were gathered. */
export async function marksHead(reader: Reader): Promise<number> {
  const row = await reader.row(sql<{ seq: number }>`select seq from gateway.marks_head`);
  return row?.seq ?? 0;
}

/** The same; nobody else gathers until this transaction is over. */
export async function lockMarksHead(tx: Transaction): Promise<number> {
  const row = await tx.row(
    sql<{ seq: number }>`select seq from gateway.marks_head where one for update`,
  );
  if (row === null) throw new Error('expected the row that says how far marks were gathered');
  return row.seq;
}

export async function setMarksHead(tx: Transaction, seq: number): Promise<void> {
  await tx.run(sql`update gateway.marks_head set seq = ${seq}`);
}

/** Up to which request intervals were closed: no request before it can still come. */
export async function closedUpTo(reader: Reader): Promise<number> {
  const row = await reader.row(
    sql<{ seq: number | null }>`select max(last_seq) as seq from gateway.interval_root`,
  );
  return row?.seq ?? 0;
}

/** The condition stands here word for word as the index has it. */
export async function markedBetween(
  reader: Reader,
  { after, upTo }: { readonly after: number; readonly upTo: number },
  limit: number,
): Promise<readonly MarkedRequest[]> {
  return await reader.rows(sql<MarkedRequest>`
    select seq, developer, party, content::jsonb->>'holder' as holder,
      content::jsonb->>'key' as key, inside::jsonb->>'model' as model,
      array(select jsonb_array_elements_text(inside::jsonb->'marks')) as marks, ended_at
    from gateway.request
    where seq > ${after} and seq <= ${upTo} and not starts_with(inside, '{"marks":[],')
    order by seq limit ${limit}`);
}

/** Marks that were expected of some keys by incidents closed since then. */
export async function expectedMarks(
  reader: Reader,
  keys: readonly string[],
  since: Instant,
): Promise<readonly { readonly key: string; readonly mark: string }[]> {
  return await reader.rows(sql<{ key: string; mark: string }>`
    select distinct i.key, m.mark from gateway.incident i
      join gateway.incident_mark m on m.incident = i.id
    where i.key = any(${[...keys]}::text[]) and i.closed_as = 'expected' and i.closed_at > ${since}`);
}

/** The open incident of each of some keys that has one. */
export async function openIncidents(
  reader: Reader,
  keys: readonly string[],
): Promise<readonly IncidentRow[]> {
  return await reader.rows(sql<IncidentRow>`
    select * from gateway.incident
    where key = any(${[...keys]}::text[]) and closed_at is null`);
}

export async function insertIncident(
  tx: Transaction,
  row: Omit<IncidentRow, 'closed_at' | 'closed_as' | 'closed_content' | 'closed_by'>,
): Promise<void> {
  await tx.run(sql`
    insert into gateway.incident
      (id, developer, party, holder, key, model, requests, first_at, last_at, raised_at)
    values (${row.id}, ${row.developer}, ${row.party}, ${row.holder}, ${row.key}, ${row.model},
      ${row.requests}, ${row.first_at}, ${row.last_at}, ${row.raised_at})`);
}

export async function addRequests(
  tx: Transaction,
  incident: string,
  of: Pick<IncidentRow, 'requests' | 'first_at' | 'last_at'>,
): Promise<void> {
  await tx.run(sql`
    update gateway.incident set requests = requests + ${of.requests}::bigint,
      first_at = least(first_at, ${of.first_at}::timestamptz),
      last_at = greatest(last_at, ${of.last_at}::timestamptz) where id = ${incident}`);
}

export async function addMark(tx: Transaction, row: MarkRow): Promise<void> {
  await tx.run(sql`
    insert into gateway.incident_mark as m (incident, mark, requests, first_at, last_at)
    values (${row.incident}, ${row.mark}, ${row.requests}, ${row.first_at}, ${row.last_at})
    on conflict (incident, mark) do update set requests = m.requests + excluded.requests,
      first_at = least(m.first_at, excluded.first_at),
      last_at = greatest(m.last_at, excluded.last_at)`);
}

/** An incident of a developer's; to everybody else there is none. */
export async function findIncident(
  reader: Reader,
  id: string,
  developer: string,
): Promise<IncidentRow | null> {
  return await reader.row(sql<IncidentRow>`
    select * from gateway.incident where id = ${id} and developer = ${developer}`);
}

export async function marksOf(
  reader: Reader,
  incidents: readonly string[],
): Promise<ReadonlyMap<string, readonly MarkRow[]>> {
  const rows = await reader.rows(sql<MarkRow>`
    select * from gateway.incident_mark where incident = any(${[...incidents]}::text[])
    order by incident, mark`);
  return Map.groupBy(rows, ({ incident }) => incident);
}

/** The names of those that keys are bound to; who was erased has a name that cannot be read. */
export async function holderNames(
  reader: Reader,
  holders: readonly string[],
): Promise<ReadonlyMap<string, Id<'content'>>> {
  const rows = await reader.rows(sql<{ id: string; name_content: Id<'content'> }>`
    select id, name_content from directory.member
    where id = any(${[...new Set(holders)]}::text[])`);
  return new Map(rows.map(({ id, name_content: name }) => [id, name]));
}

/** One row beyond `limit`, the newest first. */
export async function listIncidents(
  reader: Reader,
  { developer, open }: { readonly developer: string; readonly open: boolean | null },
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly IncidentRow[]> {
  const only = open === null ? sql`` : sql`and (closed_at is null) = ${open}`;
  const beyond =
    page.after === null
      ? sql``
      : sql`and (raised_at, id) < (select raised_at, id from gateway.incident
          where id = ${page.after} and developer = ${developer})`;
  return await reader.rows(sql<IncidentRow>`
    select * from gateway.incident where developer = ${developer} ${only} ${beyond}
    order by raised_at desc, id desc limit ${page.limit + 1}`);
}

export async function markClosed(
  tx: Transaction,
  id: string,
  how: {
    readonly at: Instant;
    readonly as: string;
    readonly content: Id<'content'>;
    readonly by: Id<'party'>;
  },
): Promise<void> {
  await tx.run(sql`
    update gateway.incident set closed_at = ${how.at}, closed_as = ${how.as},
      closed_content = ${how.content}, closed_by = ${how.by}
    where id = ${id} and closed_at is null`);
}
