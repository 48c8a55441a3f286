import zlib from 'node:zlib';
import { concatBytes, utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blobScratch, codecs } from './log-file.ts';

test('a scratch gives back any part of what was written to it', async () => {
  const part = fc.uint8Array({ maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(part),
      fc.array(fc.tuple(fc.nat(400), fc.nat(400))),
      async (parts, ranges) => {
        const scratch = blobScratch();
        const all = new Uint8Array(await new Blob(parts.map((each) => each.slice())).arrayBuffer());
        let at = 0;
        for (const each of parts) {
          await scratch.write(at, each);
          at += each.length;
        }
        for (const [one, other] of ranges) {
          const [start, end] = [Math.min(one, other, at), Math.min(Math.max(one, other), at)];
          expect(await scratch.read(start, end)).toEqual(all.slice(start, end));
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('a scratch that is written out of order would give back another text: it throws', () => {
  expect(() => blobScratch().write(3, utf8('x'))).toThrow('a scratch goes on at 0');
});

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

async function unpacked(coder: typeof codecs.inflate, packed: Uint8Array): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of coder(inPieces(packed, 1000))) parts.push(part);
  return concatBytes(...parts);
}

// Compresses in part, so that a frame has several blocks of both kinds.
const text = utf8(Array.from({ length: 60_000 }, (_, at) => `line ${(at * at) % 9973}\n`).join(''));

test('what Node packs by deflate and by Zstandard, a browser unpacks', async () => {
  expect(await unpacked(codecs.inflate, zlib.deflateRawSync(text))).toEqual(text);
  const { zstd } = codecs;
  expect(zstd && (await unpacked(zstd, zlib.zstdCompressSync(text)))).toEqual(text);
});

test('a damaged text throws, and does not end as if it were whole', async () => {
  const { zstd = codecs.inflate } = codecs;
  for (const [coder, packed] of [
    [codecs.inflate, zlib.deflateRawSync(text)],
    [zstd, zlib.zstdCompressSync(text)],
  ] as const) {
    await expect(unpacked(coder, packed.subarray(0, packed.length >> 1))).rejects.toThrow();
  }
});
