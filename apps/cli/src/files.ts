import { constants } from 'node:fs';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { Stop } from './stop.ts';

const mebibyte = 1024 * 1024;

/** Bounds of the files that are read, in bytes. */
export const fileLimits = {
  /** A log, a report, an advisory collection, an inventory. */
  text: 64 * mebibyte,
  /** What the server takes as one base64 field. */
  upload: 8 * mebibyte,
  /** A JSON request. */
  request: 16 * mebibyte,
} as const;

/** Reads a regular file, or standard input for `-`; more than `bytesMax` ends the command. */
export async function readInput(
  path: string,
  bytesMax: number,
  stdin: AsyncIterable<Uint8Array>,
): Promise<Uint8Array> {
  return path === '-' ? await readStream(stdin, bytesMax) : await readRegular(path, bytesMax);
}

/** A file of any size that can be looked at more than once. */
export interface Source {
  /** Its first bytes; fewer only where it has no more. */
  readonly head: Uint8Array;
  readonly size: number;
  /** All of it from the start, in chunks; each holds until the next is asked for. */
  chunks(): AsyncIterable<Uint8Array>;
  /** All of it at once; more than `bytesMax` ends the command. */
  whole(bytesMax: number): Promise<Uint8Array>;
}

const chunkBytes = 262_144;
const headBytes = chunkBytes;

/**
 * Opens a file to read. A pipe or standard input (`-`) cannot be read twice: of these at most
 * `pipeBytesMax` are taken, and held.
 */
export async function openSource(
  path: string,
  pipeBytesMax: number,
  stdin: AsyncIterable<Uint8Array>,
): Promise<Source> {
  const size = path === '-' ? null : await sizeOf(path);
  if (size === null) {
    const bytes = await readInput(path, pipeBytesMax, stdin);
    return {
      head: bytes.subarray(0, headBytes),
      size: bytes.length,
      whole: async () => bytes,
      async *chunks() {
        yield bytes;
      },
    };
  }
  return {
    head: await headOf(path),
    size,
    whole: async (bytesMax) => await readRegular(path, bytesMax),
    chunks: () => chunksOf(path),
  };
}

/** null: no regular file, so that it has none. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    const status = await stat(path);
    return status.isFile() ? status.size : null;
  } catch (error) {
    throw new Stop(unreadable(path, reasonOf(error)));
  }
}

/** One buffer for all chunks: a gigabyte of them would otherwise wait for the collector. */
async function* chunksOf(path: string) {
  try {
    await using file = await open(path, constants.O_RDONLY);
    const buffer = new Uint8Array(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw error instanceof Stop ? error : new Stop(unreadable(path, reasonOf(error)));
  }
}

async function headOf(path: string): Promise<Uint8Array> {
  for await (const chunk of chunksOf(path)) return chunk.slice(0, headBytes);
  return new Uint8Array(0);
}

/** Reads a file whole; a pipe named by the person's shell works too. */
export async function readRegular(path: string, bytesMax: number): Promise<Uint8Array> {
  try {
    // O_NONBLOCK would break a shell's process substitution; a person chose this path.
    await using file = await open(path, constants.O_RDONLY);
    const status = await file.stat();
    if (status.isDirectory()) throw new Stop(unreadable(path, 'a folder'));
    return await readStream(file.createReadStream({ autoClose: false }), bytesMax, path);
  } catch (error) {
    if (error instanceof Stop) throw error;
    throw new Stop(unreadable(path, reasonOf(error)));
  }
}

/** Reads what comes; more than `bytesMax` ends the command. */
export async function readStream(
  stream: AsyncIterable<Uint8Array>,
  bytesMax: number,
  name = 'standard input',
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stream) {
    bytes += part.length;
    if (bytes > bytesMax) {
      throw new Stop({
        code: 'file-too-large',
        expected: `${name} of at most ${bytesMax} bytes`,
        got: 'more',
        todo: 'give a smaller file',
      });
    }
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** Writes a file that must not be there yet. */
export async function writeNew(
  path: string,
  data: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  try {
    await writeFile(path, data, { flag: 'wx', mode, flush: true });
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** Ends the command: nothing could be written to this path. */
export function notWritten(path: string, error: unknown): Stop {
  return new Stop({
    code: 'file-not-written',
    expected: 'a path where nothing is yet, in a folder that can be written',
    got: `${path}: ${reasonOf(error)}`,
    todo: 'choose another path, or move what is there away',
  });
}

/** Puts `data` in the place of `path` in one step: after a crash it is the old or the new file. */
export async function replaceFile(path: string, data: Uint8Array): Promise<void> {
  const beside = `${path}.new-${process.pid}`;
  await writeNew(beside, data);
  try {
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw new Stop(unreadable(path, reasonOf(error)));
  }
}

function unreadable(path: string, got: string) {
  return {
    code: 'file-unreadable',
    expected: 'a file that can be read',
    got: `${path}: ${got}`,
    todo: 'check the path and who may read it',
  };
}

const plainReasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is none',
  EACCES: 'no permission',
  EISDIR: 'a folder',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'it is there already',
};

/** What a failed call says, for a person. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return plainReasons[code] ?? (error instanceof Error ? error.message : String(error));
}
