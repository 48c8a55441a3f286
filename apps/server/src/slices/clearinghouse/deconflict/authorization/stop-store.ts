import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import { around } from './control-store.ts';

export interface StopRow {
  readonly id: Id<'stop'>;
  readonly target: string;
  readonly lineage: string;
  readonly by_party: string;
  /** On whose control it was pressed; null: a coordinator did. */
  readonly control: Id<'control'> | null;
  readonly at: Instant;
  readonly reason_content: Id<'content'> | null;
  readonly claims: number;
  readonly campaigns: number;
  readonly lifted_at: Instant | null;
  readonly lifted_by: string | null;
  readonly lift_reason_content: Id<'content'> | null;
}

const columns = sql`s.id, s.target, s.lineage, s.by_party, s.control, s.at, s.reason_content,
  s.claims, s.campaigns, s.lifted_at, s.lifted_by, s.lift_reason_content`;

export async function insertStop(
  tx: Transaction,
  s: Omit<StopRow, 'lifted_at' | 'lifted_by' | 'lift_reason_content'>,
): Promise<void> {
  await tx.run(sql`
    insert into deconflict.stop
      (id, target, lineage, by_party, control, at, reason_content, claims, campaigns)
    values (${s.id}, ${s.target}, ${s.lineage}, ${s.by_party}, ${s.control}, ${s.at},
      ${s.reason_content}, ${s.claims}, ${s.campaigns})`);
}

export async function findStop(reader: Reader, id: string): Promise<StopRow | null> {
  return await reader.row(sql<StopRow>`
    select ${columns} from deconflict.stop s where s.id = ${id}`);
}

/** Lifts a stop; 0 if it was lifted before. */
export async function liftRow(
  tx: Transaction,
  id: string,
  lift: { readonly at: Instant; readonly by: string; readonly reason: string },
): Promise<number> {
  return await tx.run(sql`
    update deconflict.stop set lifted_at = ${lift.at}, lifted_by = ${lift.by},
      lift_reason_content = ${lift.reason}
    where id = ${id} and lifted_at is null`);
}

/** Lineages of the stops that stand at, in or around these places. */
export async function standingStops(
  reader: Reader,
  lineages: readonly string[],
): Promise<readonly string[]> {
  if (lineages.length === 0) return [];
  const rows = await reader.rows(
    sql<{ lineage: string }>`
    select distinct lineage from deconflict.stop
    where lifted_at is null and ${around(lineages)}`,
    { often: true },
  );
  return rows.map((row) => row.lineage);
}

/** The stop of exactly this place that stands, if any. */
export async function stopAt(reader: Reader, lineage: string): Promise<StopRow | null> {
  return await reader.row(sql<StopRow>`
    select ${columns} from deconflict.stop s
    where s.lineage = ${lineage} and s.lifted_at is null order by s.at limit 1`);
}

/** Stops, newest first: all, or those at, in or around places, or pressed by the party. */
export async function listStops(
  reader: Reader,
  filter: {
    readonly of: { readonly party: string; readonly lineages: readonly string[] } | null;
    readonly state: 'standing' | 'lifted' | null;
  },
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly StopRow[]> {
  const own =
    filter.of === null
      ? sql`true`
      : sql`(s.by_party = ${filter.of.party} or ${around(filter.of.lineages)})`;
  const state =
    filter.state === null
      ? sql``
      : filter.state === 'lifted'
        ? sql`and s.lifted_at is not null`
        : sql`and s.lifted_at is null`;
  const beyond =
    page.after === null
      ? sql``
      : sql`and (s.at, s.id) < (select l.at, l.id from deconflict.stop l where l.id = ${page.after})`;
  return await reader.rows(sql<StopRow>`
    select ${columns} from deconflict.stop s where ${own} ${state} ${beyond}
    order by s.at desc, s.id desc limit ${page.limit + 1}`);
}
