import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Ended, publish, totalOf } from './publish.ts';

/** What can be told apart of one application here: its group, and what came of it. */
interface Kind {
  readonly sector: string;
  readonly size: string;
  readonly accepted: boolean;
  readonly late?: boolean;
  readonly days?: number;
}

/** Every way to have at most `most` applications among `kinds`. */
function* tables(kinds: number, most: number): Generator<number[]> {
  if (kinds === 0) yield [];
  else {
    for (let n = 0; n <= most; n++) {
      for (const rest of tables(kinds - 1, most - n)) yield [n, ...rest];
    }
  }
}

function endedOf(kinds: readonly Kind[], table: readonly number[], by: 'sector' | 'size'): Ended[] {
  return kinds.flatMap(({ [by]: group, accepted, late = false, days = 0 }, i) =>
    Array.from({ length: table[i] ?? 0 }, () => ({
      ...{ group, accepted, late, days },
      appealed: false,
    })),
  );
}

/**
 * The attacker knows everything that is published, and the program that published it: it takes every
 * table there can be, publishes it, and keeps those that read the same. A cell that is hidden and has
 * one value in all of them was told.
 */
function toldCells(kinds: readonly Kind[], { most, least }: { most: number; least: number }) {
  const same = new Map<string, { hidden: readonly string[]; values: Map<string, Set<number>> }>();
  for (const table of tables(kinds.length, most)) {
    const total = totalOf(endedOf(kinds, table, 'sector'), least);
    const page: unknown[] = [total];
    const hidden: string[] = [];
    const cells: [string, number][] = [];
    for (const by of ['sector', 'size'] as const) {
      const ended = endedOf(kinds, table, by);
      const groups = [...new Set(kinds.map((kind) => kind[by]))];
      const lines = publish(ended, { groups, least });
      page.push(lines);
      const others = lines.find(({ group }) => group === null);
      for (const group of groups) {
        const own = ended.filter((each) => each.group === group);
        const accepted = own.filter((each) => each.accepted).length;
        cells.push([`${by} ${group}`, own.length], [`${by} ${group} accepted`, accepted]);
        // Where there is one outcome alone, nobody has to be told of it.
        const divided = kinds.some((kind) => !kind.accepted);
        const line = lines.find((each) => each.group === group);
        // None came from any group without a line: nobody is hidden.
        if (line === undefined && others?.applications === 0) continue;
        if (line === undefined) hidden.push(`${by} ${group}`);
        if (divided && typeof line?.accepted !== 'number') hidden.push(`${by} ${group} accepted`);
      }
    }
    const read = JSON.stringify(page);
    const known = same.get(read) ?? { hidden, values: new Map<string, Set<number>>() };
    for (const [cell, value] of cells) {
      known.values.set(cell, (known.values.get(cell) ?? new Set()).add(value));
    }
    same.set(read, known);
  }
  return [...same].flatMap(([read, { hidden, values }]) =>
    hidden.filter((cell) => values.get(cell)?.size === 1).map((cell) => `${cell}: ${read}`),
  );
}

const both = [true, false];
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const kindsOf = (sectors: readonly string[], sizes: readonly string[], accepted = both) =>
  sectors.flatMap((sector) =>
    sizes.flatMap((size) => accepted.map((each) => ({ sector, size, accepted: each }))),
  );

describe('PAR-18 PAR-19: whoever has every table computes no hidden cell', () => {
  test.each([
    ['two sectors, two sizes', kindsOf(['a', 'b'], ['x', 'y']), { most: 8, least: 3 }],
    ['three sectors', kindsOf(['a', 'b', 'c'], ['x']), { most: 10, least: 3 }],
    [
      'four sectors, all accepted',
      kindsOf(['a', 'b', 'c', 'd'], ['x'], [true]),
      { most: 17, least: 4 },
    ],
    [
      'five sectors, all accepted',
      kindsOf(letters.slice(0, 5), ['x'], [true]),
      { most: 12, least: 3 },
    ],
    [
      'three sectors, of which some were answered late, after other days',
      kindsOf(['a', 'b', 'c'], ['x'], [true]).flatMap((kind) => [
        { ...kind, late: false, days: 10 },
        { ...kind, late: true, days: 40 },
      ]),
      { most: 11, least: 3 },
    ],
    [
      'two sectors, two sizes, of which some were answered late',
      kindsOf(['a', 'b'], ['x', 'y'], [true]).flatMap((kind) => [
        { ...kind, late: false, days: 10 },
        { ...kind, late: true, days: 40 },
      ]),
      { most: 9, least: 3 },
    ],
    [
      'two sectors, accepted and declined, of which some were answered late',
      kindsOf(['a', 'b'], ['x']).flatMap((kind) => [
        { ...kind, late: false, days: 10 },
        { ...kind, late: true, days: 40 },
      ]),
      { most: 9, least: 3 },
    ],
  ])('%s', (_, kinds, size) => {
    expect(toldCells(kinds, size).slice(0, 3)).toEqual([]);
  });

  test('the attacker is one: without hiding a second group it computes the first', () => {
    // One small group beside a sum: the total less the shown line.
    const kinds = kindsOf(['a', 'b'], ['x'], [true]);
    const naive = new Map<string, Set<number>>();
    for (const [a = 0, b = 0] of tables(kinds.length, 9)) {
      const page = JSON.stringify([a + b, a < 3 ? null : a, b < 3 ? null : b]);
      naive.set(page, (naive.get(page) ?? new Set()).add(a));
    }
    expect(naive.get(JSON.stringify([9, null, 7]))).toEqual(new Set([2]));
  });
});

test('PAR-18 lines add up to the total, and none is of fewer than the least', () => {
  const one = fc.record({
    group: fc.constantFrom(...letters),
    accepted: fc.boolean(),
    appealed: fc.boolean(),
    late: fc.boolean(),
    days: fc.nat(90),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 80 }), (ended) => {
      const total = totalOf(ended, 5);
      const lines = publish(ended, { groups: letters, least: 5 });
      if (ended.length < 5) {
        expect([total, lines]).toEqual([null, []]);
        return;
      }
      const sum = lines.reduce((all, line) => all + line.applications, 0);
      expect([sum, total?.applications]).toEqual([ended.length, ended.length]);
      for (const { applications, accepted, declined } of lines) {
        expect(applications === 0 || applications >= 5).toBe(true);
        if (accepted === null || applications === 0) continue;
        expect(Math.min(accepted, declined ?? 0)).toBeGreaterThanOrEqual(5);
      }
    }),
  );
});
