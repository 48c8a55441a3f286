/** Where a value of the outermost object stands in the bytes of a body. */
export interface Entry {
  readonly key: string;
  /** Place of the value's first byte. */
  readonly from: number;
  /** Place behind its last byte. */
  readonly to: number;
}

/** Why a body is read by nobody as we read it. */
export type EntriesFault = 'no-object' | 'key-twice' | 'key-unusual';

const quote = 0x22;
const backslash = 0x5c;
const entriesMax = 1_000;

/**
 * The entries of the object that `body` is; `body` is known to be JSON (JSON.parse read it).
 *
 * What is metered here has to be what the upstream obeys. Readers of JSON differ in which of two
 * equal keys counts, and some of them fold case, so a key that comes twice, however it is written, or
 * that is not of plain ASCII, refuses the body; and so do capitals, which no interface has, since
 * whoever folds case obeys what we pass over.
 */
export function entriesOf(body: Buffer): readonly Entry[] | EntriesFault {
  const open = firstByte(body, 0);
  if (body[open] !== 0x7b) return 'no-object';
  const entries: Entry[] = [];
  const seen = new Set<string>();
  let at = firstByte(body, open + 1);
  while (body[at] === quote) {
    const keyEnd = stringEnd(body, at);
    const key = body.toString('latin1', at + 1, keyEnd - 1);
    if (!/^[ !#-@[\]-~]{1,200}$/.test(key)) return 'key-unusual';
    const folded = key.toLowerCase();
    if (seen.has(folded) || seen.size >= entriesMax) return 'key-twice';
    seen.add(folded);
    const from = firstByte(body, firstByte(body, keyEnd) + 1);
    const to = valueEnd(body, from);
    entries.push({ key, from, to });
    const after = firstByte(body, to);
    if (body[after] !== 0x2c) break;
    at = firstByte(body, after + 1);
  }
  return entries;
}

/** Place of the first byte from `at` on that is no white space. */
function firstByte(body: Buffer, at: number): number {
  let place = at;
  while (place < body.length && (body[place] ?? 0) <= 0x20) place += 1;
  return place;
}

/** Place behind the closing quote of the string that begins at `at`. */
export function stringEnd(body: Buffer, at: number): number {
  let end = body.indexOf(quote, at + 1);
  while (end !== -1 && isEscaped(body, end)) end = body.indexOf(quote, end + 1);
  return end === -1 ? body.length : end + 1;
}

/** Whether an odd number of backslashes stands before `at`. */
function isEscaped(body: Buffer, at: number): boolean {
  let slashes = 0;
  while (body[at - 1 - slashes] === backslash) slashes += 1;
  return slashes % 2 === 1;
}

/** Place behind the value that begins at `from`. */
function valueEnd(body: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  while (at < body.length) {
    const byte = body[at] ?? 0;
    if (byte === quote) {
      at = stringEnd(body, at);
      if (depth === 0) return at;
      continue;
    }
    const isOpen = byte === 0x7b || byte === 0x5b;
    const isClose = byte === 0x7d || byte === 0x5d;
    if (isOpen) depth += 1;
    else if (isClose && depth > 0) {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (isClose || byte === 0x2c || byte <= 0x20)) return at;
    at += 1;
  }
  return at;
}
