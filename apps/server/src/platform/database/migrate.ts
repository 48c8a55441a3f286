import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import type { Database } from './database.ts';

const folder = path.join(import.meta.dirname, '../../../migrations');

/**
 * Brings the schema up to date. Files are numbered and append-only; each runs in one transaction
 * whose first statement inserts its own row, so that a second migrator loses politely.
 *
 * @returns the names that were applied now.
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  await database.raw('create schema if not exists platform');
  await database.raw(
    'create table if not exists platform.migration (name text primary key, at timestamptz not null default now())',
  );
  const applied: string[] = [];
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z-]+\.sql$/.test(name)).sort();
  for (const name of names) {
    const text = await readFile(path.join(folder, name), 'utf8');
    const done = await database.write(async (tx) => {
      const inserted = await tx.run(
        sql`insert into platform.migration (name) values (${name}) on conflict do nothing`,
      );
      if (inserted === 0) return false;
      for (const statement of statements(text)) await tx.run(sql.raw(statement));
      return true;
    });
    if (done) applied.push(name);
  }
  return applied;
}

/** Splits a migration at semicolons that end a line; our migrations hold no function bodies. */
function statements(text: string): readonly string[] {
  return text
    .split(/;\s*(?:\n|$)/)
    .map((part) => part.replace(/^\s*--.*$/gm, '').trim())
    .filter((part) => part !== '');
}
