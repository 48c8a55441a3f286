import { execFile } from 'node:child_process';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { record } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../apps/cli/test/run-cli.ts';
import { createCaller } from '../../demo/driver/calls.ts';
import { findPostgres, withPostgres } from '../../tools/postgres.ts';
import {
  aFile,
  at,
  backup,
  contentOf,
  erase,
  flip,
  keyOf,
  nothingLeft,
  restore,
  saveCheckpoint,
  serve,
  stoppedServer,
  type Told,
  tell,
  titleOf,
  useScene,
} from './backup-scene.ts';

// docs/operate/backup.md tells what is done here; the rest of it is in backup-long.test.ts.

useScene();
const long = process.env['BREAKWATER_LONG'] === '1';
const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';

test('a running server is backed up, restored elsewhere, and goes on where it was', async ({
  skip,
}) => {
  skip(onPostgres, 'done in the run on the embedded database');
  const first = await serve('first');
  const told = await tell(first, 'Told before');
  const seen = await saveCheckpoint(first, 'seen');
  const done = await backup('first', 'backup');
  expect(done).toMatchObject({ code: 0, answer: { engine: 'embedded', erasures: 0 } });
  // It worked on, and works on.
  const later = await tell(first, 'Told after the backup');
  expect(await titleOf(first, later)).toBe('Told after the backup');
  await first.stop();

  const restored = await restore('backup', 'elsewhere', '--since', seen);
  expect(restored).toMatchObject({
    code: 0,
    answer: { unreadable: 0, checkedSince: true, erasedSince: [] },
  });
  const second = await serve('elsewhere');
  expect(await titleOf(second, told)).toBe('Told before');
  await saveCheckpoint(second, 'seen-there');
  const check = await runCli([
    'log',
    'check',
    at('elsewhere/log'),
    '--since',
    seen,
    '--key',
    await keyOf(second),
  ]);
  expect({ code: check.code, out: check.out }).toMatchObject({ code: 0 });
});

describe('of a stopped server', () => {
  let told: Told;
  let erased: Told;
  let content: Id<'content'>;
  beforeEach(async ({ skip }) => {
    skip(onPostgres, 'done in the run on the embedded database');
    ({ told, erased, content } = await stoppedServer());
  });

  test('what was erased after the backup stays erased, by the list of a later one', async () => {
    const first = await serve('first');
    await erase('first', content);
    await first.stop();
    expect(await backup('first', 'later')).toMatchObject({ code: 0, answer: { erasures: 1 } });
    const list = at('later/erasures.ndjson');
    expect(await restore('backup', 'elsewhere', '--erasures', list)).toMatchObject({
      code: 0,
      answer: { erasedBefore: 0, erasedSince: [content], unreadable: 0 },
    });
    for (const place of ['content', 'keys/content']) {
      const names = await readdir(at('elsewhere', place), { recursive: true });
      expect(names.filter((name) => name.endsWith(content))).toEqual([]);
    }
    const second = await serve('elsewhere');
    expect(await titleOf(second, erased)).toBe('(erased)');
    expect(await titleOf(second, told)).toBe('Told before');
    await expect(
      createCaller(second, erased.key).read(record.content, { params: { content } }),
    ).rejects.toThrow();
  });

  // Of each kind one in every run; each refusal is a restoration of its own.
  const spoilers: readonly Spoiler[] = [
    ['a flipped byte in the database', () => aFile('database', 'PG_VERSION'), flip],
    ['a content file that is missing', () => aFile('content', ''), rm],
    ['a file that was added', () => at('backup/content/more'), (file) => writeFile(file, 'x')],
    ['keys with a flipped byte', () => at('backup.age'), flip],
  ];
  const more: readonly Spoiler[] = [
    ['a flipped byte in content', () => aFile('content', ''), flip],
    ['a flipped byte in the log', () => at('backup/log/checkpoint'), flip],
    ['a flipped byte in the list', () => at('backup/files.ndjson'), flip],
    ['a manifest that is missing', () => at('backup/manifest.json'), rm],
    ['a file cut short', () => aFile('content', ''), (file) => truncate(file, 10)],
    ['keys cut short', () => at('backup.age'), (file) => truncate(file, 300)],
  ];
  test('a backup that was touched is refused, whatever was touched, and nothing is restored', async () => {
    for (const [what, find, spoil] of long ? [...spoilers, ...more] : spoilers) {
      const file = await find();
      const whole = await readFile(file).catch(() => null);
      await spoil(file);
      const refused = await restore('backup', 'elsewhere');
      const { refusal } = refused.answer as { refusal?: { code: string } }; // a refusal, as asked below
      expect([what, refused.code, refusal?.code]).toEqual([
        what,
        2,
        what.startsWith('keys') ? 'keys-unreadable' : 'backup-damaged',
      ]);
      expect(await nothingLeft()).toEqual([]);
      await (whole === null ? rm(file) : writeFile(file, whole));
    }
    expect(await restore('backup', 'elsewhere')).toMatchObject({ code: 0 });
  });
});

/** What is touched, where it is, and how. */
type Spoiler = readonly [
  what: string,
  find: () => string | Promise<string>,
  spoil: (file: string) => Promise<void>,
];

test('PostgreSQL: backed up while it works, restored into an empty database, the log continued', async ({
  skip,
}) => {
  const found = findPostgres();
  if ('missing' in found) skip(found.missing);
  skip(!onPostgres && !long, 'done in the run on PostgreSQL');
  if ('missing' in found) return;
  await withPostgres(async ({ url }) => {
    const first = await serve('first', { DATABASE_URL: url });
    const told = await tell(first, 'Told before');
    const erased = await tell(first, 'To be erased');
    const content = await contentOf(first, erased);
    const seen = await saveCheckpoint(first, 'seen');
    vi.stubEnv('DATABASE_URL', url);
    try {
      expect(await backup('first', 'backup')).toMatchObject({
        code: 0,
        answer: { engine: 'postgresql' },
      });
      await erase('first', content);
      await backup('first', 'later');
      await first.stop();
      expect(await restore('backup', 'elsewhere')).toMatchObject({
        answer: { refusal: { code: 'place-not-empty' } },
      });
      const words = [url, '--command=create database restored'];
      await promisify(execFile)(path.join(found.bin, 'psql'), words);
      const empty = url.replace('/postgres?', '/restored?');
      vi.stubEnv('DATABASE_URL', empty);
      const list = at('later/erasures.ndjson');
      const done = await restore('backup', 'elsewhere', '--since', seen, '--erasures', list);
      expect(done).toMatchObject({
        code: 0,
        answer: { checkedSince: true, erasedSince: [content], unreadable: 0 },
      });
      const second = await serve('elsewhere', { DATABASE_URL: empty });
      expect(await titleOf(second, told)).toBe('Told before');
      expect(await titleOf(second, erased)).toBe('(erased)');
      await saveCheckpoint(second, 'seen-there');
      await second.stop();
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
