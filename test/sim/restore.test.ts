import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { collect, coordinate, record } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { checkLog, entryBytes } from '@breakwater/log';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCaller } from '../../demo/driver/calls.ts';
import { addPerson, type Person } from '../../demo/driver/people.ts';
import { type ServerProcess, startServer } from '../../demo/driver/server.ts';
import { findPostgres, withPostgres } from '../../tools/postgres.ts';
import { filesOf } from './audit-log.ts';
import { freePort } from './free-port.ts';

// docs/operate/durability.md tells what is done here, in the same order.

// Servers start and stop here several times; on a busy machine that takes minutes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

let root: string;
let servers: ServerProcess[];
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'breakwater-restore-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  await rm(root, { recursive: true, force: true });
});

const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';
const inBackup = ['log', 'database', 'content'];
const apart = ['keys'];

test('restored elsewhere from copies of a stopped server, it goes on where it was', async ({
  skip,
}) => {
  skip(onPostgres, 'done in the run on the embedded database');
  const first = await serve('first');
  const told = await tellSomething(first);
  const seen = await signed(first, told);
  await first.stop();
  await copy('first', 'elsewhere', [...inBackup, ...apart]);

  const second = await serve('elsewhere');
  const finder = createCaller(second, told.finder.key);
  const found = await finder.read(collect.get, { params: { finding: told.finding } });
  expect(found).toMatchObject({ title: 'Told before the backup', description: 'At length' });
  expect(await logFaults(second, 'elsewhere', seen)).toEqual([]);

  // The index of what is known was restored as well: the same bug joins the same case.
  const again = await finder.write('again', collect.submit, { body: finding('Told again') });
  expect(again).toMatchObject({ standing: 'joined', case: told.case });
  await signed(second, told);
  expect(await logFaults(second, 'elsewhere', seen)).toEqual([]);
});

test('without the keys of content, nothing that was said can be read', async ({ skip }) => {
  skip(onPostgres, 'done in the run on the embedded database');
  const first = await serve('first');
  const told = await tellSomething(first);
  await signed(first, told);
  await first.stop();
  await copy('first', 'elsewhere', [...inBackup, 'keys/signing']);
  const second = await serve('elsewhere');
  const { title } = await createCaller(second, told.coordinator.key).read(coordinate.get, {
    params: { case: told.case },
  });
  expect(title).not.toContain('Told');
});

test('a database older than the log signs nothing, until the operator begins another log', async ({
  skip,
}) => {
  skip(onPostgres, 'done in the run on the embedded database');
  const first = await serve('first');
  const told = await tellSomething(first);
  await first.stop();
  await copy('first', 'old', ['database']);
  await first.restart();
  const finder = createCaller(first, told.finder.key);
  await finder.write('later', collect.submit, { body: finding('Told later') });
  const seen = await signed(first, told);
  await first.stop();
  await copy('first', 'elsewhere', ['log', 'content', 'keys']);
  await copy('old', 'elsewhere', ['database']);
  await expect(serve('elsewhere')).rejects.toThrow('the database is older than the log');

  await rm(path.join(root, 'elsewhere/log'), { recursive: true });
  const second = await serve('elsewhere', { BREAKWATER_LOG_ORIGIN: 'example.org/second-log' });
  await signed(second, told);
  expect(await logFaults(second, 'elsewhere', null)).toEqual([]);
  // Whoever saw the first log is told that this is another.
  expect(await logFaults(second, 'elsewhere', seen)).not.toEqual([]);
});

test('PostgreSQL is backed up while the server works: log, database, content, keys', async ({
  skip,
}) => {
  const found = findPostgres();
  if ('missing' in found) skip(found.missing);
  skip(!onPostgres && process.env['BREAKWATER_LONG'] !== '1', 'done in the run on PostgreSQL');
  if ('missing' in found) return;
  await withPostgres(async ({ url }) => {
    const first = await serve('first', { DATABASE_URL: url });
    const told = await tellSomething(first);
    const seen = await signed(first, told);
    await copy('first', 'elsewhere', ['log/checkpoint', 'log']);
    const run = promisify(execFile);
    const dump = path.join(root, 'database.dump');
    await run(path.join(found.bin, 'pg_dump'), ['--format=custom', `--file=${dump}`, url]);
    await copy('first', 'elsewhere', ['content', 'keys']);
    await first.stop();

    const restored = url.replace('/postgres?', '/restored?');
    await run(path.join(found.bin, 'psql'), [url, '--command=create database restored']);
    await run(path.join(found.bin, 'pg_restore'), [`--dbname=${restored}`, dump]);
    const second = await serve('elsewhere', { DATABASE_URL: restored });
    const { title } = await createCaller(second, told.finder.key).read(collect.get, {
      params: { finding: told.finding },
    });
    expect(title).toBe('Told before the backup');
    await signed(second, told);
    expect(await logFaults(second, 'elsewhere', seen)).toEqual([]);
    await second.stop();
  });
});

async function serve(
  name: string,
  environment: Record<string, string> = {},
): Promise<ServerProcess> {
  const server = await startServer({
    dataDirectory: path.join(root, name),
    port: await freePort(),
    environment: { DATABASE_URL: undefined, BREAKWATER_LOG_CADENCE_SECONDS: '0.2', ...environment },
  });
  servers.push(server);
  return server;
}

interface ToldThings {
  readonly coordinator: Person;
  readonly finder: Person;
  readonly finding: Id<'finding'>;
  readonly case: Id<'case'>;
}

async function tellSomething(server: ServerProcess): Promise<ToldThings> {
  const coordinator = await addPerson(server, 'The clearinghouse', 'coordinator');
  const finder = await addPerson(server, 'A finder', 'finder');
  const submitted = await finder.write('finding', collect.submit, {
    body: finding('Told before the backup'),
  });
  if (submitted.case === null) throw new Error('expected a case');
  return { coordinator, finder, finding: submitted.finding, case: submitted.case };
}

function finding(title: string) {
  return {
    kind: 'native' as const,
    package: 'pkg:npm/flat',
    version: '5.0.0',
    title,
    marking: 'AMBER+STRICT' as const,
    description: 'At length',
    weakness: 'CWE-1321',
    location: { path: 'index.js', function: 'unflatten' },
    identifiers: [],
  };
}

/** Waits until every act on the case is in the log; answers with the checkpoint it is under. */
async function signed(server: ServerProcess, told: ToldThings): Promise<Uint8Array> {
  const coordinator = createCaller(server, told.coordinator.key);
  await vi.waitFor(
    async () => {
      const { items } = await coordinator.read(record.timeline, { params: { case: told.case } });
      expect(items.every((entry) => entry.index !== null)).toBe(true);
    },
    { timeout: 30_000, interval: 100 },
  );
  return new Uint8Array(await (await fetch(`${server.address}/log/checkpoint`)).arrayBuffer());
}

async function logFaults(
  server: ServerProcess,
  name: string,
  since: Uint8Array | null,
): Promise<string[]> {
  const vkeys = [(await (await fetch(`${server.address}/log/key`)).text()).trim()];
  const fetchFile = filesOf(path.join(root, name, 'log'));
  const given = since === null ? {} : { since };
  const report = await checkLog({ fetchFile, vkeys, entryBytes, ...given });
  return report.findings.map(({ code, message }) => `${code}: ${message}`);
}

async function copy(from: string, to: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const filter = (source: string) => !source.includes(`${path.sep}socket`);
    // What is there is not written over: the checkpoint is copied before the tiles.
    const options = { recursive: true, filter, preserveTimestamps: true, force: false };
    await cp(path.join(root, from, name), path.join(root, to, name), options);
  }
}
