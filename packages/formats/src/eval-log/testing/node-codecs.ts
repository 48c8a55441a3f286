import { readFileSync } from 'node:fs';
import { type Duplex, Readable } from 'node:stream';
import zlib from 'node:zlib';
import { concatBytes } from '@breakwater/kernel';
import type { Coder, LogCodecs, LogSink, LogSource } from '../source.ts';

/** The coders of Node, for tests: ours take those of the platform. */
export const nodeCodecs: LogCodecs & { readonly deflate: Coder } = {
  inflate: (chunks) => through(zlib.createInflateRaw(), chunks),
  deflate: (chunks) => through(zlib.createDeflateRaw({ level: 6 }), chunks),
  zstd: (chunks) => through(zlib.createZstdDecompress(), chunks),
  crc32: (bytes, before) => zlib.crc32(bytes, before),
};

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

/** All chunks as one. */
export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return concatBytes(...all);
}

export function memorySource(bytes: Uint8Array): LogSource {
  const read = (start: number, end: number) => Promise.resolve(bytes.subarray(start, end));
  return { size: bytes.length, read };
}

export function fileSource(path: string): LogSource {
  return memorySource(readFileSync(path));
}

/** A file in memory. */
export class MemoryFile implements LogSink {
  #bytes = new Uint8Array(1024);
  size = 0;

  write(at: number, bytes: Uint8Array): Promise<void> {
    const end = at + bytes.length;
    if (end > this.#bytes.length) {
      const wider = new Uint8Array(end * 2);
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes.set(bytes, at);
    this.size = Math.max(this.size, end);
    return Promise.resolve();
  }

  truncate(size: number): Promise<void> {
    this.#bytes.fill(0, size, this.size);
    this.size = size;
    return Promise.resolve();
  }

  read(start: number, end: number): Promise<Uint8Array> {
    return Promise.resolve(this.#bytes.slice(start, Math.min(end, this.size)));
  }

  get bytes(): Uint8Array {
    return this.#bytes.slice(0, this.size);
  }
}
