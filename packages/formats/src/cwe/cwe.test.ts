import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { digestOf } from '@breakwater/kernel';
import { expect, it } from 'vitest';
import { cweName, namesOf } from './cwe.ts';

it('has the names as they were taken', () => {
  expect(digestOf(readFileSync(resolve(import.meta.dirname, 'names.json')))).toBe(
    'sha256:113bd6fce98a4923bc7d790b0c0ff5ea7320c57568c742329174e471d989be7b',
  );
});

it.each([
  [
    'CWE-79',
    "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')",
  ],
  ['CWE-787', 'Out-of-bounds Write'],
  ['CWE-0', null],
  ['787', null],
  ['CWE-constructor', null],
])('%s is called %s', (id, name) => {
  expect(cweName(id)).toBe(name);
});

it('knows what a weakness was called before', () => {
  expect(namesOf('CWE-1059')).toEqual([
    'Insufficient Technical Documentation',
    'Incomplete Documentation',
  ]);
});
