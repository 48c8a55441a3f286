import { utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { parseStatement } from './statement.ts';

const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'proof', digest: { sha256: 'a'.repeat(64) } }],
  predicateType: 'urn:uuid:00000000-0000-4000-8000-000000000000',
  predicate: { verdict: 'reproduced' },
};

const parse = (value: unknown) => parseStatement(utf8(JSON.stringify(value)));

test('a statement is read, and fields of later versions are ignored', () => {
  expect(parse({ ...statement, later: true })).toEqual({ ok: true, value: statement });
});

test('an absent predicate is the same as an empty one (Statement, predicate)', () => {
  const { predicate: _, ...bare } = statement;
  expect(parse(bare)).toEqual({ ok: true, value: { ...statement, predicate: {} } });
});

test.each([
  ['another version', { ...statement, _type: 'https://in-toto.io/Statement/v0.1' }],
  ['no subject', { ...statement, subject: [] }],
  ['a subject without digest', { ...statement, subject: [{ name: 'proof', digest: {} }] }],
  ['a short sha256', { ...statement, subject: [{ digest: { sha256: 'aa' } }] }],
  ['a scheme in upper case', { ...statement, predicateType: 'URN:uuid:1' }],
  ['a predicate that is a list', { ...statement, predicate: [] }],
])('%s is refused', (_, value) => {
  expect(parse(value)).toMatchObject({ ok: false, refusal: { code: 'statement-malformed' } });
});

test('a predicate too deep for any stack is refused', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const text = JSON.stringify(statement).replace('"reproduced"', deep);
  const refused = { ok: false, refusal: { code: 'statement-malformed' } };
  expect(parseStatement(utf8(text))).toMatchObject(refused);
});

test('bytes that are not JSON are refused', () => {
  const refused = { ok: false, refusal: { code: 'statement-malformed' } };
  expect(parseStatement(new Uint8Array([0xff]))).toMatchObject(refused);
});
