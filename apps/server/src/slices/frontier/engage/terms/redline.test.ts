import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redline } from './redline.ts';

test('ENG-9 a redline says word by word what changed', () => {
  expect(
    redline('Keep it secret for two years.', 'Keep all of it secret for three years.'),
  ).toEqual([
    { change: 'same', text: 'Keep ' },
    { change: 'added', text: 'all of ' },
    { change: 'same', text: 'it secret for ' },
    { change: 'removed', text: 'two' },
    { change: 'added', text: 'three' },
    { change: 'same', text: ' years.' },
  ]);
  expect(redline('', 'New')).toEqual([{ change: 'added', text: 'New' }]);
  expect(redline('Old', '')).toEqual([{ change: 'removed', text: 'Old' }]);
  expect(redline('Same', 'Same')).toEqual([{ change: 'same', text: 'Same' }]);
});

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', ' ', '  ', '\n', 'word'), { maxLength: 60 })
  .map((words) => words.join(''));

test('ENG-9 both texts can be read out of a redline', () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      const parts = redline(from, to);
      const read = (without: string) =>
        parts.flatMap((part) => (part.change === without ? [] : [part.text])).join('');
      expect([read('added'), read('removed')]).toEqual([from, to]);
    }),
  );
});

test('ENG-9 texts that have nothing in common are one piece for the other', () => {
  const words = (letter: string) => Array.from({ length: 3_000 }, (_, i) => `${letter}${i}`);
  const [from, to] = [words('a').join('-'), words('b').join('  ')];
  expect(redline(from, to).map(({ change }) => change)).toEqual(['removed', 'added']);
  const [many, others] = [words('a').join(' '), words('b').join(' ')];
  const parts = redline(many, others);
  expect(parts.flatMap((part) => (part.change === 'added' ? [] : [part.text])).join('')).toBe(many);
});
