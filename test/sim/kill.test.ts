import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { directory } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { descendantsOf, type KillFigures, startKiller } from '../../demo/driver/killer.ts';
import { addPerson } from '../../demo/driver/people.ts';
import { type Plan, shortPlan, wholePlan } from '../../demo/driver/plan.ts';
import { startServer } from '../../demo/driver/server.ts';
import { findPostgres, withPostgres } from '../../tools/postgres.ts';
import { freePort } from './free-port.ts';
import { type Seen, tellUnder } from './story-under.ts';

const long = process.env['BREAKWATER_LONG'] === '1';
/** The suite is run once for each engine; the long form does both at once. */
const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';
/** `k/n` does the k-th of n parts of the long form, each by seeds of its own. */
const [shard = 1, shards = 1] = (process.env['BREAKWATER_SHARD'] ?? '1/1').split('/').map(Number);
/** On each engine. */
const kills = long ? Math.ceil(500 / shards) : 3;
const pauseMeanMs = long ? 1_500 : 700;
const roundsMax = long ? 200 : 10;
const timeLimitMs = long ? 4 * 3_600_000 : 180_000;
const seed = Number(process.env['BREAKWATER_SEED'] ?? '1') + (shard - 1) * roundsMax;
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

test('a server whose database dies under it ends, and starts again with everything there', async ({
  skip,
}) => {
  skip(onPostgres, 'done in the run on the embedded database');
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

/** Tells the main job while the server is killed; answers with how many kills there were. */
async function killAndAudit(round: Round, databaseUrl: string | null): Promise<number> {
  const { plan } = round;
  const seen = await tellUnder({
    plan,
    databaseUrl,
    disturb: (server) => startKiller(server, { ...round, pauseMeanMs }),
  });
  tell(seen);
  const { figures } = seen;
  expect(figures.orphans).toEqual([]);
  expect(figures.restarts).toBe(figures.kills);
  return figures.kills;
}

function tell({ figures, ...seen }: Seen<KillFigures>): void {
  const sorted = [...figures.restartMs].sort((a, b) => a - b);
  const median = Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
  process.stdout.write(
    `${figures.kills} kills (${figures.kinKilled} with every child), ${figures.restarts} restarts ` +
      `(median ${median} ms, at most ${Math.round(sorted.at(-1) ?? 0)} ms) in ` +
      `${Math.round(seen.seconds)} s; last child gone after ${Math.round(figures.orphanMsMax)} ms; ` +
      `${seen.acknowledged} acknowledged writes, ${seen.checkpoints} checkpoints seen\n`,
  );
}
