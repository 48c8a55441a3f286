import { expect, test } from 'vitest';
import { whyJoined } from './reasons.ts';

test.each([
  ['opened', [], 'Opened this case'],
  ['exact-identity', ['crash-signature'], 'Joined by itself: the same crash signature'],
  [
    'exact-identity',
    ['crash-signature', 'identifier'],
    'Joined by itself: the same crash signature and the same public identifier',
  ],
  ['merge', ['moon-phase'], 'Came with a merge: moon-phase'],
] as const)('%s with %j reads "%s"', (by, evidence, words) => {
  expect(whyJoined(by, evidence)).toBe(words);
});
