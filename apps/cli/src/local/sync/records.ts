import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { crc32, createGunzip } from 'node:zlib';
import { osvLimits } from '@breakwater/formats/osv';
import { type Entry, openPromise } from 'yauzl';

/** One record of a data set, unread; `null` where it is too large or its bytes are damaged. */
export interface RawRecord {
  readonly where: string;
  readonly bytes: Uint8Array | null;
  /** Why there are no bytes. */
  readonly fault?: string;
}

/** Bounds of one data set, unpacked. OSV's largest had 400,000 records and 6 GB in 2026. */
export const setLimits = {
  recordsMax: 4_000_000,
  bytesMax: 64 * 1024 ** 3,
  /** An archive that unpacks to more than this many times its size, beyond 1 GiB, is a bomb. */
  ratioMax: 200,
  depthMax: 8,
} as const;

/** The data set as a whole cannot be read; the message says why. */
export class SetUnreadable extends Error {
  override readonly name = 'SetUnreadable';
}

/**
 * The records of a data set, one at a time, in bounded memory: a folder of OSV files (folders in
 * it too), a zip of such, a JSON list, a file with one record a line, any of the last two
 * compressed with gzip, or one record.
 *
 * Throws SetUnreadable where the whole is damaged or beyond its bounds.
 */
export async function* recordsOf(place: string): AsyncGenerator<RawRecord> {
  if ((await stat(place)).isDirectory()) return yield* counted(filesIn(place));
  const head = await headOf(place);
  if (head[0] === 0x50 && head[1] === 0x4b) return yield* counted(entriesOf(place));
  yield* counted(textsIn(place, head[0] === 0x1f && head[1] === 0x8b));
}

async function* counted(records: AsyncIterable<RawRecord>): AsyncGenerator<RawRecord> {
  let count = 0;
  for await (const record of records) {
    count += 1;
    if (count > setLimits.recordsMax) {
      throw new SetUnreadable(`more than ${setLimits.recordsMax} records`);
    }
    yield record;
  }
}

async function headOf(file: string): Promise<Uint8Array> {
  await using handle = await open(file, 'r');
  const head = new Uint8Array(4);
  await handle.read(head, 0, 4, 0);
  return head;
}

async function* filesIn(folder: string, depth = 0): AsyncGenerator<RawRecord> {
  if (depth > setLimits.depthMax) {
    throw new SetUnreadable(`folders in each other deeper than ${setLimits.depthMax}`);
  }
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = path.join(folder, entry.name);
    // Links are not followed: they may lead round, or anywhere.
    if (entry.isDirectory()) yield* filesIn(place, depth + 1);
    else if (entry.isFile() && entry.name.endsWith('.json')) {
      yield await wholeOf(createReadStream(place), place);
    }
  }
}

async function* entriesOf(file: string): AsyncGenerator<RawRecord> {
  const { size } = await stat(file);
  const bytesMax = Math.min(setLimits.bytesMax, Math.max(1024 ** 3, size * setLimits.ratioMax));
  let [packed, unpacked] = [0, 0];
  try {
    const zip = await openPromise(file, { lazyEntries: true, strictFileNames: true });
    for await (const entry of zip.eachEntry()) {
      packed += entry.compressedSize;
      // the ratio above would allow the same few bytes to be unpacked again and again
      if (packed > size) throw new SetUnreadable('a zip file whose entries share their bytes');
      if (!entry.fileName.endsWith('.json')) continue;
      unpacked += entry.uncompressedSize;
      if (unpacked > bytesMax) throw new SetUnreadable(`more than ${bytesMax} bytes unpacked`);
      yield await readEntry(entry, () => zip.openReadStreamPromise(entry));
    }
  } catch (error) {
    if (error instanceof SetUnreadable) throw error;
    throw new SetUnreadable(`a damaged zip file: ${wordsOf(error)}`);
  }
}

