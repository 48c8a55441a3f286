import { describe, expect, it } from 'vitest';
import {
  allWeaknesses,
  commonWeaknesses,
  includesWeakness,
  parseWeaknesses,
  withoutWeaknesses,
} from './weaknesses.ts';

function set(only: readonly string[], except: readonly string[] = []) {
  const parsed = parseWeaknesses(only, except);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusal));
  return parsed.value;
}

describe('a set of classes', () => {
  it.each([
    ['one below another says nothing', ['CWE-787', 'CWE-119'], [], ['CWE-119'], []],
    ['an exception elsewhere says nothing', ['CWE-79'], ['CWE-119'], ['CWE-79'], []],
    ['one that is excepted whole goes', ['CWE-79', 'CWE-787'], ['CWE-119'], ['CWE-79'], []],
    ['an exception below stays', ['CWE-119'], ['CWE-787'], ['CWE-119'], ['CWE-787']],
    ['everything but a branch', [], ['CWE-787', 'CWE-119'], [], ['CWE-119']],
    ['by number', ['CWE-416', 'CWE-79'], [], ['CWE-79', 'CWE-416'], []],
  ])('%s', (_, only, except, canonicalOnly, canonicalExcept) => {
    expect(set(only, except)).toEqual({ only: canonicalOnly, except: canonicalExcept });
  });

  it('holds what has no number where it is open, and not where it names classes', () => {
    expect(includesWeakness(allWeaknesses, null)).toBe(true);
    expect(includesWeakness(set([], ['CWE-664']), null)).toBe(true);
    expect(includesWeakness(set(['CWE-664']), null)).toBe(false);
  });

  it('holds a class by each of its parents', () => {
    // CWE-415 lies below CWE-825, CWE-1341 and CWE-666.
    for (const parent of ['CWE-825', 'CWE-1341', 'CWE-666']) {
      expect(includesWeakness(set([parent]), 'CWE-415')).toBe(true);
    }
    expect(includesWeakness(set(['CWE-119']), 'CWE-415')).toBe(true);
    expect(includesWeakness(set(['CWE-707']), 'CWE-415')).toBe(false);
  });
});

it('has in common what lies below both', () => {
  expect(commonWeaknesses(set(['CWE-119']), set(['CWE-787', 'CWE-79']))).toEqual(set(['CWE-787']));
  expect(commonWeaknesses(set(['CWE-119']), set(['CWE-79']))).toBeNull();
  const common = commonWeaknesses(set([], ['CWE-787']), set(['CWE-119']));
  expect(common).toEqual(set(['CWE-119'], ['CWE-787']));
});

it('leaves what the other one does not take', () => {
  expect(withoutWeaknesses(allWeaknesses, set(['CWE-119']))).toEqual(set([], ['CWE-119']));
  expect(withoutWeaknesses(set(['CWE-119']), set(['CWE-787']))).toEqual(
    set(['CWE-119'], ['CWE-787']),
  );
  expect(withoutWeaknesses(set(['CWE-787']), set(['CWE-119']))).toBeNull();
  expect(withoutWeaknesses(allWeaknesses, allWeaknesses)).toBeNull();
  expect(withoutWeaknesses(allWeaknesses, set([], ['CWE-79']))).toEqual(set(['CWE-79']));
});
