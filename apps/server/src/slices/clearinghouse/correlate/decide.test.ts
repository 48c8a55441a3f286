import type { Id } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Arrival,
  type Candidate,
  type CaseId,
  type CaseState,
  type DecisionState,
  decideMerge,
  decidePlace,
  decideSplit,
  decideUndo,
  type FindingId,
} from './decide.ts';

// Ids in the tables are short words; the decisions only compare them.
const caseId = (name: string) => `case_${name}` as CaseId;
const finding = (name: string) => `finding_${name}` as FindingId;
const content = (name: string) => `content_${name}` as Id<'content'>;
const decision = 'decision_1' as Id<'decision'>;

const arrival: Arrival = {
  finding: finding('new'),
  reporter: 'ada',
  title: content('title'),
  package: 'pkg:npm/ini',
  version: '1.3.5',
  recipe: null,
};

function candidate(name: string, openedAt: string, evidence: readonly string[]): Candidate {
  return {
    case: caseId(name),
    openedAt,
    evidence,
    members: [{ finding: finding(name), reporter: 'bo' }],
  };
}

function caseOf(name: string, members: Record<string, string>, more: Partial<CaseState> = {}) {
  return {
    id: caseId(name),
    mergedInto: null,
    published: false,
    members: Object.entries(members).map(([f, reporter]) => ({ finding: finding(f), reporter })),
    ...more,
  };
}

describe('placing', () => {
  test('COR-1 without a match it opens a case of its own', () => {
    expect(decidePlace(arrival, [], caseId('fresh'))).toEqual({
      case: caseId('fresh'),
      opened: true,
      evidence: [],
      event: {
        act: 'correlate.opened',
        subject: caseId('fresh'),
        data: {
          finding: finding('new'),
          title: content('title'),
          package: 'pkg:npm/ini',
          version: '1.3.5',
          recipe: null,
          finders: ['ada'],
        },
      },
    });
  });

  test.each([
    ['the only one', [candidate('a', '1', ['identifier'])], 'a'],
    [
      'most kinds of evidence',
      [candidate('a', '1', ['identifier']), candidate('b', '2', ['identifier', 'crash-signature'])],
      'b',
    ],
    ['then the oldest', [candidate('a', '2', ['x']), candidate('b', '1', ['x'])], 'b'],
    ['then the first by id', [candidate('b', '1', ['x']), candidate('a', '1', ['x'])], 'a'],
  ])('COR-2 of several it joins %s', (_, candidates, chosen) => {
    const placed = decidePlace(arrival, candidates, caseId('fresh'));
    expect([placed.opened, placed.case]).toEqual([false, caseId(chosen)]);
    expect(placed.event.data['alsoMatches']).toHaveLength(candidates.length - 1);
    expect(placed.event.data['finders']).toEqual(['ada', 'bo']);
  });

  test('COR-2 the order in which candidates are found changes nothing', () => {
    const some = fc.uniqueArray(
      fc.record({ name: fc.string({ minLength: 1 }), at: fc.nat(5), kinds: fc.nat(3) }),
      { selector: (c) => c.name, minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(some, fc.nat(), (made, turn) => {
        const list = made.map((c) => candidate(c.name, String(c.at), Array(c.kinds).fill('k')));
        const at = turn % list.length;
        const turned = [...list.slice(at), ...list.slice(0, at)].reverse();
        const one = decidePlace(arrival, list, caseId('fresh')).case;
        expect(decidePlace(arrival, turned, caseId('fresh')).case).toBe(one);
      }),
    );
  });
});

describe('merging', () => {
  const given = { decision, reason: content('why') };

  test.each([
    ['same-case', caseOf('a', { f: 'ada' }), caseOf('a', { f: 'ada' })],
    ['case-merged', caseOf('a', {}, { mergedInto: caseId('z') }), caseOf('b', {})],
    ['case-merged', caseOf('a', {}), caseOf('b', {}, { mergedInto: caseId('z') })],
    ['case-published', caseOf('a', {}, { published: true }), caseOf('b', {})],
  ])('COR-3 refuses %s', (code, from, into) => {
    expect(decideMerge(from, into, given)).toMatchObject({ ok: false, refusal: { code } });
  });

  test('COR-4 moves every finding and credits every finder, with the reason', () => {
    const merged = decideMerge(
      caseOf('a', { one: 'ada', two: 'cy' }),
      caseOf('b', { three: 'bo', four: 'ada' }, { published: true }),
      given,
    );
    expect(merged).toEqual({
      ok: true,
      value: {
        act: 'correlate.merged',
        subject: caseId('b'),
        data: {
          decision,
          reason: content('why'),
          from: caseId('a'),
          into: caseId('b'),
          findings: [finding('one'), finding('two')],
          finders: { [caseId('a')]: [], [caseId('b')]: ['ada', 'bo', 'cy'] },
        },
      },
    });
  });
});

describe('splitting', () => {
  const opening = { package: 'pkg:npm/ini', version: '1', recipe: null };
  const leaving = { ...opening, title: content('theirs'), reproduced: true };
  const staying = { ...opening, title: content('ours'), reproduced: false };
  const given = { decision, reason: content('why'), newCase: caseId('fresh'), leaving, staying };
  const from = caseOf('a', { one: 'ada', two: 'bo', three: 'ada' });

  test.each([
    ['finding-elsewhere', from, ['one', 'other']],
    ['nothing-left', from, ['one', 'two', 'three']],
    ['case-merged', caseOf('a', { one: 'ada', two: 'bo' }, { mergedInto: caseId('z') }), ['one']],
  ])('COR-5 refuses %s', (code, state, named) => {
    const decided = decideSplit(state, named.map(finding), given);
    expect(decided).toMatchObject({ ok: false, refusal: { code } });
  });

  test('COR-5 moves the named findings, and credit goes where they go', () => {
    const decided = decideSplit(from, [finding('two'), finding('two')], given);
    expect(decided.ok ? decided.value.data : decided.refusal).toMatchObject({
      findings: [finding('two')],
      openings: { [caseId('a')]: staying, [caseId('fresh')]: leaving },
      finders: { [caseId('a')]: ['ada'], [caseId('fresh')]: ['bo'] },
    });
  });
});

describe('undoing', () => {
  const joined: DecisionState = {
    id: decision,
    from: caseId('a'),
    into: caseId('b'),
    findings: [finding('one')],
    undone: false,
  };

  test.each([
    ['already-undone', { ...joined, undone: true }, caseOf('b', { one: 'ada' })],
    ['findings-moved-since', joined, caseOf('b', { two: 'bo' })],
    ['case-published', joined, { ...caseOf('b', { one: 'ada' }), published: true }],
  ])('COR-6 refuses %s', (code, state, into) => {
    const decided = decideUndo(state, caseOf('a', {}), into, content('why'));
    expect(decided).toMatchObject({ ok: false, refusal: { code } });
  });

  test('COR-6 brings the findings back and leaves those that came since', () => {
    const into = caseOf('b', { one: 'ada', two: 'bo' });
    const decided = decideUndo(joined, caseOf('a', {}), into, content('why'));
    expect(decided.ok ? decided.value : decided.refusal).toMatchObject({
      act: 'correlate.undone',
      subject: caseId('a'),
      data: {
        findings: [finding('one')],
        emptied: false,
        finders: { [caseId('a')]: ['ada'], [caseId('b')]: ['bo'] },
      },
    });
  });
});
