import type { ControlState, ControlWay } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { ancestorsOf, lineageRange } from '@breakwater/scope';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { Settlement } from './decide.ts';

export interface ControlRow {
  readonly id: Id<'control'>;
  readonly party: Id<'party'>;
  readonly target: string;
  readonly lineage: string;
  readonly way: ControlWay;
  readonly token: string;
  readonly statement_content: Id<'content'> | null;
  readonly created_at: Instant;
  readonly proven_at: Instant | null;
  readonly valid_until: Instant | null;
  readonly next_at: Instant | null;
  readonly failure: string | null;
  readonly ended_at: Instant | null;
}

const columns = sql`c.id, c.party, c.target, c.lineage, c.way, c.token, c.statement_content,
  c.created_at, c.proven_at, c.valid_until, c.next_at, c.failure, c.ended_at`;

/** SQL that holds for rows whose `lineage` lies at, in or around one of the places. */
export function around(lineages: readonly string[]) {
  const above = [...new Set(lineages.flatMap((lineage) => ancestorsOf(lineage)))];
  const ranges = lineages.map(lineageRange);
  return sql`(lineage = any(${above}::text[]) or exists (
    select 1 from unnest(${ranges.map((r) => r.from)}::text[],
      ${ranges.map((r) => r.before)}::text[]) as range (first, before)
    where lineage >= range.first collate "C" and lineage < range.before collate "C"))`;
}

export async function insertControl(
  tx: Transaction,
  c: Pick<
    ControlRow,
    'id' | 'party' | 'target' | 'lineage' | 'way' | 'token' | 'statement_content' | 'created_at'
  >,
): Promise<void> {
  await tx.run(sql`
    insert into deconflict.control
      (id, party, target, lineage, way, token, statement_content, created_at)
    values (${c.id}, ${c.party}, ${c.target}, ${c.lineage}, ${c.way}, ${c.token},
      ${c.statement_content}, ${c.created_at})`);
}

export async function findControl(reader: Reader, id: string): Promise<ControlRow | null> {
  return await reader.row(
    sql<ControlRow>`select ${columns} from deconflict.control c where c.id = ${id}`,
  );
}

export async function countControls(reader: Reader, party: string): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from deconflict.control where party = ${party} and ended_at is null`);
  return row?.n ?? 0;
}

/** Controls, newest first; of one party, or all of them. */
export async function listControls(
  reader: Reader,
  filter: {
    readonly party: string | null;
    readonly state: ControlState | null;
    readonly now: Instant;
  },
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly ControlRow[]> {
  const of = filter.party === null ? sql`` : sql`and c.party = ${filter.party}`;
  const beyond =
    page.after === null
      ? sql``
      : sql`and (c.created_at, c.id) < (select l.created_at, l.id from deconflict.control l
          where l.id = ${page.after})`;
  return await reader.rows(sql<ControlRow>`
    select ${columns} from deconflict.control c
    where ${inState(filter.state, filter.now)} ${of} ${beyond}
    order by c.created_at desc, c.id desc limit ${page.limit + 1}`);
}

/** `contested` is a matter of two rows: those that may be are proven ones. */
function inState(state: ControlState | null, now: Instant) {
  switch (state) {
    case null:
      return sql`true`;
    case 'withdrawn':
      return sql`c.ended_at is not null`;
    case 'pending':
      return sql`c.ended_at is null and c.proven_at is null`;
    case 'lapsed':
      return sql`c.ended_at is null and c.valid_until <= ${now}`;
    case 'proven':
    case 'contested':
      return sql`c.ended_at is null and c.valid_until > ${now}`;
  }
}

/** Every control that was found once, at, in or around these places. */
export async function proofsAround(
  reader: Reader,
  lineages: readonly string[],
): Promise<readonly ControlRow[]> {
  if (lineages.length === 0) return [];
  return await reader.rows(sql<ControlRow>`
    select ${columns} from deconflict.control c
    where c.ended_at is null and c.valid_until is not null and ${around(lineages)}`);
}

/** All proofs that count at `now`: what may be contested. */
export async function validProofs(
  reader: Reader,
  now: Instant,
  limit: number,
): Promise<readonly ControlRow[]> {
  return await reader.rows(sql<ControlRow>`
    select ${columns} from deconflict.control c
    where c.ended_at is null and c.valid_until > ${now}
    order by c.lineage limit ${limit}`);
}

export async function settlementsAround(
  reader: Reader,
  lineages: readonly string[],
): Promise<readonly Settlement[]> {
  if (lineages.length === 0) return [];
  return await reader.rows(sql<Settlement>`
    select lineage, believed, over from deconflict.settlement where ${around(lineages)}`);
}

export async function allSettlements(reader: Reader): Promise<readonly Settlement[]> {
  return await reader.rows(
    sql<Settlement>`select lineage, believed, over from deconflict.settlement`,
  );
}

/** Writes what a coordinator decided; what was decided before between the two there is gone. */
export async function putSettlement(
  tx: Transaction,
  s: Settlement & { readonly reason: string; readonly by: string; readonly at: Instant },
): Promise<void> {
  await tx.run(sql`
    delete from deconflict.settlement where lineage = ${s.lineage}
      and ((believed = ${s.over} and over = ${s.believed})
        or (believed = ${s.believed} and over = ${s.over}))`);
  await tx.run(sql`
    insert into deconflict.settlement (lineage, believed, over, reason_content, by_party, at)
    values (${s.lineage}, ${s.believed}, ${s.over}, ${s.reason}, ${s.by}, ${s.at})`);
}

/** Notes how a look came out; 0 where the control was given up meanwhile. */
export async function noteLook(
  tx: Transaction,
  id: string,
  look: Pick<ControlRow, 'proven_at' | 'valid_until' | 'next_at' | 'failure'>,
): Promise<number> {
  return await tx.run(sql`
    update deconflict.control set proven_at = ${look.proven_at}, valid_until = ${look.valid_until},
      next_at = ${look.next_at}, failure = ${look.failure}
    where id = ${id} and ended_at is null`);
}

export async function noteRuling(
  tx: Transaction,
  id: string,
  ruling: { readonly by: string; readonly reason: string },
): Promise<void> {
  await tx.run(sql`
    update deconflict.control set ruled_by = ${ruling.by}, ruling_content = ${ruling.reason}
    where id = ${id}`);
}

/** Ends a control; 0 if it had ended before. */
export async function endControl(tx: Transaction, id: string, at: Instant): Promise<number> {
  return await tx.run(sql`
    update deconflict.control set ended_at = ${at} where id = ${id} and ended_at is null`);
}
