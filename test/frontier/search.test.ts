import { describe, expect, test } from 'vitest';
import { explore, type Machine } from './search.ts';

/** Two counters, from 0 to 3; the second never overtakes the first. */
type Counters = readonly [number, number];
type Act = 'first' | 'second' | 'back';

const machine: Machine<Counters, Act> = {
  beginnings: [[0, 0]],
  acts: () => ['first', 'second', 'back'],
  step([a, b], act) {
    if (act === 'first') return a < 3 ? [a + 1, b] : null;
    if (act === 'second') return b < a ? [a, b + 1] : null;
    return a > 0 ? [0, 0] : null;
  },
  key: (state) => state.join(),
  invariants: [
    { name: 'order', inState: ([a, b]) => (b > a ? `${b} is beyond ${a}` : null) },
    {
      name: 'one at a time',
      ofStep: (before, act, after) =>
        act !== 'back' && after[0] + after[1] - before[0] - before[1] !== 1 ? 'a leap' : null,
    },
  ],
};

describe('every reachable state', () => {
  test('is reached once, and the way through all of them ends', () => {
    // (a, b) with b <= a <= 3: ten states; nine of them lead back, six up by the first, six by the second.
    expect(explore(machine, 100)).toEqual({
      states: 10,
      transitions: 9 + 6 + 6,
      refused: 9,
      depth: 7,
      isWhole: true,
      faults: [],
    });
  });

  test('to a depth, and it says that more is beyond', () => {
    expect(explore(machine, 2)).toMatchObject({ states: 4, depth: 2, isWhole: false });
  });

  test('of every beginning', () => {
    const two = {
      ...machine,
      beginnings: [
        [0, 0],
        [0, 0],
        [3, 3],
      ] as const,
    };
    expect(explore(two, 1)).toMatchObject({ states: 3 });
  });
});

describe('a planted fault', () => {
  test('in a state is found, by the shortest way', () => {
    const step: typeof machine.step = (state, act) =>
      state[0] === 2 && act === 'second' ? [2, 3] : machine.step(state, act);
    expect(explore({ ...machine, step }, 100).faults).toContainEqual({
      invariant: 'order',
      says: '3 is beyond 2',
      beginning: 0,
      acts: ['first', 'first', 'second'],
    });
  });

  test('of a step is found, also where it leads to a known state', () => {
    const step: typeof machine.step = (state, act) =>
      state.join() === '1,1' && act === 'first' ? [0, 0] : machine.step(state, act);
    expect(explore({ ...machine, step }, 100).faults).toEqual([
      {
        invariant: 'one at a time',
        says: 'a leap',
        beginning: 0,
        acts: ['first', 'second', 'first'],
      },
    ]);
  });
});
