import { fault } from './fault.ts';

/** Bytes that can be read anywhere: a file, a blob, an address that answers ranges. */
export interface LogSource {
  readonly size: number;
  /** Exactly the bytes from `start` to before `end`, both within `size`; throws when it cannot. */
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
}

/** Where a file is written: it grows as needed, and what was written may be written over. */
export interface LogSink {
  readonly write: (at: number, bytes: Uint8Array) => Promise<void>;
  /** The file ends here. */
  readonly truncate: (size: number) => Promise<void>;
}

/** A coder: chunks in, chunks out, in memory bounded by a window. It throws on what is damaged. */
export type Coder = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** What a platform lends: a browser has the first, Node all of them. */
export interface LogCodecs {
  /** Raw deflate (RFC 1951). */
  readonly inflate: Coder;
  /** Exactly one Zstandard frame (RFC 8878); without it, members packed so are refused. */
  readonly zstd?: Coder;
  /** CRC-32 of ISO 3309 over `bytes`, going on from `before`; without it, ours, which is slower. */
  readonly crc32?: (bytes: Uint8Array, before: number) => number;
  /**
   * A place of its own for the unpacked text of one sample, such as a temporary file. With it a
   * sample is unpacked once; without it, once for every page.
   */
  readonly scratch?: () => Promise<LogSink & Pick<LogSource, 'read'>>;
}

/** So many bytes are read at once; fewer at first, since many a reader finds what it seeks there. */
const chunkBytes = { first: 4 * 1024, max: 256 * 1024 } as const;

/** The bytes of a range, checked for their number. */
export async function readExactly(
  source: Pick<LogSource, 'read'>,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const bytes = await source.read(start, end);
  if (bytes.length === end - start) return bytes;
  const expected = `${end - start} bytes from byte ${start} on`;
  throw fault('damaged', { expected, got: `${bytes.length} bytes` });
}

/** A range in chunks. */
export async function* chunksOf(
  source: Pick<LogSource, 'read'>,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let size: number = chunkBytes.first;
  for (let at = start; at < end; ) {
    const to = Math.min(end, at + size);
    yield await readExactly(source, at, to);
    at = to;
    size = Math.min(size * 2, chunkBytes.max);
  }
}
