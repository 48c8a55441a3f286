import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { collect, createClient, directory, type FindingsFile } from '@breakwater/contract';
import { toBase64, utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { type ServerProcess, socketFetch, startServer } from '../../demo/driver/server.ts';
import { findPostgres, withPostgres } from '../../tools/postgres.ts';
import { freePort } from './free-port.ts';

/** The suite is run once for each engine. */
const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';
const count = 3_500;

test('a server killed in the middle of a report: nothing half told, nothing lost, nothing twice', async ({
  skip,
}) => {
  if (!onPostgres) return await cutAndGoOn(undefined);
  const found = findPostgres();
  if ('missing' in found) skip(found.missing);
  await withPostgres(async ({ url }) => await cutAndGoOn(url), { durable: true });
}, 240_000);

async function cutAndGoOn(url: string | undefined): Promise<void> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'breakwater-report-'));
  const environment = { DATABASE_URL: url, BREAKWATER_RATE_LIMITS: 'off' };
  const server = await startServer({ dataDirectory, port: await freePort(), environment });
  try {
    const finder = await addFinder(server);
    const send = async (idempotencyKey: string) =>
      await finder.call(collect.import, {
        body: { format: 'findings', file: report },
        idempotencyKey,
      });
    const key = randomUUID();
    const sent = send(key).then(
      () => 'answered',
      () => 'cut',
    );
    // Two for each part: the third is being sealed, the first is in or about to be.
    while ((await packsIn(dataDirectory)) < 5) await delay(2);
    await server.kill();
    expect(await sent).toBe('cut');
    await server.restart();
    const before = await own(finder);
    expect(before.size % 1_000).toBe(0);
    expect(before.size).toBeLessThan(count);

    const { rows } = await send(key);
    const outcomes = new Set(rows.map((row) => row.outcome));
    expect(outcomes).toEqual(new Set(['new', 'joined']));
    const told = new Set(rows.map((row) => row.finding));
    expect(told.size).toBe(count);
    expect(await own(finder)).toEqual(told);
    for (const finding of before) expect(told).toContain(finding);
    expect((await send(randomUUID())).report).toBeNull();
  } finally {
    await server.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

async function packsIn(dataDirectory: string): Promise<number> {
  const names = await readdir(path.join(dataDirectory, 'content'), { recursive: true });
  return names.filter((name) => name.endsWith('.pack')).length;
}

const findings: FindingsFile['findings'] = Array.from({ length: count }, (_, n) => ({
  finding: {
    kind: 'native',
    package: 'pkg:npm/flat',
    version: '5.0.0',
    title: `Finding ${n}`,
    description: 'told at length',
    weakness: 'CWE-79',
    location: { path: `src/${n % 900}.js`, line: 1 + (n % 900) },
  },
}));
const report = toBase64(utf8(JSON.stringify({ findings })));

async function addFinder(server: ServerProcess) {
  const administrator = createClient({
    baseUrl: 'http://administrator',
    fetch: socketFetch(server.socket),
  });
  const body = { role: 'finder', name: 'A finder' };
  const { id } = await administrator.call(directory.addParty, { body });
  const params = { party: id };
  const { key } = await administrator.call(directory.addKey, { params, body: { label: 'test' } });
  return createClient({ baseUrl: server.address, key });
}

/** All findings the finder has handed in, as it sees them. */
async function own(finder: ReturnType<typeof createClient>): Promise<ReadonlySet<string>> {
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const query = after === undefined ? { limit: 200 } : { limit: 200, after };
    const page = await finder.call(collect.listMine, { query });
    ids.push(...page.items.map((item) => item.finding));
    if (page.next === null) break;
    after = page.next;
  }
  expect(new Set(ids).size).toBe(ids.length);
  return new Set(ids);
}
