import { crc32 as ownCrc32 } from './crc32.ts';
import { fault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import type { Coder, LogCodecs, LogSink } from './source.ts';
import { type Member, signatures, tooMany } from './zip-directory.ts';
import { memberName } from './zip-names.ts';

/** What writing needs of a platform. */
export interface WriteCodecs extends LogCodecs {
  /** Raw deflate (RFC 1951). The same coder and text give the same file. */
  readonly deflate: Coder;
}

const full16 = 0xff_ff;
const full32 = 0xff_ff_ff_ff;
/** The first day that the format knows: a log tells times inside, and its bytes are the same twice. */
const firstDay = 0x21;
const encoder = new TextEncoder();

/**
 * Writes an archive member by member. Sizes stand in the local headers, never behind the data: the
 * viewer of Inspect takes them from there. A header is written with sizes that nobody can take for
 * real, and again with the real ones when the data is there, so that a file that is cut off is known
 * by it.
 */
export class ZipWriter {
  readonly #sink: LogSink;
  readonly #codecs: WriteCodecs;
  readonly #members: Member[];
  #end: number;

  constructor(
    sink: LogSink,
    codecs: WriteCodecs,
    before: { readonly members: Iterable<Member>; readonly start: number },
  ) {
    this.#sink = sink;
    this.#codecs = codecs;
    this.#members = [...before.members];
    this.#end = before.start;
  }

  /** Writes over the directory, if there is one: until the next `writeDirectory` there is none. */
  async add(name: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    memberName(encoder.encode(name));
    if (this.#members.length >= limits.membersMax) throw tooMany(this.#members.length + 1);
    await this.#sink.truncate(this.#end);
    const offset = this.#end;
    const unknown = { name, method: 8, crc32: 0, packedBytes: full32, bytes: full32, offset };
    await this.#sink.write(offset, localHeader(unknown));
    const dataStart = offset + localHeader(unknown).length;
    const member = await this.#pack(unknown, chunks, dataStart);
    await this.#sink.write(offset, localHeader(member));
    this.#members.push(member);
    this.#end = dataStart + member.packedBytes;
  }

  async #pack(unknown: Member, chunks: AsyncIterable<Uint8Array>, start: number): Promise<Member> {
    const check = this.#codecs.crc32 ?? ownCrc32;
    let [bytes, sum, packedBytes] = [0, 0, 0];
    async function* counted() {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        sum = check(chunk, sum);
        if (bytes >= full32) throw tooLarge(unknown.name);
        yield chunk;
      }
    }
    for await (const chunk of this.#codecs.deflate(counted())) {
      await this.#sink.write(start + packedBytes, chunk);
      packedBytes += chunk.length;
      if (packedBytes >= full32) throw tooLarge(unknown.name);
    }
    return { ...unknown, crc32: sum, bytes, packedBytes };
  }

  /** Ends the file with its directory: from here on every reader opens it. */
  async writeDirectory(): Promise<void> {
    const entries = this.#members.map(centralEntry);
    const length = entries.reduce((sum, each) => sum + each.length, 0);
    let at = this.#end;
    for (const bytes of [...entries, endOf(this.#members.length, length, this.#end)]) {
      await this.#sink.write(at, bytes);
      at += bytes.length;
    }
    await this.#sink.truncate(at);
  }
}

type Field = readonly [bytes: 2 | 4 | 8, value: number];

function fields(...all: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(all.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of all) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, size === 8 ? value % 2 ** 32 : value, true);
    if (size === 8) view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
    at += size;
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What a local header and an entry of the directory say alike (APPNOTE 4.3.7 and 4.3.12). */
function alike({ method, crc32, packedBytes, bytes, name }: Member, extra: number): Field[] {
  const isAscii = encoder.encode(name).length === name.length;
  return [
    [2, isAscii ? 0 : 0x08_00],
    [2, method],
    [2, 0],
    [2, firstDay],
    [4, crc32],
    [4, packedBytes],
    [4, bytes],
    [2, encoder.encode(name).length],
    [2, extra],
  ];
}

function localHeader(member: Member): Uint8Array {
  const head = fields([4, signatures.local], [2, 20], ...alike(member, 0));
  return joined(head, encoder.encode(member.name));
}

function centralEntry(member: Member): Uint8Array {
  const isWide = member.offset >= full32;
  const extra = isWide ? fields([2, 1], [2, 8], [8, member.offset]) : new Uint8Array(0);
  // Made on Unix, a file that its owner reads and writes: as Python marks what it adds.
  const head = fields(
    [4, signatures.central],
    [2, 0x03_14],
    [2, isWide ? 45 : 20],
    ...alike(member, extra.length),
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0o600 * 2 ** 16],
    [4, isWide ? full32 : member.offset],
  );
  return joined(head, encoder.encode(member.name), extra);
}

/** The end of the directory, in 64 bits as well where 32 do not hold it (APPNOTE 4.3.14 to 16). */
function endOf(count: number, length: number, start: number): Uint8Array {
  const isWide = count >= full16 || length >= full32 || start >= full32;
  const narrow = fields(
    [4, signatures.end],
    [4, 0],
    [2, Math.min(count, full16)],
    [2, Math.min(count, full16)],
    [4, Math.min(length, full32)],
    [4, Math.min(start, full32)],
    [2, 0],
  );
  if (!isWide) return narrow;
  const wide = fields(
    [4, signatures.end64],
    [8, 44],
    [2, 0x03_2d],
    [2, 45],
    [8, 0],
    [8, count],
    [8, count],
    [8, length],
    [8, start],
  );
  const locator = fields([4, signatures.locator64], [4, 0], [8, start + length], [4, 1]);
  return joined(wide, locator, narrow);
}

function tooLarge(name: string) {
  const expected = 'samples of less than 4 GiB';
  return fault('too-large', { expected, got: name, todo: 'leave out what is largest of it' });
}
