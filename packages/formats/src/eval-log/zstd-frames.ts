import { evalLogLimits as limits } from './limits.ts';
import type { Coder } from './source.ts';
import { damaged } from './zip-directory.ts';

/**
 * Unpacks a text of several Zstandard frames (RFC 8878, 3.1) one by one: Inspect begins a new frame
 * every 200 MiB, and common decoders, Node's among them, stop behind the first without a word.
 */
export async function* unpackFrames(
  chunks: AsyncIterable<Uint8Array>,
  unpackOne: Coder,
): AsyncGenerator<Uint8Array> {
  const cursor = new Cursor(chunks);
  for (let count = 1; await cursor.hasMore(); count += 1) {
    if (count > limits.framesMax) throw damaged(`more than ${limits.framesMax} frames`);
    const magic = await cursor.take(4);
    const number = new DataView(magic.buffer, magic.byteOffset, 4).getUint32(0, true);
    if (number >>> 4 === 0x1_84_d2_a5) {
      const length = await cursor.take(4);
      const bytes = new DataView(length.buffer, length.byteOffset, 4).getUint32(0, true);
      for await (const _ of cursor.pass(bytes));
    } else if (number === 0xfd_2f_b5_28) yield* unpackOne(frame(cursor, magic));
    else throw damaged('bytes that begin no Zstandard frame');
  }
}

/** The bytes of one frame: its header, its blocks, its check sum (RFC 8878, 3.1.1). */
async function* frame(cursor: Cursor, magic: Uint8Array): AsyncGenerator<Uint8Array> {
  yield magic;
  const described = await cursor.take(1);
  yield described;
  const descriptor = described[0] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  const rest = (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes;
  if (rest > 0) yield await cursor.take(rest);
  for (;;) {
    const head = await cursor.take(3);
    yield head;
    const block = (head[0] ?? 0) | ((head[1] ?? 0) << 8) | ((head[2] ?? 0) << 16);
    // A block of type 1 is one byte, repeated; type 3 is reserved.
    yield* cursor.pass(((block >>> 1) & 3) === 1 ? 1 : block >>> 3);
    if ((block & 1) === 1) break;
  }
  if ((descriptor & 4) !== 0) yield await cursor.take(4);
}

class Cursor {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async hasMore(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#chunk = next.value;
      this.#at = 0;
    }
    return true;
  }

  /** Exactly so many bytes; few. */
  async take(count: number): Promise<Uint8Array> {
    const taken = new Uint8Array(count);
    let filled = 0;
    for await (const part of this.pass(count)) {
      taken.set(part, filled);
      filled += part.length;
    }
    return taken;
  }

  /** Exactly so many bytes, as they come. */
  async *pass(count: number): AsyncGenerator<Uint8Array> {
    let left = count;
    while (left > 0) {
      if (!(await this.hasMore())) throw damaged('a Zstandard frame that breaks off');
      const part = this.#chunk.subarray(this.#at, this.#at + left);
      this.#at += part.length;
      left -= part.length;
      yield part;
    }
  }
}
