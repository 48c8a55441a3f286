import { randomUUID } from 'node:crypto';
import { PgBoss } from 'pg-boss';
import { describe, expect, test, vi } from 'vitest';
import { onPostgres, openTestDatabase } from '../../../test/database.ts';
import type { Database } from '../database/database.ts';
import { createPgBossQueue } from './pg-boss.ts';
import { queueConformance } from './queue.conformance.ts';

describe(`pg-boss by polling on ${onPostgres ? 'PostgreSQL' : 'the embedded database'}`, () => {
  queueConformance({
    openDatabase: openTestDatabase,
    makeQueue: (database, onError) => createPgBossQueue({ database, onError }),
    skipWaits: async (database) => {
      await database.raw("update pgboss.job set start_after = now() where state = 'retry'");
    },
  });

  test('the pauses between tries grow', async () => {
    await using opened = await openTestDatabase();
    const { database } = opened;
    const queue = createPgBossQueue({ database, onError: () => {} });
    const pauses: number[] = [];
    await queue.start({
      work: async () => {
        throw new Error('no');
      },
    });
    await addJob(database);
    for (let tries = 1; tries <= 4; tries++) {
      await vi.waitFor(
        async () => {
          const { rows } = await database.raw(
            `select extract(epoch from start_after - now())::int as pause, retry_count
             from pgboss.job where name = 'work' and state = 'retry'`,
          );
          expect(Number(rows[0]?.['retry_count'])).toBe(tries - 1);
          pauses.push(Number(rows[0]?.['pause']));
        },
        { timeout: 20_000, interval: 20 },
      );
      await database.raw("update pgboss.job set start_after = now() where state = 'retry'");
    }
    await queue.stop();
    expect(pauses.at(-1)).toBeGreaterThan(pauses[0] ?? 0);
  });

  test('what came due while no server ran is kept when pg-boss cleans up, and so are dead letters', async () => {
    await using opened = await openTestDatabase();
    const { database } = opened;
    const queue = createPgBossQueue({ database, onError: () => {} });
    await queue.start({
      work: async () => {
        throw new Error('no');
      },
    });
    const id = await addJob(database, "now() - interval '20 years'");
    const jobs = async () =>
      (await database.raw("select id, state from pgboss.job where name = 'work'")).rows;
    await queue.relay();
    await vi.waitFor(async () => expect(await jobs()).toEqual([{ id, state: 'retry' }]), 20_000);
    await queue.stop();
    // Dead letters wait for a person; what was done is forgotten after a week.
    const [dead, done] = [randomUUID(), randomUUID()];
    for (const [ended, state] of [
      [dead, 'failed'],
      [done, 'completed'],
    ]) {
      await database.raw(`
        insert into pgboss.job (id, name, data, state, completed_on)
        values ('${ended}', 'work', '{}', '${state}', now() - interval '20 years')`);
    }
    const next = createPgBossQueue({ database, onError: () => {} });
    await next.start({});
    await next.stop();
    await cleanUp(database);
    const kept = [
      { id, state: 'retry' },
      { id: dead, state: 'failed' },
    ];
    expect((await jobs()).toSorted(byId)).toEqual(kept.toSorted(byId));
  });

  test('a job that was running when its process died is done again', async () => {
    await using opened = await openTestDatabase();
    const dead = createPgBossQueue({ database: opened.database, onError: () => {} });
    await dead.start({ work: async () => {} });
    await dead.stop();
    const id = randomUUID();
    // As a killed process leaves it: taken by a worker, and no sign of life since.
    await opened.database.raw(`
      insert into pgboss.job (id, name, data, state, started_on, retry_limit, heartbeat_on, heartbeat_seconds)
      values ('${id}', 'work', '{}', 'active', now() - interval '1 minute', 5, now() - interval '1 minute', 10)`);
    const done: string[] = [];
    const next = createPgBossQueue({ database: opened.database, onError: () => {} });
    await next.start({ work: async (job) => void done.push(job.id) });
    await vi.waitFor(
      async () => {
        await opened.database.raw(
          "update pgboss.job set start_after = now() where state = 'retry'",
        );
        expect(done).toContain(id);
      },
      { timeout: 45_000, interval: 100 },
    );
    await next.stop();
  });
});

const byId = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  String(a['id']) < String(b['id']) ? -1 : 1;

/** What pg-boss does by itself from time to time, done now. */
async function cleanUp(database: Database): Promise<void> {
  const cleaner = new PgBoss({
    db: { executeSql: (text, values) => database.raw(text, values) },
    supervise: false,
    schedule: false,
  });
  await cleaner.start();
  await database.raw('update pgboss.queue set maintain_on = null');
  await cleaner.supervise('work');
  const { rows } = await database.raw("select maintain_on from pgboss.queue where name = 'work'");
  expect(rows).toEqual([{ maintain_on: expect.anything() }]);
  await cleaner.stop({ graceful: false });
}

async function addJob(database: Database, startAfter = 'null'): Promise<string> {
  const id = randomUUID();
  await database.raw(
    `insert into platform.outbox (id, job, payload, start_after, at)
     values ('${id}', 'work', '{}', ${startAfter}, now())`,
  );
  return id;
}
