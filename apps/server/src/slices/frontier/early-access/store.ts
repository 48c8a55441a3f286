import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../page.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { seenBy } from '../../../platform/commands/visibility.ts';
import type { Database, Reader, Transaction } from '../../../platform/database/database.ts';
import type { EndsBecause } from './model.ts';

export interface PlanRow {
  readonly id: Id<'plan'>;
  readonly engagement: Id<'engagement'>;
  readonly party: Id<'party'>;
  readonly objectives_content: Id<'content'>;
  readonly who_content: Id<'content'>;
  readonly outputs_content: Id<'content'>;
  readonly afterwards_content: Id<'content'>;
  readonly persons_max: number;
  readonly return_days: number;
  readonly at: Instant;
}

export interface WindowRow {
  readonly id: Id<'window'>;
  readonly engagement: Id<'engagement'>;
  readonly plan: Id<'plan'>;
  readonly zone: string;
  readonly begins: Instant;
  readonly ends: Instant;
  readonly because: EndsBecause;
  /** By an act, or by the clock: then it is the end itself. */
  readonly ended_at: Instant | null;
  readonly opened_at: Instant;
}

export async function insertPlan(tx: Transaction, row: PlanRow): Promise<void> {
  await tx.run(sql`
    insert into early_access.plan (id, engagement, party, objectives_content, who_content,
      outputs_content, afterwards_content, persons_max, return_days, at)
    values (${row.id}, ${row.engagement}, ${row.party}, ${row.objectives_content},
      ${row.who_content}, ${row.outputs_content}, ${row.afterwards_content},
      ${row.persons_max}, ${row.return_days}, ${row.at})`);
}

export async function findPlan(reader: Reader, id: string): Promise<PlanRow | null> {
  return await reader.row(sql<PlanRow>`select * from early_access.plan where id = ${id}`);
}

/** The plans of some engagements, the newest first. */
export async function plansOf(
  reader: Reader,
  engagements: readonly string[],
): Promise<readonly PlanRow[]> {
  return await reader.rows(sql<PlanRow>`
    select * from early_access.plan where engagement = any(${[...engagements]}::text[])
    order by at desc, id desc`);
}

export async function insertWindow(
  tx: Transaction,
  row: Omit<WindowRow, 'ended_at'>,
): Promise<void> {
  await tx.run(sql`
    insert into early_access.access_window
      (id, engagement, plan, zone, begins, ends, because, opened_at)
    values (${row.id}, ${row.engagement}, ${row.plan}, ${row.zone}, ${row.begins}, ${row.ends},
      ${row.because}, ${row.opened_at})`);
}

/** EAR-5: the row itself takes no later end. */
export async function setEnds(tx: Transaction, id: string, ends: Instant): Promise<void> {
  await tx.run(sql`
    update early_access.access_window set ends = ${ends} where id = ${id} and ends > ${ends}`);
}

export async function markEnded(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(sql`
    update early_access.access_window set ended_at = ${at} where id = ${id} and ended_at is null`);
}

/**
 * EAR-6: a window that the clock was seen past is marked as ended at its end, so that none stands again
 * where the clock is set back.
 */
export async function keepOver(database: Database, now: Instant): Promise<void> {
  const isOver = sql`ended_at is null and ends <= ${now}::timestamptz`;
  const found = await database.read((r) =>
    r.row(sql`select 1 from early_access.access_window where ${isOver} limit 1`),
  );
  if (found === null) return;
  await database.write((tx) =>
    tx.run(sql`update early_access.access_window set ended_at = ends where ${isOver}`),
  );
}

export async function findWindow(reader: Reader, id: string): Promise<WindowRow | null> {
  return await reader.row(
    sql<WindowRow>`select * from early_access.access_window where id = ${id}`,
  );
}

/** Every window of some engagements, in the order in which they were opened. */
export async function windowsOf(
  reader: Reader,
  engagements: readonly string[],
): Promise<readonly WindowRow[]> {
  return await reader.rows(sql<WindowRow>`
    select * from early_access.access_window where engagement = any(${[...engagements]}::text[])
    order by opened_at, id`);
}

/** One row beyond `limit`, the newest first; of one engagement, or of all. */
export async function listWindows(
  reader: Reader,
  { actor, engagement }: { readonly actor: Actor; readonly engagement: string | undefined },
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly WindowRow[]> {
  const only = engagement === undefined ? sql`` : sql`and w.engagement = ${engagement}`;
  const beyond =
    page.after === null
      ? sql``
      : sql`and (w.opened_at, w.id) < (select l.opened_at, l.id from early_access.access_window l
          where l.id = ${page.after} and ${seenBy(actor, sql`l.id`)})`;
  return await reader.rows(sql<WindowRow>`
    select w.* from early_access.access_window w
    where ${seenBy(actor, sql`w.id`)} ${only} ${beyond}
    order by w.opened_at desc, w.id desc limit ${page.limit + 1}`);
}
