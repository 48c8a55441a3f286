import { type SuiteItem, type SuiteRight, suites } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { seenBy } from '../../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { Allowance } from './rights.ts';

export interface SuiteRow {
  readonly id: Id<'suite'>;
  readonly keeper: Id<'party'>;
  readonly title_content: Id<'content'>;
  readonly commitment: Uint8Array;
  readonly count: number;
  readonly at: Instant;
}

export interface ItemRow {
  readonly id: Id<'item'>;
  readonly suite: Id<'suite'>;
  readonly place: number;
  readonly commitment: Uint8Array;
  readonly cluster: number | null;
  readonly human_time: SuiteItem['humanTime'];
  readonly body_content: Id<'content'> | null;
  readonly opened_at: Instant | null;
}

export interface AllowanceRow extends Allowance {
  readonly party: Id<'party'>;
  readonly at: Instant;
}

export async function insertSuite(
  tx: Transaction,
  suite: SuiteRow,
  items: readonly ItemRow[],
): Promise<void> {
  await tx.run(sql`
    insert into benchmark.suite (id, keeper, title_content, commitment, count, at)
    values (${suite.id}, ${suite.keeper}, ${suite.title_content}, ${Buffer.from(suite.commitment)},
      ${suite.count}, ${suite.at})`);
  const column = <T>(pick: (item: ItemRow) => T) => items.map(pick);
  await tx.run(sql`
    insert into benchmark.item (id, suite, place, commitment, cluster, human_time)
    select id, ${suite.id}, place, commitment, cluster, human_time from unnest(
      ${column((i) => i.id)}::text[], ${column((i) => i.place)}::integer[],
      ${column((i) => Buffer.from(i.commitment))}::bytea[],
      ${column((i) => i.cluster)}::integer[], ${column((i) => i.human_time)}::text[]
    ) as i (id, place, commitment, cluster, human_time)`);
}

export async function findSuite(reader: Reader, id: string): Promise<SuiteRow | null> {
  return await reader.row(sql<SuiteRow>`select * from benchmark.suite where id = ${id}`);
}

/** One row beyond `limit`, newest first. */
export async function listSuites(
  reader: Reader,
  actor: Actor,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly SuiteRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (s.at, s.id) < (select l.at, l.id from benchmark.suite l
          where l.id = ${page.after} and ${seenBy(actor, sql`l.id`)})`;
  return await reader.rows(sql<SuiteRow>`
    select s.* from benchmark.suite s
    where ${seenBy(actor, sql`s.id`)} ${beyond}
    order by s.at desc, s.id desc limit ${page.limit + 1}`);
}

/** Everything that was allowed of a suite. */
export async function allowancesOf(
  reader: Reader,
  suite: string,
): Promise<readonly AllowanceRow[]> {
  return await reader.rows(sql<AllowanceRow>`
    select party, may, item, at from benchmark.allowance where suite = ${suite}
    order by at, party, may, item`);
}

/** What one party was allowed of a suite. */
export async function allowancesFor(
  reader: Reader,
  suite: string,
  party: string,
): Promise<readonly AllowanceRow[]> {
  return await reader.rows(sql<AllowanceRow>`
    select party, may, item, at from benchmark.allowance
    where suite = ${suite} and party = ${party}`);
}

/** Answers 0 where it stood there already. */
export async function insertAllowance(
  tx: Transaction,
  suite: string,
  allowance: Allowance & { readonly at: Instant },
): Promise<number> {
  const { party, may, item, at } = allowance;
  return await tx.run(sql`
    insert into benchmark.allowance (suite, party, may, item, at)
    values (${suite}, ${party}, ${may}, ${item}, ${at}) on conflict do nothing`);
}

/** Answers 0 where there was none. */
export async function deleteAllowance(
  tx: Transaction,
  suite: string,
  { party, may, item }: Allowance,
): Promise<number> {
  return await tx.run(sql`
    delete from benchmark.allowance
    where suite = ${suite} and party = ${party} and may = ${may} and item = ${item}`);
}

export async function findItem(reader: Reader, id: string): Promise<ItemRow | null> {
  return await reader.row(sql<ItemRow>`select * from benchmark.item where id = ${id}`);
}

/** One row beyond `limit`, in the suite's order; `ids` null: all of them. */
export async function listItems(
  reader: Reader,
  of: { readonly suite: string; readonly ids: readonly string[] | null },
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly ItemRow[]> {
  const only = of.ids === null ? sql`` : sql`and id = any(${[...of.ids]}::text[])`;
  // An item that the reader may not know of is no place to go on from.
  const isKnown = page.after === null || of.ids === null || of.ids.includes(page.after);
  if (!isKnown) return [];
  return await reader.rows(sql<ItemRow>`
    select * from benchmark.item where suite = ${of.suite} ${only} ${beyondItem(of.suite, page.after)}
    order by place limit ${page.limit + 1}`);
}

function beyondItem(suite: string, after: Cursor | null): RawBuilder<unknown> {
  if (after === null) return sql``;
  return sql`and place > (select l.place from benchmark.item l
    where l.id = ${after} and l.suite = ${suite})`;
}

/** Every commitment of a suite in hexadecimal, in its order. */
export async function commitmentsOf(reader: Reader, suite: string): Promise<string[]> {
  const rows = await reader.rows(sql<{ commitment: string }>`
    select encode(commitment, 'hex') as commitment from benchmark.item where suite = ${suite} order by place`);
  return rows.map(({ commitment }) => commitment);
}

/** Every item of a suite. */
export async function itemsOf(reader: Reader, suite: string): Promise<readonly ItemRow[]> {
  return await reader.rows(sql<ItemRow>`
    select * from benchmark.item where suite = ${suite} order by place`);
}

export async function keepBody(tx: Transaction, item: string, content: string): Promise<void> {
  await tx.run(sql`update benchmark.item set body_content = ${content} where id = ${item}`);
}

export async function markOpened(tx: Transaction, item: string, at: Instant): Promise<void> {
  await tx.run(sql`update benchmark.item set opened_at = ${at} where id = ${item}`);
}

/** Whether a party is here whose role may look at suites: by what it may do, not by its name. */
export async function mayLook(reader: Reader, party: string): Promise<boolean> {
  const row = await reader.row(sql<{ id: string }>`
    select p.id from directory.party p join directory.role r on r.name = p.role
    where p.id = ${party} and p.left_at is null and ${suites.suites.id} = any(r.permissions)`);
  return row !== null;
}

/** In a fixed order, so that the same rights always read the same. */
export function inOrder(rights: Iterable<SuiteRight>, all: readonly SuiteRight[]): SuiteRight[] {
  const held = new Set(rights);
  return all.filter((right) => held.has(right));
}
