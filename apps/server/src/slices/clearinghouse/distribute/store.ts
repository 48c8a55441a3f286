import type { OsvRecord } from '@breakwater/formats/osv';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../page.ts';
import { levels } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { levelBy, seenBy, visibleTo } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { helpedBy, type Looking } from './helper/store.ts';
import { clearUndecided, unjudged } from './undecided-store.ts';

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

/** Whether an advisory of another case has this id. */
export async function advisoryExists(
  reader: Reader,
  of: { readonly id: string; readonly besides: string },
): Promise<boolean> {
  const row = await reader.row(sql<{ id: string }>`
    select id from distribute.advisory where id = ${of.id} and case_id <> ${of.besides}`);
  return row !== null;
}

export async function findAdvisory(
  reader: Reader,
  id: string,
  actor: Actor | null,
): Promise<AdvisoryRow | null> {
  return await reader.row(sql<AdvisoryRow>`
    select a.* from distribute.advisory a join ${visibleTo(actor)} v on v.subject = a.id where a.id = ${id}`);
}

/** What narrows the list of advisories. */
export interface AdvisoryFilter {
  /** Part of a package's name. */
  readonly package?: string | undefined;
  /** With or without its release. */
  readonly ecosystem?: string | undefined;
  /** Of the advisory, or an alias. */
  readonly id?: string | undefined;
  readonly since?: Instant | undefined;
}

export async function listAdvisories(
  reader: Reader,
  actor: Actor | null,
  page: { after: Cursor | null; limit: number; filter: AdvisoryFilter },
): Promise<readonly AdvisoryRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (a.published_at, a.id) < (select published_at, id from distribute.advisory where id = ${page.after})`;
  return await reader.rows(sql<AdvisoryRow>`
    select a.* from distribute.advisory a
    where ${seenBy(actor, sql`a.id`)} ${beyond} ${narrowed(page.filter)} order by a.published_at desc, a.id desc limit ${page.limit + 1}`);
}

function narrowed({ package: name, ecosystem, id, since }: AdvisoryFilter) {
  const affected = [
    ...(name === undefined
      ? []
      : [sql`position(lower(${name}::text) in lower(f->'package'->>'name')) > 0`]),
    ...(ecosystem === undefined
      ? []
      : [
          sql`(f->'package'->>'ecosystem' = ${ecosystem}
            or starts_with(f->'package'->>'ecosystem', ${`${ecosystem}:`}::text))`,
        ]),
  ];
  return sql.join(
    [
      ...(affected.length === 0
        ? []
        : [
            sql`and exists (select 1 from jsonb_array_elements(a.osv->'affected') f
              where ${sql.join(affected, sql` and `)})`,
          ]),
      ...(id === undefined
        ? []
        : [sql`and (a.id = ${id} or jsonb_exists(a.osv->'aliases', ${id}::text))`]),
      ...(since === undefined ? [] : [sql`and a.published_at >= ${since}`]),
      sql``,
    ],
    sql` `,
  );
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
  /** null: it came in before this was counted. */
  readonly not_understood: number | null;
  readonly file_content: Id<'content'>;
  readonly components_content: Id<'content'>;
  readonly uploaded_at: Instant;
  /** The Debian release its operator named. */
  readonly release: string | null;
  /** null: it came in before this was counted. */
  readonly release_missing: number | null;
  /** The revision that was last compared with every advisory. */
  readonly judged_revision: number | null;
  /** How many lists of this name came in, and how often it was changed. */
  readonly revision: number;
}

export type NewInventory = Omit<InventoryRow, 'revision' | 'judged_revision'> & {
  readonly name_key: Uint8Array;
};

export async function insertInventory(tx: Transaction, i: NewInventory): Promise<void> {
  await tx.run(sql`
    insert into distribute.inventory (id, operator, name_content, name_key, format, components, not_understood, file_content, components_content, uploaded_at, release, release_missing)
    values (${i.id}, ${i.operator}, ${i.name_content}, ${Buffer.from(i.name_key)}, ${i.format}, ${i.components}, ${i.not_understood},
            ${i.file_content}, ${i.components_content}, ${i.uploaded_at}, ${i.release}, ${i.release_missing})`);
}

/** The inventory an operator calls so. */
export async function inventoryNamed(
  reader: Reader,
  nameKey: Uint8Array,
): Promise<InventoryRow | null> {
  return await reader.row(sql<InventoryRow>`
    select * from distribute.inventory where name_key = ${Buffer.from(nameKey)}`);
}

/** Puts a newer list in the place of the one an inventory was. */
export async function replaceInventory(
  tx: Transaction,
  id: string,
  by: Omit<NewInventory, 'id' | 'operator' | 'name_content' | 'name_key'>,
): Promise<void> {
  await tx.run(sql`
    update distribute.inventory set format = ${by.format}, components = ${by.components},
      not_understood = ${by.not_understood}, file_content = ${by.file_content}, components_content = ${by.components_content},
      uploaded_at = ${by.uploaded_at}, release = ${by.release}, release_missing = ${by.release_missing},
      revision = revision + 1 where id = ${id}`);
}

/** Names an inventory otherwise. */
export async function renameInventory(
  tx: Transaction,
  id: string,
  by: Pick<NewInventory, 'name_content' | 'name_key'>,
): Promise<void> {
  await tx.run(sql`
    update distribute.inventory set name_content = ${by.name_content},
      name_key = ${Buffer.from(by.name_key)}, revision = revision + 1 where id = ${id}`);
}

/** One of an operator's own inventories. */
export async function ownInventory(
  reader: Reader,
  id: string,
  actor: Actor,
): Promise<InventoryRow | null> {
  return await reader.row(sql<InventoryRow>`
    select i.* from distribute.inventory i
    where i.id = ${id} and i.operator = ${actor.id} and ${seenBy(actor, sql`i.id`)}`);
}

export async function listInventories(
  reader: Reader,
  actor: Actor,
  page: { after: Cursor | null; limit: number; unjudged: boolean },
): Promise<readonly InventoryRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (i.uploaded_at, i.id) < (select uploaded_at, id from distribute.inventory
          where operator = ${actor.id} and id = ${page.after})`;
  return await reader.rows(sql<InventoryRow>`
    select i.* from distribute.inventory i
    where i.operator = ${actor.id} and ${seenBy(actor, sql`i.id`)} ${beyond}
      ${page.unjudged ? sql`and ${unjudged()}` : sql``}
    order by i.uploaded_at desc, i.id desc limit ${page.limit + 1}`);
}

