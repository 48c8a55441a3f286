import { fault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import { type LogSource, readExactly } from './source.ts';
import { memberName } from './zip-names.ts';

/** A member of the archive, as its directory tells it. */
export interface Member {
  readonly name: string;
  /** 0 stored, 8 deflate, 93 Zstandard (APPNOTE 4.4.5). */
  readonly method: number;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Of its local header in the file. */
  readonly offset: number;
}

export interface Directory {
  /** By name; of several members of one name the last one in the directory counts. */
  readonly members: ReadonlyMap<string, Member>;
  /** Where the directory begins: a writer that goes on begins there. */
  readonly start: number;
}

interface Tail {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

export const signatures = {
  local: 0x04_03_4b_50,
  central: 0x02_01_4b_50,
  end: 0x06_05_4b_50,
  end64: 0x06_06_4b_50,
  locator64: 0x07_06_4b_50,
} as const;
const full16 = 0xff_ff;
const full32 = 0xff_ff_ff_ff;

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Reads the directory at the end of a ZIP file (PKWARE APPNOTE 6.3.10), ZIP64 included.
 *
 * Out: its members; null where the file has none, as one that was cut off while it was written.
 * Refused: encryption, several disks, unsafe names, members that overlap each other or the
 * directory, and anything beyond `evalLogLimits`.
 */
export async function readDirectory(source: LogSource): Promise<Directory | null> {
  const tail = await findTail(source);
  if (tail === null) return null;
  if (tail.count > limits.membersMax) throw tooMany(tail.count);
  const length = tail.end - tail.start;
  if (length > limits.directoryBytesMax) {
    const expected = `a directory of at most ${limits.directoryBytesMax} bytes`;
    throw fault('too-large', { expected, got: `${length} bytes` });
  }
  if (length < tail.count * 46) throw damaged(`a directory too short for ${tail.count} members`);
  const bytes = await readExactly(source, tail.start, tail.end);
  const all: Member[] = [];
  let at = 0;
  for (let i = 0; i < tail.count; i += 1) {
    const entry = readEntry(bytes, at);
    all.push(entry.member);
    at = entry.next;
  }
  if (at !== bytes.length) throw damaged('more in the directory than the members it counts');
  holdApart(all, tail.start);
  return { members: new Map(all.map((member) => [member.name, member])), start: tail.start };
}

/** APPNOTE 4.3.16, with a comment of up to 65,535 bytes before the end of the file. */
async function findTail(source: LogSource): Promise<Tail | null> {
  const from = Math.max(0, source.size - 22 - full16);
  const bytes = await readExactly(source, from, source.size);
  const view = viewOf(bytes);
  for (let at = bytes.length - 22; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== signatures.end) continue;
    if (at + 22 + view.getUint16(at + 20, true) !== bytes.length) continue;
    const isOneDisk = view.getUint16(at + 4, true) === 0 && view.getUint16(at + 6, true) === 0;
    const count = view.getUint16(at + 10, true);
    const length = view.getUint32(at + 12, true);
    const start = view.getUint32(at + 16, true);
    const end = from + at;
    if (count === full16 || length === full32 || start === full32) {
      const wide = await findTail64(source, end);
      if (wide !== null) return wide;
    }
    if (!isOneDisk || view.getUint16(at + 8, true) !== count) throw damaged('several disks');
    // Python writes nothing between the two; what stands elsewhere is another file's directory.
    if (start + length !== end) throw damaged('a directory that does not end where it says');
    return { count, start, end };
  }
  return null;
}

/** APPNOTE 4.3.14 and 4.3.15. */
async function findTail64(source: LogSource, end: number): Promise<Tail | null> {
  if (end < 20 + 56) return null;
  const locator = viewOf(await readExactly(source, end - 20, end));
  if (locator.getUint32(0, true) !== signatures.locator64) return null;
  const at = wide(locator, 8);
  if (at + 56 > end - 20) throw damaged('a 64-bit directory outside of the file');
  const view = viewOf(await readExactly(source, at, at + 56));
  if (view.getUint32(0, true) !== signatures.end64) throw damaged('no 64-bit directory');
  if (view.getUint32(16, true) !== 0 || view.getUint32(20, true) !== 0) {
    throw damaged('several disks');
  }
  const start = wide(view, 48);
  if (start + wide(view, 40) !== at) throw damaged('a directory that does not end where it says');
  return { count: wide(view, 32), start, end: at };
}

/** One entry, APPNOTE 4.3.12. */
function readEntry(bytes: Uint8Array, at: number): { member: Member; next: number } {
  if (at + 46 > bytes.length) throw damaged('a directory that ends within a member');
  const view = viewOf(bytes);
  if (view.getUint32(at, true) !== signatures.central) throw damaged('an entry without signature');
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const extraAt = at + 46 + nameLength;
  const next = extraAt + extraLength + view.getUint16(at + 32, true);
  if (next > bytes.length) throw damaged('a directory that ends within a member');
  const name = memberName(bytes.subarray(at + 46, extraAt));
  refuseEncrypted(view.getUint16(at + 8, true), name);
  const sizes = {
    bytes: view.getUint32(at + 24, true),
    packedBytes: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  };
  const known = widened(viewOf(bytes.subarray(extraAt, extraAt + extraLength)), sizes);
  const method = view.getUint16(at + 10, true);
  return { member: { name, method, crc32: view.getUint32(at + 16, true), ...known }, next };
}

/** Bits 0, 6 and 13 (APPNOTE 4.4.4): the member, or the whole directory, is encrypted. */
function refuseEncrypted(flags: number, name: string): void {
  if ((flags & 0x20_41) === 0) return;
  const todo = 'export the log without encryption';
  throw fault('encrypted', { expected: 'members as they are', got: `${name}, encrypted`, todo });
}

type Sizes = Pick<Member, 'bytes' | 'packedBytes' | 'offset'>;

/** What does not fit into 32 bits stands in the extra field 1, in this order (APPNOTE 4.5.3). */
function widened(extra: DataView, given: Sizes): Sizes {
  const sizes = { ...given };
  const wanted = (['bytes', 'packedBytes', 'offset'] as const).filter((of) => given[of] === full32);
  if (wanted.length === 0) return sizes;
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const length = extra.getUint16(at + 2, true);
    if (at + 4 + length > extra.byteLength) break;
    if (extra.getUint16(at, true) === 1) {
      if (length < wanted.length * 8) break;
      for (const [i, of] of wanted.entries()) sizes[of] = wide(extra, at + 4 + i * 8);
      return sizes;
    }
    at += 4 + length;
  }
  throw damaged('a size in 64 bits that is not there');
}

/** No member may share a byte with another or with the directory: that is how bombs multiply. */
function holdApart(members: readonly Member[], directoryStart: number): void {
  const sorted = members.toSorted((a, b) => a.offset - b.offset);
  for (const [i, { name, offset, packedBytes }] of sorted.entries()) {
    const end = sorted[i + 1]?.offset ?? directoryStart;
    if (offset + 30 + packedBytes <= end) continue;
    const got = `${name}, which shares bytes with what stands behind it`;
    throw fault('members-overlap', { expected: 'members one behind the other', got });
  }
}

/** A number of 64 bits that JavaScript holds exactly: nothing real is larger. */
function wide(view: DataView, at: number): number {
  const value = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  if (!Number.isSafeInteger(value)) throw damaged('a size beyond 2^53');
  return value;
}

export function tooMany(count: number) {
  const expected = `at most ${limits.membersMax} members`;
  return fault('too-many', { expected, got: `${count}`, todo: 'split the log by samples' });
}

export function damaged(got: string) {
  return fault('damaged', { expected: 'a ZIP file as Inspect writes it', got });
}
