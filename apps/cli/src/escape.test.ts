import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeJson, escapeLine } from './escape.ts';

test.each([
  ['a color', 'a\u001b[31mred', 'a\\u001b[31mred'],
  ['a window title', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
  ['a C1 control', '\u009b2J', '\\u009b2J'],
  ['a line break', 'one\ntwo\rthree', 'one\\u000atwo\\u000dthree'],
  ['text written backwards', 'file\u202egpj.exe', 'file\\u202egpj.exe'],
  ['a hidden tag', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
  ['a tab', 'a\tb', 'a b'],
  ['plain words of any script', 'naïve 漏洞 уязвимость ✓', 'naïve 漏洞 уязвимость ✓'],
])('%s', (_, text, escaped) => {
  expect(escapeLine(text)).toBe(escaped);
});

const anyText = fc.string({ unit: 'binary' });

test('no text makes a line with a character that a terminal obeys', () => {
  fc.assert(
    fc.property(anyText, (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(escapeLine(text))),
  );
});

test('escaped JSON is the same value and holds no control but line breaks', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, anyText), (value) => {
      const text = escapeJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(/[\p{Cc}\p{Cf}]/u.test(text.replaceAll('\n', ''))).toBe(false);
    }),
  );
});
