import { expect, test } from 'vitest';
import { becauseOf, dueWords } from './due.ts';

const due = '2026-12-04T17:00:00.000Z';

test.each([
  ['2026-12-01T13:00:00Z', '3 days 4 hours left'],
  ['2026-12-04T19:00:00Z', '2 hours overdue'],
])('seen from %s', (now, words) => {
  expect(dueWords(due, Date.parse(now))).toBe(words);
});

test('the plain words are told from the rule', () => {
  expect(becauseOf('You have 14 days.\nBOD 26-04, row 7')).toEqual({
    plain: 'You have 14 days.',
    rule: 'BOD 26-04, row 7',
  });
  expect(becauseOf('BOD 26-04, row 7')).toEqual({ plain: 'BOD 26-04, row 7', rule: null });
});
