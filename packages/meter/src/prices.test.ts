import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costBound, costOf, outputFor, priceMax } from './prices.ts';

const price = fc.integer({ min: 0, max: priceMax });
const pricing = fc.record({
  currency: fc.constant('USD'),
  inputMicros: price,
  outputMicros: price,
  cacheReadMicros: fc.option(price, { nil: undefined }),
  cacheWriteMicros: fc.option(price, { nil: undefined }),
});
const counting = fc
  .tuple(fc.nat(1e9), fc.nat(1e9), fc.nat(100), fc.nat(100))
  .map(([inputTokens, outputTokens, read, write]) => ({
    inputTokens,
    outputTokens,
    cacheReadTokens: Math.floor((inputTokens * read) / 200),
    cacheWriteTokens: Math.floor((inputTokens * write) / 200),
  }));

test.each([
  [{ inputTokens: 0, outputTokens: 0 }, 0],
  [{ inputTokens: 1, outputTokens: 0 }, 3],
  [{ inputTokens: 0, outputTokens: 1 }, 15],
  [{ inputTokens: 1_000_000, outputTokens: 0 }, 3_000_000],
  [{ inputTokens: 1000, outputTokens: 0, cacheReadTokens: 999 }, 303], // 3 + 299.7, rounded up
])('%j costs %d micro-units', (counts, cost) => {
  const prices = { inputMicros: 3_000_000, outputMicros: 15_000_000, cacheReadMicros: 300_000 };
  expect(costOf({ currency: 'USD', ...prices }, counts)).toBe(cost);
});

test('no call costs more than its bound, nor calls together more than one by one', () => {
  fc.assert(
    fc.property(pricing, counting, counting, (prices, a, b) => {
      const both = {
        inputTokens: a.inputTokens + b.inputTokens,
        outputTokens: a.outputTokens + b.outputTokens,
        cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
        cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
      };
      expect(costOf(prices, a)).toBeLessThanOrEqual(costBound(prices, a));
      expect(costOf(prices, both)).toBeLessThanOrEqual(costOf(prices, a) + costOf(prices, b));
    }),
  );
});

test('output bought is the most that fits, exactly', () => {
  fc.assert(
    fc.property(pricing, fc.nat(1e12), fc.nat(1e6), (prices, costMicros, inputTokens) => {
      const most = 1e9;
      const outputTokens = outputFor(prices, { costMicros, inputTokens, most });
      const cost = (output: number) => costBound(prices, { inputTokens, outputTokens: output });
      if (outputTokens < 0) expect(cost(0)).toBeGreaterThan(costMicros);
      else {
        expect(cost(outputTokens)).toBeLessThanOrEqual(costMicros);
        if (outputTokens < most) expect(cost(outputTokens + 1)).toBeGreaterThan(costMicros);
      }
    }),
  );
});
