import { Readable } from 'node:stream';
import { crc32, createGunzip } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { ArchiveUnreadable, damaged } from './archive-fault.ts';
import { type TarEntry, tarEntries } from './tar.ts';

/** Bounds of one archive, unpacked. */
export const archiveLimits = {
  entriesMax: 20_000,
  bytesMax: 256 * 1024 * 1024,
  /** Characters of a path, and of all together. */
  pathMax: 400,
  pathsMax: 1_000_000,
} as const;

/** What stands in an archive under a path; a link is never followed. */
export type ArchiveEntry = TarEntry;

/**
 * The files and links of a zip (PKWARE APPNOTE 6.3), a tar (POSIX.1-2001, pax) or a tar.gz, in its
 * order, one at a time: each is over when the next is asked for. Nothing is written anywhere.
 *
 * Throws {@link ArchiveUnreadable} for anything else, what is damaged, what leads out of itself, and
 * what goes beyond {@link archiveLimits}.
 */
export async function* entriesOf(archive: Uint8Array): AsyncGenerator<ArchiveEntry> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  const read = readerOf(bytes);
  if (read === null) throw new ArchiveUnreadable('something else');
  let [count, chars] = [0, 0];
  for await (const entry of reading(read(bytes))) {
    count += 1;
    if (count > archiveLimits.entriesMax) {
      throw new ArchiveUnreadable(`more than ${archiveLimits.entriesMax} entries`);
    }
    if (entry === null) continue;
    const path = pathOf(entry.path);
    chars += path.length;
    if (chars > archiveLimits.pathsMax)
      throw new ArchiveUnreadable('names of more than a megabyte');
    yield { path, kind: entry.kind, chunks: () => reading(entry.chunks()) };
  }
}

/** What libraries say may hold names out of the archive: it is told as one thing. */
async function* reading<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    if (error instanceof ArchiveUnreadable) throw error;
    throw new ArchiveUnreadable('one that is damaged, locked or cut off', { cause: error });
  }
}

type Read = (bytes: Buffer) => AsyncIterable<ArchiveEntry | null>;

function readerOf(bytes: Buffer): Read | null {
  const head = bytes.toString('latin1', 0, 4);
  if (head === 'PK\u0003\u0004' || head === 'PK\u0005\u0006') return zipEntries;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    return (packed) => tarEntries(bounded(Readable.from([packed]).pipe(createGunzip())));
  }
  if (bytes.toString('latin1', 257, 262) === 'ustar') {
    return (plain) => tarEntries(bounded(Readable.from([plain])));
  }
  return null;
}

/** Controls, and what turns the direction of a line. */
const misleading = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** A path that is fit to be shown: relative, and of no other folder than the archive's own. */
function pathOf(told: string): string {
  const path = told.replace(/^(\.\/)+/, '');
  const isFit = path !== '' && path.length <= archiveLimits.pathMax && !misleading.test(path);
  if (!isFit || path.startsWith('/') || path.split('/').includes('..')) {
    throw new ArchiveUnreadable('a name in it that is empty, too long or misleading, or leads out');
  }
  return path;
}

async function* bounded(source: Readable): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of source) {
    const part: Uint8Array = chunk; // neither an encoding nor objects are set: these are bytes
    total += part.length;
    if (total > archiveLimits.bytesMax) throw tooLarge();
    yield part;
  }
}

async function* zipEntries(bytes: Buffer): AsyncGenerator<ArchiveEntry | null> {
  const zip = await fromBufferPromise(bytes);
  let [packed, unpacked] = [0, 0];
  for await (const entry of zip.eachEntry()) {
    packed += entry.compressedSize;
    unpacked += entry.uncompressedSize;
    // The same few bytes could be unpacked again and again.
    if (packed > bytes.length) throw new ArchiveUnreadable('entries that share their bytes');
    if (unpacked > archiveLimits.bytesMax) throw tooLarge();
    const path = entry.fileName;
    if (path.endsWith('/')) yield null;
    else yield { path, kind: kindOf(entry), chunks: () => zipChunks(zip, entry) };
  }
}

/** The kind of a file stands in the mode of who made it on unix (APPNOTE 4.4.15). */
function kindOf({ externalFileAttributes }: Entry): TarEntry['kind'] {
  return ((externalFileAttributes >>> 16) & 0o170_000) === 0o120_000 ? 'no-file' : 'file';
}

/** yauzl holds an entry to its size and leaves its checksum to us. */
async function* zipChunks(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry);
  let sum = 0;
  for await (const chunk of stream) {
    const part: Uint8Array = chunk; // a stream without an encoding gives bytes
    sum = crc32(part, sum);
    yield part;
  }
  if (sum !== entry.crc32) throw damaged('a checksum differs');
}

function tooLarge(): ArchiveUnreadable {
  const mebibytes = archiveLimits.bytesMax / 1024 ** 2;
  return new ArchiveUnreadable(`more than ${mebibytes} MiB unpacked`);
}