async function readEntry(entry: Entry, open: () => Promise<Readable>): Promise<RawRecord> {
  const where = entry.fileName;
  if (entry.uncompressedSize > osvLimits.bytesMax) return { where, bytes: null, fault: tooLong };
  const record = await wholeOf(await open(), where);
  // yauzl holds an entry to its size and leaves its checksum to us.
  const intact = record.bytes !== null && crc32(record.bytes) === entry.crc32;
  if (!intact) throw new SetUnreadable(`${where} is damaged: its checksum is another`);
  return record;
}

const tooLong = `more than ${osvLimits.bytesMax} bytes`;

async function wholeOf(stream: Readable, where: string): Promise<RawRecord> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const part: Uint8Array = chunk; // a stream without an encoding gives bytes
    length += part.length;
    if (length > osvLimits.bytesMax) return { where, bytes: null, fault: tooLong };
    parts.push(part);
  }
  return { where, bytes: new Uint8Array(Buffer.concat(parts)) };
}

/** A list, one record a line, or one record: told apart by how the text begins. */
async function* textsIn(file: string, compressed: boolean): AsyncGenerator<RawRecord> {
  const plain = createReadStream(file);
  const stream = compressed ? plain.pipe(createGunzip()) : plain;
  plain.on('error', (error) => stream.destroy(error));
  let total = 0;
  const { size } = await stat(file);
  const bytesMax = Math.min(setLimits.bytesMax, Math.max(1024 ** 3, size * setLimits.ratioMax));
  const splitter = createSplitter();
  try {
    for await (const chunk of stream) {
      const part: Uint8Array = chunk; // a stream without an encoding gives bytes
      total += part.length;
      if (total > bytesMax) throw new SetUnreadable(`more than ${bytesMax} bytes unpacked`);
      yield* splitter.push(part);
    }
  } catch (error) {
    if (error instanceof SetUnreadable) throw error;
    throw new SetUnreadable(`a damaged file: ${wordsOf(error)}`);
  }
  splitter.end();
}

/**
 * Cuts a text into its outermost JSON objects, whatever stands between them (commas, brackets,
 * line breaks), so that a list, lines and a single record need one reader. Each is parsed by
 * itself afterwards; text that belongs to none is a fault of its own.
 */
function createSplitter() {
  let parts: Uint8Array[] = [];
  let length = 0;
  let depth = 0;
  let inText = false;
  let escaped = false;
  let count = 0;
  let stray = false;
  let lists = 0;

  function* push(chunk: Uint8Array): Generator<RawRecord> {
    let start = depth > 0 ? 0 : -1;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inText = false;
      } else if (byte === 0x7b) {
        if (depth === 0) start = at;
        depth += 1;
      } else if (depth === 0) {
        stray ||= !between.has(byte);
        if (byte === 0x5b) lists += 1;
        else if (byte === 0x5d) lists -= 1;
      } else if (byte === 0x22) inText = true;
      else if (byte === 0x7d) {
        depth -= 1;
        if (depth === 0) {
          keep(chunk.subarray(start, at + 1));
          yield take();
          start = -1;
        }
      }
    }
    if (start >= 0) keep(chunk.subarray(start));
  }

  function keep(part: Uint8Array): void {
    length += part.length;
    if (length <= osvLimits.bytesMax) parts.push(Uint8Array.from(part));
  }

  function take(): RawRecord {
    const where = `record ${count + 1}`;
    count += 1;
    const bytes = length > osvLimits.bytesMax ? null : new Uint8Array(Buffer.concat(parts));
    parts = [];
    length = 0;
    return bytes === null ? { where, bytes, fault: tooLong } : { where, bytes };
  }

  function end(): void {
    if (depth > 0 || lists !== 0) throw new SetUnreadable('a text that breaks off');
    if (stray) throw new SetUnreadable('a text that is not JSON records alone');
  }

  return { push, end };
}

/** Space, tab, line breaks, comma, brackets, and the byte order mark. */
const between = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x5b, 0x5d, 0xef, 0xbb, 0xbf]);

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
