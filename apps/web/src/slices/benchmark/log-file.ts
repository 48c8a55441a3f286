import type { Coder, LogCodecs, LogSink, LogSource } from '@breakwater/formats/eval-log';
import { windowed } from './windowed.ts';

/** A file of this machine as a source of ranges: nothing of it is held. */
export function fileSource(file: Blob): LogSource {
  return {
    size: file.size,
    read: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
  };
}

/** What this browser unpacks with. Zstandard comes as a file of its own, when a log needs it. */
export const codecs: LogCodecs = {
  inflate: (chunks) => through(chunks, new DecompressionStream('deflate-raw')),
  zstd,
  scratch: () => Promise.resolve(blobScratch()),
};

async function* through(chunks: AsyncIterable<Uint8Array>, coder: DecompressionStream) {
  const pulled = chunks[Symbol.asyncIterator]();
  const packed = new ReadableStream<BufferSource>({
    pull: async (controller) => {
      const step = await pulled.next();
      if (step.done === true) controller.close();
      else controller.enqueue(step.value.slice());
    },
    cancel: async () => void (await pulled.return?.()),
  });
  const reader = packed.pipeThrough(coder).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* zstd(chunks: Parameters<Coder>[0]) {
  const { Decompress } = await import('fzstd');
  let ready: Uint8Array[] = [];
  const coder = new Decompress((chunk) => ready.push(chunk));
  for await (const chunk of chunks) {
    coder.push(chunk);
    yield* ready;
    ready = [];
  }
  coder.push(new Uint8Array(0), true);
  yield* ready;
}

const pieceBytes = 8 * 1024 * 1024;

/**
 * A place for the text of one sample: pieces as blobs, which a browser keeps on disk where they are
 * many. It is written once from its beginning to its end, and read anywhere.
 */
export function blobScratch(): LogSink & Pick<LogSource, 'read'> {
  const pieces: Blob[] = [];
  let [open, openBytes, size]: [Uint8Array<ArrayBuffer>[], number, number] = [[], 0, 0];
  const readNear = windowed(
    (start, end) => readPieces(pieces, start, end),
    () => size,
  );
  const close = () => {
    if (openBytes > 0) pieces.push(new Blob(open));
    [open, openBytes] = [[], 0];
  };
  return {
    write: (at, bytes) => {
      if (at !== size) throw new RangeError(`a scratch goes on at ${size}, not at ${at}`);
      open.push(bytes.slice());
      openBytes += bytes.length;
      size += bytes.length;
      if (openBytes >= pieceBytes) close();
      return Promise.resolve();
    },
    truncate: () => Promise.resolve(),
    read: async (start, end) => {
      close();
      return await readNear(start, end);
    },
  };
}

async function readPieces(pieces: readonly Blob[], start: number, end: number) {
  const parts: Blob[] = [];
  let at = 0;
  for (const piece of pieces) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, piece.size)];
    if (from < to) parts.push(piece.slice(from, to));
    at += piece.size;
    if (at >= end) break;
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
