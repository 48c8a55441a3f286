import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import type { TestDatabase } from '../../../test/database.ts';
import type { Database } from '../database/database.ts';
import { type Job, type JobHandler, type Queue, triesMax } from './queue.ts';

export interface QueueUnderTest {
  readonly openDatabase: () => Promise<TestDatabase>;
  readonly makeQueue: (database: Database, onError: (error: unknown) => void) => Queue;
  /** Makes every job that waits for its next try due now. */
  readonly skipWaits: (database: Database) => Promise<void>;
}

/** What every implementation of the queue port does. */
export function queueConformance(under: QueueUnderTest): void {
  async function withQueue(
    handlers: Readonly<Record<string, JobHandler>>,
    work: (queue: Queue, database: Database) => Promise<void>,
  ): Promise<void> {
    await using opened = await under.openDatabase();
    const { database } = opened;
    const errors: unknown[] = [];
    const queue = under.makeQueue(database, (error) => errors.push(error));
    await queue.start(handlers);
    try {
      await work(queue, database);
    } finally {
      await queue.stop();
    }
    expect(errors).toEqual([]);
  }

  const eventually = (holds: () => Promise<void> | void) =>
    vi.waitFor(holds, { timeout: 30_000, interval: 50 });

  test('a committed outbox row becomes one job, with its id and its payload', async () => {
    const done: Omit<Job, 'signal'>[] = [];
    const work: JobHandler = async ({ id, payload }) => void done.push({ id, payload });
    await withQueue({ work }, async (_, database) => {
      const id = await request(database, { n: 1 });
      await eventually(() => expect(done).toEqual([{ id, payload: { n: 1 } }]));
      await eventually(async () => expect(await waiting(database)).toBe(0));
    });
  });

  test('a row of a transaction that failed becomes none', async () => {
    const done: unknown[] = [];
    await withQueue({ work: async (job) => void done.push(job.payload) }, async (_, database) => {
      const failing = database.write(async (tx) => {
        await tx.run(insert(randomUUID(), { n: 'never' }));
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      await request(database, { n: 'after' });
      await eventually(() => expect(done).toEqual([{ n: 'after' }]));
    });
  });

  test('the relay may die between handing over and forgetting: the job is still one', async () => {
    const done: unknown[] = [];
    await withQueue({ work: async (job) => void done.push(job.payload) }, async (queue, db) => {
      const id = await request(db, { n: 1 });
      await eventually(() => expect(done).toHaveLength(1));
      await eventually(async () => expect(await waiting(db)).toBe(0));
      // The row as it was before it was forgotten.
      await db.write((tx) => tx.run(insert(id, { n: 1 })));
      await Promise.all([queue.relay(), queue.relay()]);
      await request(db, { n: 2 });
      await eventually(() => expect(done).toHaveLength(2));
      expect(done).toEqual([{ n: 1 }, { n: 2 }]);
      await eventually(async () => expect(await waiting(db)).toBe(0));
    });
  });

  test('a job that throws is tried again', async () => {
    let tries = 0;
    const work: JobHandler = async () => {
      tries += 1;
      if (tries < 3) throw new Error('not yet');
    };
    await withQueue({ work }, async (queue, database) => {
      await request(database, {});
      await eventually(async () => {
        await under.skipWaits(database);
        expect(tries).toBe(3);
      });
      expect(await queue.deadLetters()).toEqual([]);
    });
  });

  test('after its last try it is a dead letter with its error; replayed, it is tried again', async () => {
    let healed = false;
    let tries = 0;
    const work: JobHandler = async () => {
      tries += 1;
      if (!healed) throw new Error('the disk is full');
    };
    await withQueue({ work }, async (queue, database) => {
      const id = await request(database, { finding: 'finding_1' });
      await eventually(async () => {
        await under.skipWaits(database);
        expect(await queue.deadLetters()).toEqual([
          {
            id,
            job: 'work',
            payload: { finding: 'finding_1' },
            failedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
            error: 'the disk is full',
          },
        ]);
      });
      expect(tries).toBe(triesMax);
      expect(await queue.replay(randomUUID())).toBe(false);
      healed = true;
      expect(await queue.replay(id)).toBe(true);
      await eventually(() => expect(tries).toBe(triesMax + 1));
      await eventually(async () => expect(await queue.deadLetters()).toEqual([]));
      expect(await queue.replay(id)).toBe(false);
    });
  });

  test('a job that failed holds up no other', async () => {
    const done: unknown[] = [];
    const work: JobHandler = async ({ payload }) => {
      if (payload['bad'] === true) throw new Error('bad');
      done.push(payload['n']);
    };
    await withQueue({ work }, async (_, database) => {
      await request(database, { bad: true });
      for (let n = 0; n < 3; n++) await request(database, { n });
      await eventually(() => expect(new Set(done)).toEqual(new Set([0, 1, 2])));
    });
  });

  test('a job for a later hour waits for it', async () => {
    const done: unknown[] = [];
    await withQueue({ work: async (job) => void done.push(job.payload) }, async (queue, db) => {
      await request(db, { when: 'later' }, '2999-01-01T00:00:00.000Z');
      await request(db, { when: 'past' }, '2001-01-01T00:00:00.000Z');
      await request(db, { when: 'now' });
      await queue.relay();
      await eventually(() => expect(done).toHaveLength(2));
      expect(done).not.toContainEqual({ when: 'later' });
    });
  });

  test('stopping lets the running job end, and what waits is done by the next process', async () => {
    await using opened = await under.openDatabase();
    const { database } = opened;
    const started = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const done: unknown[] = [];
    const first = under.makeQueue(database, () => {});
    await first.start({
      work: async ({ payload }) => {
        started.resolve();
        await mayEnd.promise;
        done.push(payload['n']);
      },
    });
    await request(database, { n: 1 });
    await started.promise;
    const stopped = first.stop();
    mayEnd.resolve();
    await stopped;
    expect(done).toEqual([1]);
    await request(database, { n: 2 });
    const second = under.makeQueue(database, () => {});
    await second.start({ work: async ({ payload }) => void done.push(payload['n']) });
    await eventually(() => expect(done).toEqual([1, 2]));
    await second.stop();
  });
}

/** Asks for a job as a command does: a row in its own transaction. */
async function request(
  database: Database,
  payload: Record<string, unknown>,
  startAfter: string | null = null,
): Promise<string> {
  const id = randomUUID();
  await database.write((tx) => tx.run(insert(id, payload, startAfter)));
  return id;
}

function insert(id: string, payload: Record<string, unknown>, startAfter: string | null = null) {
  return sql`insert into platform.outbox (id, job, payload, start_after, at)
    values (${id}, 'work', ${JSON.stringify(payload)}, ${startAfter}, now())`;
}

async function waiting(database: Database): Promise<number> {
  const { rows } = await database.raw('select count(*) as n from platform.outbox');
  return Number(rows[0]?.['n']);
}
