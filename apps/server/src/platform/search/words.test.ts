import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ask, lettersOf, matches, matchOf, wordsOf } from './words.ts';

const match = (asked: string, word: string) => matchOf(ask(asked), word, lettersOf(word));

test.each([
  ['overflow', 'overflow', matches.exact],
  ['over', 'overflow', matches.beginning],
  ['flow', 'overflow', matches.inside],
  ['ow', 'overflow', 0],
  ['ovreflow', 'overflow', matches.mistyped],
  ['overfolw', 'overflow', matches.mistyped],
  ['ovrfl', 'overflow', matches.mistypedBeginning],
  ['heep', 'heap', matches.mistyped],
  ['hep', 'heap', 0],
  ['2026', '2025', 0],
  ['utf8', 'utf16', 0],
  ['leak', 'race', 0],
] as const)('SEA-2 %s asked for, %s there: %d', (asked, word, expected) => {
  expect(match(asked, word)).toBe(expected);
});

test('SEA-2 text is told apart into words without case, accents and width', () => {
  expect(wordsOf('Ｂlåbær, parse_number("CVE-2026-1")', 20)).toEqual([
    'blabær',
    'parse',
    'number',
    'cve',
    '2026',
    '1',
  ]);
  expect(wordsOf('a'.repeat(90), 20)).toEqual(['a'.repeat(40), 'a'.repeat(10)]);
  expect(wordsOf('--- ☃ ---', 20)).toEqual([]);
});

const letter = fc.constantFrom(...'abcdefghij'.split(''));
const word = fc.string({ unit: letter, minLength: 4, maxLength: 14 });
/** One typing error: a letter left out, put in, taken for another, or two that changed places. */
const mistyped = word.chain((right) =>
  fc
    .tuple(fc.constantFrom('out', 'in', 'other', 'swap'), fc.nat(right.length - 2), letter)
    .map(([how, at, other]) => {
      const [before, after] = [right.slice(0, at), right.slice(at)];
      if (how === 'out') return [right, before + after.slice(1)] as const;
      if (how === 'in') return [right, before + other + after] as const;
      if (how === 'other') return [right, before + other + after.slice(1)] as const;
      return [right, before + after.charAt(1) + after.charAt(0) + after.slice(2)] as const;
    }),
);

test('SEA-2 one error in what is asked, of four letters or more, is forgiven', () => {
  fc.assert(
    fc.property(mistyped, ([right, wrong]) => {
      fc.pre(wrong.length >= 4);
      expect(match(wrong, right)).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});

test('SEA-2 what is forgiven is what the plain definition of the distance allows', () => {
  fc.assert(
    fc.property(word, word, (asked, there) => {
      const allowed = asked.length < 8 ? 1 : 2;
      const beginnings = Array.from({ length: there.length + 1 }, (_, n) => there.slice(0, n));
      const near = there.includes(asked) || beginnings.some((b) => distance(asked, b) <= allowed);
      expect(match(asked, there) > 0).toBe(near);
      expect(match(asked, there) >= matches.mistyped).toBe(
        there.includes(asked) || distance(asked, there) <= allowed,
      );
    }),
    { numRuns: 2_000 },
  );
});

/** Optimal string alignment, told by its recursion. */
function distance(a: string, b: string): number {
  const known = new Map<string, number>();
  const d = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i} ${j}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const same = a[i - 1] === b[j - 1] ? 0 : 1;
    let least = Math.min(d(i - 1, j) + 1, d(i, j - 1) + 1, d(i - 1, j - 1) + same);
    if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
      least = Math.min(least, d(i - 2, j - 2) + 1);
    }
    known.set(key, least);
    return least;
  };
  return d(a.length, b.length);
}
