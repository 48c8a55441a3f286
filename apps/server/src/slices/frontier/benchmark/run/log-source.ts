import { type Duplex, Readable } from 'node:stream';
import zlib from 'node:zlib';
import type { Coder, LogCodecs, LogSource } from '@breakwater/formats/eval-log';
import type { ContentStore } from '../../../../platform/content/content.ts';
import type { PartRow } from './store.ts';

/** Parts of a log that are held unsealed at once, for one request. */
const heldMax = 2;

/**
 * The log of a run as bytes that can be read anywhere: a part is unsealed when it is needed and let
 * go soon after, so that no log is ever in memory as a whole. Throws where a part was erased.
 */
export function logSource(content: ContentStore, parts: readonly PartRow[]): LogSource {
  const held = new Map<string, Promise<Uint8Array | null>>();
  async function bytesOf({ content: id }: PartRow): Promise<Uint8Array> {
    const known = held.get(id) ?? content.get(id);
    held.delete(id);
    held.set(id, known);
    for (const [oldest] of held) {
      if (held.size <= heldMax) break;
      held.delete(oldest);
    }
    const bytes = await known;
    if (bytes === null) throw new LogErased();
    return bytes;
  }
  const last = parts.at(-1);
  return {
    size: last === undefined ? 0 : last.at_byte + last.bytes,
    async read(start, end) {
      const out = new Uint8Array(end - start);
      for (const part of overlapping(parts, start, end)) {
        const bytes = await bytesOf(part);
        const from = Math.max(start, part.at_byte);
        const to = Math.min(end, part.at_byte + part.bytes);
        out.set(bytes.subarray(from - part.at_byte, to - part.at_byte), from - start);
      }
      return out;
    },
  };
}

/** A part of the log is no longer there. */
class LogErased extends Error {
  override readonly name = 'LogErased';
}

/** What `work` comes to, or null where it met a part that was erased. */
export async function unlessErased<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LogErased) return null;
    throw error;
  }
}

/** The parts that hold bytes from `start` to before `end`. */
function overlapping(parts: readonly PartRow[], start: number, end: number): readonly PartRow[] {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const part = parts[middle];
    if (part !== undefined && part.at_byte + part.bytes <= start) low = middle + 1;
    else high = middle;
  }
  const found: PartRow[] = [];
  for (let i = low; i < parts.length; i++) {
    const part = parts[i];
    if (part === undefined || part.at_byte >= end) break;
    found.push(part);
  }
  return found;
}

/**
 * The coders of Node. No scratch file: what is sealed here is unpacked in memory, piece by piece, and
 * never written to a disk in the clear.
 */
export const codecs: LogCodecs = {
  inflate: (chunks) => through(zlib.createInflateRaw(), chunks),
  zstd: (chunks) => through(zlib.createZstdDecompress(), chunks),
  crc32: (bytes, before) => zlib.crc32(bytes, before),
};

/** These coders, and how many bytes they unpacked so far. */
export interface Counting {
  readonly codecs: LogCodecs;
  unpacked(): number;
}

export function countingCodecs(): Counting {
  let sum = 0;
  const counted = (coder: Coder): Coder =>
    async function* (chunks) {
      for await (const chunk of coder(chunks)) {
        sum += chunk.length;
        yield chunk;
      }
    };
  const { inflate, zstd } = codecs;
  return {
    codecs: { ...codecs, inflate: counted(inflate), ...(zstd && { zstd: counted(zstd) }) },
    unpacked: () => sum,
  };
}

async function* through(coder: Duplex, chunks: AsyncIterable<Uint8Array>) {
  const source = Readable.from(chunks, { objectMode: false });
  source.on('error', (error) => coder.destroy(error));
  source.pipe(coder);
  try {
    yield* coder;
  } finally {
    source.destroy();
    coder.destroy();
  }
}
