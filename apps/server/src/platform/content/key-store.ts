import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { type Id, parseId } from '@breakwater/kernel';
import { isMissing, syncDirectory, writeDurably } from './durable-file.ts';
import { gathering } from './gather.ts';
import { type Batch, itemsBefore } from './item-files.ts';
import {
  type Destroyed,
  destroySlots,
  livingIn,
  newKeys,
  packFile,
  packIn,
  readKeys,
  readSlots,
  type Slot,
} from './pack-file.ts';
import { createPackIds, type PackPlace, packBytes, packItemsMax } from './pack-id.ts';

/**
 * The keys of content items, one file each, in a directory of their own that no backup of the
 * database or of the content may include: destroying a key destroys the item everywhere.
 *
 * Durability: a key is on disk (fsync of file and directory) before `make` resolves.
 * Limits: overwriting in place cannot reach blocks that a copy-on-write file system or a
 * flash translation layer kept; `docs/operate` says what to do there.
 */
export interface KeyStore {
  /** Makes and keeps a fresh 32-byte key. */
  make(item: string): Promise<Uint8Array>;
  /** The key, or null once destroyed (or never made). */
  find(item: string): Promise<Uint8Array | null>;
  /** Tells a key from every other that is or was kept for the item; null once destroyed. */
  mark(item: string): Promise<string | null>;
  /** Destroys the key for good; resolves false if there was none. */
  destroy(item: string): Promise<boolean>;
  /** Makes and keeps keys for items that are `lengths` long when sealed and lie in one file. */
  makePack(lengths: readonly number[]): Promise<NewPack>;
  /**
   * Where a packed item lies; null for one with files of its own, of which one in 262,144 looks like
   * a packed one and has no pack there.
   */
  placeOf(item: Id<'content'>): PackPlace | null;
  /** Keys of items of one pack; null once destroyed (or never made). */
  findPacked(pack: string, slots: readonly number[]): Promise<readonly (Slot | null)[]>;
  /** Destroys the keys of items of one pack. */
  destroyPacked(pack: string, slots: readonly number[]): Promise<Destroyed>;
  /** Whether any key of a pack is kept, or a damaged file that may have one. */
  holdsPack(pack: string): Promise<boolean>;
  /** The ids of the first `count` items of a pack. */
  idsOfPack(pack: string, count: number): readonly Id<'content'>[];
  /** Items whose key was made before `before`, in batches. */
  madeBefore(before: Date): AsyncIterable<Batch>;
  /** The instance's own secret for blind index values; made at first use. */
  indexSecret(): Promise<Uint8Array>;
}

/** A new pack: its name, and an id and a key for each of its items. */
export interface NewPack {
  readonly pack: string;
  readonly ids: readonly Id<'content'>[];
  readonly slots: readonly Slot[];
}

/** Keeps keys as files below `directory` (mode 0700). */
export async function openKeyStore(directory: string): Promise<KeyStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });

  async function make(name: string): Promise<Uint8Array> {
    const key = new Uint8Array(randomBytes(32));
    await writeDurably(fileOf(directory, name), key);
    return key;
  }

  async function find(name: string): Promise<Uint8Array | null> {
    try {
      const key = await readFile(fileOf(directory, name));
      if (key.length !== 32)
        throw new Error(`key file of ${name} has ${key.length} bytes, expected 32`);
      return key.every((byte) => byte === 0) ? null : new Uint8Array(key);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  const secret = (await find('index-secret')) ?? (await make('index-secret'));
  const ids = createPackIds(secret);
  const fileOfPack = (pack: string) => packFile(directory, pack);

  const markOfPack = gathering<string, string | null>(
    (pack) => pack,
    async (pack, asked) => {
      const mark = await markOf(fileOfPack(pack));
      return asked.map(() => mark);
    },
  );

  async function livingOf(pack: string): Promise<readonly Id<'content'>[]> {
    const bytes = await readKeys(fileOfPack(pack));
    const living = bytes === null ? null : livingIn(bytes);
    if (living === null) return [];
    const all = ids.idsOf(pack, (living.at(-1) ?? -1) + 1);
    return living.flatMap((slot) => all[slot] ?? []);
  }

  return {
    make: (item) => make(checked(item)),
    find: (item) => find(checked(item)),
    async makePack(lengths) {
      if (lengths.length > packItemsMax) throw new RangeError(`a pack of ${lengths.length} items`);
      const pack = randomBytes(packBytes).toString('hex');
      const { slots, bytes } = newKeys(lengths);
      await writeDurably(fileOfPack(pack), bytes);
      return { pack, ids: ids.idsOf(pack, lengths.length), slots };
    },
    placeOf: (item) => ids.placeOf(checked(item)),
    findPacked: (pack, slots) => readSlots(fileOfPack(pack), slots),
    destroyPacked: (pack, slots) => destroySlots(fileOfPack(pack), slots),
    async holdsPack(pack) {
      const bytes = await readKeys(fileOfPack(pack));
      return bytes !== null && livingIn(bytes)?.length !== 0;
    },
    idsOfPack: (pack, count) => ids.idsOf(pack, count),
    async mark(item) {
      const place = ids.placeOf(checked(item));
      const packed = place === null ? null : await markOfPack(place.pack);
      return packed ?? (await markOf(fileOf(directory, item)));
    },
    async destroy(item) {
      const file = fileOf(directory, checked(item));
      try {
        const handle = await open(file, 'r+');
        try {
          // No key is all zeros: whoever reads it before the file is gone knows that it was destroyed.
          await handle.write(new Uint8Array(32), 0, 32, 0);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await unlink(file);
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
      await syncDirectory(path.dirname(file));
      return true;
    },
    async *madeBefore(before) {
      yield* itemsBefore(directory, before, async (name) => {
        const pack = packIn(name);
        if (pack === null) return null;
        const living = await livingOf(pack);
        if (living.length === 0) await destroySlots(fileOfPack(pack), []);
        return { items: living, packed: true };
      });
    },
    indexSecret: () => Promise.resolve(secret),
  };
}

async function markOf(file: string): Promise<string | null> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function checked(item: string): Id<'content'> {
  const id = parseId('content', item);
  if (id === null) throw new Error(`not a content id: ${item.slice(0, 60)}`);
  return id;
}

function fileOf(directory: string, name: string): string {
  return path.join(directory, name.slice(-2), name);
}
