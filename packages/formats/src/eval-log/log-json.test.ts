import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { guarded } from './fault.ts';
import { formatLogJson, parseLogJson } from './log-json.ts';

const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const anyText = fc.oneof(fc.string(), fc.constantFrom('NaN', '"NaN"', 'number:0:', 'number:0:NaN'));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    anyNumber.map((value) => (Object.is(value, -0) ? 0 : value)),
    anyText,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(anyText, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

it('reads what it writes: numbers without value too, and texts that look like them', () => {
  fc.assert(
    fc.property(tree, (value) => {
      expect(parseLogJson(utf8(formatLogJson(value)), 'it')).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['[NaN,Infinity,-Infinity,-1]', [Number.NaN, Infinity, -Infinity, -1]],
  ['{"a":"NaN \\" NaN","b":NaN}', { a: 'NaN " NaN', b: Number.NaN }],
  ['{"NaN":NaN,"number:0:":"number:1:"}', { NaN: Number.NaN, 'number:0:': 'number:1:' }],
])('%s is read as Python means it', (text, value) => {
  expect(parseLogJson(utf8(text), 'it')).toEqual(value);
});

it.each([
  ['[NaN', 'not-json'],
  ['[NaNa]', 'not-json'],
  ['[-NaN]', 'not-json'],
  ['{"a":Infinit}', 'not-json'],
  [`${'['.repeat(257)}${']'.repeat(257)}`, 'too-deep'],
])('%s is refused', async (text, code) => {
  const read = await guarded(async () => parseLogJson(utf8(text), 'it'));
  expect(read).toMatchObject({ ok: false, refusal: { code } });
});
