import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomFrom } from '../../demo/driver/killer.ts';
import { shortPlan } from '../../demo/driver/plan.ts';
import { findPostgres, withPostgres } from '../../tools/postgres.ts';
import { type Disturbance, tellUnder } from './story-under.ts';

// What the server stands on goes away and comes back while it works.

const long = process.env['BREAKWATER_LONG'] === '1';
const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';
const outages = long ? 40 : 2;
const roundsMax = 40;
const timeLimitMs = long ? 3_600_000 : 240_000;
const seed = Number(process.env['BREAKWATER_SEED'] ?? '1');

test(
  `PostgreSQL is taken away ${outages} times as by a crash and comes back: nothing is lost or twice`,
  async ({ skip }) => {
    const found = findPostgres();
    if ('missing' in found) skip(found.missing);
    skip(!onPostgres && !long, 'done in the run on PostgreSQL');
    await inRounds((round, left) =>
      withPostgres(
        async ({ url, halt, resume }) => {
          const plan = await shortPlan('flat', 5);
          const { figures } = await tellUnder({
            plan,
            databaseUrl: url,
            disturb: () => comeAndGo({ seed: seed + round, times: left, away: halt, back: resume }),
          });
          return figures;
        },
        { durable: true },
      ),
    );
  },
  timeLimitMs,
);

test(
  `the disk is full ${outages} times and has room again: nothing is lost or twice`,
  async ({ skip }) => {
    const found = findPostgres();
    if ('missing' in found) skip(found.missing);
    skip(!onPostgres && !long, 'done in the run on PostgreSQL');
    const disk = smallDisk();
    if (disk === null) return skip('needs the right to mount a small file system of memory');
    try {
      await inRounds((round, left) =>
        withPostgres(async ({ url }) => {
          const plan = await shortPlan('flat', 5);
          const dataDirectory = path.join(disk, String(round));
          const ballast = path.join(disk, 'ballast');
          const { figures } = await tellUnder({
            plan,
            databaseUrl: url,
            dataDirectory,
            disturb: () =>
              comeAndGo({
                seed: seed + round,
                times: left,
                away: () => fill(disk, ballast),
                back: () => rm(ballast, { force: true }),
              }),
          });
          await rm(dataDirectory, { recursive: true, force: true });
          return figures;
        }),
      );
    } finally {
      spawnSync('umount', ['--lazy', disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  },
  timeLimitMs,
);

/** Tells the job again until every outage fell into its middle. */
async function inRounds(work: (round: number, left: number) => Promise<number>): Promise<void> {
  let left = outages;
  for (let round = 0; left > 0; round++) {
    expect(round).toBeLessThan(roundsMax);
    left -= await work(round, left);
  }
}

interface ComeAndGo {
  readonly seed: number;
  readonly times: number;
  readonly away: () => Promise<void>;
  readonly back: () => Promise<void>;
}

/** Takes something away at random moments, for as random a while; answers with how often. */
function comeAndGo({ seed: from, times, away, back }: ComeAndGo): Disturbance<number> {
  const random = randomFrom(from);
  const stopping = new AbortController();
  let count = 0;
  const pause = (meanMs: number) =>
    delay(-Math.log(1 - random()) * meanMs, null, { signal: stopping.signal }).catch(() => {});
  const run = async () => {
    while (count < times) {
      await pause(800);
      if (stopping.signal.aborted) return;
      await away();
      try {
        await pause(600);
      } finally {
        await back();
      }
      count += 1;
    }
  };
  const done = run();
  done.catch(() => {}); // told by stop
  return {
    async stop() {
      stopping.abort();
      await done;
      return count;
    },
  };
}

/** A file system of its own with little room; null where this user may not mount one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-disk-'));
  const options = ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder];
  if (spawnSync('mount', options).status === 0) return folder;
  rmSync(folder, { recursive: true });
  return null;
}

/** Takes all room that is left. */
async function fill(disk: string, ballast: string): Promise<void> {
  const zeros = new Uint8Array(256 * 1024);
  await using file = await open(ballast, 'a');
  for (;;) {
    const { bavail, bsize } = await statfs(disk);
    const room = Math.min(zeros.length, bavail * bsize);
    if (room === 0) return;
    try {
      await file.write(zeros.subarray(0, room));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return;
      throw error;
    }
  }
}
