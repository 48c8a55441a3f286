import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytesToHex, type Instant, ok } from '@breakwater/kernel';
import { checkLog, formatVerifierKey, type SizeClass, sizeClasses } from '@breakwater/log';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestDatabase } from '../../../test/database.ts';
import { manualClock } from '../clock/clock.ts';
import { system } from '../commands/audience.ts';
import { createExecute, type Execute } from '../commands/commands.ts';
import { openContentStore } from '../content/content.ts';
import { openKeyStore } from '../content/key-store.ts';
import { openSigner, type Signer } from '../signer/signer.ts';
import { logVerifierKeys } from './log-keys.ts';
import { HistoryDiverged, openSequencer, type Sequencer } from './sequencer.ts';

const origin = 'breakwater.test/log';
const start = '2026-03-01T08:00:00.000Z' as Instant; // spelled as kernel writes instants

/** What the log does on every database. */
export function sequencerConformance(openDatabase: () => Promise<TestDatabase>): void {
  let root: string;
  let opened: TestDatabase;
  let signer: Signer;
  let execute: Execute;
  const clock = manualClock(start);
  const log = () => path.join(root, 'log');

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'breakwater-log-'));
    opened = await openDatabase();
    clock.set(start);
    signer = await openSigner(path.join(root, 'signing'), start);
    const keys = await openKeyStore(path.join(root, 'keys'));
    execute = createExecute({
      database: opened.database,
      content: await openContentStore(path.join(root, 'content'), keys),
      clock,
      reactions: { follow: async () => {}, jobs: () => [] },
    });
  });
  afterEach(async () => {
    await opened[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true });
  });

  let commands = 0;
  /** Commits `n` entries, each a millisecond after the other. */
  async function append(n: number): Promise<void> {
    for (let i = 0; i < n; i++) {
      clock.set(new Date(Date.parse(clock.now()) + 1).toISOString() as Instant);
      commands += 1;
      await execute(
        {
          actor: system,
          operation: 'test',
          idempotencyKey: `command-${commands}`,
          request: null,
        },
        async () => ok({ events: [{ act: 'test', subject: 'test', data: {} }], response: null }),
      );
    }
  }

  const open = (directory = log()) =>
    openSequencer({ database: opened.database, signer, clock, origin, directory });

  /** Checks every file of the log from outside, as an auditor would. */
  async function expectWhole(sequencer: Sequencer, since?: Uint8Array): Promise<void> {
    const report = await checkLog({
      fetchFile: (name) => sequencer.fetchFile(name),
      vkeys: logVerifierKeys(signer, origin).map(formatVerifierKey),
      entryBytes: 32,
      ...(since === undefined ? {} : { since }),
    });
    expect(report.findings).toEqual([]);
    expect(report.checkpoint?.size).toBe(sequencer.size());
  }

  async function entries() {
    const { rows } = await opened.database.raw(
      'select index, commitment from journal.entry order by at, id',
    );
    return rows.map((row) => ({
      index: row['index'],
      commitment: bytesToHex(row['commitment'] as Uint8Array), // a bytea column
    }));
  }

  test('each tick appends one batch of the size class, the oldest that wait among it', async () => {
    const sequencer = await open();
    expect(sequencer.checkpoint()).toBeNull();
    await append(5);
    await sequencer.tick();
    await sequencer.tick();
    await append(18);
    await sequencer.tick();
    await sequencer.tick();
    expect(sequencer.size()).toBe(4 * sizeClasses[0]);
    const batches = (await entries()).map((e) => Math.floor(Number(e.index) / sizeClasses[0]));
    expect(batches).toEqual([...Array(5).fill(0), ...Array(16).fill(2), 3, 3]);
    expect(new Set((await entries()).map((e) => e.index)).size).toBe(23);
    await expectWhole(sequencer);
  });

  test('one batch each cadence, and a clock that was set back by a day does not hold it up', async () => {
    const cadenceMs = 30_000;
    const at = (ms: number) => clock.set(new Date(Date.parse(start) + ms).toISOString() as Instant); // as kernel spells it
    const options = { database: opened.database, signer, clock, origin, directory: log() };
    const sequencer = await openSequencer({ ...options, cadenceMs });
    const day = 86_400_000;
    const sizes: number[] = [];
    for (const ms of [0, 1_000, 30_000, day, 31_000, 32_000, 61_000]) {
      at(ms);
      await sequencer.tick();
      sizes.push(sequencer.size() / sizeClasses[0]);
    }
    expect(sizes).toEqual([1, 1, 2, 3, 4, 4, 5]);
    await expectWhole(sequencer);
  });

  test('the place of an entry in its batch does not tell how many others there are', async () => {
    const sequencer = await open();
    for (let i = 0; i < 20; i++) {
      await append(1);
      await sequencer.tick();
    }
    const places = (await entries()).map((e) => Number(e.index) % sizeClasses[0]);
    // All in one place by chance: once in 16 to the 19th.
    expect(new Set(places).size).toBeGreaterThan(1);
  });

  test('the leaves of the log are the commitments, where the rows say', async () => {
    const sequencer = await open();
    await append(3);
    await sequencer.tick();
    const tile = await sequencer.fetchFile('tile/entries/000.p/16');
    if (tile === null) throw new Error('expected the entries of the first batch');
    for (const { index, commitment } of await entries()) {
      const at = Number(index) * 34 + 2; // each entry follows its length in two bytes
      expect(bytesToHex(tile.subarray(at, at + 32))).toBe(commitment);
    }
  });

  test('a log that grew holds for whoever saved an earlier checkpoint', async () => {
    const sequencer = await open();
    await sequencer.tick();
    const saved = sequencer.checkpoint();
    if (saved === null) throw new Error('expected a checkpoint');
    // Past a full tile, whose partial ones are then removed.
    for (let i = 0; i < 17; i++) await sequencer.tick();
    expect(sequencer.size()).toBe(288);
    await expectWhole(sequencer, saved);
    const names = await readdir(log(), { recursive: true });
    expect(names).toContain('tile/0/000');
    expect(names.filter((name) => name.startsWith('tile/0/000.p'))).toEqual([]);
  });

  test('a crash after the batch was fixed and before its tiles: opening again finishes it', async () => {
    const sequencer = await open();
    await sequencer.tick();
    await append(4);
    // A file where the folder of tiles should be keeps them from being written.
    await rename(path.join(log(), 'tile'), path.join(root, 'tile-aside'));
    await writeFile(path.join(log(), 'tile'), '');
    await expect(sequencer.tick()).rejects.toThrow();
    await rm(path.join(log(), 'tile'));
    await rename(path.join(root, 'tile-aside'), path.join(log(), 'tile'));
    const again = await open();
    expect(again.size()).toBe(32);
    await expectWhole(again);
  });

  test('a crash after the tiles and before the checkpoint: the same, with the same root', async () => {
    const sequencer = await open();
    await sequencer.tick();
    await append(4);
    const aside = path.join(root, 'checkpoint-aside');
    await rename(path.join(log(), 'checkpoint'), aside);
    await mkdir(path.join(log(), 'checkpoint/in-the-way'), { recursive: true });
    await expect(sequencer.tick()).rejects.toThrow();
    await rm(path.join(log(), 'checkpoint'), { recursive: true });
    await rename(aside, path.join(log(), 'checkpoint'));
    const again = await open();
    expect(again.size()).toBe(32);
    const indexes = (await entries()).map((e) => Number(e.index));
    expect(indexes.filter((index) => index >= 16 && index < 32)).toHaveLength(4);
    await expectWhole(again);
  });

  test('a tick that failed is finished by the next one, in the same process', async () => {
    const sequencer = await open();
    await mkdir(path.join(log(), 'checkpoint/in-the-way'), { recursive: true });
    await expect(sequencer.tick()).rejects.toThrow();
    await rm(path.join(log(), 'checkpoint'), { recursive: true });
    await sequencer.tick();
    expect(sequencer.size()).toBe(16);
    await expectWhole(sequencer);
  });

  test('files that were lost or are older are written again from the database, byte for byte', async () => {
    const sequencer = await open();
    await append(3);
    await sequencer.tick();
    await cp(log(), path.join(root, 'older'), { recursive: true });
    await append(3);
    await sequencer.tick();
    await sequencer.tick();
    const newest = sequencer.checkpoint();
    for (const directory of [path.join(root, 'older'), path.join(root, 'none')]) {
      const again = await open(directory);
      expect(again.checkpoint()).toEqual(newest);
      await expectWhole(again);
    }
  });

  test('a database older than the log signs nothing', async () => {
    const sequencer = await open();
    await sequencer.tick();
    await sequencer.tick();
    const before = await readFile(path.join(log(), 'checkpoint'));
    await opened.database.raw('delete from journal.batch where number = 2');
    await expect(open()).rejects.toThrow(HistoryDiverged);
    await expect(open()).rejects.toThrow('the database is older than the log');
    expect(await readFile(path.join(log(), 'checkpoint'))).toEqual(before);
  });

  test('a database with another history signs nothing', async () => {
    const sequencer = await open();
    await sequencer.tick();
    await opened.database.raw(
      "update journal.batch set root = decode(repeat('00', 32), 'hex') where number = 1",
    );
    await expect(open()).rejects.toThrow(HistoryDiverged);
  });

  test('a batch whose leaves were changed in the database is never signed', async () => {
    await (await open()).tick();
    await opened.database.raw(
      "update journal.batch set leaves = decode(repeat('00', 512), 'hex') where number = 1",
    );
    await expect(open(path.join(root, 'fresh'))).rejects.toThrow('does not lead to the root');
  });

  test('damaged files, and a checkpoint of somebody else, stop it', async () => {
    const sequencer = await open();
    await sequencer.tick();
    const tile = path.join(log(), 'tile/0/000.p/16');
    const bytes = await readFile(tile);
    bytes[7] = (bytes[7] ?? 0) ^ 1;
    await writeFile(tile, bytes);
    await expect(open()).rejects.toThrow("the log's files are damaged");
    signer = await openSigner(path.join(root, 'other-signing'), start);
    await expect(open()).rejects.toThrow('was not signed here');
  });

  test('after a rotation both keys sign, and whoever knows only the old one can follow', async () => {
    const sequencer = await open();
    await sequencer.tick();
    const oldKeys = logVerifierKeys(signer, origin).map(formatVerifierKey);
    await signer.rotate('log', clock.now());
    await sequencer.tick();
    for (const vkeys of [
      oldKeys,
      logVerifierKeys(signer, origin).slice(1).map(formatVerifierKey),
    ]) {
      const report = await checkLog({
        fetchFile: (name) => sequencer.fetchFile(name),
        vkeys,
        entryBytes: 32,
      });
      expect([report.holds, report.checkpoint?.size]).toEqual([true, 32]);
    }
    await (await open()).tick();
  });

  test('two processes on one database write one history', async () => {
    const [a, b] = [await open(), await open(path.join(root, 'second'))];
    for (let i = 0; i < 4; i++) {
      await append(2);
      await Promise.all([a.tick(), b.tick()]);
    }
    await Promise.all([a.tick(), b.tick()]);
    const sizes = [a.size(), b.size()].sort((x, y) => x - y);
    expect((sizes[1] ?? 0) - (sizes[0] ?? 0)).toBeLessThanOrEqual(sizeClasses[0] as SizeClass);
    const last = await open(path.join(root, 'third'));
    await expectWhole(last, a.checkpoint() ?? undefined);
    await expectWhole(last, b.checkpoint() ?? undefined);
  });

  test('no path outside the log is read', async () => {
    const sequencer = await open();
    await writeFile(path.join(root, 'secret'), 'x');
    for (const name of ['../secret', 'tile/../../secret', '/etc/passwd', 'tile/0/../0/000', '']) {
      expect(await sequencer.fetchFile(name)).toBeNull();
    }
  });
}
