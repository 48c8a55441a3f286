import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { migrate } from '../../apps/server/src/platform/database/migrate.ts';
import { openPostgres } from '../../apps/server/src/platform/database/postgres.ts';
import type { KeyLimits } from '../../apps/server/src/slices/frontier/gateway/model.ts';
import { findPostgres, withPostgres } from '../../tools/postgres.ts';
import { auditGateway } from './gateway-audit.ts';
import type { Play, Step } from './gateway-play.ts';

const long = process.env['BREAKWATER_LONG'] === '1';
const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';
const seed = Number(process.env['BREAKWATER_SEED'] ?? '1');
const kills = long ? 12 : 2;
const streams = long ? 1_000 : 45;
const size = long ? 6 : 1;

const keys: readonly Partial<KeyLimits>[] = [
  { grant: { requests: 900 * size } },
  { grant: { outputTokens: 60_000 * size } },
  { grant: { costMicros: 800_000 * size }, concurrency: 25 },
  { grant: { requests: 600 * size, inputTokens: 30_000 * size }, minute: { requests: 1e9 } },
];

test(`${streams} streams in three processes, ${kills} of them killed: nothing is overspent or lost`, {
  timeout: long ? 3_600_000 : 180_000,
}, async ({ skip }) => {
  const found = findPostgres();
  if ('missing' in found) skip(found.missing);
  skip(!onPostgres && !long, 'done in the run on PostgreSQL');
  await withPostgres(async ({ url }) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-gateway-'));
    const database = await openPostgres(url);
    try {
      await migrate(database);
      await playAll({ url, folder });
      const steps = await stepsIn(folder);
      const seen = await auditGateway(database, keys, steps);
      process.stdout.write(`${JSON.stringify(seen)}\n`);
      expect(seen).toMatchObject({
        settledTwiceOrNever: 0,
        settledOtherwise: 0,
        wrongSums: 0,
        leftLeased: 0,
        overspent: 0,
        wrongRefusals: 0,
        contended: 0,
        faults: [],
      });
      expect(seen.granted).toBeGreaterThan(1_500 * size);
      expect(seen.refused).toBeGreaterThan(0);
      expect(seen.lost).toBeGreaterThan(0);
    } finally {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

let state = seed;
function chance(): number {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}

/** Three at a time until all quotas are spent; one is killed now and then, and another begins. */
async function playAll(at: { readonly url: string; readonly folder: string }): Promise<void> {
  let begun = 0;
  let killed = 0;
  const begin = async (): Promise<void> => {
    begun += 1;
    const play: Play = {
      ...at,
      witness: path.join(at.folder, `witness-${begun}`),
      seed: seed * 1_000 + begun,
      keys,
      streams: Math.ceil(streams / 3),
      tries: long ? 2 : 4,
      streamMs: 40,
    };
    const child = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'gateway-process.ts'), JSON.stringify(play)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(child, 'exit');
    if (killed < kills) {
      killed += 1;
      // It says a word once it takes requests.
      await Promise.race([ended, once(child.stdout, 'data')]);
      const [code] = await Promise.race([ended, delay(50 + chance() * 300, [null])]);
      if (code === null) {
        child.kill('SIGKILL');
        await ended;
        await begin();
        return;
      }
    }
    const [code] = await ended;
    expect(code).toBe(0);
  };
  await Promise.all([begin(), begin(), begin()]);
}

async function stepsIn(folder: string): Promise<readonly Step[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('witness-'));
  const files = await Promise.all(
    names.map(async (name) => await readFile(path.join(folder, name), 'utf8')),
  );
  return files.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line): Step => JSON.parse(line)),
  );
}
