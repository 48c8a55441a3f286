import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Database } from '../src/platform/database/database.ts';
import { idle, openWorld } from './world.ts';

test('every job that is delivered again, as after a crash, changes nothing', async () => {
  await using world = await openWorld();
  const { database } = world.server.services;
  await idle(world.server);
  const kinds = await database.raw('select distinct name from pgboss.job order by name');
  expect(kinds.rows.map((row) => row['name'])).toEqual([
    'deconflict.precheck-enter',
    'distribute.match',
    'distribute.match-inventory',
    'notify.tell',
    'validate.run',
    'validate.start',
    'verify.run',
  ]);
  const before = await everything(database);

  await database.raw(
    "update pgboss.job set state = 'created', started_on = null, completed_on = null, output = null",
  );
  await idle(world.server);

  expect(await everything(database)).toEqual(before);
  expect(world.server.errors).toEqual([]);
  const { rows } = await database.raw('select id from content.item order by id');
  expect(await itemsIn(world.server.dataDirectory)).toEqual(rows.map((row) => row['id']));
});

async function itemsIn(dataDirectory: string): Promise<string[]> {
  const names = await readdir(path.join(dataDirectory, 'content'), { recursive: true });
  return names.flatMap((name) => /content_[0-9a-z]+$/.exec(name)?.[0] ?? []).sort();
}

/** Every row of every table of ours, as one text a table. */
async function everything(database: Database): Promise<Record<string, unknown>> {
  const { rows } = await database.raw(`
    select table_schema || '.' || table_name as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema', 'pgboss') order by 1`);
  const found: Record<string, unknown> = {};
  for (const { name } of rows) {
    const { rows: all } = await database.raw(
      `select coalesce(string_agg(t::text, E'\\n' order by t::text), '') as text from ${String(name)} t`,
    );
    found[String(name)] = all[0]?.['text'];
  }
  return found;
}
