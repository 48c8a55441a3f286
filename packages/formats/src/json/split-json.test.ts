import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonPath, JsonSplitter } from './split-json.ts';

const limits = { depthMax: 32, pieceBytesMax: 100_000, membersMax: 1_000 };

/** Members of `items` one by one, all else passed over. */
function chooseItems(path: JsonPath) {
  if (path.length === 0 || (path.length === 1 && path[0] === 'items')) return 'enter' as const;
  return path.length === 2 ? ('keep' as const) : ('skip' as const);
}

function split(chunks: readonly Uint8Array[], given: Partial<typeof limits> = {}) {
  const splitter = new JsonSplitter({ choose: chooseItems, limits: { ...limits, ...given } });
  const found: { path: JsonPath; offset: number; text: string | null }[] = [];
  for (const result of [
    ...chunks.map((chunk) => () => splitter.push(chunk)),
    () => splitter.end(),
  ]) {
    const pieces = result();
    if (!pieces.ok) return { refusal: pieces.refusal, found };
    for (const { path, offset, bytes } of pieces.value) {
      found.push({ path, offset, text: bytes === null ? null : new TextDecoder().decode(bytes) });
    }
  }
  return { refusal: null, found };
}

/** Cuts bytes at these places; a place may repeat, so that chunks may be empty. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b);
  return [...sorted, bytes.length].map((end, i) => bytes.slice(sorted[i - 1] ?? 0, end));
}

const document = fc.record({
  before: fc.jsonValue(),
  items: fc.array(fc.jsonValue(), { maxLength: 6 }),
  'a"\\\u0000é': fc.jsonValue(),
  after: fc.string({ unit: 'binary' }),
});

describe('a JSON text in chunks', () => {
  it('gives the same items however it is cut, and they are those of JSON.parse', () => {
    fc.assert(
      fc.property(
        document,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom('', '\uFEFF'),
        fc.constantFrom(0, 1, '\t'),
        (value, places, mark, space) => {
          const text = `${mark}${JSON.stringify(value, null, space)}`;
          const bytes = new TextEncoder().encode(text);
          const { refusal, found } = split(cutAt(bytes, places));
          expect(refusal).toBe(null);
          const parsed: unknown[] = found.map((each) => JSON.parse(each.text ?? 'null'));
          expect(parsed).toEqual(JSON.parse(JSON.stringify(value.items)));
          for (const { path, offset, text: piece } of found) {
            expect(path[0]).toBe('items');
            const there = bytes.slice(
              offset,
              offset + new TextEncoder().encode(piece ?? '').length,
            );
            expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(there)).toBe(piece);
          }
        },
      ),
    );
  });

  it('is refused at the same byte however it is cut, and what JSON.parse takes never is', () => {
    const mutated = fc
      .tuple(document, fc.nat(), fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '\\', 'x'))
      .map(([value, place, insert]) => {
        const text = JSON.stringify(value);
        const at = place % (text.length + 1);
        return `${text.slice(0, at)}${insert}${text.slice(at + (insert === '' ? 1 : 0))}`;
      });
    fc.assert(
      fc.property(mutated, fc.array(fc.nat(), { maxLength: 6 }), (text, places) => {
        const bytes = new TextEncoder().encode(text);
        const whole = split([bytes]);
        expect(split(cutAt(bytes, places)).refusal).toEqual(whole.refusal);
        if (whole.refusal !== null && !/second time/.test(whole.refusal.got)) {
          expect(parses(text)).toBe(false);
        }
      }),
    );
  });

  it('any bytes are split or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { refusal } = split([bytes]);
        expect(['not-json', 'not-utf8', 'too-deep', undefined]).toContain(refusal?.code);
      }),
    );
  });

  it.each([
    ['{"items":[1,2', 'not-json', 'the end of the text at byte 13'],
    ['{"items":[1,]}', 'not-json', '"]" at byte 12'],
    ['{"items":[1 2]}', 'not-json', '"2" at byte 12'],
    ['{"items":[tru]}', 'not-json', 'neither a number nor true, false or null at byte 10'],
    ['{"skipped":nul}', 'not-json', 'neither a number nor true, false or null at byte 11'],
    ['{"items":[{"a":1]]}', 'not-json', '"]" at byte 16'],
    ['{"items":[]} x', 'not-json', '"x" at byte 13'],
    ['{"items":[1],"items":[2]}', 'not-json', 'the name items a second time at byte 13'],
    ['{"items":[1],"\\u0069tems":[2]}', 'not-json', 'the name items a second time at byte 13'],
    ['', 'not-json', 'the end of the text at byte 0'],
    [`{"x":${'['.repeat(40)}${']'.repeat(40)}}`, 'too-deep', 'more at byte 36'],
    [`{${'"":0,'}`, 'not-json', 'the end of the text at byte 6'],
  ])('%s is refused: %s', (text, code, got) => {
    expect(split([utf8(text)]).refusal).toMatchObject({ code, got });
  });

  it('UTF-16 and a byte order mark that breaks off are refused', () => {
    expect(split([Uint8Array.of(0xff, 0xfe, 0x7b, 0)]).refusal?.code).toBe('not-utf8');
    expect(split([Uint8Array.of(0xef, 0xbb), utf8('{}')]).refusal?.code).toBe('not-json');
    expect(split([Uint8Array.of(0xef), Uint8Array.of(0xbb, 0xbf), utf8('{}')]).refusal).toBe(null);
  });

  it('an item beyond its bound is told and not held; those beside it are', () => {
    const text = `{"items":["${'a'.repeat(50)}",{"b":"${'b'.repeat(500)}"},3]}`;
    const { found, refusal } = split(cutAt(utf8(text), [70, 80, 90, 300]), { pieceBytesMax: 60 });
    expect(refusal).toBe(null);
    expect(found.map((each) => each.text)).toEqual([`"${'a'.repeat(50)}"`, null, '3']);
  });

  it('what is only located is told by its place, however long it is', () => {
    const text = `{"items":[${'"a"'.padStart(9)},{"b":"${'b'.repeat(500)}"}, 31]}`;
    const splitter = new JsonSplitter({
      choose: (path) => (path.length < 2 ? 'enter' : 'locate'),
      limits: { ...limits, pieceBytesMax: 4 },
    });
    const pieces = [...cutAt(utf8(text), [12, 40, 300]), utf8('')].flatMap((chunk) => {
      const result = splitter.push(chunk);
      return result.ok ? result.value : [];
    });
    expect(pieces.map(({ offset, end }) => text.slice(offset, end))).toEqual([
      '"a"',
      `{"b":"${'b'.repeat(500)}"}`,
      '31',
    ]);
    expect(pieces.slice(0, 2).map(({ bytes }) => bytes)).toEqual([null, null]);
  });

  it('an object of too many members is refused', () => {
    const text = `{${Array.from({ length: 9 }, (_, i) => `"${i}":0`).join()}}`;
    expect(split([utf8(text)], { membersMax: 8 }).refusal?.code).toBe('too-many-members');
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
