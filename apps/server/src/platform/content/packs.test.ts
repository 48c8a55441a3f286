import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fromUtf8, type Id, parseId, utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../clock/clock.ts';
import { type ContentStore, itemBytesMax, openContentStore } from './content.ts';
import { openKeyStore } from './key-store.ts';
import { destroySlots } from './pack-file.ts';
import { createPackIds } from './pack-id.ts';

let root: string;
let store: ContentStore;
const reopen = async () =>
  await openContentStore(path.join(root, 'content'), await openKeyStore(path.join(root, 'keys')));
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'breakwater-packs-'));
  store = await reopen();
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

const item = (text: string) => ({ bytes: utf8(text), mediaType: 'text/plain', name: 'note.txt' });

async function packs(): Promise<readonly string[]> {
  const names = await readdir(root, { recursive: true });
  return names.filter((name) => name.endsWith('.pack')).map((name) => path.join(root, name));
}

async function bytesOnDisk(): Promise<Buffer> {
  return Buffer.concat(await Promise.all((await packs()).map((file) => readFile(file))));
}

/** What is sealed, and the keys. */
async function halves(): Promise<readonly [Buffer, Buffer]> {
  const read = async (folder: string) => {
    const files = (await packs()).filter((file) => file.startsWith(path.join(root, folder)));
    return Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
  };
  return [await read('content'), await read('keys')];
}

async function put(texts: readonly string[]): Promise<readonly Id<'content'>[]> {
  return (await store.putAll(texts.map(item))).map((ref) => ref.id);
}

describe('many items put at once', () => {
  test('each is got by itself, in order, also after opening again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 40 }),
        async (many) => {
          const refs = await store.putAll(many.map((bytes) => ({ ...item(''), bytes })));
          const again = await reopen();
          expect(await Promise.all(refs.map((ref) => again.get(ref.id)))).toEqual(many);
          expect(refs.map((ref) => ref.size)).toEqual(many.map((bytes) => bytes.length));
        },
      ),
      { numRuns: 15 },
    );
  });

  test('in two files, whatever their number, for their owner alone, with nothing in the clear', async () => {
    await put(Array.from({ length: 500 }, (_, i) => `a secret sentence ${i}`));
    const files = await packs();
    expect(files).toHaveLength(2);
    for (const file of files) expect((await stat(file)).mode & 0o077).toBe(0);
    expect((await bytesOnDisk()).includes('secret')).toBe(false);
  });

  test('nothing at all makes no file, and too much is refused', async () => {
    expect(await store.putAll([])).toEqual([]);
    const half = { ...item(''), bytes: new Uint8Array(itemBytesMax / 2) };
    await expect(store.putAll([half, half])).rejects.toThrow(RangeError);
    expect(await packs()).toEqual([]);
  });

  test('erasing one leaves the others, and destroys its key and what it sealed', async () => {
    const ids = await put(['first', 'the canary', 'third']);
    const [, erased = newId('content')] = ids;
    const other = await reopen();
    for (const id of ids) expect(await other.getText(id)).not.toBeNull();
    const [sealed, keys] = await halves();
    expect(await store.erase(erased)).toBe(true);
    expect(await store.erase(erased)).toBe(false);
    for (const each of [store, other, await reopen()]) {
      const texts = await Promise.all(ids.map((id) => each.getText(id)));
      expect(texts).toEqual(['first', null, 'third']);
    }
    // The second slot: a byte, the key, where it begins and how long it is.
    const slot = 8 + 41;
    const [sealedAfter, keysAfter] = await halves();
    expect(keysAfter.includes(keys.subarray(slot + 1, slot + 33))).toBe(false);
    const [from, length] = [keys.readUInt32BE(slot + 33), keys.readUInt32BE(slot + 37)];
    expect(sealedAfter.subarray(from, from + length)).toEqual(Buffer.alloc(length));
    expect(sealed.subarray(from, from + length)).not.toEqual(Buffer.alloc(length));
  });

  test('older ciphertext beside the keys of today brings nothing back', async () => {
    const [erased = newId('content'), kept = newId('content')] = await put(['the canary', 'kept']);
    const older = await Promise.all(
      (await packs()).map(async (f) => [f, await readFile(f)] as const),
    );
    await store.erase(erased);
    for (const [file, bytes] of older) {
      if (file.startsWith(path.join(root, 'content'))) await writeFile(file, bytes);
    }
    const again = await reopen();
    expect(await again.getText(erased)).toBeNull();
    expect(await again.getText(kept)).toBe('kept');
  });

  test('once all are erased their files are gone, one by one or together', async () => {
    for (const id of await put(['a', 'b'])) await store.erase(id);
    expect(await packs()).toEqual([]);
    const single = await store.putText('beside', 'note.txt');
    await store.eraseAll([...(await put(['c', 'd'])), single.id]);
    expect(await packs()).toEqual([]);
    expect(await store.get(single.id)).toBeNull();
  });

  test('nothing is left of a pack whose last items are erased at once', async () => {
    for (let round = 0; round < 20; round++) {
      const ids = await put(['a', 'b', 'c']);
      await Promise.all(ids.map((id) => store.erase(id)));
      expect(await packs()).toEqual([]);
    }
  });

  test('a key file that was taken away while a key in it was destroyed does not come back', async () => {
    await put(['a', 'b']);
    const file = (await packs()).find((each) => each.startsWith(path.join(root, 'keys'))) ?? '';
    // Each erasure takes several turns; so some of the later ones find it open and gone.
    const all = await Promise.all([[0], [1], [0, 1]].map((slots) => destroySlots(file, slots)));
    expect(all.at(-1)?.empty).toBe(true);
    expect((await packs()).filter((each) => each === file)).toEqual([]);
    expect(await destroySlots(file, [0])).toEqual({ slots: [], empty: true });
  });

  test('a flipped bit is damage of the one item it is in', async () => {
    const [hurt = newId('content'), whole = newId('content')] = await put(['one', 'two']);
    const file = (await packs()).find((each) => each.startsWith(path.join(root, 'content'))) ?? '';
    const bytes = await readFile(file);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(store.get(hurt)).rejects.toThrow(`content item ${hurt} is damaged`);
    expect(await store.getText(whole)).toBe('two');
  });

  test('what lives is listed in one batch; a file whose keys are gone is told apart', async () => {
    const ids = await put(['a', 'b', 'c']);
    await store.erase(ids[1] ?? newId('content'));
    const lost = await put(['lost']);
    const keysOfLost = (await packs()).filter((f) => f.startsWith(path.join(root, 'keys'))).at(-1);
    for (const file of await packs()) await utimes(file, new Date(0), new Date(0));
    const batches = [];
    for await (const batch of store.putBefore(new Date(1_000))) batches.push(batch);
    expect(batches.every((batch) => batch.packed)).toBe(true);
    const listed = batches.flatMap((batch) => batch.items);
    expect(new Set(listed)).toEqual(new Set([ids[0], ids[2], ...lost]));
    expect(listed).toHaveLength(3);
    await rm(keysOfLost ?? '');
    const keyless = [];
    for await (const batch of store.putBefore(new Date(1_000))) {
      if (batch.keyless === true) keyless.push(batch.items);
    }
    expect(keyless).toHaveLength(1);
    expect([ids, lost]).toContainEqual(keyless[0]);
    expect(await packs()).toHaveLength(3);
  });
});

