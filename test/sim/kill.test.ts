import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { directory } from '@breakwater/contract';
import { expect, test, vi } from 'vitest';
import {
  connectDatabase,
  type Database,
} from '../../apps/server/src/platform/database/database.ts';
import { descendantsOf, type KillFigures, startKiller } from '../../demo/driver/killer.ts';
import { addPerson } from '../../demo/driver/people.ts';
import { type Plan, shortPlan, wholePlan } from '../../demo/driver/plan.ts';
import { startServer } from '../../demo/driver/server.ts';
import { faultsOf, runDemo } from '../../demo/run.ts';
import { findPostgres, withPostgres } from '../../tools/postgres.ts';
import { auditAnswers, auditCounts, auditDisclosures } from './audit.ts';
import { auditHistory, auditJournal } from './audit-log.ts';
import { freePort } from './free-port.ts';
import { createWitness } from './witness.ts';

const long = process.env['BREAKWATER_LONG'] === '1';
/** The suite is run once for each engine; the long form does both at once. */
const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';
const kills = long ? 50 : 5;
const pauseMeanMs = long ? 5_000 : 700;
const roundsMax = 10;
const timeLimitMs = long ? 1_800_000 : 180_000;
const seed = Number(process.env['BREAKWATER_SEED'] ?? '1');
const plan = () => (long ? wholePlan() : shortPlan('flat', 5));

test(
  `killed ${kills} times at random moments, the embedded engine too: nothing is lost or twice`,
  async ({ skip }) => {
    skip(onPostgres && !long, 'done in the run on the embedded database');
    await inRounds(async (round) => await killAndAudit(round, null));
  },
  timeLimitMs,
);

test(
  `killed ${kills} times on a durable PostgreSQL that lives on: nothing is lost or twice`,
  async ({ skip }) => {
    const found = findPostgres();
    if ('missing' in found) skip(found.missing);
    skip(!onPostgres && !long, 'done in the run on PostgreSQL');
    await inRounds(async (round) =>
      withPostgres(async ({ url }) => killAndAudit(round, url), { durable: true }),
    );
  },
  timeLimitMs,
);

test('a server whose database dies under it ends, and starts again with everything there', async () => {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'breakwater-kill-'));
  const environment = { DATABASE_URL: undefined };
  const server = await startServer({ dataDirectory, port: await freePort(), environment });
  try {
    const finder = await addPerson(server, 'A finder', 'finder');
    const ended = server.ended();
    // The only process it has started by now.
    for (const { pid } of descendantsOf(server.pid)) process.kill(pid, 'SIGKILL');
    await ended;
    await server.restart();
    expect((await finder.read(directory.whoAmI)).party.id).toBe(finder.party);
  } finally {
    await server.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

interface Round {
  readonly plan: Plan;
  readonly kills: number;
  readonly seed: number;
}

/** Tells the main job again, from nothing, until every kill fell into its middle. */
async function inRounds(work: (round: Round) => Promise<number>): Promise<void> {
  let left = kills;
  for (let round = 0; left > 0; round++) {
    expect(round).toBeLessThan(roundsMax);
    left -= await work({ plan: await plan(), kills: left, seed: seed + round });
  }
}

/**
 * Runs the main job while the server is killed, then looks at what there is with other eyes.
 * Answers with how many kills there were.
 */
async function killAndAudit(round: Round, databaseUrl: string | null): Promise<number> {
  const { plan } = round;
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'breakwater-kill-'));
  const witness = createWitness();
  const server = await startServer({
    dataDirectory,
    port: await freePort(),
    environment: {
      BREAKWATER_LOG_CADENCE_SECONDS: '0.3',
      DATABASE_URL: databaseUrl ?? undefined,
    },
    patience: 10,
    acknowledged: (answer) => witness.hear(answer),
  });
  const stopWatching = witness.watch(server);
  try {
    const killer = startKiller(server, { ...round, pauseMeanMs });
    const from = performance.now();
    const result = await runDemo(server, () => {}, plan);
    const figures = await killer.stop();
    tellFigures(figures, {
      seconds: (performance.now() - from) / 1_000,
      acknowledged: witness.acknowledged.length,
      checkpoints: witness.checkpoints.length,
    });
    await using database = auditorsOwn(databaseUrl, dataDirectory);
    await everythingSigned(database.handle);
    await stopWatching();

    const vkeys = [(await (await fetch(`${server.address}/log/key`)).text()).trim()];
    const directory = path.join(dataDirectory, 'log');
    const { acknowledged, checkpoints } = witness;
    const audited = { plan, result, acknowledged, vkeys };
    expect(faultsOf(result)).toEqual([]);
    expect(await auditAnswers(audited)).toEqual([]);
    expect(await auditCounts(audited)).toEqual([]);
    expect(await auditDisclosures(audited)).toEqual([]);
    expect(await auditJournal(database.handle, { directory, vkeys }, acknowledged)).toEqual([]);
    expect(await auditHistory(directory, vkeys, checkpoints)).toEqual([]);
    expect(figures.orphans).toEqual([]);
    expect(figures.restarts).toBe(figures.kills);
    return figures.kills;
  } finally {
    await stopWatching();
    await server.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

/** A connection of the auditor's own, beside the server's. */
function auditorsOwn(databaseUrl: string | null, dataDirectory: string) {
  const handle = connectDatabase({
    engine: databaseUrl === null ? 'embedded' : 'postgresql',
    alone: false,
    connection:
      databaseUrl === null
        ? {
            host: path.join(dataDirectory, 'database/socket'),
            user: 'postgres',
            database: 'postgres',
            max: 1,
          }
        : { connectionString: databaseUrl, max: 1 },
  });
  return { handle, [Symbol.asyncDispose]: () => handle.close() };
}

async function everythingSigned(database: Database): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await database.raw('select id from journal.entry where index is null');
      expect(rows).toEqual([]);
    },
    { timeout: 60_000, interval: 100 },
  );
}

function tellFigures(
  figures: KillFigures,
  seen: { seconds: number; acknowledged: number; checkpoints: number },
): void {
  const sorted = [...figures.restartMs].sort((a, b) => a - b);
  const median = Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
  process.stdout.write(
    `${figures.kills} kills (${figures.kinKilled} with every child), ${figures.restarts} restarts ` +
      `(median ${median} ms, at most ${Math.round(sorted.at(-1) ?? 0)} ms) in ` +
      `${Math.round(seen.seconds)} s; last child gone after ${Math.round(figures.orphanMsMax)} ms; ` +
      `${seen.acknowledged} acknowledged writes, ${seen.checkpoints} checkpoints seen\n`,
  );
}
