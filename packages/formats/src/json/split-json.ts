import { ok, type Result, refuse } from '@breakwater/kernel';

/** Members and indices from the root: `['runs', 0, 'results', 3]`. */
export type JsonPath = readonly (string | number)[];

/** One value cut out of a JSON text. */
export interface JsonPiece {
  readonly path: JsonPath;
  /** Of its first byte in the whole text; a byte order mark counts. */
  readonly offset: number;
  /** Of the first byte behind it. */
  readonly end: number;
  /**
   * Its text, which may share memory with the chunk it came in: read it before the next chunk is
   * pushed. null: longer than a piece may be, or only located.
   */
  readonly bytes: Uint8Array | null;
}

/**
 * What is done with a value: its members are looked at one by one, it is handed out, only its place
 * is told, or it is passed over. A number, text or literal that is entered is handed out.
 */
export type JsonChoice = 'enter' | 'keep' | 'locate' | 'skip';

export interface SplitOptions {
  /** Asked once for each value inside what is entered, in the order of the text. */
  readonly choose: (path: JsonPath, opening: '{' | '[' | 'other') => JsonChoice;
  readonly limits: SplitLimits;
}

export interface SplitLimits {
  /** Objects and arrays inside each other. */
  readonly depthMax: number;
  readonly pieceBytesMax: number;
  /** Members of an object that is entered. */
  readonly membersMax: number;
}

export type SplitCode = 'not-json' | 'not-utf8' | 'too-deep' | 'too-many-members';

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBrace = 0x7d;
const closeBracket = 0x5d;
/** A member's name where members are looked at; longer ones are none we know. */
const nameBytesMax = 4_096;
/** A number; no double needs more digits. */
const bareBytesMax = 1_100;

interface Frame {
  readonly array: boolean;
  /** Names seen: a name given twice means two things to two readers. */
  readonly names: Set<string>;
  count: number;
  key: string | number;
}

/** What the next byte may begin or end, where members are looked at. */
type Awaits = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'colon' | 'comma-or-end' | 'end';

/** Of the value or name that is being passed over. */
interface Passing {
  readonly kind: 'container' | 'text' | 'bare' | 'name';
  /** Its bytes are held; `wanted`: it is told of as well. */
  readonly kept: boolean;
  readonly wanted: boolean;
  readonly from: number;
  length: number;
  parts: Uint8Array[];
}

/**
 * Cuts values out of a JSON text (RFC 8259) that comes in chunks of any size, in memory bounded by
 * one piece: what is passed over is never held.
 *
 * Where members are looked at, the grammar is held to the byte and no name may come twice. What is
 * passed over or handed out is held to balanced brackets and closed texts; whoever parses a piece
 * learns the rest.
 */
export class JsonSplitter {
  readonly #choose: SplitOptions['choose'];
  readonly #limits: SplitLimits;
  readonly #frames: Frame[] = [];
  /** The opening bracket at each depth of what is passed over. */
  readonly #brackets: Uint8Array;
  #depth = 0;
  #inText = false;
  #escaped = false;
  #awaits: Awaits = 'value';
  #passing: Passing | null = null;
  /** Of the chunk in the whole text. */
  #base = 0;
  /** Bytes of the byte order mark seen. */
  #marks = 0;
  #pieces: JsonPiece[] = [];
  #fault: Result<never, SplitCode> | null = null;

  constructor({ choose, limits }: SplitOptions) {
    this.#choose = choose;
    this.#limits = limits;
    this.#brackets = new Uint8Array(limits.depthMax + 1);
  }

