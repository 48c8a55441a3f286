import { expect, test } from 'vitest';
import { figure, moneyWords } from './figures.ts';

test.each([
  [0, '0.00 USD'],
  [1, '0.000001 USD'],
  [1_500_000, '1.50 USD'],
  [1_234_567_890_000, '1,234,567.89 USD'],
  [12_345, '0.012345 USD'],
  [120_000, '0.12 USD'],
  [-250_000, '-0.25 USD'],
  [-1_250_000, '-1.25 USD'],
])('%i millionths are %s', (micros, words) => {
  expect(moneyWords(micros, 'USD')).toBe(words);
});

test('figures show every digit', () => {
  expect(figure(1_234_567)).toBe('1,234,567');
});
