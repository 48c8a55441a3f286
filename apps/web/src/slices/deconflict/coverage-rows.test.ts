import { claims, methods } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { barsOf, linesOfMap, restOf, sightOf } from './coverage-rows.ts';

const { items } = claims.map.output.parse({
  target: 'repo:github.com/o/n',
  items: [
    {
      scope: scope({ methods: ['fuzz'], weaknesses: ['CWE-119'] }),
      when: 'now',
      fromDay: '2026-11-20',
      untilDay: '2026-11-24',
      outcome: null,
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
    },
  ],
});
const now = Date.parse('2026-11-21T12:00:00.000Z');

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
  expect(sightOf(items, 30, now)).toEqual({
    from: new Date('2026-10-22T00:00:00.000Z'),
    until: new Date('2026-11-25T00:00:00.000Z'),
  });
});

test('bars are cut to what is in sight, and whole days long', () => {
  const bars = barsOf(items, sightOf(items, 30, now));
  expect(bars.map(({ from, until }) => [from.toISOString(), until.toISOString()])).toEqual([
    ['2026-11-20T00:00:00.000Z', '2026-11-25T00:00:00.000Z'],
    ['2026-10-22T00:00:00.000Z', '2026-11-03T00:00:00.000Z'],
  ]);
  expect(linesOfMap(items)).toEqual(['repo:github.com/o/n', 'repo:github.com/o/n/docs']);
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
