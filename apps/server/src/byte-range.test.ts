import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseRange } from './byte-range.ts';

// RFC 9110, 14.1.2: its own examples over 10,000 bytes, and what is not well formed.
test.each([
  ['bytes=0-499', { from: 0, to: 500 }],
  ['bytes=500-999', { from: 500, to: 1_000 }],
  ['bytes=-500', { from: 9_500, to: 10_000 }],
  ['bytes=9500-', { from: 9_500, to: 10_000 }],
  ['bytes=0-0', { from: 0, to: 1 }],
  ['bytes=9999-99999', { from: 9_999, to: 10_000 }],
  ['bytes=-99999', { from: 0, to: 10_000 }],
  ['bytes=10000-', 'not-there'],
  ['bytes=-0', 'not-there'],
  ['bytes=5-4', null],
  ['bytes=0-0,-1', null],
  ['bytes=-', null],
  ['bytes=a-b', null],
  ['lines=1-2', null],
  [undefined, null],
])('%s', (header, expected) => {
  expect(chooseRange(header, 10_000)).toEqual(expected);
});

test('whatever is asked, what is chosen lies within', () => {
  const digits = fc.option(fc.nat(), { nil: '' });
  fc.assert(
    fc.property(digits, digits, fc.nat(), (first, last, size) => {
      const range = chooseRange(`bytes=${first}-${last}`, size);
      if (range === null || range === 'not-there') return;
      expect(range.from).toBeGreaterThanOrEqual(0);
      expect(range.from).toBeLessThan(range.to);
      expect(range.to).toBeLessThanOrEqual(size);
    }),
  );
});
