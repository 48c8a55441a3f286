import { commitmentOf, rootOver } from '@breakwater/benchmark';
import { Suite } from '@breakwater/contract';
import { toBase64 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { checkOpened } from './opening-steps.ts';
import { isSealOf } from './seal-of.ts';

const suite = Suite.shape.id.parse(`suite_${'0'.repeat(26)}`);
const salt = new Uint8Array(32).fill(7);
const item = '{"name":"web"}';
const commitment = commitmentOf(salt, item);
const root = rootOver([commitment]);
const sealed = { root, count: 1, commitment };
const opening = {
  format: 'breakwater-opening/1' as const,
  salt: toBase64(salt),
  item,
  path: [],
  place: 0,
  count: 1,
  root,
};

test('an opening shows what was sealed, against the root of the suite and not its own', () => {
  expect(checkOpened(opening, sealed)).toEqual({ isCommitted: true, isOfSuite: true, item: null });
  const changed = checkOpened({ ...opening, item: '{"name":"wed"}' }, sealed);
  expect([changed.isCommitted, changed.isOfSuite]).toEqual([false, false]);
  const elsewhere = checkOpened(opening, { ...sealed, root: 'a'.repeat(64) });
  expect([elsewhere.isCommitted, elsewhere.isOfSuite]).toEqual([true, false]);
  const saltless = checkOpened({ ...opening, salt: 'AAAA' }, sealed);
  expect([saltless.isCommitted, saltless.isOfSuite]).toEqual([false, false]);
});

test('an entry of the log seals the suite that it names, with its root and count', () => {
  const of = { id: suite, commitment: root, count: 1 };
  const entry = { act: 'benchmark.sealed', data: { suite, commitment: root, count: 1 } };
  expect(isSealOf(entry, of)).toBe(true);
  expect(isSealOf({ ...entry, act: 'benchmark.allowed' }, of)).toBe(false);
  expect(isSealOf(entry, { ...of, count: 2 })).toBe(false);
  expect(isSealOf(entry, { ...of, commitment })).toBe(false);
  expect(isSealOf(null, of)).toBe(false);
});
