import {
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { concatBytes, digestOf, type Id, sha256, utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '../clock/clock.ts';
import { type ContentStore, itemBytesMax } from './content.ts';

/** A store on files, opened anew on the same places as often as a test likes. */
export type OpenStore = (directory: string, keys: string) => Promise<ContentStore>;

const text = { mediaType: 'text/plain', name: 'note.txt' };

/** What every implementation of the content port on files does. */
export function contentConformance(open: OpenStore): void {
  let root: string;
  let store: ContentStore;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'breakwater-content-'));
    store = await open(path.join(root, 'content'), path.join(root, 'keys'));
  });
  afterEach(async () => await rm(root, { recursive: true, force: true }));
  const reopen = () => open(path.join(root, 'content'), path.join(root, 'keys'));
  const fileOf = async (id: string) => {
    const files = await readdir(path.join(root, 'content'), { recursive: true });
    const name = files.find((file) => path.basename(file) === id);
    if (name === undefined) throw new Error(`no file of ${id}`);
    return path.join(root, 'content', name);
  };

  test('what was put is got, byte for byte, also after opening again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (bytes) => {
        const ref = await store.put(bytes, text);
        expect(ref).toMatchObject({ ...text, size: bytes.length });
        expect(await (await reopen()).get(ref.id)).toEqual(bytes);
      }),
      { numRuns: 15 },
    );
  });

  test('text in any script comes back', async () => {
    const ref = await store.putText('Blåbærsyltetøy ☃ 漢字', 'note.txt');
    expect(await store.getText(ref.id)).toBe('Blåbærsyltetøy ☃ 漢字');
  });

  test('nothing of the content, its name or its size class is in the clear on disk', async () => {
    const { id } = await store.putText('a secret sentence', 'secret-name.txt');
    const bytes = await readFile(await fileOf(id));
    expect(bytes.includes('secret')).toBe(false);
  });

  test('the same content twice is two items that look nothing alike', async () => {
    const [a, b] = [await store.putText('same', 'a.txt'), await store.putText('same', 'b.txt')];
    expect(a.commitment).not.toEqual(b.commitment);
    const sealed = await Promise.all([a, b].map(async ({ id }) => readFile(await fileOf(id))));
    expect(sealed[0]?.subarray(4)).not.toEqual(sealed[1]?.subarray(4));
  });

  test('the commitment needs the salt: the bytes alone do not lead to it', async () => {
    const ref = await store.putText('guessable', 'note.txt');
    expect(ref.commitment).not.toEqual(sha256(utf8('guessable')));
    expect(ref.commitment).not.toEqual(sha256(concatBytes(new Uint8Array(32), utf8('guessable'))));
  });

  test('files are for their owner alone', async () => {
    const { id } = await store.putText('x', 'note.txt');
    for (const file of [await fileOf(id), path.join(root, 'content'), path.join(root, 'keys')]) {
      expect((await stat(file)).mode & 0o077).toBe(0);
    }
  });

  test('an item over the limit is refused and leaves nothing behind', async () => {
    await expect(store.put(new Uint8Array(itemBytesMax + 1), text)).rejects.toThrow(RangeError);
    expect(await readdir(path.join(root, 'content')).catch(() => [])).toEqual([]);
  });

  test('no temporary file stays behind', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.putText(`item ${i}`, 'note.txt')));
    const names = await readdir(root, { recursive: true });
    expect(names.filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test.each([0, 4, 20, 33, 80])('a flipped bit at byte %i is damage, never content', async (at) => {
    const { id } = await store.put(new Uint8Array(64), text);
    const file = await fileOf(id);
    const bytes = await readFile(file);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(store.get(id)).rejects.toThrow(`content item ${id} is damaged`);
  });

  test.each([0, 3, 31, 70])('a file cut off at %i bytes is damage', async (length) => {
    const { id } = await store.put(new Uint8Array(64), text);
    await truncate(await fileOf(id), length);
    await expect(store.get(id)).rejects.toThrow('is damaged');
  });

  test('two files that changed places are damage', async () => {
    const [a, b] = [await store.putText('one', 'a.txt'), await store.putText('two', 'b.txt')];
    const [fileA, fileB] = [await fileOf(a.id), await fileOf(b.id)];
    await rename(fileA, `${fileA}.aside`);
    await rename(fileB, fileA);
    await rename(`${fileA}.aside`, fileB);
    await expect(store.get(a.id)).rejects.toThrow('is damaged');
    await expect(store.get(b.id)).rejects.toThrow('is damaged');
  });

  test('a file that is gone while its key is there is an error, not an erasure', async () => {
    const { id } = await store.putText('x', 'note.txt');
    await rm(await fileOf(id));
    await expect(store.get(id)).rejects.toThrow();
  });

  test('erasing takes content and key; a copy of everything but the keys cannot bring it back', async () => {
    const { id } = await store.putText('the canary', 'note.txt');
    const older = await readFile(await fileOf(id));
    const place = await fileOf(id);
    expect(await store.erase(id)).toBe(true);
    expect(await store.get(id)).toBeNull();
    expect(await store.getText(id)).toBeNull();
    await writeFile(place, older);
    expect(await (await reopen()).get(id)).toBeNull();
    expect(await store.erase(id)).toBe(false);
    const names = await readdir(root, { recursive: true });
    expect(names.filter((name) => path.basename(name) === id)).toEqual([]);
  });

  test('a text that was read before is gone here once it is erased elsewhere', async () => {
    const { id } = await store.putText('the canary', 'note.txt');
    const other = await reopen();
    for (const each of [store, other, store]) {
      expect(await each.getText(id)).toBe('the canary');
      expect(await each.digest(id)).toBe(digestOf(utf8('the canary')));
    }
    await other.erase(id);
    for (const each of [store, other]) {
      expect(await each.getText(id)).toBeNull();
      expect(await each.digest(id)).toBeNull();
    }
  });

  test('a text that is erased while it is read does not come back', async () => {
    const { id } = await store.putText('the canary', 'note.txt');
    const reading = [store.getText(id), store.getText(id)];
    await store.erase(id);
    for (const read of await Promise.all(reading)) expect([null, 'the canary']).toContain(read);
    expect(await store.getText(id)).toBeNull();
  });

  test('an id that was never given out reads as nothing', async () => {
    expect(await store.get(newId('content'))).toBeNull();
  });

  test.each(['../../etc/passwd', '', 'case_00000000000000000000000000', 'content_../x'])(
    'a name that is no content id reaches no file: %s',
    async (name) => {
      await expect(store.get(name as Id<'content'>)).rejects.toThrow('not a content id');
      await expect(store.erase(name as Id<'content'>)).rejects.toThrow('not a content id');
    },
  );

  test('blind values compare here and nowhere else', async () => {
    const elsewhere = await open(path.join(root, 'content'), path.join(root, 'other-keys'));
    expect((await reopen()).blind('CVE-2026-1')).toEqual(store.blind('CVE-2026-1'));
    expect(store.blind('CVE-2026-1')).not.toEqual(store.blind('CVE-2026-2'));
    expect(elsewhere.blind('CVE-2026-1')).not.toEqual(store.blind('CVE-2026-1'));
  });
}
