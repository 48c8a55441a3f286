import { fault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import { chunksOf, type LogSink, type LogSource, readExactly } from './source.ts';
import type { Member } from './zip-directory.ts';
import { readMember, type Zip } from './zip-member.ts';

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** An unpacked text of any size. */
export interface LogText {
  readonly name: string;
  readonly bytes: number;
  /** All of it, in chunks. */
  readonly stream: () => AsyncIterable<Uint8Array>;
  /** The bytes of ranges, which are given in ascending order and do not overlap. */
  readonly ranges: (ranges: readonly Range[]) => Promise<readonly Uint8Array[]>;
}

/** A part of a file that stands there as it is: any place of it can be read. */
export function plainText(source: LogSource, name: string, { start, end }: Range): LogText {
  return {
    name,
    bytes: end - start,
    stream: () => chunksOf(source, start, end),
    ranges: (ranges) => readEach(source, ranges, start),
  };
}

/** A member of an archive, which can only be unpacked from its beginning. */
export function packedText(zip: Zip, member: Member): LogText {
  const stream = () => readMember(zip, member);
  const { name, bytes } = member;
  return { name, bytes, stream, ranges: (ranges) => cutOut(stream(), ranges) };
}

/** The same, kept in `scratch` as it is streamed for the first time. */
export async function keptText(
  zip: Zip,
  member: Member,
  scratch: LogSink & Pick<LogSource, 'read'>,
): Promise<LogText> {
  let at = 0;
  for await (const chunk of readMember(zip, member)) {
    await scratch.write(at, chunk);
    at += chunk.length;
  }
  const read = (start: number, end: number) => scratch.read(start, end);
  const whole = { size: at, read };
  return plainText(whole, member.name, { start: 0, end: at });
}

/** The whole of a text that is bounded. */
export async function wholeText(text: LogText, max: number): Promise<Uint8Array> {
  if (text.bytes > max) {
    const expected = `documents of at most ${max} bytes`;
    throw fault('too-large', { expected, got: `${text.name} of ${text.bytes}` });
  }
  const whole = new Uint8Array(text.bytes);
  let at = 0;
  for await (const chunk of text.stream()) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

async function readEach(
  source: LogSource,
  ranges: readonly Range[],
  base: number,
): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for (const { start, end } of held(ranges)) {
    all.push(await readExactly(source, base + start, base + end));
  }
  return all;
}

async function cutOut(
  chunks: AsyncIterable<Uint8Array>,
  ranges: readonly Range[],
): Promise<Uint8Array[]> {
  const all = held(ranges).map(({ start, end }) => new Uint8Array(end - start));
  if (ranges.length === 0) return all;
  let at = 0;
  let first = 0;
  for await (const chunk of chunks) {
    const end = at + chunk.length;
    for (let i = first; i < ranges.length; i += 1) {
      const range = ranges[i];
      if (range === undefined || range.start >= end) break;
      const from = Math.max(range.start, at);
      all[i]?.set(chunk.subarray(from - at, Math.min(range.end, end) - at), from - range.start);
      if (range.end <= end) first = i + 1;
    }
    if (first >= ranges.length) break;
    at = end;
  }
  return all;
}

function held(ranges: readonly Range[]): readonly Range[] {
  const sum = ranges.reduce((bytes, { start, end }) => bytes + end - start, 0);
  if (sum <= limits.pageBytesMax * 2) return ranges;
  throw pageTooLarge(sum);
}

export function pageTooLarge(bytes: number) {
  return fault('too-large', {
    expected: `pages of at most ${limits.pageBytesMax} bytes with what they refer to`,
    got: `${bytes} bytes`,
    todo: 'ask for fewer at once, or for references as they are',
  });
}
