import type { FileHandle } from 'node:fs/promises';
import { type Duplex, Readable } from 'node:stream';
import zlib from 'node:zlib';
import type { LogSink, LogSource } from '@breakwater/formats/eval-log';

/** What Node lends for reading and writing a log of Inspect; errors of a stream are thrown. */
export const logCodecs = {
  inflate: (chunks: AsyncIterable<Uint8Array>) => through(zlib.createInflateRaw(), chunks),
  deflate: (chunks: AsyncIterable<Uint8Array>) => through(zlib.createDeflateRaw(), chunks),
  zstd: (chunks: AsyncIterable<Uint8Array>) => through(zlib.createZstdDecompress(), chunks),
  crc32: (bytes: Uint8Array, before: number) => zlib.crc32(bytes, before),
};

/** An open file as bytes that are read and written anywhere. A part behind its end comes shorter. */
export function filePart(file: FileHandle): LogSink & Pick<LogSource, 'read'> {
  return {
    read: async (start, end) => {
      const bytes = new Uint8Array(end - start);
      let filled = 0;
      while (filled < bytes.length) {
        const rest = bytes.length - filled;
        const { bytesRead } = await file.read(bytes, filled, rest, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    },
    write: async (at, bytes) => {
      for (let from = 0; from < bytes.length; ) {
        from += (await file.write(bytes, from, bytes.length - from, at + from)).bytesWritten;
      }
    },
    truncate: async (size) => await file.truncate(size),
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
