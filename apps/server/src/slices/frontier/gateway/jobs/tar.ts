import { setImmediate } from 'node:timers/promises';
import { damaged } from './archive-fault.ts';

/** An entry of a tar that is no folder. */
export interface TarEntry {
  readonly path: string;
  /** A link, a device, a file with holes: nothing whose bytes stand here as they are. */
  readonly kind: 'file' | 'no-file';
  /** May be left unread, and ended early. */
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

const block = 512;
/** Bytes of names and other words about an entry: beyond it no path is fit to be shown. */
const wordsMax = 64 * 1024;
/** Headers of one archive, and bytes of words in it: reading either takes longer than passing over files. */
const headersMax = 60_000;
const wordsInAllMax = 4 * 1024 * 1024;
/** Types of headers that are about the next one. */
const about = 'xgLK';
/** Others are served after so many headers. */
const headersAtOnce = 16;

/**
 * The entries of a tar (POSIX.1-2001, pax and ustar interchange formats; long names of GNU tar), one
 * at a time: each is over when the next is asked for. Holds no more than a chunk of it.
 *
 * Strict, because what one reader passes over and another does not is where files hide: throws
 * ArchiveUnreadable for a checksum, a length or a record that is not as the format has it.
 */
export async function* tarEntries(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const bytes = new Bytes(source);
  let told: Words = {};
  try {
    let [headers, words] = [0, 0];
    for (let header = await bytes.take(block); !isEnd(header); header = await bytes.take(block)) {
      const { type, size } = headOf(header, told);
      headers += 1;
      words += about.includes(type) ? size : 0;
      if (headers > headersMax || words > wordsInAllMax)
        throw damaged('more headers than files need');
      if (headers % headersAtOnce === 0) await setImmediate();
      if ('SX'.includes(type)) throw damaged('a form of before POSIX; --format=pax writes it anew');
      if (type === 'x') told = { ...told, ...wordsIn(await bytes.words(size)) };
      else if (type === 'L') told = { ...told, path: untilZero(await bytes.words(size)) };
      else if (type === 'K') await bytes.words(size);
      else if (type === 'g') {
        const { path, size: length } = wordsIn(await bytes.words(size));
        if (path !== undefined || length !== undefined) throw damaged('one name for all');
      } else {
        yield* entryOf(bytes, { type, size, path: told.path ?? nameIn(header), told });
        told = {};
      }
    }
  } finally {
    await bytes.close();
  }
}

interface Head {
  readonly type: string;
  readonly size: number;
}

interface One extends Head {
  readonly path: string;
  readonly told: Words;
}

/** Ordinary files of now and of before POSIX. */
const ordinary = '0\x007';
/** What has no bytes: links, devices, folders, pipes. */
const empty = '123456';

async function* entryOf(bytes: Bytes, one: One): AsyncGenerator<TarEntry> {
  const { type, size, path, told } = one;
  const isFolder = type === '5' || path.endsWith('/');
  if ((isFolder || empty.includes(type)) && size > 0)
    throw damaged('a link or a folder with bytes');
  const body = bytes.body(size);
  const kind = ordinary.includes(type) && told.hasHoles !== true ? 'file' : 'no-file';
  if (!isFolder) yield { path, kind, chunks: () => rest(body) };
  while (!(await body.next()).done);
  await bytes.take(paddingOf(size));
}

/** Goes on with what is read in parts; ending it early ends nothing else. */
async function* rest(body: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let next = await body.next(); next.done !== true; next = await body.next()) yield next.value;
}

function paddingOf(size: number): number {
  return (block - (size % block)) % block;
}

function isEnd(header: Buffer): boolean {
  return header.every((byte) => byte === 0);
}

function headOf(header: Buffer, told: Words): Head {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (numberAt(header, 148, 8) !== sum) throw damaged('a checksum differs');
  if (header.toString('latin1', 257, 262) !== 'ustar') throw damaged('no header of a tar');
  const type = header.toString('latin1', 156, 157);
  // What is said of the next entry is not said of the words about it.
  const size = about.includes(type) ? undefined : told.size;
  return { type, size: size ?? numberAt(header, 124, 12) };
}

function nameIn(header: Buffer): string {
  const [name, prefix] = [untilZero(header.subarray(0, 100)), untilZero(header.subarray(345, 500))];
  // GNU tar keeps times where POSIX has the prefix.
  const isPosix = header[262] === 0;
  return isPosix && prefix !== '' ? `${prefix}/${name}` : name;
}

function untilZero(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
}

/** In octal; GNU tar writes what is too large for that in binary, after a first bit of 1. */
function numberAt(header: Buffer, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  if (field[0] === 0x80) {
    const high = field.subarray(1, -6).some((byte) => byte !== 0);
    if (high) throw damaged('a number that is too large');
    return field.readUIntBE(length - 6, 6);
  }
  const digits = /^ *([0-7]+)[ \0]*$/.exec(field.toString('latin1'))?.[1];
  if (digits === undefined) throw damaged('a number that is none');
  return Number.parseInt(digits, 8);
}

/** What is told of an entry beside its header. */
interface Words {
  readonly path?: string;
  readonly size?: number;
  readonly hasHoles?: true;
}

/** Records of a pax header, "%d %s=%s\n": the length counts itself (POSIX.1-2001, pax). */
function wordsIn(bytes: Buffer): Words {
  let words: Words = {};
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(' ', at);
    const told = bytes.toString('latin1', at, Math.min(Math.max(space, at), at + 6));
    const end = at + (/^[1-9]\d*$/.test(told) ? Number(told) : 0);
    const equals = bytes.indexOf('=', at);
    const isWhole = end <= bytes.length && bytes[end - 1] === 0x0a;
    if (!(space > at && equals > space && equals < end && isWhole)) throw damaged('a record');
    const value = bytes.toString('utf8', equals + 1, end - 1);
    words = { ...words, ...wordOf(bytes.toString('latin1', space + 1, equals), value) };
    at = end;
  }
  return words;
}

function wordOf(key: string, value: string): Words {
  if (key.startsWith('GNU.sparse.')) return { hasHoles: true };
  if (key === 'path') return { path: value };
  if (key !== 'size') return {};
  if (!/^\d{1,12}$/.test(value)) throw damaged('a size that is none');
  return { size: Number(value) };
}

/** The bytes of a source, in the lengths that are asked for. */
class Bytes {
  readonly #source: AsyncIterator<Uint8Array>;
  #left: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly so many, which are few. */
  async take(length: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const part of this.body(length)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** What is told of an entry, without its padding. */
  async words(size: number): Promise<Buffer> {
    if (size > wordsMax) throw damaged('a name without end');
    const words = await this.take(size);
    await this.take(paddingOf(size));
    return words;
  }

  /** Exactly so many, as they come. */
  async *body(length: number): AsyncGenerator<Uint8Array> {
    for (let open = length; open > 0; ) {
      if (this.#left.length === 0) this.#left = await this.#more();
      const part = this.#left.subarray(0, open);
      this.#left = this.#left.subarray(part.length);
      open -= part.length;
      yield part;
    }
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #more(): Promise<Buffer> {
    const next = await this.#source.next();
    if (next.done === true) throw damaged('cut off');
    const { buffer, byteOffset, length } = next.value;
    return Buffer.from(buffer, byteOffset, length);
  }
}
