import { stages } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { pathOf, stageWords } from './stage-path.ts';

test('a case with its owner has two steps behind and three ahead', () => {
  expect(pathOf('with-owner').map((step) => step.state)).toEqual([
    'past',
    'past',
    'here',
    'ahead',
    'ahead',
    'ahead',
  ]);
});

test('every stage but merged is a step of the way, in the contract’s order', () => {
  const labels = stages.filter((stage) => stage !== 'merged').map(stageWords);
  expect(pathOf('received').map((step) => step.label)).toEqual(labels);
});
