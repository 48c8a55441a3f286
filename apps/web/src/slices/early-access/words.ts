import type { AccessGrant, AccessWindow, Protection } from '@breakwater/contract';
import { kindWords } from '../engage/words.ts';

type Missing = AccessGrant['missing'][number];

/** What does not hold yet, or no more, for access to be active. */
export function missingWords({ what, protection }: Missing): string {
  const kind = protection === null ? 'a protection' : protectionWords(protection);
  const words: Readonly<Record<Missing['what'], string>> = {
    'window-not-begun': 'the window has not begun',
    'window-over': 'the window is over',
    'terms-missing': `no terms are signed by both sides: ${kind}`,
    'not-accepted': `not accepted: ${kind}`,
    revoked: 'it was revoked',
    'engagement-left': 'the developer has left',
    'model-released': 'the model is released',
    'person-gone': 'the person is no member any more',
  };
  return words[what];
}

/** A protection inside a sentence. */
export function protectionWords(protection: Protection): string {
  return kindWords[protection][0].toLowerCase();
}

/** Why a window ends when it does. */
export const becauseWords: Readonly<Record<AccessWindow['because'], string>> = {
  asked: 'as its developer asked',
  'partner-date': 'at the developer’s date for other trusted partners',
  'thirty-days': 'with the thirtieth day',
};

type Afterwards = NonNullable<AccessGrant['attestation']>['how'];

/** What became of what was taken, in a word and in a line. */
export const afterwardsWords: Readonly<Record<Afterwards, readonly [word: string, more: string]>> =
  {
    returned: ['Returned', 'All of it went back to the developer.'],
    destroyed: ['Destroyed', 'Nothing of it is left, copies included.'],
    'kept-by-law': [
      'Kept by law',
      'A legal hold stands. It is owed still, once the hold is lifted.',
    ],
  };

/** Whether access is active now, inside a sentence. */
export function activeWords({ active, missing }: Pick<AccessGrant, 'active' | 'missing'>): string {
  if (active) return 'active now';
  const [first, ...others] = missing;
  if (first === undefined) return 'not active';
  return others.length === 0
    ? `not active: ${missingWords(first)}`
    : `not active: ${missingWords(first)}, and ${others.length} more`;
}
