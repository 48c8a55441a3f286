import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blobScratch } from './log-file.ts';

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
