import { expect, test } from 'vitest';
import { dueWords } from './due.ts';

const due = '2026-12-04T17:00:00.000Z';

test.each([
  ['2026-12-01T13:00:00Z', 'in 3 days 4 hours'],
  ['2026-12-04T19:00:00Z', '2 hours ago'],
])('seen from %s', (now, words) => {
  expect(dueWords(due, Date.parse(now))).toBe(words);
});
