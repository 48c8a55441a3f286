import { JsonScan } from './json-scan.ts';

/** Longest event that can be one of figures alone. */
const heldMax = 16_384;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Takes the one event out of a stream of chat completions that bears the figures and no choice: it
 * was asked for by us. Each event is held until it is whole or too long to be that one; what goes on
 * is the same bytes. Events end with a blank line, lines with LF or CR LF; a stream with others goes
 * by as it is.
 */
export class UsageFilter {
  readonly #scan = new JsonScan({ choices: true, usage: true });
  #held: Buffer[] = [];
  #heldLength = 0;
  #isPassing = false;
  #lineLength = 0;

  /** What goes on of the stream, now that `chunk` came. */
  push(chunk: Buffer): readonly Buffer[] {
    const out: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === carriageReturn) continue;
      if (byte !== lineFeed) {
        this.#lineLength += 1;
        continue;
      }
      const endsEvent = this.#lineLength === 0;
      this.#lineLength = 0;
      if (!endsEvent) continue;
      this.#take(chunk.subarray(from, at + 1), out);
      from = at + 1;
      this.#endEvent(out);
    }
    this.#take(chunk.subarray(from), out);
    return out;
  }

  /** What is left at the stream's end. */
  end(): readonly Buffer[] {
    return this.#held;
  }

  #take(part: Buffer, out: Buffer[]): void {
    if (part.length === 0) return;
    if (this.#isPassing) {
      out.push(part);
      return;
    }
    this.#held.push(Buffer.from(part));
    this.#heldLength += part.length;
    if (this.#heldLength <= heldMax) return;
    out.push(...this.#held);
    this.#held = [];
    this.#isPassing = true;
  }

  #endEvent(out: Buffer[]): void {
    if (!this.#isPassing && !this.#isFigures()) out.push(...this.#held);
    this.#held = [];
    this.#heldLength = 0;
    this.#isPassing = false;
  }

  #isFigures(): boolean {
    const event = Buffer.concat(this.#held);
    if (!event.includes('"usage"')) return false;
    this.#scan.reset();
    for (const line of linesOf(event)) this.#scan.push(line);
    const choices = this.#scan.found.get('choices');
    const usage = this.#scan.found.get('usage') ?? null;
    return Array.isArray(choices) && choices.length === 0 && usage !== null;
  }
}

/** The data of an event, line by line. */
function linesOf(event: Buffer): readonly Buffer[] {
  return event
    .toString('latin1')
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('data:') ? [Buffer.from(line.slice(5), 'latin1')] : []));
}
