import type { Readable, Writable } from 'node:stream';

export interface Frame {
  readonly kind: string;
  readonly body: Buffer;
}

const FRAME_MAX = 1 << 20;

/** Frames from a launcher: u32 length, one byte kind, body. Ends when the stream does. */
export async function* readFrames(stream: Readable): AsyncGenerator<Frame> {
  let held: Buffer = Buffer.alloc(0);
  // an untyped stream of buffers: no encoding is ever set on it
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= 4) {
      const length = held.readUInt32BE(0);
      if (length < 1 || length > FRAME_MAX) throw new Error(`launcher sent a ${length} byte frame`);
      if (held.length < 4 + length) break;
      yield { kind: held.toString('latin1', 4, 5), body: held.subarray(5, 4 + length) };
      held = held.subarray(4 + length);
    }
  }
}

export function writeFrame(stream: Writable, kind: string, body: Uint8Array): void {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length + 1, 0);
  head.write(kind, 4, 'latin1');
  stream.write(head);
  if (body.length > 0) stream.write(body);
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
