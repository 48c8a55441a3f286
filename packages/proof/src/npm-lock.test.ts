import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNpmLock } from './npm-lock.ts';

const integrity = `sha512-${'A'.repeat(86)}==`;
const lockOf = (packages: Record<string, object>, lockfileVersion = 3) =>
  parseNpmLock(
    JSON.stringify({ lockfileVersion, packages: { '': { name: 'root' }, ...packages } }),
  );

test('packages come in the order of their paths, an alias under its own name', () => {
  const lock = lockOf({
    'node_modules/b': { version: '2.0.0', integrity, name: 'other' },
    'node_modules/a/node_modules/@s/c': { version: '1.0.0-rc.1', integrity, dev: true },
  });
  const source = (name: string, version: string) => ({
    kind: 'npm',
    package: name,
    version,
    integrity,
  });
  expect(lock).toEqual({
    ok: true,
    value: [
      { path: 'node_modules/a/node_modules/@s/c', source: source('@s/c', '1.0.0-rc.1') },
      { path: 'node_modules/b', source: source('other', '2.0.0') },
    ],
  });
});

describe('a lock is refused', () => {
  const good = { version: '1.0.0', integrity };
  test.each<[string, Record<string, object>]>([
    ['with a link', { 'node_modules/a': { ...good, link: true } }],
    ['without an integrity', { 'node_modules/a': { version: '1.0.0' } }],
    ['with an old digest', { 'node_modules/a': { ...good, integrity: 'sha1-AAAA' } }],
    ['with a range', { 'node_modules/a': { ...good, version: '^1.0.0' } }],
    ['with a workspace', { 'packages/a': good }],
    ['leaving its folder', { 'node_modules/../../a': good }],
    ['with a word for the shell', { 'node_modules/$(id)': good }],
    [
      'with too many packages',
      Object.fromEntries(Array.from({ length: 401 }, (_, n) => [`node_modules/p${n}`, good])),
    ],
  ])('%s', (_, packages) => {
    expect(lockOf(packages)).toMatchObject({ ok: false, refusal: { code: 'lock-malformed' } });
  });

  test('of version 1, which has no paths', () => {
    expect(lockOf({}, 1).ok).toBe(false);
  });

  test('whatever text it is', () => {
    fc.assert(fc.property(fc.string(), (text) => !parseNpmLock(text).ok));
    fc.assert(fc.property(fc.jsonValue(), (value) => !parseNpmLock(JSON.stringify(value)).ok));
  });
});
