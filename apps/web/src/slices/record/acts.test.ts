import { expect, test } from 'vitest';
import { actWords, indexWords } from './acts.ts';

test('an act that nobody put into words shows its own name: none is hidden', () => {
  expect(actWords('verify.proposed')).toBe('proposed a patch');
  expect(actWords('somewhere.new-act')).toBe('somewhere.new-act');
});

test('an entry without a number waits for its batch; number 0 is a number', () => {
  expect(indexWords(null)).toBe('waiting for the next signed batch');
  expect(indexWords(0)).toBe('log entry 0');
});
