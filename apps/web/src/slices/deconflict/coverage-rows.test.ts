import { claims, methods } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { barsOf, daysOf, laidOut, restOf, sightOf } from './coverage-rows.ts';

const { items } = claims.map.output.parse({
  target: 'repo:github.com/o/n',
  items: [
    {
      scope: scope({ methods: ['fuzz'], weaknesses: ['CWE-119'] }),
      when: 'now',
      fromDay: '2026-11-20',
      untilDay: '2026-11-24',
      outcome: null,
      struck: null,
      records: [],
    },
    {
      scope: scope({
        targets: ['repo:github.com/o/n/docs'],
        methods: ['read'],
        weaknesses: [],
      }),
      when: 'before',
      fromDay: '2026-06-01',
      untilDay: '2026-11-02',
      outcome: 'nothing-found',
      struck: null,
      records: [],
    },
  ],
});
const at = Date.parse('2026-11-21T12:00:00.000Z');

function scope(part: object) {
  return {
    targets: ['repo:github.com/o/n'],
    places: [],
    except: [],
    exceptWeaknesses: [],
    ...part,
  };
}

test('what is in sight reaches from the days asked for to the last that is claimed', () => {
  expect(sightOf(items, 30, at)).toEqual({
    from: new Date('2026-10-22T00:00:00.000Z'),
    until: new Date('2026-11-25T00:00:00.000Z'),
  });
});

test('bars are cut to what is in sight, and whole days long', () => {
  const bars = barsOf(items, sightOf(items, 30, at));
  expect(bars.map(({ from, until }) => [from.toISOString(), until.toISOString()])).toEqual([
    ['2026-11-20T00:00:00.000Z', '2026-11-25T00:00:00.000Z'],
    ['2026-10-22T00:00:00.000Z', '2026-11-03T00:00:00.000Z'],
  ]);
});

test('each target has a line, and one more where bars would hide each other', () => {
  const [now, before] = barsOf(items, sightOf(items, 30, at));
  if (now === undefined || before === undefined) expect.unreachable();
  const later = { ...now, key: 'later', from: now.until, until: new Date(now.until.getTime() + 1) };
  const { lines, bars } = laidOut([now, { ...now, key: 'twin' }, before, later]);
  expect(lines.map(({ name }) => name)).toEqual([
    'repo:github.com/o/n',
    null,
    'repo:github.com/o/n/docs',
  ]);
  expect(bars.map(({ key, line }) => [key, line])).toEqual([
    [now.key, 'repo:github.com/o/n 0'],
    ['twin', 'repo:github.com/o/n 1'],
    ['later', 'repo:github.com/o/n 0'],
    [before.key, 'repo:github.com/o/n/docs 0'],
  ]);
});

test('the rest of what is covered now is the other classes, else the other methods', () => {
  const [memory, read] = items;
  expect(memory && restOf(memory, methods)).toEqual({
    targets: 'repo:github.com/o/n',
    except: '',
    methods: ['fuzz'],
    exceptWeaknesses: 'CWE-119',
  });
  expect(read && restOf({ ...read, when: 'now' }, methods)).toEqual({
    targets: 'repo:github.com/o/n/docs',
    except: '',
    methods: ['static', 'fuzz', 'passive', 'active', 'exploit'],
  });
});

test('what was covered before can be covered again', () => {
  const [, read] = items;
  expect(read && restOf(read, methods)).toEqual({
    targets: 'repo:github.com/o/n/docs',
    except: '',
    methods: ['read'],
    weaknesses: '',
  });
});

test.each([
  ['2026-11-20', '2026-11-20', '20 Nov 2026'],
  ['2026-11-02', '2026-11-20', '2 Nov to 20 Nov 2026'],
  ['2025-12-31', '2026-01-01', '31 Dec 2025 to 1 Jan 2026'],
])('%s to %s reads as %s', (fromDay, untilDay, words) => {
  expect(daysOf({ fromDay, untilDay })).toBe(words);
});
