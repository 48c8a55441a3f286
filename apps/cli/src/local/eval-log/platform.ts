import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Duplex, Readable } from 'node:stream';
import zlib from 'node:zlib';
import type { LogCodecs, LogSink, LogSource } from '@breakwater/formats/eval-log';
import { Stop } from '../../stop.ts';

/** A log that lies in a file, and what Node lends for reading it. */
export interface LogFile extends AsyncDisposable {
  readonly source: LogSource;
  readonly codecs: LogCodecs;
}

/** Opens a file for reading. Unpacked samples go to nameless files that end with the command. */
export async function openLogFile(name: string): Promise<LogFile> {
  const file = await opened(name);
  const handles = [file];
  const scratch = async () => {
    const place = path.join(tmpdir(), `breakwater-log-${randomUUID()}`);
    const handle = await open(place, 'wx+', 0o600);
    handles.push(handle);
    await rm(place);
    return filePart(handle);
  };
  return {
    source: { size: (await file.stat()).size, read: filePart(file).read },
    codecs: {
      inflate: (chunks) => through(zlib.createInflateRaw(), chunks),
      zstd: (chunks) => through(zlib.createZstdDecompress(), chunks),
      crc32: (bytes, before) => zlib.crc32(bytes, before),
      scratch,
    },
    [Symbol.asyncDispose]: async () => {
      for (const handle of handles) await handle.close();
    },
  };
}

async function opened(name: string): Promise<FileHandle> {
  try {
    const file = await open(name, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch {
    // told below
  }
  const todo = 'name a log that Inspect wrote';
  throw new Stop({ code: 'file-unreadable', expected: 'a file', got: name, todo });
}

function filePart(file: FileHandle): LogSink & Pick<LogSource, 'read'> {
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
