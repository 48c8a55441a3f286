import { randomBytes } from 'node:crypto';
import { constants, type FileHandle, open, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { isMissing, syncDirectory } from './durable-file.ts';

/**
 * Many items in two files that are flushed once: `<pack>.pack` below the content holds the sealed
 * items one behind the other, `<pack>.pack` below the keys a slot for each: whether it lives, its
 * key, where it begins and how long it is. A byte is added to the keys with every key that is
 * destroyed: so the file's length tells that something in it is another than before.
 */
const keysMagic = utf8('BWK1');
export const packMagic: Uint8Array = utf8('BWP1');
const headBytes = 8;
const keyBytes = 32;
const slotBytes = 1 + keyBytes + 8;
const alive = 1;

/** The name of a pack's file, below the content and below the keys. */
export function packFile(directory: string, pack: string): string {
  return path.join(directory, pack.slice(-2), `${pack}.pack`);
}

/** The pack a file name names; null where it is none. */
export function packIn(name: string): string | null {
  return /^([0-9a-f]{24})\.pack$/.exec(name)?.[1] ?? null;
}

export interface Slot {
  readonly key: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

/** Fresh keys for items that are `lengths` long when sealed, and the bytes of their file. */
export function newKeys(lengths: readonly number[]): {
  readonly slots: readonly Slot[];
  readonly bytes: Uint8Array;
} {
  const bytes = Buffer.alloc(headBytes + lengths.length * slotBytes);
  bytes.set(keysMagic);
  bytes.writeUInt32BE(lengths.length, keysMagic.length);
  const keys = randomBytes(lengths.length * keyBytes);
  let offset = packMagic.length;
  const slots = lengths.map((length, index) => {
    const at = headBytes + index * slotBytes;
    const slot = {
      key: keys.subarray(index * keyBytes, (index + 1) * keyBytes),
      offset,
      length,
    };
    bytes[at] = alive;
    bytes.set(slot.key, at + 1);
    bytes.writeUInt32BE(offset, at + 1 + keyBytes);
    bytes.writeUInt32BE(length, at + 5 + keyBytes);
    offset += length;
    return slot;
  });
  return { slots, bytes };
}

/** More slots than this are read with all that lie between them. */
const fewSlots = 4;

/** Slots in the order asked; null where a key was destroyed, or there is no such pack. */
export async function readSlots(
  file: string,
  slots: readonly number[],
): Promise<readonly (Slot | null)[]> {
  const found = await withFile(file, 'r', async (handle) => {
    if (slots.length > fewSlots) {
      const bytes = await handle.readFile();
      return slots.map((slot) => slotIn(bytes, headBytes + slot * slotBytes));
    }
    const one = async (slot: number) => {
      const bytes = Buffer.alloc(slotBytes);
      const { bytesRead } = await handle.read(bytes, 0, slotBytes, headBytes + slot * slotBytes);
      return bytesRead < slotBytes ? null : slotIn(bytes, 0);
    };
    return await Promise.all(slots.map(one));
  });
  return found ?? slots.map(() => null);
}

/** Which slots of a file of keys live; null where it is none, or not whole. */
export function livingIn(bytes: Uint8Array): readonly number[] | null {
  const count = countIn(bytes);
  if (count === null) return null;
  const slots = Array.from({ length: count }, (_, slot) => slot);
  return slots.filter((slot) => bytes[headBytes + slot * slotBytes] === alive);
}

/** The same file of keys without those of `slots`. */
export function withoutSlots(bytes: Uint8Array, slots: readonly number[]): Uint8Array {
  const rest = Uint8Array.from(bytes);
  for (const slot of slots) {
    const at = headBytes + slot * slotBytes;
    rest.fill(0, at, at + 1 + keyBytes);
  }
  return rest;
}

/** What is left of a pack after keys were destroyed. */
export interface Destroyed {
  readonly slots: readonly Slot[];
  /** No key of the pack is left: its files are to go. */
  readonly empty: boolean;
}

/** Destroys the keys of `slots`, those that live, for good. */
export async function destroySlots(file: string, slots: readonly number[]): Promise<Destroyed> {
  const done = await withFile(file, 'r+', async (handle): Promise<Destroyed> => {
    const bytes = await handle.readFile();
    const count = countIn(bytes);
    if (count === null) throw new Error(`the keys in ${path.basename(file)} are damaged`);
    const gone: Slot[] = [];
    for (const slot of new Set(slots)) {
      const at = headBytes + slot * slotBytes;
      const found = slot < count ? slotIn(bytes, at) : null;
      if (found === null) continue;
      gone.push(found);
      await handle.write(overwritten(), 0, 1 + keyBytes, at);
    }
    if (gone.length > 0) {
      await withFile(file, appending, (marks) => marks.writeFile(new Uint8Array(gone.length)));
      await handle.sync();
    }
    // Read again: of two who destroy the last two keys at once, each saw one that lived.
    const left = Buffer.alloc(bytes.length);
    await handle.read(left, 0, left.length, 0);
    return { slots: gone, empty: livingIn(left)?.length === 0 };
  });
  if (done?.empty === true) {
    await unlink(file).catch(unlessMissing);
    await syncDirectory(path.dirname(file));
  }
  return done ?? { slots: [], empty: true };
}

/** At the end, and never a file anew: who destroyed the last key meanwhile has taken it away. */
const appending = constants.O_WRONLY | constants.O_APPEND;

/** So many bytes are read at once, also where not all of them are asked for. */
const spanMax = 8 * 1024 * 1024;

/** The sealed bytes at each slot. */
export async function readSealed(
  file: string,
  slots: readonly Slot[],
): Promise<readonly Uint8Array[]> {
  await using handle = await open(file, 'r');
  const from = Math.min(...slots.map((slot) => slot.offset));
  const to = Math.max(...slots.map((slot) => slot.offset + slot.length));
  const read = async (offset: number, length: number) => {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await handle.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  };
  if (to - from > spanMax) {
    return await Promise.all(slots.map(({ offset, length }) => read(offset, length)));
  }
  const bytes = await read(from, to - from);
  return slots.map(({ offset, length }) => bytes.subarray(offset - from, offset - from + length));
}

/** Takes sealed items out of their file, or the whole file away. */
export async function takeOut(file: string, { slots, empty }: Destroyed): Promise<void> {
  if (empty) return await unlink(file).catch(unlessMissing);
  if (slots.length === 0) return;
  await withFile(file, 'r+', async (handle) => {
    for (const { offset, length } of slots) {
      await handle.write(new Uint8Array(length), 0, length, offset);
    }
  });
}

function overwritten(): Uint8Array {
  const bytes = randomBytes(1 + keyBytes);
  bytes[0] = 0;
  return bytes;
}

function slotIn(bytes: Buffer, at: number): Slot | null {
  if (at + slotBytes > bytes.length || bytes[at] !== alive) return null;
  return {
    key: Uint8Array.from(bytes.subarray(at + 1, at + 1 + keyBytes)),
    offset: bytes.readUInt32BE(at + 1 + keyBytes),
    length: bytes.readUInt32BE(at + 5 + keyBytes),
  };
}

function countIn(bytes: Uint8Array): number | null {
  if (bytes.length < headBytes || keysMagic.some((byte, i) => bytes[i] !== byte)) return null;
  const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(keysMagic.length);
  return bytes.length < headBytes + count * slotBytes ? null : count;
}

async function withFile<T>(
  file: string,
  flags: string | number,
  work: (handle: FileHandle) => Promise<T>,
): Promise<T | null> {
  const handle = await open(file, flags).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

/** All of a file of keys; null where it is gone. */
export async function readKeys(file: string): Promise<Uint8Array | null> {
  return await readFile(file).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}
