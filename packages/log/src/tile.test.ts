import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatBundle,
  levelCount,
  parseBundle,
  parseTile,
  parseTilePath,
  tileAt,
  tilePath,
} from './tile.ts';

describe('C2SP tlog-tiles', () => {
  test('index 1234067 is x001/x234/067', () => {
    expect(tilePath({ level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067');
  });

  test('a tree of size 70,000 has the tiles of the specification', () => {
    const tiles = [0, 1, 2].map((level) => {
      const full = Math.floor(levelCount(70_000, level) / 256);
      return { full, partial: tileAt(70_000, level, full)?.width };
    });
    expect(tiles).toEqual([
      { full: 273, partial: 112 },
      { full: 1, partial: 17 },
      { full: 0, partial: 1 },
    ]);
    expect(levelCount(70_000, 3)).toBe(0);
  });

  test('a tree of size 256 has a full tile at level 0 and one of width 1 at level 1', () => {
    expect(tileAt(256, 0, 0)).toEqual({ level: 0, index: 0, width: 256 });
    expect(tileAt(256, 0, 1)).toBeNull();
    expect(tileAt(256, 1, 0)).toEqual({ level: 1, index: 0, width: 1 });
    expect(tileAt(256, 2, 0)).toBeNull();
  });
});

describe('tile paths', () => {
  test('every name comes back from its path', () => {
    const name = fc.record({
      level: fc.oneof(fc.constant('entries' as const), fc.nat(63)),
      index: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(name, (n) => {
        expect(parseTilePath(tilePath(n))).toEqual(n);
      }),
    );
  });

  test.each([
    'tile/0/67',
    'tile/0/x000/067',
    'tile/00/067',
    'tile/64/000',
    'tile/0/001/067',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/1/',
    'tile/0/../000',
    '/tile/0/000',
    'tile/entries',
    'tile/0/000\n',
    'tile/0/x999/x999/x999/x999/x999/999',
  ])('%j is no path', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });
});

describe('bundles and tiles', () => {
  test('every bundle comes back from its bytes', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(entries, (some) => {
        expect(parseBundle(formatBundle(some))).toEqual({ ok: true, value: some });
      }),
    );
  });

  test('any bytes are parsed or refused, never thrown on, and one bundle has one encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const bundle = parseBundle(bytes);
        if (bundle.ok) expect(formatBundle(bundle.value)).toEqual(bytes);
      }),
    );
  });

  test.each([
    ['nothing', [], 'an empty file'],
    ['half a length', [0], 'an end of file inside entry 0'],
    ['a cut entry', [0, 1, 7, 0, 3, 1, 2], 'an end of file inside entry 1'],
    ['257 entries', Array.from({ length: 514 }, () => 0), 'bytes after entry 256'],
  ])('a bundle of %s is refused', (_, bytes, got) => {
    expect(parseBundle(Uint8Array.from(bytes))).toMatchObject({ refusal: { got } });
  });

  test.each([0, 31, 33, 257 * 32])('a tile of %i bytes is refused', (length) => {
    expect(parseTile(new Uint8Array(length)).ok).toBe(false);
  });
});
