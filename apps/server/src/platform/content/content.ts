import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import {
  concatBytes,
  type Digest,
  digestOf,
  fromUtf8,
  type Id,
  sha256,
  utf8,
} from '@breakwater/kernel';
import { newId } from '../clock/clock.ts';
import { isMissing, writeDurably } from './durable-file.ts';
import { itemsBefore } from './item-files.ts';
import type { KeyStore } from './key-store.ts';
import { notePut } from './left-over.ts';
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
  get(id: Id<'content'>): Promise<Uint8Array | null>;
  getText(id: Id<'content'>): Promise<string | null>;
  /** SHA-256 of an item; null for an erased one. Read whole the first time, remembered as texts are. */
  digest(id: Id<'content'>): Promise<Digest | null>;
  /** Destroys the key, then the file. Resolves false if the key was gone already. */
  erase(id: Id<'content'>): Promise<boolean>;
  /** Items of which a file or a key was written before `before`, in batches, some twice. */
  putBefore(before: Date): AsyncIterable<readonly Id<'content'>[]>;
  /** A keyed value for exact comparison that tells nothing without the instance's secret. */
  blind(text: string): Uint8Array;
}

export const itemBytesMax = 64 * 1024 * 1024;
const magic = utf8('BWC1');
export const saltLength = 32;
const ivLength = 12;
const tagLength = 16;

/** Opens the store: ciphertext below `directory`, keys in `keys`. */
export async function openContentStore(directory: string, keys: KeyStore): Promise<ContentStore> {
  const secret = await keys.indexSecret();
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
    await writeDurably(fileOf(id), seal(key, id, concatBytes(salt, bytes)));
    return { id, size: bytes.length, ...meta, commitment: sha256(concatBytes(salt, bytes)) };
  }

  async function get(id: Id<'content'>): Promise<Uint8Array | null> {
    const key = await keys.find(id);
    if (key === null) return null;
    const opened = unseal(key, id, await readFile(fileOf(id)));
    return opened.subarray(saltLength);
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
    digest: remembering(digests, digestOf),
    async erase(id) {
      // After it: a reading that is under way keeps nothing, and one that comes later finds no key.
      const had = await keys.destroy(id).finally(() => {
        texts.forget(id);
        digests.forget(id);
      });
      await unlink(fileOf(id)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
      return had;
    },
    async *putBefore(before) {
      yield* itemsBefore(directory, before);
      yield* keys.madeBefore(before);
    },
    blind: (text) => new Uint8Array(createHmac('sha256', secret).update(text).digest()),
  };
}

/** AES-256-GCM (NIST SP 800-38D); the id is authenticated, so files cannot be swapped. */
export function seal(key: Uint8Array, id: string, plain: Uint8Array): Uint8Array {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
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
  const decipher = createDecipheriv('aes-256-gcm', key, iv);
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
