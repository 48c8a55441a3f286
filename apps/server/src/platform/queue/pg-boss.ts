import type { Instant, Json } from '@breakwater/kernel';
import { sql } from 'kysely';
import { type JobInsert, PgBoss, type WorkOptions } from 'pg-boss';
import type { Database, Reader } from '../database/database.ts';
import { type DeadLetter, expireSeconds, type Queue, triesMax } from './queue.ts';

type Payload = { readonly [key: string]: Json };

interface OutboxRow {
  readonly id: string;
  readonly job: string;
  readonly payload: Payload;
  readonly start_after: Instant | null;
}

const relayBatch = 200;
/**
 * What was committed here is relayed, and its worker woken, at once; looking finds what another
 * process committed or a retry made due. One look is for all queues: forty workers that each fetch
 * every two seconds took half as much again of an idle server's processor, and held up whoever asked
 * it something meanwhile.
 */
const lookIntervalMs = 2_000;
/** Should a look have failed to wake a worker, it fetches by itself. */
const polling: WorkOptions = { pollingIntervalSeconds: 30, batchSize: 1 };
/** A worker that gives no sign for this long is taken for dead; pg-boss allows no less than ten. */
const heartbeatSeconds = 10;
const interruptionsMax = 100;
/**
 * pg-boss deletes what nobody took within 14 days of its hour. A server that was off for longer would
 * lose what came due meanwhile, such as the end of an embargo: fifty years.
 */
const keptSeconds = 50 * 365 * 86_400;
/** Long before pg-boss deletes what failed, which is after a week. */
const keepDeadEveryMs = 3_600_000;

export interface PgBossOptions {
  readonly database: Database;
  readonly onError: (error: unknown) => void;
}

/** The queue over pg-boss by polling, through our own connection, on both engines. */
export function createPgBossQueue({ database, onError }: PgBossOptions): Queue {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.raw(text, values) },
    schedule: false,
    monitorIntervalSeconds: heartbeatSeconds,
    superviseIntervalSeconds: heartbeatSeconds,
  });
  boss.on('error', onError);
  let timer: NodeJS.Timeout | null = null;
  let keeper: NodeJS.Timeout | null = null;
  let relaying: Promise<number> | null = null;
  let next: Promise<number> | null = null;
  let looking: Promise<void> | null = null;
  /** The worker of each queue, once all have started. */
  const workers = new Map<string, string>();
  let names: readonly string[] = [];

  async function relayOnce(): Promise<number> {
    const rows = await database.read((r) => oldest(r));
    for (const [name, same] of Map.groupBy(rows, (row) => row.job)) {
      await boss.insert(name, same.map(insertOf));
    }
    if (rows.length > 0) await forget(database, rows);
    for (const name of new Set(rows.map((row) => row.job))) wake(name);
    return rows.length;
  }

  /** One at a time; whoever asks while one is under way may have committed after it read. */
  async function relay(): Promise<number> {
    if (timer === null) return 0;
    if (relaying !== null) {
      next ??= relaying.then(again, again);
      return await next;
    }
    relaying = relayOnce().finally(() => {
      relaying = null;
    });
    return await relaying;
  }

  function again(): Promise<number> {
    next = null;
    return relay();
  }

  async function lookOnce(): Promise<void> {
    await relay();
    if (timer === null) return;
    for (const name of await database.read((r) => due(r, names))) wake(name);
  }

  /** One at a time; stopping waits for it, so that none asks a database that was closed. */
  function look(): void {
    looking ??= lookOnce()
      .catch(onError)
      .finally(() => {
        looking = null;
      });
  }

  function wake(name: string): void {
    const worker = workers.get(name);
    if (worker !== undefined) boss.notifyWorker(worker);
  }

  return {
    async start(handlers) {
      names = Object.keys(handlers);
      await boss.start();
      await keepDead(database);
      keeper = setInterval(() => void keepDead(database).catch(onError), keepDeadEveryMs);
      for (const [name, handler] of Object.entries(handlers)) {
        await boss.createQueue(name, {
          retryLimit: triesMax - 1,
          retryDelay: 1,
          retryBackoff: true,
          retryDelayMax: 300,
          expireInSeconds: expireSeconds,
          heartbeatSeconds,
        });
        if (database.alone) await releaseOrphans(name, database);
        const worker = await boss.work<Payload>(name, polling, async (jobs) => {
          try {
            for (const job of jobs)
              await handler({ id: job.id, payload: job.data, signal: job.signal });
          } finally {
            wake(name);
          }
        });
        workers.set(name, worker);
      }
      timer = setInterval(look, lookIntervalMs);
      look();
    },
    relay,
    deadLetters: async () => await database.read((r) => dead(r, names)),
    async replay(id) {
      const letter = (await database.read((r) => dead(r, names))).find((l) => l.id === id);
      if (letter === undefined) return false;
      await boss.retry(letter.job, id);
      wake(letter.job);
      return true;
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      if (keeper !== null) clearInterval(keeper);
      timer = null;
      await looking;
      await relaying?.catch(onError);
      await boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}

function insertOf(row: OutboxRow): JobInsert<Payload> {
  // Inserting under the row's own id is idempotent: pg-boss ignores an id it has.
  const job = { id: row.id, data: row.payload, retentionSeconds: keptSeconds };
  return row.start_after === null ? job : { ...job, startAfter: row.start_after };
}

async function oldest(reader: Reader): Promise<readonly OutboxRow[]> {
  return await reader.rows(sql<OutboxRow>`
    select id, job, payload, start_after from platform.outbox order by at, id limit ${relayBatch}`);
}

/** The queues, of these, with a job that a worker would get now. */
async function due(reader: Reader, names: readonly string[]): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ name: string }>`
    select name from unnest(${names}::text[]) as queue (name)
    where exists (select 1 from pgboss.job
      where job.name = queue.name and state < 'active' and start_after < now())`);
  return rows.map(({ name }) => name);
}

