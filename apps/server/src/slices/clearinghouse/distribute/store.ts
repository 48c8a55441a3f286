import type { OsvRecord } from '@breakwater/formats/osv';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../page.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { seenBy, visibleTo } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';

export interface AdvisoryRow {
  readonly id: string;
  readonly case_id: Id<'case'>;
  readonly published_at: Instant;
  readonly osv: OsvRecord;
  readonly patch: Id<'patch'> | null;
}

export async function insertAdvisory(tx: Transaction, a: AdvisoryRow): Promise<void> {
  await tx.run(sql`
    insert into distribute.advisory (id, case_id, published_at, osv, patch)
    values (${a.id}, ${a.case_id}, ${a.published_at}, ${JSON.stringify(a.osv)}, ${a.patch})`);
}

export async function findAdvisory(
  reader: Reader,
  id: string,
  actor: Actor | null,
): Promise<AdvisoryRow | null> {
  return await reader.row(sql<AdvisoryRow>`
    select a.* from distribute.advisory a join ${visibleTo(actor)} v on v.subject = a.id where a.id = ${id}`);
}

export async function listAdvisories(
  reader: Reader,
  actor: Actor | null,
  page: { after: Cursor | null; limit: number },
): Promise<readonly AdvisoryRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (a.published_at, a.id) < (select published_at, id from distribute.advisory where id = ${page.after})`;
  return await reader.rows(sql<AdvisoryRow>`
    select a.* from distribute.advisory a
    where ${seenBy(actor, sql`a.id`)} ${beyond} order by a.published_at desc, a.id desc limit ${page.limit + 1}`);
}

/** Every published advisory, or the one named; for matching. */
export async function advisoriesForWork(
  reader: Reader,
  id: string | null,
): Promise<readonly AdvisoryRow[]> {
  const only = id === null ? sql`` : sql`where id = ${id}`;
  return await reader.rows(
    sql<AdvisoryRow>`select * from distribute.advisory ${only} order by published_at, id`,
  );
}

export interface InventoryRow {
  readonly id: Id<'inventory'>;
  readonly operator: string;
  readonly name_content: Id<'content'>;
  readonly format: string;
  readonly components: number;
  readonly file_content: Id<'content'>;
  readonly components_content: Id<'content'>;
  readonly uploaded_at: Instant;
}

export async function insertInventory(tx: Transaction, i: InventoryRow): Promise<void> {
  await tx.run(sql`
    insert into distribute.inventory (id, operator, name_content, format, components, file_content, components_content, uploaded_at)
    values (${i.id}, ${i.operator}, ${i.name_content}, ${i.format}, ${i.components}, ${i.file_content},
            ${i.components_content}, ${i.uploaded_at})`);
}

export async function listInventories(
  reader: Reader,
  actor: Actor,
  page: { after: Cursor | null; limit: number },
): Promise<readonly InventoryRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (i.uploaded_at, i.id) < (select uploaded_at, id from distribute.inventory
          where operator = ${actor.id} and id = ${page.after})`;
  return await reader.rows(sql<InventoryRow>`
    select i.* from distribute.inventory i
    where i.operator = ${actor.id} and ${seenBy(actor, sql`i.id`)} ${beyond}
    order by i.uploaded_at desc, i.id desc limit ${page.limit + 1}`);
}

export async function findInventory(reader: Reader, id: string): Promise<InventoryRow | null> {
  return await reader.row(sql<InventoryRow>`select * from distribute.inventory where id = ${id}`);
}

/** Ids and contents of every inventory, for rebuilding the index. */
export async function inventoriesForWork(
  reader: Reader,
): Promise<readonly Pick<InventoryRow, 'id' | 'components_content'>[]> {
  return await reader.rows(sql<Pick<InventoryRow, 'id' | 'components_content'>>`
    select id, components_content from distribute.inventory`);
}

export async function countInventories(reader: Reader): Promise<number> {
  const row = await reader.row(
    sql<{ n: number }>`select count(*)::int as n from distribute.inventory`,
  );
  return row?.n ?? 0;
}

export interface NoticeRow {
  readonly id: Id<'notice'>;
  readonly advisory: string;
  readonly case_id: Id<'case'>;
  readonly inventory: Id<'inventory'>;
  readonly operator: string;
  readonly status: 'open' | 'done' | 'helper' | 'not-affected' | 'withdrawn';
  readonly card_content: Id<'content'>;
  readonly component: string;
  readonly version: string;
  readonly due_at: Instant | null;
  readonly created_at: Instant;
  readonly receipt_at: Instant | null;
  readonly receipt_outcome: 'done' | 'helper' | 'not-affected' | null;
  readonly receipt_note_content: Id<'content'> | null;
}

/** Inserts a notice; 0 if this inventory has one for this advisory. */
export async function insertNotice(
  tx: Transaction,
  n: Omit<NoticeRow, 'status' | 'receipt_at' | 'receipt_outcome' | 'receipt_note_content'>,
): Promise<number> {
  return await tx.run(sql`
    insert into distribute.notice (id, advisory, case_id, inventory, operator, status, card_content, component, version, due_at, created_at)
    values (${n.id}, ${n.advisory}, ${n.case_id}, ${n.inventory}, ${n.operator}, 'open', ${n.card_content},
            ${n.component}, ${n.version}, ${n.due_at}, ${n.created_at})
    on conflict (advisory, inventory) do nothing`);
}

/** The inventories that already have a notice of this advisory. */
export async function notified(reader: Reader, advisory: string): Promise<ReadonlySet<string>> {
  const rows = await reader.rows(sql<{ inventory: string }>`
    select inventory from distribute.notice where advisory = ${advisory}`);
  return new Set(rows.map((r) => r.inventory));
}

export async function findNotice(
  reader: Reader,
  id: string,
  actor: Actor,
): Promise<NoticeRow | null> {
  return await reader.row(sql<NoticeRow>`
    select n.* from distribute.notice n join ${visibleTo(actor)} v on v.subject = n.id
    where n.id = ${id} and n.operator = ${actor.id}`);
}

export async function listNotices(
  reader: Reader,
  actor: Actor,
  page: { after: Cursor | null; limit: number },
): Promise<readonly NoticeRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (n.created_at, n.id) < (select created_at, id from distribute.notice
          where operator = ${actor.id} and id = ${page.after})`;
  return await reader.rows(sql<NoticeRow>`
    select n.* from distribute.notice n
    where n.operator = ${actor.id} and ${seenBy(actor, sql`n.id`)} ${beyond}
    order by n.created_at desc, n.id desc limit ${page.limit + 1}`);
}

export async function noticesOf(
  reader: Reader,
  caseId: string,
  actor: Actor,
): Promise<readonly NoticeRow[]> {
  return await reader.rows(sql<NoticeRow>`
    select n.* from distribute.notice n
    where n.case_id = ${caseId} and ${seenBy(actor, sql`n.id`)} order by n.created_at, n.id limit 10000`);
}

/** Keeps a receipt once; 0 if there is one. */
export async function setReceipt(
  tx: Transaction,
  id: string,
  r: { readonly at: Instant; readonly outcome: string; readonly note: string | null },
): Promise<number> {
  return await tx.run(sql`
    update distribute.notice set status = ${r.outcome}, receipt_at = ${r.at}, receipt_outcome = ${r.outcome},
      receipt_note_content = ${r.note} where id = ${id} and (receipt_outcome is null or receipt_outcome = 'helper')`);
}
