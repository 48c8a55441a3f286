import { expect, test } from 'vitest';
import { openOf, shortOf } from './unjudged-words.ts';

test.each([
  ['nothing', { releaseMissing: 0, compared: true, undecided: [] }, [], []],
  [
    'a release that nobody named, before anything is published',
    { releaseMissing: 412, compared: true, undecided: [] },
    [
      '412 programs could not be judged: the list does not tell which release of Debian they are of, and what is mended differs from one to the next. Nothing published up to now is about them.',
    ],
    ['412 without release'],
  ],
  [
    'a release, an advisory, and a version',
    {
      releaseMissing: 2,
      compared: true,
      undecided: [
        { doubt: 'release-unknown', components: 1, advisories: 3 },
        { doubt: 'version-malformed', components: 1, advisories: 1 },
      ],
    } as const,
    [
      '2 programs could not be judged: the list does not tell which release of Debian they are of, and what is mended differs from one to the next. Of 1 of them 3 advisories are out, and it may be affected.',
      '1 program could not be judged: the version in the list is not one that can be compared.',
    ],
    ['2 without release', '1 with an unclear version'],
  ],
])('%s', (_, list, sentences, words) => {
  expect(openOf(list)).toEqual(sentences);
  expect(shortOf(list)).toEqual(words);
});
