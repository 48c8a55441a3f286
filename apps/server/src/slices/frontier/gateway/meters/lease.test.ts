import type { Instant } from '@breakwater/kernel';
import type { Call } from '@breakwater/meter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Asking, aheadOf, boundOf, type Cell, decide } from './lease.ts';
import { type MeterKind, meterKinds, meterSpans } from './model.ts';
import { always, endOf, fromsAt, laterOf } from './spans.ts';

const prices = { currency: 'USD', inputMicros: 3_000_000, outputMicros: 15_000_000 };
const asking = fc
  .record({
    input: fc.nat(300),
    least: fc.nat(100),
    more: fc.nat(400),
    isBefore: fc.boolean(),
  })
  .map(({ input, least, more, isBefore }): Asking => {
    const call: Call<MeterKind> = {
      inputTokens: input,
      outputTokens: { least, most: least + more },
      draws: {
        requests: 1,
        atOnce: 1,
        inputTokens: input,
        outputTokens: { perOutput: 0 },
        costMicros: { prices },
      },
    };
    return { call, isBefore };
  });
const cell = fc.record<Cell>({
  span: fc.constantFrom(...meterSpans),
  from: fc.constant(always),
  kind: fc.constantFrom(...meterKinds),
  free: fc.nat(3000),
  own: fc.nat(1000),
  isElsewhere: fc.boolean(),
  isUnanswered: fc.boolean(),
});
const cells = fc
  .uniqueArray(cell, { selector: ({ span, kind }) => `${span} ${kind}`, maxLength: 8 })
  // Who has nothing has nothing to answer for.
  .map((all) =>
    all.map((each) => ({ ...each, isUnanswered: each.isElsewhere && each.isUnanswered })),
  );

test('what is granted is covered by leases and rows, and nothing beyond it is leased', () => {
  fc.assert(
    fc.property(cells, fc.array(asking, { maxLength: 12 }), (cells, all) => {
      const { verdicts, takes, free, left } = decide(cells, all);
      for (const [at, { kind, own, free: before }] of cells.entries()) {
        const held = verdicts.reduce(
          (sum, each) => sum + (each.is === 'granted' ? each.fit.held[kind] : 0),
          0,
        );
        expect(held).toBeLessThanOrEqual(own + before);
        expect(takes[at]).toBe(Math.max(0, held - own));
        expect(free[at]).toBe(before - (takes[at] ?? 0));
        expect(left[at]).toBe(own + before - held);
      }
    }),
  );
});

test('nobody is refused or cut by what another may hold unused', () => {
  fc.assert(
    fc.property(cells, asking, (cells, one) => {
      const [verdict] = decide(cells, [one]).verdicts;
      const { least, most } = one.call.outputTokens;
      const tight = (output: number) =>
        cells.filter(({ kind, own, free }) => boundOf(one.call, output)[kind] > own + free);
      const isUnsure = (each: Cell) => (one.isBefore ? each.isUnanswered : each.isElsewhere);
      if (verdict?.is === 'refused') {
        const short = tight(least).filter((each) => !isUnsure(each));
        expect(verdict.short.map(({ span, kind }) => [span, kind])).toEqual(
          short.map(({ span, kind }) => [span, kind]),
        );
        expect(short).not.toEqual([]);
      } else if (verdict?.is === 'wait') {
        expect(tight(most).some(isUnsure)).toBe(true);
      } else if (verdict?.fit.isCut === true) {
        expect(tight(most).filter(isUnsure)).toEqual([]);
      } else {
        expect(tight(most)).toEqual([]);
      }
    }),
  );
});

test('leases ahead leave the other processes their share, and shrink to nothing at the edge', () => {
  const pace = fc.record({
    need: fc.integer({ min: 1, max: 1000 }),
    perSecond: fc.nat(1e6),
    processes: fc.integer({ min: 1, max: 20 }),
    isScarce: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.nat(1e9), pace, (free, pace) => {
      const ahead = aheadOf(free, pace);
      expect(ahead * 2 * pace.processes).toBeLessThanOrEqual(free);
      if (pace.isScarce || free < 2 * pace.processes * pace.need) expect(ahead).toBe(0);
      else expect(ahead).toBeGreaterThanOrEqual(pace.need);
      // Half of it, which is left when more is fetched, is for a second: a database may halt so long.
      const hasPlenty = free >= 4 * pace.processes * (pace.need + pace.perSecond);
      if (hasPlenty && !pace.isScarce) expect(ahead).toBeGreaterThanOrEqual(2 * pace.perSecond);
    }),
  );
});

test('spans are those of UTC, and a later one is never left for an earlier one', () => {
  const at = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString() as Instant); // has its form
  fc.assert(
    fc.property(at, at, (a, b) => {
      const froms = fromsAt(a);
      for (const span of ['minute', 'day'] as const) {
        const end = endOf(span, froms[span]) ?? '';
        expect(froms[span] <= a && a < end).toBe(true);
      }
      const later = laterOf(froms, fromsAt(b));
      const [, last = a] = [a, b].toSorted();
      expect(later).toEqual(fromsAt(last));
    }),
  );
  expect(endOf('grant', always)).toBeNull();
});
