import type { Instant } from '@breakwater/kernel';
import { type PriorityFacts, prioritize } from '@breakwater/priorities';
import { expect, test } from 'vitest';
import { plainDeadline } from './plain-deadline.ts';

const now = '2026-03-10T08:00:00.000Z' as Instant; // spelled as kernel does
const from = { source: 'a test', date: '2026-03-10' };

function ruleOf(kev: Pick<PriorityFacts, 'kev'>) {
  const scored = prioritize({
    detectedAt: now,
    now,
    exposure: { value: 'yes', ...from },
    automatable: { value: 'yes', ...from },
    technicalImpact: { value: 'partial', ...from },
    ...kev,
  });
  if (!scored.ok) throw new Error(scored.refusal.got);
  return scored.value.bod2604;
}

test('the first line is plain words, the second the rule with its inputs', () => {
  const [plain, rule] = plainDeadline(ruleOf({ kev: { row: null, ...from } }), 'not-listed').split(
    '\n',
  );
  expect(plain).toContain('You have 14 days, counted from when it was found in your list.');
  expect(plain).toContain('It is not on the public list of weaknesses');
  expect(plain).not.toMatch(/BOD|KEV|SSVC|Automatable/);
  expect(rule).toMatch(/^BOD 26-04, 14 days: .*In KEV: No/);
});

test('days that began with the public list say so', () => {
  const row = { dateAdded: '2026-03-09' } as NonNullable<PriorityFacts['kev']>['row']; // all it reads
  const [plain] = plainDeadline(ruleOf({ kev: { row, ...from } }), 'used').split('\n');
  expect(plain).toContain('counted from the day it was put on the list');
  expect(plain).toContain('Attackers already use this weakness.');
});

test('nothing is claimed where nothing was looked up', () => {
  expect(plainDeadline(ruleOf({}), 'unknown').split('\n')[0]).toBe(
    'Whether attackers already use this weakness was not looked up. No day is fixed: do it with your next update.',
  );
});
