import { utf8 } from '@breakwater/kernel';
import { formatRequestProof } from '@breakwater/log';
import { expect, test } from 'vitest';
import { vkey } from '../../../../../packages/log/test/memory-log.ts';
import { proven } from '../../../../../packages/log/test/proven-request.ts';
import { checkFile } from './check-request.ts';
import { outcomeWords } from './check-steps.ts';

test('the proof of a request is told step by step, with what it is of', async () => {
  const proof = await proven();
  const check = checkFile({ disclosure: utf8(formatRequestProof(proof)), key: vkey });
  expect(check.steps.map(({ state }) => state)).toEqual(Array(5).fill('holds'));
  expect(check.steps.at(-1)?.words).toContain('number 2 of 5 of this party');
  expect(check.content).toMatchObject({ id: 'request_1', inside: { model: 'model_1' } });
  expect(outcomeWords(check)).toBe('The proof holds');
});

test('a changed request fails in the last step, another key in an earlier one', async () => {
  const proof = await proven();
  const changed = { ...proof, request: { ...proof.request, status: 500 } };
  const states = (given: typeof proof, key: string) =>
    checkFile({ disclosure: utf8(formatRequestProof(given)), key }).steps.map(({ state }) => state);
  expect(states(changed, vkey)).toEqual(['holds', 'holds', 'holds', 'holds', 'fails']);
  expect(states(proof, 'no key').at(1)).toBe('fails');
  expect(states(proof, 'no key').at(-1)).toBe('not-reached');
});

test('a file that is neither is told of as a disclosure that cannot be read', () => {
  const check = checkFile({ disclosure: utf8('{}'), key: vkey });
  expect([check.holds, check.steps[0]?.state]).toEqual([false, 'fails']);
});
