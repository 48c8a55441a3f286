import { crc32 as ownCrc32 } from './crc32.ts';
import { fault, LogFault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import { chunksOf, type LogCodecs, type LogSource, readExactly } from './source.ts';
import { damaged, type Member, signatures, viewOf } from './zip-directory.ts';
import { unpackFrames } from './zstd-frames.ts';

/** An archive that was opened. */
export interface Zip {
  readonly source: LogSource;
  readonly codecs: LogCodecs;
  /** Where its directory begins: no member goes beyond. */
  readonly end: number;
}

/**
 * The unpacked bytes of a member, in chunks. They end early, with a fault, where more come than the
 * directory says; at the end their number and CRC-32 are held to it.
 */
export async function* readMember(zip: Zip, member: Member): AsyncGenerator<Uint8Array> {
  holdToBounds(member);
  const [start, end] = await dataOf(zip, member);
  const check = zip.codecs.crc32 ?? ownCrc32;
  let [length, sum] = [0, 0];
  for await (const chunk of unpack(zip, { ...member, start, end })) {
    length += chunk.length;
    if (length > member.bytes) throw damaged(`${member.name}, larger than it says`);
    sum = check(chunk, sum);
    yield chunk;
  }
  if (length !== member.bytes) throw damaged(`${member.name}, shorter than it says`);
  if (sum !== member.crc32) throw damaged(`${member.name}, whose check sum is another`);
}

function holdToBounds({ name, bytes, packedBytes }: Member): void {
  if (bytes > limits.memberBytesMax) {
    const expected = `members of at most ${limits.memberBytesMax} bytes`;
    throw fault('too-large', { expected, got: `${name} of ${bytes}`, todo: 'split the sample' });
  }
  if (bytes > limits.ratioFreeBytes && bytes > packedBytes * limits.ratioMax) {
    const expected = `members at most ${limits.ratioMax} times as large as they are packed`;
    throw fault('expands-too-far', { expected, got: `${name}: ${packedBytes} to ${bytes} bytes` });
  }
}

/** Where its packed bytes stand, by its local header (APPNOTE 4.3.7), which must say the same. */
async function dataOf(zip: Zip, member: Member): Promise<[number, number]> {
  const { offset, name, packedBytes } = member;
  if (offset + 30 > zip.end) throw damaged(`${name}, outside of the file`);
  const head = viewOf(await readExactly(zip.source, offset, offset + 30));
  const nameLength = head.getUint16(26, true);
  const start = offset + 30 + nameLength + head.getUint16(28, true);
  const isSame =
    head.getUint32(0, true) === signatures.local && head.getUint16(8, true) === member.method;
  if (!isSame || start + packedBytes > zip.end)
    throw damaged(`${name}, which is not where it is said to be`);
  const named = await readExactly(zip.source, offset + 30, offset + 30 + nameLength);
  if (new TextDecoder().decode(named) !== name) throw damaged(`${name}, under another name`);
  return [start, start + packedBytes];
}

async function* unpack(
  { source, codecs }: Zip,
  at: Member & { start: number; end: number },
): AsyncGenerator<Uint8Array> {
  // A coder that is fed by a failing source fails as well: the source's own error is the cause.
  let cause: unknown = null;
  async function* packed(): AsyncGenerator<Uint8Array> {
    try {
      yield* chunksOf(source, at.start, at.end);
    } catch (error) {
      cause = error;
      throw error;
    }
  }
  try {
    yield* unpacked(at, codecs, packed());
  } catch (error) {
    if (cause !== null) throw cause;
    if (error instanceof LogFault) throw error;
    const why = error instanceof Error ? error.message : 'not as its coder writes it';
    throw damaged(`${at.name}: ${why}`);
  }
}

function unpacked(
  { name, method }: Member,
  codecs: LogCodecs,
  packed: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (method === 0) return packed;
  if (method === 8) return codecs.inflate(packed);
  if (method === 93 && codecs.zstd !== undefined) return unpackFrames(packed, codecs.zstd);
  const known = codecs.zstd === undefined ? '0 or 8' : '0, 8 or 93';
  const todo = 'write the log again with another packing';
  throw fault('packing-unknown', { expected: `method ${known}`, got: `${method}, ${name}`, todo });
}
