import { partners } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { judged, keyLacks, reasonsOf, verdictOf } from './key-draft.ts';

const both: ('raw-access' | 'outputs')[] = ['raw-access', 'outputs'];
const criteria = ['defends', 'contact'].map((id) => ({
  id,
  words: `It ${id}`,
  judgedBy: 'what it says',
  shownBy: 'a sentence',
  appliesTo: both,
}));
const yes = { met: 'yes', why: '' };

test('all met is to accept, one not met to decline, and before that nothing', () => {
  expect(verdictOf(criteria, {})).toBeNull();
  expect(verdictOf(criteria, { defends: yes })).toBeNull();
  expect(verdictOf(criteria, { defends: yes, contact: yes })).toBe('accept');
  expect(verdictOf(criteria, { contact: { met: 'no', why: '' } })).toBe('decline');
  expect(verdictOf([], {})).toBeNull();
});

test('each criterion needs a word, and one not met a reason', () => {
  const not = { defends: yes, contact: { met: 'no', why: ' ' } };
  expect(keyLacks(criteria, {}, 'In sum')).toBe('2 criteria are left.');
  expect(keyLacks(criteria, { defends: yes }, 'In sum')).toBe('One criterion is left.');
  expect(keyLacks(criteria, not, 'In sum')).toBe('Say why of each that is not met.');
  const said = { ...not, contact: { met: 'no', why: 'Nobody answered.' } };
  expect(keyLacks(criteria, said, '')).toBe('Sum it up first.');
  expect(keyLacks(criteria, said, 'In sum')).toBeNull();
  const body = { verdict: verdictOf(criteria, said), ...reasonsOf(criteria, said, ' In sum ') };
  expect(partners.decide.body.parse(body)).toEqual({
    verdict: 'decline',
    findings: [
      { criterion: 'defends', met: true },
      { criterion: 'contact', met: false, why: 'Nobody answered.' },
    ],
    reason: 'In sum',
  });
});

test('what does not apply to what is asked for is not judged', () => {
  const raw = { ...criteria[0], appliesTo: ['raw-access' as const] };
  const [defends] = criteria;
  if (defends === undefined) throw new Error('expected a criterion');
  expect(judged([{ ...defends, ...raw, id: 'raw' }, defends], 'outputs')).toEqual([defends]);
});
