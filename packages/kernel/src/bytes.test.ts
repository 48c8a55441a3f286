import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from './bytes.ts';

test('base64 is that of RFC 4648, and read back', () => {
  // RFC 4648 §10.
  const vectors = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'];
  for (const [length, text] of vectors.entries()) {
    expect(toBase64(new TextEncoder().encode('foobar'.slice(0, length)))).toBe(text);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(text)).toEqual(bytes);
    }),
  );
});

test('whatever is read as base64 is the one text of its bytes', () => {
  const near = fc.string({
    unit: fc.constantFrom('A', 'Q', 'g', 'w', 'z', '9', '+', '/', '=', '-', '\n', 'Ā', 'é'),
  });
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (text) => {
      const bytes = fromBase64(text);
      const isText = Buffer.from(text, 'base64').toString('base64') === text;
      expect(bytes === null ? null : toBase64(bytes)).toBe(isText ? text : null);
    }),
  );
});

test.each(['A', 'AA', 'AAA', 'A===', '====', 'Zh==', 'Zm9=', 'Zm=v', 'Zg==Zg==', 'Zm-_', 'ŁAAA'])(
  '%s is no base64',
  (text) => expect(fromBase64(text)).toBe(null),
);
