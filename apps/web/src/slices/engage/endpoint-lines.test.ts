import { expect, test } from 'vitest';
import { endpointsOf, endpointText } from './endpoint-lines.ts';

test('each line names a model and where it answers', () => {
  const text = 'atlas 7 https://models.example/v1\nsmall http://127.0.0.1:8000';
  const endpoints = [
    { name: 'atlas 7', url: 'https://models.example/v1' },
    { name: 'small', url: 'http://127.0.0.1:8000' },
  ];
  expect(endpointsOf(`\n${text}\n`)).toEqual(endpoints);
  expect(endpointText(endpoints)).toBe(text);
  expect(endpointsOf('')).toEqual([]);
});

test.each(['https://models.example', 'atlas', 'atlas ftp://models.example', 'atlas http://[::'])(
  'a line of another form names nothing: %s',
  (line) => expect(endpointsOf(line)).toBeNull(),
);
