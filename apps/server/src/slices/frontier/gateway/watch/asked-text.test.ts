import { expect, test } from 'vitest';
import { askedText } from './asked-text.ts';

test('an empty field of one form does not hide what the other says', () => {
  const user = { role: 'user', content: 'of messages' };
  expect(askedText({ messages: [], input: 'of input' }).fresh).toEqual(['of input']);
  expect(askedText({ messages: [user], input: [] }).fresh).toEqual(['of messages']);
  const both = askedText({ messages: [user], input: 'of input' });
  expect(both.fresh.toSorted()).toEqual(['of input', 'of messages']);
  const answered = { role: 'assistant', content: 'an answer' };
  const input = [...Array.from({ length: 300 }, () => answered), 'of input'];
  expect(askedText({ messages: [user], input }).fresh).toEqual(['of messages', 'of input']);
});
