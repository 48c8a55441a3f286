import { makeId } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { wayToEntry } from './entry-query.ts';

const random = new Uint8Array(26);

test.each(['0', ' 0 ', '#0', 'log entry 0', 'Log entry 0'])('%j is the first entry', (text) => {
  expect(wayToEntry(text)).toEqual({ kind: 'number', index: 0 });
});

test('an id says itself what it is of', () => {
  const entry = makeId('entry', random);
  const about = makeId('case', random);
  expect(wayToEntry(` ${entry}\n`)).toEqual({ kind: 'entry', id: entry });
  expect(wayToEntry(about)).toEqual({ kind: 'case', id: about });
});

test.each(['', '-1', '1.5', '1e3', '9'.repeat(16), 'entry_', '../cases', makeId('party', random)])(
  '%j finds nothing',
  (text) => {
    expect(wayToEntry(text)).toBeNull();
  },
);
