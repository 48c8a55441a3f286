import type { Case } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { byReport } from './by-report.ts';

const of = (id: string, report: string | null) => ({ id, report }) as unknown as Case; // all that is read

test('the cases of one report are one line, where the first of them stands', () => {
  const cases = [
    of('a', null),
    of('b', 'r'),
    of('c', 's'),
    of('d', 'r'),
    of('e', null),
    of('f', 'r'),
  ];
  const lines = byReport(cases).map(({ first, others }) => [first.id, others]);
  expect(lines).toEqual([
    ['a', 0],
    ['b', 2],
    ['c', 0],
    ['e', 0],
  ]);
  expect(byReport([])).toEqual([]);
});
