import { expect, test } from 'vitest';
import { doubleGrants, type ModelClaim, meet, wrongAnswers } from './claims-model.ts';

const scope = { path: ['src'], methods: ['fuzz' as const], weaknesses: [] };

function claim(id: string, change: Partial<ModelClaim> = {}): ModelClaim {
  return { id, holder: id, scope, sharing: 'alone', from: 10, until: 20, ...change };
}

test('scopes meet where one path leads into the other, with a method and a class in common', () => {
  expect(meet(scope, { ...scope, path: ['src', 'lib'] })).toBe(true);
  expect(meet(scope, { ...scope, path: [] })).toBe(true);
  expect(meet(scope, { ...scope, path: ['lib'] })).toBe(false);
  expect(meet(scope, { ...scope, methods: ['static'] })).toBe(false);
  const [a, b] = [['CWE-79'], ['CWE-89']];
  expect(meet({ ...scope, weaknesses: a }, { ...scope, weaknesses: b })).toBe(false);
});

test('two that were held at once and keep each other out are found', () => {
  expect(doubleGrants([claim('a'), claim('b', { from: 19, until: 30 })])).toHaveLength(1);
  expect(doubleGrants([claim('a'), claim('b', { from: 20, until: 30 })])).toEqual([]);
  expect(doubleGrants([claim('a'), claim('b', { holder: 'a' })])).toEqual([]);
  const beside = { sharing: 'beside' } as const;
  expect(doubleGrants([claim('a', beside), claim('b', beside)])).toEqual([]);
});

test('an answer that is lost, or that nothing explains, is found', () => {
  const asked = { party: 'a', scope, sharing: 'alone', sentAt: 9, answeredAt: 11 } as const;
  const granted = { ...asked, answer: 'granted', claim: 'a' } as const;
  expect(wrongAnswers([granted], [claim('a')])).toEqual([]);
  expect(wrongAnswers([granted], [])).toEqual(['granted to a at 9: lost']);
  expect(wrongAnswers([granted], [claim('a', { sharing: 'beside' })])).toHaveLength(1);
  expect(wrongAnswers([granted], [claim('a'), claim('b', { from: 5 })])).toHaveLength(1);
  const refused = { ...asked, answer: 'conflict', claim: null } as const;
  expect(wrongAnswers([refused], [claim('b')])).toEqual([]);
  expect(wrongAnswers([refused], [claim('b', { from: 12 })])).toHaveLength(1);
});
