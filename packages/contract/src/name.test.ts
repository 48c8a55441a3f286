import { expect, test } from 'vitest';
import { Name } from './words.ts';

test.each([
  ['Ada Lovelace', true],
  ['  Zoë  ', true],
  ['علی‌رضا', true],
  ['李雷', true],
  ['a\nb', false],
  ['a\r\nX-Forged: 1', false],
  ['a\u001b[31mred', false],
  ['ecila\u202e', false],
  ['a\u2066b', false],
  ['zero\u200bwidth', false],
  ['two\u2028lines', false],
  ['a\u0000', false],
  ['...', false],
  ['\u200d', false],
  ['', false],
])('a name is one line that shows what it is: %j', (text, good) => {
  expect(Name.safeParse(text).success).toBe(good);
});