  /** The pieces that end in this chunk. After a refusal the splitter gives no more. */
  push(chunk: Uint8Array): Result<readonly JsonPiece[], SplitCode> {
    this.#pieces = [];
    let at = 0;
    while (at < chunk.length && this.#fault === null) {
      if (this.#passing === null) at = this.#look(chunk, at);
      else
        at =
          this.#passing.kind === 'container'
            ? this.#pass(chunk, at, this.#passing)
            : this.#run(chunk, at, this.#passing);
    }
    this.#base += chunk.length;
    return this.#fault ?? ok(this.#pieces);
  }

  /** Says whether the text was whole; a number at its very end is a piece only now. */
  end(): Result<readonly JsonPiece[], SplitCode> {
    this.#pieces = [];
    if (this.#fault === null && this.#passing?.kind === 'bare')
      this.#finish(new Uint8Array(0), 0, this.#passing);
    if (this.#fault === null && (this.#passing !== null || this.#awaits !== 'end'))
      this.#wrong(this.#base, 'the end of the text');
    return this.#fault ?? ok(this.#pieces);
  }

  /** One byte where members are looked at. */
  #look(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return at + 1;
    const offset = this.#base + at;
    if (offset === this.#marks && offset < 3 && this.#isMark(byte, offset)) return at + 1;
    switch (this.#awaits) {
      case 'value':
        return this.#begin(chunk, at);
      case 'value-or-end':
        return byte === closeBracket ? this.#leave(at) : this.#begin(chunk, at);
      case 'name':
      case 'name-or-end':
        if (byte === closeBrace && this.#awaits === 'name-or-end') return this.#leave(at);
        if (byte !== quote) return this.#wrong(offset, shown(byte));
        this.#passing = {
          kind: 'name',
          kept: true,
          wanted: false,
          from: offset,
          length: 0,
          parts: [],
        };
        return this.#take(chunk, at, at + 1, this.#passing);
      case 'colon':
        if (byte !== 0x3a) return this.#wrong(offset, shown(byte));
        this.#awaits = 'value';
        return at + 1;
      case 'comma-or-end':
        return this.#next(byte, at);
      case 'end':
        return this.#wrong(offset, shown(byte));
    }
  }

  /** RFC 8259 §8.1 lets a reader ignore a byte order mark; UTF-16 is another thing. */
  #isMark(byte: number, offset: number): boolean {
    if (offset === 0 && (byte === 0xff || byte === 0xfe || byte === 0)) {
      this.#fault = no('not-utf8', 'JSON in UTF-8', 'bytes that are not, perhaps UTF-16');
    }
    const isMark = byte === [0xef, 0xbb, 0xbf][offset];
    if (isMark) this.#marks += 1;
    return isMark;
  }

  #next(byte: number, at: number): number {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return this.#wrong(this.#base + at, shown(byte));
    if (byte === (frame.array ? closeBracket : closeBrace)) return this.#leave(at);
    if (byte !== 0x2c) return this.#wrong(this.#base + at, shown(byte));
    if (typeof frame.key === 'number') frame.key += 1;
    this.#awaits = frame.array ? 'value' : 'name';
    return at + 1;
  }

  #leave(at: number): number {
    this.#frames.pop();
    this.#awaits = this.#frames.length === 0 ? 'end' : 'comma-or-end';
    return at + 1;
  }

  #begin(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    const isArray = byte === openBracket;
    const opens = isArray || byte === openBrace;
    const isPart = this.#marks === 1 || this.#marks === 2;
    if (isPart || (!opens && byte !== quote && !isBare(byte)))
      return this.#wrong(this.#base + at, shown(byte));
    const path = this.#frames.map(({ key }) => key);
    const choice = this.#choose(path, byte === openBrace ? '{' : isArray ? '[' : 'other');
    if (choice === 'enter' && opens) {
      if (this.#frames.length >= this.#limits.depthMax) return this.#tooDeep(this.#base + at);
      this.#frames.push({ array: isArray, names: new Set(), count: 0, key: isArray ? 0 : '' });
      this.#awaits = isArray ? 'value-or-end' : 'name-or-end';
      return at + 1;
    }
    const wanted = choice !== 'skip';
    const kind = opens ? 'container' : byte === quote ? 'text' : 'bare';
    const kept = (wanted && choice !== 'locate') || kind === 'bare';
    this.#passing = { kind, kept, wanted, from: this.#base + at, length: 0, parts: [] };
    if (kind === 'container') return at;
    return this.#take(chunk, at, at + 1, this.#passing);
  }

