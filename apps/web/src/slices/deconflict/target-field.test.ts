import { expect, test } from 'vitest';
import { readTarget, sentOf, targetWords } from './target-field.tsx';

test.each([
  ['https://GitHub.com/Curl/curl.git', 'a repository'],
  ['*.Example.ORG', 'every host below a name: a live system'],
  ['192.0.2.0/24', 'a network: a live system'],
  ['pkg:npm/lodash', 'a package'],
  ['github.com/curl/curl', 'a repository'],
  ['shop.example.org/cart/', 'a web address and all below it: a live system'],
])('%s is %s', (text, words) => {
  const read = readTarget(text);
  expect(read.state === 'read' && targetWords(read.target)).toBe(words);
});

test('what is sent is the one form that is compared, with a version as it was typed', () => {
  expect(sentOf('GitHub.com/Curl/curl.git/')).toBe(sentOf('https://github.com/curl/curl'));
  expect(sentOf(' pkg:npm/lodash@4.17.20 ')).toBe('pkg:npm/lodash@4.17.20');
  expect(sentOf('192.0.2.0/24')).toBe('192.0.2.0/24');
});

test.each([
  'github.com/kyz/libmspack/src/lzx.c',
  'https://github.com/kyz/libmspack/blob/master/src/lzx.c',
  'https://github.com/kyz/libmspack#src/lzx.c',
])('%s is a place in a repository', (text) => {
  expect(sentOf(text)).toBe('repo:github.com/kyz/libmspack#src/lzx.c');
});

test('nothing typed is no mistake, and a version belongs where it may stand', () => {
  expect(readTarget('  ')).toEqual({ state: 'blank' });
  expect(readTarget('pkg:npm/lodash@4.17.20').state).toBe('wrong');
  expect(readTarget('pkg:npm/lodash@4.17.20', true).state).toBe('read');
});
