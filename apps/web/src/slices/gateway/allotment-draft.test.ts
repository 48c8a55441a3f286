import { Allotment } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { allotmentOf, blankAllotment, draftOfAllotment } from './allotment-draft.ts';

const standing = Allotment.parse({
  of: `tier_${'1'.repeat(26)}`,
  at: '2026-11-22T01:00:00.000Z',
  revision: 3,
  names: ['harbor-1', 'harbor'],
  limits: {
    outputTokensMax: 4_096,
    concurrency: 20,
    minute: { requests: 60 },
    day: { outputTokens: 1_000_000, costMicros: 12_500_000 },
    grant: {},
    currency: 'USD',
  },
  keysMax: 5,
  demandsProof: true,
  keepsFor: [],
});

test('what stands there is stated anew as it was', () => {
  const { of: _of, at: _at, revision: _revision, ...wish } = standing;
  expect(allotmentOf(draftOfAllotment(standing))).toEqual(wish);
});

test('a draft is read whole or not at all; without money there is no currency', () => {
  const draft = { ...blankAllotment, names: 'harbor-1' };
  expect(allotmentOf(draft)?.limits.currency).toBeNull();
  for (const wrong of [
    { names: '' },
    { names: 'not "a" name' },
    { concurrency: 'ten' },
    { keepsFor: 'age1short' },
    { quotas: { ...draft.quotas, day: { ...draft.quotas.day, requests: 'many' } } },
  ]) {
    expect(allotmentOf({ ...draft, ...wrong })).toBeNull();
  }
});
