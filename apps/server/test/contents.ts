import type { Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { TestServer } from './harness.ts';

/** All that can still be read of what was put. */
export async function everyText({ services }: TestServer): Promise<readonly string[]> {
  const rows = await services.database.read((r) =>
    r.rows(sql<{ id: Id<'content'> }>`select id from content.item`),
  );
  const texts = await Promise.all(rows.map(({ id }) => services.content.getText(id)));
  return texts.filter((text) => text !== null);
}