export async function findInventory(reader: Reader, id: string): Promise<InventoryRow | null> {
  return await reader.row(sql<InventoryRow>`select * from distribute.inventory where id = ${id}`);
}

/** Where the name of each of `ids` lies. */
export async function inventoryNames(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Id<'content'>>> {
  const rows = await reader.rows(sql<Pick<InventoryRow, 'id' | 'name_content'>>`
    select id, name_content from distribute.inventory where id = any(${[...ids]}::text[])`);
  return new Map(rows.map((row) => [row.id, row.name_content]));
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
  readonly status: 'open' | 'done' | 'helper' | 'not-affected' | 'resolved' | 'withdrawn';
  readonly card_content: Id<'content'>;
  readonly component: string;
  readonly version: string;
  readonly due_at: Instant | null;
  readonly created_at: Instant;
  readonly receipt_at: Instant | null;
  readonly receipt_outcome: 'done' | 'helper' | 'not-affected' | null;
  readonly receipt_note_content: Id<'content'> | null;
  readonly revision: number;
}

/** Inserts a notice; 0 if this inventory has one for this advisory, or is gone. */
export async function insertNotice(
  tx: Transaction,
  n: Omit<
    NoticeRow,
    'status' | 'receipt_at' | 'receipt_outcome' | 'receipt_note_content' | 'revision'
  >,
): Promise<number> {
  return await tx.run(sql`
    insert into distribute.notice (id, advisory, case_id, inventory, operator, status, card_content, component, version, due_at, created_at)
    select ${n.id}, ${n.advisory}, ${n.case_id}, id, ${n.operator}, 'open', ${n.card_content},
      ${n.component}, ${n.version}, ${n.due_at}::timestamptz, ${n.created_at}::timestamptz
    from distribute.inventory where id = ${n.inventory}
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
  { actor, now }: Looking,
): Promise<NoticeRow | null> {
  return await reader.row(sql<NoticeRow>`
    select n.* from distribute.notice n join ${visibleTo(actor)} v on v.subject = n.id
    where n.id = ${id} and (n.operator = ${actor.id} or ${helpedBy({ actor, now })}) and v.level >= ${levels.detail}::int`);
}

export async function listNotices(
  reader: Reader,
  { actor, now }: Looking,
  page: { after: Cursor | null; limit: number },
): Promise<readonly NoticeRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (n.created_at, n.id) < (select created_at, id from distribute.notice
          where id = ${page.after} and ${seenBy(actor, sql`id`)})`;
  return await reader.rows(sql<NoticeRow>`
    select n.* from distribute.notice n
    where (n.operator = ${actor.id} or ${helpedBy({ actor, now })})
      and ${levelBy(actor, sql`n.id`)} >= ${levels.detail}::int ${beyond}
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
      receipt_note_content = ${r.note}, revision = revision + 1 where id = ${id} and (receipt_outcome is null or receipt_outcome = 'helper')`);
}

/** Takes a report back; the notice is open again, or with its helper. */
export async function undoReceipt(tx: Transaction, id: string, status: 'open' | 'helper') {
  await tx.run(sql`
    update distribute.notice set status = ${status}, receipt_at = null, receipt_outcome = null,
      receipt_note_content = null, revision = revision + 1 where id = ${id}`);
}

/** A notice on which nobody reported stands so from now on. */
export async function setNoticeStatus(
  tx: Transaction,
  id: string,
  status: NoticeRow['status'],
): Promise<void> {
  await tx.run(sql`
    update distribute.notice set status = ${status}, revision = revision + 1 where id = ${id}`);
}

/** A card made anew from a newer list. */
export async function renewCard(
  tx: Transaction,
  id: string,
  by: { readonly card: string; readonly component: string; readonly version: string },
): Promise<void> {
  await tx.run(sql`
    update distribute.notice set card_content = ${by.card}, component = ${by.component},
      version = ${by.version}, revision = revision + 1 where id = ${id}`);
}

/** A notice as work sees it, whoever it belongs to. */
export async function noticeForWork(reader: Reader, id: string): Promise<NoticeRow | null> {
  return await reader.row(sql<NoticeRow>`select * from distribute.notice where id = ${id}`);
}

/** Every notice of an inventory. */
export async function noticesOfInventory(
  reader: Reader,
  inventory: string,
): Promise<readonly NoticeRow[]> {
  return await reader.rows(sql<NoticeRow>`
    select * from distribute.notice where inventory = ${inventory} order by created_at, id`);
}

/** Where the file of an operator's own inventory lies, as it was uploaded. */
export async function inventoryFile(
  reader: Reader,
  id: string,
  operator: string,
): Promise<Id<'content'> | null> {
  const row = await reader.row(sql<{ file_content: Id<'content'> }>`
    select file_content from distribute.inventory where id = ${id} and operator = ${operator}`);
  return row?.file_content ?? null;
}

/** Takes advisories and inventories out, with their notices; answers with the notices' ids. */
export async function takeOut(
  tx: Transaction,
  gone: { readonly advisories: readonly string[]; readonly inventories: readonly string[] },
): Promise<readonly string[]> {
  const notices = await tx.rows(sql<{ id: string }>`
    select id from distribute.notice
    where advisory = any(${[...gone.advisories]}) or inventory = any(${[...gone.inventories]})`);
  const ids = notices.map((row) => row.id);
  await tx.run(sql`delete from distribute.helper where notice = any(${ids})`);
  await tx.run(sql`delete from distribute.notice where id = any(${ids})`);
  await clearUndecided(tx, gone.inventories);
  await tx.run(sql`delete from distribute.inventory where id = any(${[...gone.inventories]})`);
  await tx.run(sql`delete from distribute.undecided where advisory = any(${[...gone.advisories]})`);
  await tx.run(
    sql`delete from distribute.advisory_version where advisory = any(${[...gone.advisories]})`,
  );
  await tx.run(sql`delete from distribute.advisory where id = any(${[...gone.advisories]})`);
  return ids;
}
