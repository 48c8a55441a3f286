import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { collect, record } from '@breakwater/contract';
import { type Id, type Instant, parseId, toBase64, utf8 } from '@breakwater/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { sweepContent } from '../src/platform/content/sweep.ts';
import { startTestServer, type TestServer } from './harness.ts';
import { idle, openWorld } from './world.ts';

const places = ['content', 'keys/content'];
const longAgo = new Date('2026-02-01T00:00:00Z');

test('work that nothing disturbed leaves no item that no row knows', async () => {
  await using world = await openWorld();
  await idle(world.server);
  const rows = await world.server.database.database.read((r) =>
    r.rows(sql<{ id: string }>`select id from content.item`),
  );
  const known = rows.map((row) => row.id).sort();
  for (const place of places) expect(await itemsIn(world.server, place)).toEqual(known);
  expect(known.length).toBeGreaterThan(10);
  await age(world.server);
  expect(await sweepContent(world.server.services)).toBe(0);
  for (const place of places) expect(await itemsIn(world.server, place)).toEqual(known);
});

test('an item whose row was never committed goes, file and key, once it is a day old', async () => {
  await using server = await startTestServer();
  await server.party('finder');
  const before = await itemsIn(server, 'content');
  const { id } = await server.services.content.putText('left behind', 'note.txt');
  server.clock.set('2000-01-01T00:00:00.000Z' as Instant); // spelled as kernel writes instants
  expect(await sweepContent(server.services)).toBe(0);
  expect(await server.services.content.getText(id)).toBe('left behind');

  await age(server);
  server.clock.set('2026-03-01T08:00:00.000Z' as Instant); // spelled as kernel writes instants
  expect(await sweepContent(server.services)).toBe(1);
  for (const place of places) expect(await itemsIn(server, place)).toEqual(before);
  expect(await server.services.content.getText(id)).toBeNull();
});

test('an erasure that a crash cut short before the key was destroyed is finished', async () => {
  await using world = await openWorld();
  await idle(world.server);
  const { database } = world.server.database;
  const item = await database.read((r) =>
    r.row(sql<{ id: Id<'content'> }>`select id from content.item where name = 'message.txt'`),
  );
  if (item === null) throw new Error('expected a message');
  await database.write((tx) =>
    tx.run(sql`update content.item set erased_at = now() where id = ${item.id}`),
  );
  await age(world.server);
  expect(await sweepContent(world.server.services)).toBe(1);
  for (const place of places) expect(await itemsIn(world.server, place)).not.toContain(item.id);
  const { client } = world.insiders.coordinator;
  await expect(client.call(record.content, { params: { content: item.id } })).rejects.toThrow();
});

test('a pack whose keys are gone goes once all of it was erased, and stays while a row lives', async () => {
  await using server = await startTestServer();
  const finder = await server.party('finder');
  const one = (n: number) => ({
    kind: 'native' as const,
    package: 'pkg:npm/flat',
    version: '1.0.0',
    title: `Finding ${n}`,
    marking: 'AMBER' as const,
    description: 'told',
  });
  const findings = [{ finding: one(1) }, { finding: one(2) }];
  const file = toBase64(utf8(JSON.stringify({ findings })));
  await finder.client.call(collect.import, { body: { format: 'findings', file } });
  await age(server);
  const packsIn = async (place: string) => {
    const names = await readdir(path.join(server.dataDirectory, place), { recursive: true });
    return names.filter((name) => name.endsWith('.pack'));
  };
  const packs = await packsIn('content');
  expect(packs).toHaveLength(2);
  for (const name of packs) await rm(path.join(server.dataDirectory, 'keys/content', name));
  expect(await sweepContent(server.services)).toBe(0);
  expect(await packsIn('content')).toEqual(packs);

  await server.database.database.write((tx) =>
    tx.run(sql`update content.item set erased_at = now() where name in
      ('title.txt', 'facts.json', 'submission.json')`),
  );
  expect(await sweepContent(server.services)).toBe(2);
  expect(await packsIn('content')).toEqual([]);
});

test('half-written files of a crash go, other files stay', async () => {
  await using server = await startTestServer();
  await server.party('finder');
  const [folder = ''] = await readdir(path.join(server.dataDirectory, 'keys/content'));
  const inFolder = (name: string) => path.join(server.dataDirectory, 'keys/content', folder, name);
  await writeFile(inFolder('content_x.17.new'), 'half');
  await writeFile(inFolder('README'), 'mine');
  await age(server);
  await sweepContent(server.services);
  const left = await readdir(path.join(server.dataDirectory, 'keys/content', folder));
  expect(left).toContain('README');
  expect(left).not.toContain('content_x.17.new');
});

test('the content of another database is left alone, and said so', async () => {
  await using server = await startTestServer();
  for (let n = 0; n < 101; n++) await server.services.content.putText(`${n}`, 'note.txt');
  const before = await itemsIn(server, 'content');
  await age(server);
  await expect(sweepContent(server.services)).rejects.toThrow('nothing was removed');
  expect(await itemsIn(server, 'content')).toEqual(before);
});

async function itemsIn(server: TestServer, place: string): Promise<string[]> {
  const names = await readdir(path.join(server.dataDirectory, place), { recursive: true });
  return names
    .map((name) => path.basename(name))
    .filter((name) => parseId('content', name) !== null)
    .sort();
}

/** Makes every file look as if it had been written long before the clock of the tests. */
async function age(server: TestServer): Promise<void> {
  for (const place of places) {
    const directory = path.join(server.dataDirectory, place);
    for (const name of await readdir(directory, { recursive: true }))
      await utimes(path.join(directory, name), longAgo, longAgo);
  }
}
