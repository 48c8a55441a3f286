import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { openPostgres } from '../../apps/server/src/platform/database/postgres.ts';
import { rolesOf } from '../../apps/server/src/platform/directory/recipients.ts';
import { standingStops } from '../../apps/server/src/slices/clearinghouse/deconflict/authorization/stop-store.ts';
import { startServer } from '../../demo/driver/server.ts';
import { findPostgres, withPostgres } from '../../tools/postgres.ts';
import { freePort } from './free-port.ts';

const long = process.env['BREAKWATER_LONG'] === '1';
const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';

test('while PostgreSQL is away every answer is 503 with the time to wait, and then as before', async ({
  skip,
}) => {
  const found = findPostgres();
  if ('missing' in found) skip(found.missing);
  skip(!onPostgres && !long, 'done in the run on PostgreSQL');
  await withPostgres(async ({ url, halt, resume }) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-away-'));
    const server = await startServer({
      dataDirectory: path.join(folder, 'data'),
      port: await freePort(),
      environment: { DATABASE_URL: url },
      patience: 10,
    });
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${server.address}/v1/advisories`, { headers });
    try {
      expect((await ask()).status).toBe(200);
      await halt();
      const withKey = { authorization: `Bearer bw_${'A'.repeat(43)}` };
      // The first may find a connection that just broke, the later ones find none at all.
      for (const headers of [{}, {}, withKey, withKey]) {
        const answer = await ask(headers);
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
        expect(await answer.json()).toMatchObject({ code: 'database-away', status: 503 });
      }
      await resume();
      await vi.waitFor(async () => expect((await ask()).status).toBe(200), { timeout: 20_000 });
      expect((await ask(withKey)).status).toBe(401);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}, 120_000);

test('a transaction that loses PostgreSQL says so, and what its own work throws stays as it is', async ({
  skip,
}) => {
  const found = findPostgres();
  if ('missing' in found) skip(found.missing);
  skip(!onPostgres && !long, 'done in the run on PostgreSQL');
  await withPostgres(async ({ url, halt, resume }) => {
    const database = await openPostgres(url);
    try {
      const away = { name: 'DatabaseAway' };
      const ours = Object.assign(new Error('no such file'), { code: 'ENOENT' });
      await expect(database.write(() => Promise.reject(ours))).rejects.toBe(ours);
      const losing = database.write(async () => await halt());
      await expect(losing).rejects.toMatchObject(away);
      await expect(database.raw('select 1')).rejects.toMatchObject(away);
      await expect(database.write(async () => 1)).rejects.toMatchObject(away);
      await expect(database.writeInTurn('deconflict', async () => 1)).rejects.toMatchObject(away);
      // One whose plan is kept, and one that is planned anew.
      const reads = [
        database.read((r) => standingStops(r, ['pkg:npm/a!'])),
        database.read((r) => rolesOf(r, ['somebody'])),
      ];
      await Promise.all(reads.map((read) => expect(read).rejects.toMatchObject(away)));
      await resume();
      await vi.waitFor(async () => expect(await database.write(async () => 1)).toBe(1), {
        timeout: 20_000,
      });
      await expect(database.raw('select nothing')).rejects.not.toMatchObject(away);
    } finally {
      await database.close();
    }
  });
}, 120_000);
