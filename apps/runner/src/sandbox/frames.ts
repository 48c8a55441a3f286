import type { Readable, Writable } from 'node:stream';

export interface Frame {
  readonly kind: string;
  readonly body: Buffer;
}

const FRAME_MAX = 1 << 20;

/** Frames from a launcher: u32 length, one byte kind, body. Ends when the stream does. */
export async function* readFrames(stream: Readable): AsyncGenerator<Frame> {
  const reader = new FrameReader();
  // an untyped stream of buffers: no encoding is ever set on it
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    reader.add(chunk);
    for (let frame = reader.next(); frame !== null; frame = reader.next()) yield frame;
  }
}

/** Takes bytes as they come and gives whole frames; throws at one that is empty or over a MiB. */
export class FrameReader {
  #held: Buffer = Buffer.alloc(0);

  add(bytes: Buffer): void {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
  }

  /** The next frame, a view into what was added; null when it is not whole yet. */
  next(): Frame | null {
    if (this.#held.length < 4) return null;
    const length = this.#held.readUInt32BE(0);
    if (length < 1 || length > FRAME_MAX) throw new Error(`launcher sent a ${length} byte frame`);
    if (this.#held.length < 4 + length) return null;
    const body = this.#held.subarray(5, 4 + length);
    const kind = this.#held.toString('latin1', 4, 5);
    this.#held = this.#held.subarray(4 + length);
    return { kind, body };
  }
}

export function writeFrame(stream: Writable, kind: string, body: Uint8Array): void {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length + 1, 0);
  head.write(kind, 4, 'latin1');
  stream.write(head);
  if (body.length > 0) stream.write(body);
}

export function packFrame(kind: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length + 1, 0);
  head.write(kind, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** A list of byte strings, each after its u32 length: perl's `(N/a*)*`. */
export function pack(items: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    items.flatMap((item) => {
      const bytes = typeof item === 'string' ? Buffer.from(item, 'utf8') : item;
      const head = Buffer.alloc(4);
      head.writeUInt32BE(bytes.length, 0);
      return [head, bytes];
    }),
  );
}

/** The other way; null when the lengths do not come out even. */
export function unpack(bytes: Buffer): Buffer[] | null {
  const items: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    items.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return items;
}
