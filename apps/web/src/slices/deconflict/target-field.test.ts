import { expect, test } from 'vitest';
import { readTarget, targetWords } from './target-field.tsx';

test.each([
  ['https://GitHub.com/Curl/curl.git', 'a repository'],
  ['*.Example.ORG', 'every host below a name: a live system'],
  ['192.0.2.0/24', 'a network: a live system'],
  ['pkg:npm/lodash', 'a package'],
])('%s is %s', (text, words) => {
  const read = readTarget(text);
  expect(read.state === 'read' && targetWords(read.target)).toBe(words);
});

test('nothing typed is no mistake, and a version belongs where it may stand', () => {
  expect(readTarget('  ')).toEqual({ state: 'blank' });
  expect(readTarget('pkg:npm/lodash@4.17.20').state).toBe('wrong');
  expect(readTarget('pkg:npm/lodash@4.17.20', true).state).toBe('read');
});