async function forget(database: Database, rows: readonly OutboxRow[]): Promise<void> {
  await database.write(async (tx) => {
    await tx.run(sql`delete from platform.outbox where id in (${sql.join(rows.map((r) => r.id))})`);
  });
}

/**
 * Where nobody else was using the database, whatever is active at start belongs to a process that
 * died, and is due again at once. Being interrupted is no failure of the job, so it earns another
 * try; the bound is for a job that takes the server down with it each time.
 */
async function releaseOrphans(name: string, database: Database): Promise<void> {
  await database.write((tx) =>
    tx.run(sql`
      update pgboss.job set state = 'retry', start_after = now(),
        retry_limit = least(retry_limit + 1, ${interruptionsMax})
      where name = ${name} and state = 'active'`),
  );
}

/** pg-boss deletes a week later whatever ended; a dead letter waits for a person. */
async function keepDead(database: Database): Promise<void> {
  await database.write((tx) =>
    tx.run(sql`
      update pgboss.job set deletion_seconds = 0 where state = 'failed' and deletion_seconds > 0`),
  );
}

interface DeadRow {
  readonly id: string;
  readonly name: string;
  readonly data: Payload;
  readonly completed_on: Instant;
  readonly output: { readonly message?: string } | null;
}

async function dead(reader: Reader, names: readonly string[]): Promise<readonly DeadLetter[]> {
  if (names.length === 0) return [];
  const rows = await reader.rows(sql<DeadRow>`
    select id, name, data, completed_on, output from pgboss.job
    where state = 'failed' and name in (${sql.join(names)}) order by completed_on limit 1000`);
  return rows.map((row) => ({
    id: row.id,
    job: row.name,
    payload: row.data,
    failedAt: row.completed_on,
    error: row.output?.message ?? 'no message',
  }));
}
