import { expect, test } from 'vitest';
import { endsOf, figureWords, unitOf } from './figure-words.ts';

test('a share is drawn from nothing to all, a time with room on both sides', () => {
  expect(endsOf([0.2, 0.9], 'share')).toEqual({ from: 0, to: 1 });
  expect(endsOf([30, 120, 0, Number.POSITIVE_INFINITY], 'minutes')).toEqual({
    from: 15,
    to: 240,
  });
  expect(endsOf([0], 'minutes')).toEqual({ from: 1, to: 10 });
});

test('figures in the unit of what is measured', () => {
  expect(figureWords(0.6, unitOf('generalized-accuracy'))).toBe('60 %');
  expect(figureWords(90, unitOf('time-horizon-p80'))).toBe('1.5 h');
});
