import { describe, expect, it } from 'vitest';
import { type CommitsInput, commonCommits, coversCommits, parseCommits } from './commits.ts';

/** Five commits; the names of the last two begin alike. */
const names = ['1', '2', '3', '4a', '4b'].map((begin) => begin.padEnd(7, '0').padEnd(40, 'f'));
const [first = '', second = '', third = '', fourth = '', fifth = ''] = names;
const order = new Map(names.map((id, i) => [id, i]));

function commits(input: CommitsInput) {
  const parsed = parseCommits(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusal));
  return parsed.value;
}

const meet = (a: CommitsInput, b: CommitsInput, known?: typeof order) => {
  const { common, certain } = commonCommits(commits(a), commits(b), known);
  return `${common === null ? 'apart' : 'common'}${certain ? '' : ', perhaps'}`;
};

describe('two sets of commits', () => {
  it.each([
    ['one name', { ids: [second] }, { ids: [second, third] }, 'common', 'common'],
    ['two names', { ids: [second] }, { ids: [third] }, 'apart', 'apart'],
    [
      'a name in a range',
      { ids: [second] },
      { after: first, until: third },
      'common',
      'common, perhaps',
    ],
    [
      'a range leaves out its beginning',
      { ids: [first] },
      { after: first, until: third },
      'apart',
      'common, perhaps',
    ],
    [
      'a range has its end',
      { ids: [third] },
      { after: first, until: third },
      'common',
      'common, perhaps',
    ],
    [
      'ranges that touch',
      { after: first, until: second },
      { after: second, until: third },
      'apart',
      'common, perhaps',
    ],
    [
      'ranges that overlap',
      { after: first, until: third },
      { after: second, until: fourth },
      'common',
      'common, perhaps',
    ],
    [
      'one range',
      { after: first, until: third },
      { after: first, until: third },
      'common',
      'common',
    ],
    ['both from the first', { until: second }, { until: third }, 'common', 'common'],
    ['both to the last', { after: second }, { after: fifth }, 'common', 'common'],
    ['behind the end', { until: second }, { after: third }, 'apart', 'common, perhaps'],
    [
      'an abbreviation',
      { until: second.slice(0, 7) },
      { ids: [first] },
      'common',
      'common, perhaps',
    ],
    [
      'a name nobody knows',
      { ids: ['e'.repeat(40)] },
      { after: first },
      'common, perhaps',
      'common, perhaps',
    ],
  ])('%s', (_, a, b, ordered, unordered) => {
    expect([meet(a, b, order), meet(b, a, order)]).toEqual([ordered, ordered]);
    expect([meet(a, b), meet(b, a)]).toEqual([unordered, unordered]);
  });

  it('may meet where an abbreviation has two meanings', () => {
    const doubled = new Map([...order, [`${second.slice(0, 7)}${'e'.repeat(33)}`, 5]]);
    expect(meet({ until: second.slice(0, 7) }, { ids: [fifth] }, doubled)).toBe('common, perhaps');
  });
});

describe('a set of commits covers another one', () => {
  it.each([
    ['by ranges that touch', [{ until: second }, { after: second }], { after: first }, true, false],
    [
      'by names one by one',
      [{ ids: [second, third] }],
      { after: first, until: third },
      true,
      false,
    ],
    ['itself', [{ after: first, until: third }], { after: first, until: third }, true, true],
    ['but not beyond its end', [{ until: third }], { until: fourth }, false, false],
    ['but not what nobody has made yet', [{ ids: names }], { after: first }, false, false],
  ])('%s', (_, outer, inner, ordered, unordered) => {
    const sets = outer.map(commits);
    expect(coversCommits(sets, commits(inner), order)).toBe(ordered);
    expect(coversCommits(sets, commits(inner), undefined)).toBe(unordered);
  });
});

it.each([
  [{}],
  [{ ids: [] }],
  [{ ids: ['abcdef1'] }],
  [{ ids: ['g'.repeat(40)] }],
  [{ until: 'abcdef' }],
  [{ until: 'main' }],
  [{ after: 'abcdef1', until: 'ABCDEF1' }],
])('%j name no commits', (input) => {
  const parsed = parseCommits(input);
  expect(parsed.ok ? parsed.value : parsed.refusal.code).toBe('commits-malformed');
});