describe('the ids of a pack', () => {
  const ids = createPackIds(new Uint8Array(32));

  test('lead to their place, and those of other items to none', () => {
    const pack = 'ab'.repeat(12);
    const all = ids.idsOf(pack, 300);
    expect(new Set(all).size).toBe(300);
    for (const [slot, id] of all.entries()) {
      expect(parseId('content', id)).toBe(id);
      expect(ids.placeOf(id)).toEqual({ pack, slot });
    }
    const others = Array.from({ length: 2_000 }, () => ids.placeOf(newId('content')));
    expect(others.filter((place) => place !== null)).toEqual([]);
  });

  test('do not show that they belong together, nor to whom the secret is another', () => {
    const [a = '', b = ''] = ids.idsOf('cd'.repeat(12), 2);
    const same = a
      .slice(-26)
      .split('')
      .filter((letter, i) => letter === b.slice(-26)[i]);
    expect(same.length).toBeLessThan(10);
    const other = createPackIds(new Uint8Array(32).fill(1));
    expect(other.placeOf(ids.idsOf('cd'.repeat(12), 1)[0] ?? newId('content'))).toBeNull();
  });

  test('the last letter counts: another id of the same block is none', () => {
    const [id] = ids.idsOf('ef'.repeat(12), 1);
    const letters = '0123456789abcdefghjkmnpqrstvwxyz';
    const alike = letters
      .split('')
      .map((l) => `${id?.slice(0, -1)}${l}`)
      .filter((each) => each !== id);
    const near = alike.flatMap((each) => parseId('content', each) ?? []);
    expect(near.map((each) => ids.placeOf(each))).toEqual(near.map(() => null));
  });
});

test('text is text again', async () => {
  const [id = newId('content')] = await put(['Blåbær ☃']);
  expect(fromUtf8((await store.get(id)) ?? new Uint8Array())).toBe('Blåbær ☃');
});
