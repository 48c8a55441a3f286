import { isNoNarrowerThan, tlpLabels } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { levels, visible } from '../../../platform/commands/audience.ts';
import { caseAudience, findingAudience, type Participants } from './audience.ts';

const participants: Participants = [
  { party: 'ada', role: 'finder' },
  { party: 'bo', role: 'finder' },
  { party: 'vendor', role: 'owner' },
];
const embargoes = ['open', 'until', 'ended'] as const;

test('COO-3, VIS-2: coordinators see all of a case, its owners the detail, its finders the summary', () => {
  expect(caseAudience(participants)).toEqual([
    { principal: 'coordinators', level: 3 },
    { principal: 'ada', level: 1 },
    { principal: 'bo', level: 1 },
    { principal: 'vendor', level: 2 },
  ]);
});

describe('VIS-3 to VIS-6: what each marking means before and after the embargo', () => {
  // marking, embargo: what the owner, and another finder of the case, see of ada's finding.
  test.each([
    ['RED', 'open', 0, 0],
    ['RED', 'until', 0, 0],
    ['RED', 'ended', 0, 0],
    ['AMBER+STRICT', 'open', 2, 0],
    ['AMBER+STRICT', 'until', 2, 0],
    ['AMBER+STRICT', 'ended', 2, 0],
    ['AMBER', 'open', 2, 0],
    ['AMBER', 'until', 2, 0],
    ['AMBER', 'ended', 2, 0],
    ['GREEN', 'open', 2, 0],
    ['GREEN', 'until', 2, 0],
    ['GREEN', 'ended', 2, 0],
    ['CLEAR', 'open', 2, 0],
    ['CLEAR', 'until', 2, 0],
    ['CLEAR', 'ended', 2, 2],
  ] as const)('TLP:%s, embargo %s: owner %i, another finder %i', (marking, embargo, owner, bo) => {
    const audience = findingAudience({ reporter: 'ada', marking, embargo }, participants);
    const level = (who: string) => visible(audience, [who, 'public']);
    expect(level('vendor')).toBe(owner);
    expect(level('bo')).toBe(bo);
    expect(level('ada')).toBe(levels.all);
    expect(level('coordinators')).toBe(levels.all);
    expect(level('stranger')).toBe(0);
  });
});

const role = fc.constantFrom('owner' as const, 'finder' as const);
const anyParticipants = fc.array(
  fc.record({ party: fc.constantFrom('ada', 'bo', 'cy', 'vendor', 'other'), role }),
  { maxLength: 6 },
);
const marking = fc.constantFrom(...tlpLabels);
const embargo = fc.constantFrom(...embargoes);

test('VIS-3: a narrower marking never shows more, and the end of an embargo never less', () => {
  fc.assert(
    fc.property(anyParticipants, marking, marking, embargo, (people, a, b, state) => {
      const [wide, narrow] = isNoNarrowerThan(a, b) ? [a, b] : [b, a];
      const of = (m: typeof a, e: typeof state) =>
        findingAudience({ reporter: 'ada', marking: m, embargo: e }, people);
      for (const who of ['ada', 'bo', 'cy', 'vendor', 'other', 'stranger', 'coordinators']) {
        const level = (m: typeof a, e: typeof state) => visible(of(m, e), [who, 'public']);
        expect(level(narrow, state)).toBeLessThanOrEqual(level(wide, state));
        expect(level(a, state)).toBeLessThanOrEqual(level(a, 'ended'));
      }
    }),
  );
});

test('VIS-7: whoever takes no part sees no finding, however it is marked', () => {
  fc.assert(
    fc.property(anyParticipants, marking, embargo, (people, m, state) => {
      const audience = findingAudience({ reporter: 'ada', marking: m, embargo: state }, people);
      expect(visible(audience, ['stranger', 'public'])).toBe(0);
      // Nobody sees more of a finding than of the case it is in, but its reporter.
      for (const { party } of people.filter((p) => p.party !== 'ada')) {
        const inCase = visible(caseAudience(people), [party]);
        expect(visible(audience, [party]) > 0 ? inCase : 1).toBeGreaterThan(0);
      }
    }),
  );
});