  /** Passes over an object or array: the one loop that all bytes of a large text go through. */
  #pass(chunk: Uint8Array, from: number, of: Passing): number {
    let at = from;
    const deepest = this.#limits.depthMax - this.#frames.length;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inText = false;
      } else if (byte === quote) this.#inText = true;
      else if (byte === openBrace || byte === openBracket) {
        this.#depth += 1;
        if (this.#depth > deepest) return this.#tooDeep(this.#base + at);
        this.#brackets[this.#depth] = byte;
      } else if (byte === closeBrace || byte === closeBracket) {
        // A bracket's closing one stands two places behind it in ASCII.
        if (byte - (this.#brackets[this.#depth] ?? 0) !== 2)
          return this.#wrong(this.#base + at, shown(byte));
        this.#depth -= 1;
        if (this.#depth === 0) {
          this.#finish(chunk.subarray(from, at + 1), at + 1, of);
          return at + 1;
        }
      }
    }
    return this.#take(chunk, from, at, of);
  }

  /** Passes over a text, a name, or a number or literal. */
  #run(chunk: Uint8Array, from: number, of: Passing): number {
    let at = from;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (of.kind === 'bare') {
        if (isBare(byte)) continue;
        return this.#finish(chunk.subarray(from, at), at, of);
      }
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) return this.#finish(chunk.subarray(from, at + 1), at + 1, of);
    }
    return this.#take(chunk, from, at, of);
  }

  /** Holds the part of a value that ends with the chunk. */
  #take(chunk: Uint8Array, from: number, to: number, of: Passing): number {
    of.length += to - from;
    if (!of.kept) return to;
    const max = of.kind === 'name' ? nameBytesMax : this.#limits.pieceBytesMax;
    if (of.length > max) of.parts = [];
    else of.parts.push(chunk.slice(from, to));
    return to;
  }

  #finish(last: Uint8Array, at: number, of: Passing): number {
    this.#passing = null;
    if (of.kind === 'name') return this.#named(last, at, of);
    this.#awaits = this.#frames.length === 0 ? 'end' : 'comma-or-end';
    const length = of.length + last.length;
    if (
      of.kind === 'bare' &&
      (length > bareBytesMax || jsonOf(joined(of.parts, last)) === undefined)
    ) {
      return this.#wrong(of.from, 'neither a number nor true, false or null');
    }
    if (of.wanted) {
      const isHeld = of.kept && length <= this.#limits.pieceBytesMax;
      this.#pieces.push({
        path: this.#frames.map(({ key }) => key),
        offset: of.from,
        end: of.from + length,
        bytes: isHeld ? joined(of.parts, last) : null,
      });
    }
    return at;
  }

  #named(last: Uint8Array, at: number, of: Passing): number {
    const frame = this.#frames.at(-1);
    const isLong = of.length + last.length > nameBytesMax;
    const name = isLong ? null : jsonOf(joined(of.parts, last));
    if (frame === undefined || typeof name !== 'string')
      return this.#wrong(of.from, 'a name that is no JSON text');
    if (frame.names.has(name))
      return this.#wrong(of.from, `the name ${name.slice(0, 60)} a second time`);
    frame.names.add(name);
    frame.count += 1;
    if (frame.count > this.#limits.membersMax) {
      const expected = `at most ${this.#limits.membersMax} members`;
      this.#fault = no('too-many-members', expected, `more ${byteAt(of.from)}`);
    }
    frame.key = name;
    this.#awaits = 'colon';
    return at;
  }

  #wrong(offset: number, got: string): number {
    this.#fault ??= no('not-json', 'JSON', `${got} ${byteAt(offset)}`);
    return 0;
  }

  #tooDeep(offset: number): number {
    this.#fault = no(
      'too-deep',
      `at most ${this.#limits.depthMax} levels of nesting`,
      `more ${byteAt(offset)}`,
    );
    return 0;
  }
}

/** Of what `true`, `null` and numbers are made. */
function isBare(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x45
  );
}

function joined(parts: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  if (parts.length === 0) return last;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, last.length));
  let at = 0;
  for (const part of [...parts, last]) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function shown(byte: number): string {
  const isVisible = byte > 0x20 && byte < 0x7f;
  return isVisible ? JSON.stringify(String.fromCharCode(byte)) : `the byte 0x${byte.toString(16)}`;
}

function byteAt(offset: number): string {
  return `at byte ${offset}`;
}

function no(code: SplitCode, expected: string, got: string) {
  const todo = 'send the file unchanged and whole, as the tool wrote it';
  return refuse({ code, expected, got, todo });
}
