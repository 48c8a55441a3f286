import { AsyncLocalStorage } from 'node:async_hooks';
import type { Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { ContentStore } from './content.ts';

const putHere = new AsyncLocalStorage<Id<'content'>[]>();

/** Notes that an item is being put, for {@link keepingOnlyHeld} around it, if there is one. */
export function notePut(id: Id<'content'>): void {
  putHere.getStore()?.push(id);
}

/**
 * Does `work`, and erases what it put into the store and no row holds at the end: a request writes
 * what it brings before it is known to be a repeated one, a refused one or one that fails, and what
 * has no row could never be found to be erased.
 */
export async function keepingOnlyHeld<T>(
  stores: { readonly content: ContentStore; readonly database: Database },
  work: () => Promise<T>,
): Promise<T> {
  const put: Id<'content'>[] = [];
  try {
    return await putHere.run(put, work);
  } finally {
    await eraseLeftOver(stores, put);
  }
}

async function eraseLeftOver(
  { content, database }: { readonly content: ContentStore; readonly database: Database },
  put: readonly Id<'content'>[],
): Promise<void> {
  if (put.length === 0) return;
  const rows = await database.read((r) =>
    r.rows(sql<{ id: string }>`select id from content.item where id = any(${[...put]})`),
  );
  const held = new Set(rows.map((row) => row.id));
  await content.eraseAll(put.filter((id) => !held.has(id)));
}
