import { JsonScan, type Wanted } from './json-scan.ts';

/** What one event had of what is wanted, by path with dots. */
export type OnEvent = (found: ReadonlyMap<string, unknown>) => void;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const data = Buffer.from('data:');

/**
 * Reads server-sent events (WHATWG HTML, 9.2.6) that come in pieces, cut anywhere: lines end with
 * CR, LF or both, the data of an event may be several lines. Of each event only the wanted values of
 * its data are held. An event that its stream does not finish is none.
 */
export class SseScan {
  readonly #scan: JsonScan;
  readonly #onEvent: OnEvent;
  /** How many bytes of the line came; only its first six tell what it is. */
  #column = 0;
  #isData = true;
  #hasData = false;
  #afterReturn = false;

  constructor(wanted: Wanted, onEvent: OnEvent) {
    this.#scan = new JsonScan(wanted);
    this.#onEvent = onEvent;
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    let at = 0;
    let nextReturn = placeOf(chunk, carriageReturn, 0);
    while (at < chunk.length) {
      const byte = chunk[at];
      if (this.#afterReturn) {
        this.#afterReturn = false;
        if (byte === lineFeed) {
          at += 1;
          continue;
        }
      }
      if (byte === lineFeed || byte === carriageReturn) {
        this.#afterReturn = byte === carriageReturn;
        this.#endLine();
        at += 1;
      } else if (this.#column < data.length) {
        this.#isData &&= byte === data[this.#column];
        this.#column += 1;
        at += 1;
      } else if (this.#column === data.length && byte === space) {
        this.#column += 1;
        at += 1;
      } else {
        if (nextReturn < at) nextReturn = placeOf(chunk, carriageReturn, at);
        const end = Math.min(placeOf(chunk, lineFeed, at), nextReturn);
        if (this.#isData) {
          this.#hasData = true;
          this.#scan.push(chunk, at, end);
        }
        this.#column = data.length + 1;
        at = end;
      }
    }
  }

  #endLine(): void {
    const isBlank = this.#column === 0;
    this.#column = 0;
    this.#isData = true;
    if (!isBlank || !this.#hasData) return;
    this.#hasData = false;
    if (this.#scan.found.size > 0) this.#onEvent(this.#scan.found);
    this.#scan.reset();
  }
}

/** The first such byte from there on, or the chunk's end. */
function placeOf(chunk: Buffer, byte: number, from: number): number {
  const place = chunk.indexOf(byte, from);
  return place === -1 ? chunk.length : place;
}
