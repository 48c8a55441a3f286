import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
} from 'node:crypto';
import { readFile, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { concatBytes, type Digest, fromUtf8, type Id, utf8 } from '@breakwater/kernel';
import { newId } from '../clock/clock.ts';
import { isMissing, writeDurably } from './durable-file.ts';
import { gathering } from './gather.ts';
import { digestHere, sha256Here } from './hash.ts';
import { type Batch, itemsBefore } from './item-files.ts';
import type { KeyStore } from './key-store.ts';
import { notePut } from './left-over.ts';
import { packFile, packIn, packMagic, readSealed, takeOut } from './pack-file.ts';
import { type PackPlace, packItemsMax } from './pack-id.ts';
import { createTextCache, type TextCache } from './text-cache.ts';

/** What rows, events and the log hold of a content item: never the content. */
export interface ContentRef {
  readonly id: Id<'content'>;
  readonly size: number;
  readonly mediaType: string;
  /** A plain file name for people, made by us, never by the sender. */
  readonly name: string;
  /** SHA-256(salt ‖ bytes); the salt lives with the content and goes with its key. */
  readonly commitment: Uint8Array;
}

/**
 * The content store: free text, files and personal data, each item encrypted under its own key.
 *
 * Consistency: an item is immutable. Durability: fsynced before `put` resolves.
 * Limits: `itemBytesMax` per item, refused beyond. `get` answers null for an erased item and throws
 * for one that is damaged (authentication failed): damage is never shown as content.
 * Erasure: at once, whichever process erased: short texts are kept in memory, and each is held
 * against its key's file before it is answered with.
 */
export interface ContentStore {
  put(bytes: Uint8Array, meta: { mediaType: string; name: string }): Promise<ContentRef>;
  putText(text: string, name: string): Promise<ContentRef>;
  /** Puts many small items at once, in this order; each is read and erased by itself. */
  putAll(items: readonly NewItem[]): Promise<readonly ContentRef[]>;
  get(id: Id<'content'>): Promise<Uint8Array | null>;
  getText(id: Id<'content'>): Promise<string | null>;
  /** Whether key and ciphertext of an item are there, without reading it. */
  holds(id: Id<'content'>): Promise<boolean>;
  /** SHA-256 of an item; null for an erased one. Read whole the first time, remembered as texts are. */
  digest(id: Id<'content'>): Promise<Digest | null>;
  /** Destroys the key, then the file. Resolves false if the key was gone already. */
  erase(id: Id<'content'>): Promise<boolean>;
  /** The same for each of `ids`, those that were put at once together. */
  eraseAll(ids: readonly Id<'content'>[]): Promise<void>;
  /** Items of which a file or a key was written before `before`, in batches, some twice. */
  putBefore(before: Date): AsyncIterable<Batch>;
  /** A keyed value for exact comparison that tells nothing without the instance's secret. */
  blind(text: string): Uint8Array;
}

/** An item to be put with others. */
export interface NewItem {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly name: string;
}

export const itemBytesMax = 64 * 1024 * 1024;
const magic = utf8('BWC1');
export const saltLength = 32;
const ivLength = 12;
const tagLength = 16;
/** How much longer an item is when it is sealed. */
const sealedMore = magic.length + ivLength + tagLength + saltLength;

/** Opens the store: ciphertext below `directory`, keys in `keys`. */
export async function openContentStore(directory: string, keys: KeyStore): Promise<ContentStore> {
  const blinding = createSecretKey(await keys.indexSecret());
  const texts = createTextCache<string>();
  const digests = createTextCache<Digest>();
  const fileOf = (id: string) => path.join(directory, id.slice(-2), id);

  async function put(
    bytes: Uint8Array,
    meta: { mediaType: string; name: string },
  ): Promise<ContentRef> {
    if (bytes.length > itemBytesMax) {
      throw new RangeError(`content of ${bytes.length} bytes is over the limit of ${itemBytesMax}`);
    }
    const id = newId('content');
    notePut(id);
    const key = await keys.make(id);
    const salt = randomBytes(saltLength);
    await writeDurably(
      fileOf(id),
      seal(key, id, { plain: concatBytes(salt, bytes), iv: randomBytes(ivLength) }),
    );
    return { id, size: bytes.length, ...meta, commitment: sha256Here(concatBytes(salt, bytes)) };
  }

  async function putAll(items: readonly NewItem[]): Promise<readonly ContentRef[]> {
    if (items.length === 0) return [];
    const lengths = items.map(({ bytes }) => bytes.length + sealedMore);
    if (lengths.reduce((sum, length) => sum + length, 0) > itemBytesMax) {
      throw new RangeError(`items of more than ${itemBytesMax} bytes together`);
    }
    const { pack, ids, slots } = await keys.makePack(lengths);
    for (const id of ids) notePut(id);
    const random = randomBytes(items.length * (saltLength + ivLength));
    const sealed: Uint8Array[] = [packMagic];
    const refs = items.map(({ bytes, ...meta }, index): ContentRef => {
      const [id, slot] = [ids[index], slots[index]];
      if (id === undefined || slot === undefined) throw new Error('a pack without its keys');
      const own = random.subarray(index * (saltLength + ivLength));
      const salted = concatBytes(own.subarray(0, saltLength), bytes);
      const iv = own.subarray(saltLength, saltLength + ivLength);
      sealed.push(seal(slot.key, id, { plain: salted, iv }));
      return { id, size: bytes.length, ...meta, commitment: sha256Here(salted) };
    });
    await writeDurably(packFile(directory, pack), Buffer.concat(sealed));
    return refs;
  }

  /** The key of a packed item and what it sealed; null once erased. */
  const sealedAt = gathering<PackPlace, { key: Uint8Array; sealed: Uint8Array } | null>(
    ({ pack }) => pack,
    async (pack, asked) => {
      const slots = await keys.findPacked(
        pack,
        asked.map(({ slot }) => slot),
      );
      const there = slots.filter((slot) => slot !== null);
      const sealed = there.length === 0 ? [] : await readSealed(packFile(directory, pack), there);
      const bySlot = new Map(there.map((slot, i) => [slot, sealed[i] ?? new Uint8Array()]));
      return slots.map((slot) =>
        slot === null ? null : { key: slot.key, sealed: bySlot.get(slot) ?? new Uint8Array() },
      );
    },
  );

  async function getPacked(id: Id<'content'>, place: PackPlace): Promise<Uint8Array | null> {
    const found = await sealedAt(place);
    if (found === null) return await getSingle(id);
    return unseal(found.key, id, found.sealed).subarray(saltLength);
  }

  async function erasePacked(pack: string, slots: readonly number[]): Promise<boolean> {
    const destroyed = await keys.destroyPacked(pack, slots);
    await takeOut(packFile(directory, pack), destroyed);
    return destroyed.slots.length > 0;
  }

  async function erase(id: Id<'content'>): Promise<boolean> {
    const place = keys.placeOf(id);
    const packed =
      place === null
        ? false
        : await erasePacked(place.pack, [place.slot]).finally(() => forget(id));
    if (packed) return true;
    // After it: a reading that is under way keeps nothing, and one that comes later finds no key.
    const had = await keys.destroy(id).finally(() => forget(id));
    await unlink(fileOf(id)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    return had;
  }

  function forget(id: Id<'content'>): void {
    texts.forget(id);
    digests.forget(id);
  }

  async function get(id: Id<'content'>): Promise<Uint8Array | null> {
    const place = keys.placeOf(id);
    try {
      return await (place === null ? getSingle(id) : getPacked(id, place));
    } catch (error) {
      // Erased while it was read: the key goes first, then what it sealed.
      if (!(await hasKey(id, place))) return null;
      throw error;
    }
  }

  async function hasKey(id: Id<'content'>, place: PackPlace | null): Promise<boolean> {
    const [slot = null] = place === null ? [] : await keys.findPacked(place.pack, [place.slot]);
    return slot !== null || (await keys.find(id)) !== null;
  }

  async function getSingle(id: Id<'content'>): Promise<Uint8Array | null> {
    const key = await keys.find(id);
    if (key === null) return null;
    const opened = unseal(key, id, await readFile(fileOf(id)));
    return opened.subarray(saltLength);
  }

  async function holds(id: Id<'content'>): Promise<boolean> {
    const place = keys.placeOf(id);
    const [packed = null] = place === null ? [] : await keys.findPacked(place.pack, [place.slot]);
    if (place !== null && packed !== null) return await isThere(packFile(directory, place.pack));
    return (await keys.mark(id)) !== null && (await isThere(fileOf(id)));
  }

  function remembering<T extends string>(cache: TextCache<T>, tell: (bytes: Uint8Array) => T) {
    return async (id: Id<'content'>): Promise<T | null> => {
      const moment = cache.moment();
      // Before it is read: a key destroyed meanwhile leaves a mark that nothing will match.
      const mark = await keys.mark(id);
      const kept = cache.find(id, mark ?? '');
      if (kept !== undefined) return kept;
      const bytes = mark === null ? null : await get(id);
      if (bytes === null || mark === null) return null;
      const text = tell(bytes);
      cache.keep(id, { text, mark, moment });
      return text;
    };
  }

  return {
    put,
    putText: (text, name) => put(utf8(text), { mediaType: 'text/plain; charset=utf-8', name }),
    get,
    getText: remembering(texts, fromUtf8),
    digest: remembering(digests, digestHere),
    putAll,
    holds,
    erase,
    async eraseAll(ids) {
      const packed = Map.groupBy(ids, (id) => keys.placeOf(id)?.pack ?? null);
      for (const [pack, together] of packed) {
        if (pack === null) {
          for (const id of together) await erase(id);
          continue;
        }
        const slots = together.flatMap((id) => keys.placeOf(id)?.slot ?? []);
        const packed = await erasePacked(pack, slots).finally(() => together.forEach(forget));
        if (!packed) for (const id of together) await erase(id);
      }
    },
    async *putBefore(before) {
      yield* itemsBefore(directory, before, async (name) => {
        const pack = packIn(name);
        // Told by its keys, which are listed next.
        if (pack === null || (await keys.holdsPack(pack))) return null;
        const { size } = await stat(packFile(directory, pack));
        const most = Math.floor((size - packMagic.length) / sealedMore);
        const items = keys.idsOfPack(pack, Math.min(Math.max(most, 0), packItemsMax));
        return { items, packed: true, keyless: true };
      });
      yield* keys.madeBefore(before);
    },
    blind: (text) => new Uint8Array(createHmac('sha256', blinding).update(text).digest()),
  };
}

async function isThere(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}

/** AES-256-GCM (NIST SP 800-38D); the id is authenticated, so files cannot be swapped. */
export function seal(
  key: Uint8Array,
  id: string,
  { plain, iv }: { readonly plain: Uint8Array; readonly iv: Uint8Array },
): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), iv);
  cipher.setAAD(utf8(id));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return concatBytes(magic, iv, cipher.getAuthTag(), body);
}

function unseal(key: Uint8Array, id: string, sealed: Uint8Array): Uint8Array {
  const start = magic.length + ivLength + tagLength;
  if (sealed.length < start + saltLength || fromUtf8(sealed.subarray(0, 4)) !== 'BWC1') {
    throw new Error(`content item ${id} is damaged: not a sealed item`);
  }
  const iv = sealed.subarray(magic.length, magic.length + ivLength);
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), iv);
  decipher.setAAD(utf8(id));
  decipher.setAuthTag(sealed.subarray(magic.length + ivLength, start));
  try {
    return new Uint8Array(
      Buffer.concat([decipher.update(sealed.subarray(start)), decipher.final()]),
    );
  } catch (cause) {
    throw new Error(`content item ${id} is damaged: authentication failed`, { cause });
  }
}
