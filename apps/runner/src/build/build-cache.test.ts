import { createHash } from 'node:crypto';
import {
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, digestOf, utf8 } from '@breakwater/kernel';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BuildCache } from './build-cache.ts';

let root: string;
let cache: BuildCache;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'builds-test-'));
  cache = new BuildCache(root);
});
afterEach(() => rm(root, { recursive: true }));

const keyOf = (name: string): Digest => digestOf(utf8(name));
const pathOf = (key: Digest) => join(root, 'builds', key.replace(':', '-'));
const contents = { program: 'a program', 'lib/part': 'a part' };

/** Keeps a build of two files under the key of its name. */
async function keep(name: string, into = cache): Promise<Digest> {
  const incoming = await into.incoming();
  await mkdir(join(incoming, 'files/lib'));
  const files = [];
  for (const [path, text] of Object.entries(contents)) {
    await writeFile(join(incoming, 'files', path), text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    files.push({ path, size: text.length, sha256 });
  }
  await into.admit(keyOf(name), incoming, { files, toolchain: { gcc: '12' } });
  return keyOf(name);
}

const names = async () => (await readdir(join(root, 'builds'))).toSorted();

describe('the build cache', () => {
  test('gives back what was kept, under its key only, and is private', async () => {
    const key = await keep('one');
    const found = await cache.find(key);
    expect(found?.files.map(({ path }) => path)).toEqual(['program', 'lib/part']);
    expect(found?.folder).toBe(join(pathOf(key), 'files'));
    expect(await cache.find(keyOf('two'))).toBeNull();
    expect((await stat(join(root, 'builds'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(pathOf(key), 'manifest.json'))).mode & 0o777).toBe(0o600);
  });

  test('shows nothing of a build that is still being collected', async () => {
    const incoming = await cache.incoming();
    await writeFile(join(incoming, 'files/program'), 'half');
    expect((await names()).every((name) => name.startsWith('.incoming-'))).toBe(true);
    await cache.discard(incoming);
    expect(await names()).toEqual([]);
  });

  test('keeps the first of two that were built at once', async () => {
    const second = new BuildCache(root);
    const [a, b] = await Promise.all([keep('one'), keep('one', second)]);
    expect(a).toBe(b);
    expect(await cache.find(a)).not.toBeNull();
  });

  test.each<[string, (entry: string) => Promise<unknown>]>([
    ['a file was altered', (entry) => writeFile(join(entry, 'files/program'), 'b program')],
    ['a file was cut', (entry) => writeFile(join(entry, 'files/program'), 'a')],
    ['a file is gone', (entry) => rm(join(entry, 'files/lib/part'))],
    ['a file was added', (entry) => writeFile(join(entry, 'files/lib/more'), '')],
    [
      'a file became a link to the same bytes',
      async (entry) => {
        await rename(join(entry, 'files/program'), join(root, 'elsewhere'));
        await symlink(join(root, 'elsewhere'), join(entry, 'files/program'));
      },
    ],
    ['the manifest is not one', (entry) => writeFile(join(entry, 'manifest.json'), '{}')],
  ])('throws an entry away when %s', async (_, poison) => {
    const key = await keep('one');
    await poison(pathOf(key));
    expect(await cache.find(key)).toBeNull();
    expect(await names()).toEqual([]);
  });

  test('does not take one build for another that was moved to its place', async () => {
    await rename(pathOf(await keep('patched')), pathOf(keyOf('vulnerable')));
    expect(await cache.find(keyOf('vulnerable'))).toBeNull();
    expect(await names()).toEqual([]);
  });

  test('throws away what was unused for longest once there is too much, but nothing in use', async () => {
    const bytes = Object.values(contents).join('').length;
    const small = new BuildCache(root, 2 * bytes);
    const usedHoursAgo = async (name: string, hours: number) => {
      const then = new Date(Date.now() - hours * 3_600_000);
      await utimes(join(pathOf(await keep(name, small)), 'manifest.json'), then, then);
    };
    await usedHoursAgo('older', 2);
    await usedHoursAgo('oldest', 3);
    await keep('new', small);
    expect(await names()).toEqual(
      ['new', 'older'].map((n) => keyOf(n).replace(':', '-')).toSorted(),
    );
    // all of these were used just now, and stay although they are too much together
    await small.find(keyOf('older'));
    await keep('newer', small);
    await keep('newest', small);
    expect(await names()).toHaveLength(4);
  });
});
