import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { digestOf } from '@breakwater/kernel';
import { expect, it } from 'vitest';
import { cweName } from './cwe.ts';
import { parentsOf, weaknesses } from './tree.ts';

it('has the parents as they were taken', () => {
  expect(digestOf(readFileSync(resolve(import.meta.dirname, 'parents.json')))).toBe(
    'sha256:1126df0b59545c8d62350eff0e7ad93490fb6a471c1c603035863f7dbcbffc52',
  );
});

it('knows every weakness that has a name, and no parent that has none', () => {
  expect(weaknesses).toHaveLength(968);
  const named = [...weaknesses, ...weaknesses.flatMap((id) => parentsOf(id) ?? [])];
  expect(named.filter((id) => cweName(id) === null)).toEqual([]);
});

it('ends in the ten pillars of view 1000 and in what is deprecated', () => {
  const tops = weaknesses.filter((id) => parentsOf(id)?.length === 0);
  const isDeprecated = (id: string) => cweName(id)?.startsWith('DEPRECATED') === true;
  expect(tops.filter((id) => !isDeprecated(id))).toEqual(
    [284, 435, 664, 682, 691, 693, 697, 703, 707, 710].map((id) => `CWE-${id}`),
  );
  expect(tops.filter(isDeprecated)).toHaveLength(25);
});

it('never goes in a circle', () => {
  const depthOf = (id: string, path: readonly string[]): number => {
    expect(path).not.toContain(id);
    return 1 + Math.max(0, ...(parentsOf(id) ?? []).map((each) => depthOf(each, [...path, id])));
  };
  expect(Math.max(...weaknesses.map((id) => depthOf(id, [])))).toBe(6);
});

it.each([
  ['CWE-787', ['CWE-119']],
  ['CWE-79', ['CWE-74']],
  ['CWE-22', ['CWE-706']],
  ['CWE-284', []],
  ['CWE-1000', null],
  ['CWE-16', null],
  ['787', null],
  ['CWE-constructor', null],
])('%s lies directly below %j', (id, above) => {
  expect(parentsOf(id)).toEqual(above);
});
