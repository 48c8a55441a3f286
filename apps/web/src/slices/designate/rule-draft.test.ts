import { expect, test } from 'vitest';
import { type RuleDraft, ruleOf } from './rule-draft.ts';

const draft: RuleDraft = {
  suite: `sha256:${'a'.repeat(64)}`,
  measure: 'accuracy',
  threshold: '55',
  level: '95',
  tokens: '200000',
  repetitions: '3',
  counts: 'without-invalid',
};

test('what is typed in percent is a share, without a digit that nobody typed', () => {
  expect(ruleOf(draft)).toEqual({
    format: 'breakwater-threshold-rule/1',
    suite: 'a'.repeat(64),
    measure: 'accuracy',
    budget: { tokens: 200_000 },
    repetitions: 3,
    level: 0.95,
    threshold: 0.55,
    counts: 'without-invalid',
  });
  expect(ruleOf({ ...draft, threshold: '57.3' })?.threshold).toBe(0.573);
  expect(ruleOf({ ...draft, tokens: '' })?.budget).toEqual({});
});

test('a time is in minutes as it was typed', () => {
  expect(ruleOf({ ...draft, measure: 'time-horizon-p50', threshold: '480' })?.threshold).toBe(480);
});

test.each([
  { threshold: '100' },
  { threshold: '0' },
  { threshold: '-5' },
  { threshold: 'half' },
  { suite: 'abc' },
  { level: '40' },
  { repetitions: '1.5' },
  { tokens: 'many' },
])('no rule where something has another form: %o', (wrong) => {
  expect(ruleOf({ ...draft, ...wrong })).toBeNull();
});
