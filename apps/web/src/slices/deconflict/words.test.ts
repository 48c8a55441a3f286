import { expect, test } from 'vitest';
import { daysWords, methodsWords } from './words.ts';

test.each([
  [[1, 2, 3, 4, 5], 'Mon–Fri'],
  [[7, 6], 'Sat, Sun'],
  [[1, 3, 4, 5, 7], 'Mon, Wed–Fri, Sun'],
  [[2, 2], 'Tue'],
  [[1, 2, 3, 4, 5, 6, 7], 'every day'],
  [[], ''],
])('days %j are %s', (days, words) => {
  expect(daysWords(days)).toBe(words);
});

test('methods in a sentence keep their order', () => {
  expect(methodsWords(['static', 'fuzz'])).toBe('static analysis, local fuzzing');
});
