import type { RuleDocument } from '@breakwater/contract';
import { canonicalJson, digestOf, makeId } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { hasDigest, isDeterminationOf, isRuleOf } from './entry-of.ts';

const bytes = new Uint8Array(26).fill(7);
const document: RuleDocument = {
  format: 'breakwater-threshold-rule/1',
  suite: 'a'.repeat(64),
  measure: 'accuracy',
  budget: { tokens: 200_000 },
  repetitions: 3,
  level: 0.95,
  threshold: 0.6,
  counts: 'all',
};
const digest = digestOf(canonicalJson({ ...document, budget: { tokens: 200_000 } }));
const rule = { id: makeId('rule', bytes), digest, document };

test('a rule is the one that was committed: its entry names it, and its document has the digest', () => {
  const entry = { act: 'designate.rule-registered', data: { rule: rule.id, digest, content: 'c' } };
  expect(isRuleOf(entry, rule)).toBe(true);
  expect(hasDigest(rule)).toBe(true);
  expect(isRuleOf({ ...entry, act: 'designate.evaluated' }, rule)).toBe(false);
  expect(isRuleOf(entry, { ...rule, digest: `sha256:${'0'.repeat(64)}` })).toBe(false);
  expect(hasDigest({ digest, document: { ...document, threshold: 0.7 } })).toBe(false);
  expect(hasDigest({ digest, document: null })).toBe(false);
});

test('a determination is the one in the log, in outcome, date and reference', () => {
  const shown = {
    id: makeId('determination', bytes),
    outcome: 'covered',
    date: '2026-11-20',
    reference: 'NSA-2026-0117',
  } as const;
  const { id: determination, ...said } = shown;
  const entry = { act: 'designate.determination-entered', data: { determination, ...said } };
  expect(isDeterminationOf(entry, shown)).toBe(true);
  for (const other of [{ outcome: 'not-covered' }, { date: '2026-11-21' }, { reference: 'X' }]) {
    expect(isDeterminationOf({ ...entry, data: { ...entry.data, ...other } }, shown)).toBe(false);
  }
});
