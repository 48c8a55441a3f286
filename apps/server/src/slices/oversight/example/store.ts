import type { Example } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../platform/database/database.ts';

export interface LoadRow {
  readonly state: Example['state'];
  readonly at: Instant;
}

/** Where the example stands; null: it was never loaded. */
export async function loadRow(reader: Reader): Promise<LoadRow | null> {
  return await reader.row(sql<LoadRow>`select state, at from example.load where name = 'example'`);
}

export async function setState(
  tx: Transaction,
  state: Example['state'],
  at: Instant,
): Promise<void> {
  await tx.run(sql`
    insert into example.load (name, state, at) values ('example', ${state}, ${at})
    on conflict (name) do update set state = excluded.state, at = excluded.at`);
}

export type ItemKind = 'party' | 'finding' | 'case' | 'advisory' | 'inventory';

export interface ItemRow {
  readonly id: string;
  readonly kind: ItemKind;
}

/** What the example made, in the order in which it did. */
export async function itemsOf(reader: Reader): Promise<readonly ItemRow[]> {
  return await reader.rows(sql<ItemRow>`select id, kind from example.item order by at, id`);
}

export async function insertItem(tx: Transaction, item: ItemRow, at: Instant): Promise<void> {
  await tx.run(sql`
    insert into example.item (id, kind, at) values (${item.id}, ${item.kind}, ${at})
    on conflict do nothing`);
}

export async function clearItems(tx: Transaction): Promise<void> {
  await tx.run(sql`delete from example.item`);
}
