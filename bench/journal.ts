import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { type Instant, ok, toInstant } from '@breakwater/kernel';
import { inclusionProof, tileReader } from '@breakwater/log';
import { readConfig } from '../apps/server/src/config.ts';
import { manualClock, systemClock } from '../apps/server/src/platform/clock/clock.ts';
import { system } from '../apps/server/src/platform/commands/audience.ts';
import { createExecute } from '../apps/server/src/platform/commands/commands.ts';
import { openContentStore } from '../apps/server/src/platform/content/content.ts';
import { openKeyStore } from '../apps/server/src/platform/content/key-store.ts';
import type { Database } from '../apps/server/src/platform/database/database.ts';
import { openEmbedded } from '../apps/server/src/platform/database/embedded.ts';
import { migrate } from '../apps/server/src/platform/database/migrate.ts';
import { openPostgres } from '../apps/server/src/platform/database/postgres.ts';
import { openSequencer, type Sequencer } from '../apps/server/src/platform/journal/sequencer.ts';
import { openSigner } from '../apps/server/src/platform/signer/signer.ts';
import { type Engine, onEachEngine } from './engines.ts';
import type { BenchOptions, Row } from './row.ts';
import { load, quantile, timed } from './timing.ts';

/** The size classes of batches; the class rises by a step a day, and never above the last. */
const classes = [16, 64, 256, 1024, 4096];
const entryBytes = 32;

/**
 * From an act to its proof: commands committed in the database, then batches fixed there, their
 * tiles fsynced and a checkpoint signed, at every size class. The limit of a batch is one fdatasync
 * of the same bytes in one file; ours is a transaction, some three files and their directories.
 */
export async function run(options: BenchOptions): Promise<Row[]> {
  return (await onEachEngine((engine) => measure(engine, options))).flat();
}

async function measure(engine: Engine, options: BenchOptions): Promise<Row[]> {
  const { dataDirectory, databaseUrl } = engine;
  const database =
    databaseUrl === null
      ? await openEmbedded(path.join(dataDirectory, 'database'))
      : await openPostgres(databaseUrl);
  try {
    await migrate(database);
    const clock = manualClock(systemClock.now());
    const sequencer = await openSequencer({
      database,
      clock,
      signer: await openSigner(path.join(dataDirectory, 'keys'), clock.now()),
      origin: 'log.example/bench',
      directory: path.join(dataDirectory, 'log'),
    });
    const rows = [
      ...(await batches({ database, sequencer, clock }, engine, options)),
      ...(await proofs(sequencer, options)),
      ...(await commits(engine, database, options)),
    ];
    return rows.map((row) => ({ ...row, name: `${engine.name}: ${row.name}` }));
  } finally {
    await database.close();
  }
}

async function commits(engine: Engine, database: Database, { short }: BenchOptions) {
  const keys = await openKeyStore(path.join(engine.dataDirectory, 'content-keys'));
  const content = await openContentStore(path.join(engine.dataDirectory, 'content'), keys);
  const reactions = { follow: () => Promise.resolve(), jobs: () => [] };
  const execute = createExecute({ database, content, clock: systemClock, reactions });
  await database.raw('create table public.one_row (n int)');
  const count = short ? 50 : 500;
  const commit = () => database.raw('insert into public.one_row values (1)');
  const rows: Row[] = [];
  for (const clients of [1, 8]) {
    const limit = (await load(count, clients, commit)).perSecond;
    const acts = await load(count, clients, async (n) => {
      const idempotencyKey = `bench-${clients}-${n}`;
      const event = { act: 'bench.acted', subject: `case-${n}`, data: { n } };
      const done = await execute(
        { actor: system, operation: 'bench.act', idempotencyKey, request: { n } },
        () => Promise.resolve(ok({ events: [event], response: { n } })),
      );
      if (!done.ok) throw new Error(done.refusal.code);
    });
    rows.push({
      name: `acts committed with their entry, ${clients} at once`,
      value: acts.perSecond,
      unit: '/s',
      limit: { name: 'one-row commits', value: limit },
      ratio: acts.perSecond / limit,
    });
  }
  return rows;
}

interface Log {
  readonly database: Database;
  readonly sequencer: Sequencer;
  readonly clock: ReturnType<typeof manualClock>;
}

async function batches(log: Log, engine: Engine, { short }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const rounds = short ? 3 : 9;
  for (const [step, size] of (short ? classes.slice(0, 3) : classes).entries()) {
    // More waits than the class below takes in its time, and a day has gone by: it rises.
    await wait(log.database, size * 12);
    log.clock.set(daysLater(step));
    const before = log.sequencer.size();
    const first = await timed(() => log.sequencer.tick());
    const grew = log.sequencer.size() - before;
    if (grew !== size) throw new Error(`expected a batch of ${size}, got ${grew}`);
    const times = [first];
    for (let n = 1; n < rounds; n++) times.push(await timed(() => log.sequencer.tick()));
    const synced: number[] = [];
    const file = path.join(engine.dataDirectory, 'raw');
    for (let n = 0; n < rounds; n++) synced.push(await timed(() => writeRaw(file, size)));
    const [tick, raw] = [quantile(times, 0.5), quantile(synced, 0.5)];
    rows.push({
      name: `appended in batches of ${size}, from database to checkpoint`,
      value: (size / tick) * 1000,
      unit: '/s',
      limit: { name: 'one fdatasync of the same bytes', value: (size / raw) * 1000 },
      ratio: raw / tick,
    });
    rows.push({ name: `one batch of ${size}, median`, value: tick, unit: 'ms', ratio: tick / raw });
  }
  const cadenceMs = readConfig({}).logCadenceMs;
  const floor = rows.find((row) => row.unit === 'ms')?.value ?? 0;
  rows.push({
    name: `commit to provable at the default cadence, half of ${cadenceMs / 1000} s and a batch`,
    value: (cadenceMs / 2 + floor) / 1000,
    unit: 's',
  });
  return rows;
}

/** Entries that wait, straight by SQL: what a commit costs is another row of the table. */
async function wait(database: Database, count: number): Promise<void> {
  await database.raw(
    `insert into journal.entry (id, at, subject, act, actor, content, salt, commitment)
     select 'entry_' || gen_random_uuid(), now(), 'case', 'bench.acted', 'system', '{}',
       sha256('salt'), sha256(convert_to(gen_random_uuid()::text, 'UTF8'))
     from generate_series(1, $1::int)`,
    [count],
  );
  await database.raw('analyze journal.entry');
}

function daysLater(days: number): Instant {
  return toInstant(new Date(Date.now() + days * 86_400_000));
}

async function writeRaw(file: string, entries: number): Promise<void> {
  const handle = await open(file, 'a');
  try {
    await handle.writeFile(randomBytes(entries * entryBytes));
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function proofs(sequencer: Sequencer, { short }: BenchOptions): Promise<Row[]> {
  const size = sequencer.size();
  const { times } = await load(short ? 50 : 500, 1, async (n) => {
    const index = (n * 7919) % size;
    const proof = await inclusionProof({
      index,
      size,
      read: tileReader(size, (name) => sequencer.fetchFile(name)),
    });
    if (!proof.ok) throw new Error(`no proof of entry ${index}`);
  });
  return [
    {
      name: `proof of one of ${size} entries, from files, p50`,
      value: quantile(times, 0.5),
      unit: 'ms',
    },
    {
      name: `proof of one of ${size} entries, from files, p99`,
      value: quantile(times, 0.99),
      unit: 'ms',
    },
  ];
}
