import { Verification } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { verdictOf } from './patch-verdict.ts';

test('a patch that has not been verified is only a proposal', () => {
  expect(verdictOf(null).label).toBe('Proposed');
});

test('each verdict of the contract has its own label', () => {
  const verdicts = Verification.shape.verdict.unwrap().options;
  const labels = verdicts.map((verdict) => verdictOf({ ...bare, verdict }).label);
  expect(labels).toEqual(['Verified', 'Refused', 'Inconclusive', 'Errored']);
});

const bare = Verification.parse({
  id: `verification_${'0'.repeat(26)}`,
  status: 'finished',
  finishedAt: null,
  verdict: null,
  reasons: [],
  matrix: [],
  tests: null,
  attempts: [],
  tier: null,
  attestation: null,
});
