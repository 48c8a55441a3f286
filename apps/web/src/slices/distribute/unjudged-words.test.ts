import { expect, test } from 'vitest';
import { openOf, shortOf } from './unjudged-words.ts';

const whole = {
  components: 412,
  notUnderstood: 1,
  releaseMissing: 0,
  compared: true,
  undecided: [],
} as const;

test.each([
  ['nothing', { ...whole, releaseMissing: 0 }, [], []],
  [
    'a list of which nothing was understood',
    { ...whole, components: 0, notUnderstood: 3 },
    [expect.stringContaining('nobody can say what of it is affected')],
    ['all of it'],
  ],
  [
    'a release that nobody named, before anything is published',
    { ...whole, releaseMissing: 412 },
    [
      '412 programs could not be judged: the list does not tell which release of Debian they are of, and what is mended differs from one to the next. Nothing published up to now is about them.',
    ],
    ['412 without release'],
  ],
  [
    'a release, an advisory, and a version',
    {
      ...whole,
      releaseMissing: 2,
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
