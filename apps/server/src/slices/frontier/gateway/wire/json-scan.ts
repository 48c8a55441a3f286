/** Which values of an object are wanted: `true` is taken, an object is looked into. */
export interface Wanted {
  readonly [key: string]: true | Wanted;
}

/** Longest value that is taken, in bytes: counts of tokens are a tenth of it. */
export const valueBytesMax = 16_384;
const keyBytesMax = 48;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;

/**
 * Finds few values in a JSON text that comes in pieces, cut anywhere, and holds nothing else of it:
 * memory is bounded by the values it takes, at most {@link valueBytesMax} bytes each. It checks no
 * more of the text's form than it needs; of a key that comes twice the last value counts. A key
 * written with escapes is none of those wanted. Only for objects: other texts have no such values.
 */
export class JsonScan {
  readonly #wanted: Wanted;
  readonly #found = new Map<string, unknown>();
  /** How many containers are open. */
  #depth = 0;
  /** The wanted parts of the objects on the way down; those deeper are of no interest. */
  readonly #way: Wanted[] = [];
  readonly #names: string[] = [];
  #inString = false;
  #escaped = false;
  /** Whether the next string in the innermost object of the way is a key. */
  #keyNext = false;
  #key: string | null = null;
  /** What the value that comes next is wanted for. */
  #next: true | Wanted | null = null;
  #nextName = '';
  #taking = false;
  #takenDepth = 0;
  #taken: Buffer[] = [];
  #takenLength = 0;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** Forgets all of the text, for the next one. */
  reset(): void {
    if (this.#found.size > 0) this.#found.clear();
    this.#depth = 0;
    this.#way.length = 0;
    this.#names.length = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#keyNext = false;
    this.#key = null;
    this.#next = null;
    this.#stopTaking();
  }

  /** What was found so far, by path with dots; a value that is no JSON or too long is not there. */
  get found(): ReadonlyMap<string, unknown> {
    return this.#found;
  }

  /** Takes the bytes of `chunk` between `from` and `to`. */
  push(chunk: Buffer, from = 0, to = chunk.length): void {
    let takenFrom = from;
    for (let at = from; at < to; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#inString) {
        at = this.#throughString(chunk, at, to);
        continue;
      }
      // White space and the insides of numbers and words.
      if (byte <= 0x20 || byte === colon) continue;
      if (byte === comma || byte === closeBrace || byte === closeBracket) {
        if (this.#taking && this.#depth === this.#takenDepth) {
          this.#keep(chunk, takenFrom, at);
          this.#finishTaking();
        }
        if (byte === comma) this.#next = null;
        else this.#leave();
        this.#keyNext = this.#depth === this.#way.length && this.#depth > 0;
        continue;
      }
      if (!this.#taking && this.#next === true) {
        this.#taking = true;
        this.#takenDepth = this.#depth;
        this.#next = null;
        takenFrom = at;
      }
      if (byte === quote) this.#openString();
      else if (byte === openBrace || byte === openBracket) this.#enter(byte === openBrace);
    }
    if (this.#taking) this.#keep(chunk, takenFrom, to);
  }

  #openString(): void {
    this.#inString = true;
    this.#key = this.#keyNext ? '' : null;
    this.#keyNext = false;
  }

  /** Reads on in a string; answers the place of the last byte that was read. */
  #throughString(chunk: Buffer, from: number, to: number): number {
    let at = from;
    if (this.#escaped) {
      this.#escaped = false;
      at += 1;
    }
    while (at < to) {
      const byte = chunk[at];
      if (byte === quote) break;
      if (byte === backslash) {
        this.#key = this.#key === null ? null : tooLong;
        at += 1;
        // The byte behind it comes with the next piece.
        if (at >= to) this.#escaped = true;
      }
      at += 1;
    }
    const end = Math.min(at, to);
    if (this.#key !== null && this.#key.length <= keyBytesMax && end > from) {
      const length = Math.min(end - from, keyBytesMax + 1);
      this.#key += chunk.toString('latin1', from, from + length);
    }
    if (at >= to) return to;
    this.#inString = false;
    if (this.#key !== null) this.#endKey(this.#key);
    return at;
  }

  #endKey(key: string): void {
    const here = this.#way.at(-1);
    this.#key = null;
    this.#next = here !== undefined && Object.hasOwn(here, key) ? (here[key] ?? null) : null;
    this.#nextName = key;
  }

  #enter(isObject: boolean): void {
    this.#depth += 1;
    if (!isObject || this.#taking) return;
    if (this.#depth === 1) this.#way.push(this.#wanted);
    else if (this.#next !== null && this.#next !== true && this.#depth === this.#way.length + 1) {
      this.#way.push(this.#next);
      this.#names.push(this.#nextName);
    } else return;
    this.#next = null;
    this.#keyNext = true;
  }

  #leave(): void {
    if (this.#depth === 0) return;
    if (this.#depth === this.#way.length) {
      this.#way.pop();
      this.#names.pop();
    }
    this.#depth -= 1;
    this.#next = null;
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    if (to <= from) return;
    this.#takenLength += to - from;
    // Copied: a piece of the network's buffer is used again, and would keep all of it.
    if (this.#takenLength <= valueBytesMax) {
      this.#taken.push(Buffer.from(chunk.subarray(from, to)));
    }
  }

  #finishTaking(): void {
    const name = [...this.#names, this.#nextName].join('.');
    const text = Buffer.concat(this.#taken).toString('utf8');
    const fits = this.#takenLength <= valueBytesMax;
    this.#stopTaking();
    this.#found.delete(name);
    if (!fits) return;
    try {
      this.#found.set(name, JSON.parse(text));
    } catch {
      // No JSON: not found.
    }
  }

  #stopTaking(): void {
    this.#taking = false;
    this.#takenLength = 0;
    if (this.#taken.length > 0) this.#taken = [];
  }
}

/** Stands for a key that cannot be one of those wanted. */
const tooLong = '\\'.repeat(keyBytesMax + 1);
