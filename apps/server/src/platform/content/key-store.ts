import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { type Id, parseId } from '@breakwater/kernel';
import { isMissing, syncDirectory, writeDurably } from './durable-file.ts';
import { itemsBefore } from './item-files.ts';

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
  /** Items whose key was made before `before`, in batches. */
  madeBefore(before: Date): AsyncIterable<readonly Id<'content'>[]>;
  /** The instance's own secret for blind index values; made at first use. */
  indexSecret(): Promise<Uint8Array>;
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
      return new Uint8Array(key);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  return {
    make: (item) => make(checked(item)),
    find: (item) => find(checked(item)),
    async mark(item) {
      try {
        const { ino, mtimeMs, ctimeMs } = await stat(fileOf(directory, checked(item)));
        return `${ino} ${mtimeMs} ${ctimeMs}`;
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async destroy(item) {
      const file = fileOf(directory, checked(item));
      try {
        const handle = await open(file, 'r+');
        try {
          await handle.write(randomBytes(32), 0, 32, 0);
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
    madeBefore: (before) => itemsBefore(directory, before),
    async indexSecret() {
      return (await find('index-secret')) ?? (await make('index-secret'));
    },
  };
}

function checked(item: string): string {
  if (parseId('content', item) === null) throw new Error(`not a content id: ${item.slice(0, 60)}`);
  return item;
}

function fileOf(directory: string, name: string): string {
  return path.join(directory, name.slice(-2), name);
}
