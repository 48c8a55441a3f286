import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Call,
  type Counts,
  closeIn,
  costBound,
  countsBy,
  fitCall,
  holdIn,
  leftIn,
  openPool,
  scarcestOf,
} from './index.ts';

const kinds = ['requests', 'outputTokens', 'costMicros', 'atOnce'] as const;
type Kind = (typeof kinds)[number];

const prices = { currency: 'USD', inputMicros: 3_000_000, outputMicros: 15_000_000 };
const limits = fc.record(
  {
    requests: fc.nat(30),
    outputTokens: fc.nat(20_000),
    costMicros: fc.nat(400_000),
    atOnce: fc.nat(8),
  },
  { requiredKeys: [] },
);
const call = fc.record({ inputTokens: fc.nat(2000), least: fc.nat(500), more: fc.nat(2000) }).map(
  ({ inputTokens, least, more }): Call<Kind> => ({
    inputTokens,
    outputTokens: { least, most: least + more },
    draws: { requests: 1, atOnce: 1, outputTokens: { perOutput: 0 }, costMicros: { prices } },
  }),
);

test('a call is given the most output that fits every pool, or is short of what it names', () => {
  fc.assert(
    fc.property(limits, limits, call, (a, b, asked) => {
      const left = scarcestOf(kinds, [a, b]);
      const fit = fitCall(kinds, asked, left);
      const { least, most } = asked.outputTokens;
      const bound = (output: number): Counts<Kind> => ({
        requests: 1,
        atOnce: 1,
        outputTokens: output,
        costMicros: costBound(prices, { inputTokens: asked.inputTokens, outputTokens: output }),
      });
      const lacks = (output: number) =>
        kinds.filter((kind) => bound(output)[kind] > (left[kind] ?? Infinity));
      expect(fit.short).toEqual(lacks(least));
      if (fit.short.length > 0) return;
      expect(fit.held).toEqual(bound(fit.outputTokens));
      expect(lacks(fit.outputTokens)).toEqual([]);
      expect(fit.isCut).toBe(fit.outputTokens < most);
      if (fit.isCut) expect(lacks(fit.outputTokens + 1)).not.toEqual([]);
    }),
  );
});

test('calls in any order never pass a limit but by excess, and closing gives back the rest', () => {
  const step = fc.record({ call, closes: fc.boolean(), part: fc.nat(150) });
  fc.assert(
    fc.property(limits, fc.array(step, { maxLength: 60 }), (limits, steps) => {
      let pool = openPool(kinds, limits);
      const open: Counts<Kind>[] = [];
      for (const { call, closes, part } of steps) {
        const held = closes ? open.shift() : undefined;
        if (held !== undefined) {
          const spent = countsBy(kinds, (kind) => Math.floor((held[kind] * part) / 100));
          pool = closeIn(kinds, pool, { held, spent });
        } else {
          const fit = fitCall(kinds, call, leftIn(kinds, pool));
          if (fit.short.length > 0) continue;
          pool = holdIn(kinds, pool, fit.held);
          open.push(fit.held);
        }
        for (const kind of kinds) {
          const limit = limits[kind] ?? Infinity;
          const heldNow = open.reduce((sum, each) => sum + each[kind], 0);
          expect(pool.held[kind]).toBe(heldNow);
          expect(pool.used[kind] + heldNow).toBeLessThanOrEqual(limit + pool.excess[kind]);
        }
      }
    }),
  );
});
