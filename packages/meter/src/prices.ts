import { z } from 'zod';

/** Highest price: 1,000 units of the currency for a million tokens. */
export const priceMax = 1_000_000_000;

const Price = z.int().min(0).max(priceMax);

/** The name of a currency: compared, never converted; ISO 4217 where that has one. */
export const Currency = z.string().regex(/^[A-Za-z0-9]{1,16}$/);

/**
 * What a provider asks, as data: millionths of a currency unit for a million tokens. A price that
 * is not told is that of input.
 */
export const Prices = z.strictObject({
  currency: Currency,
  inputMicros: Price,
  outputMicros: Price,
  cacheReadMicros: Price.optional(),
  cacheWriteMicros: Price.optional(),
});
export type Prices = Readonly<z.infer<typeof Prices>>;

/** Tokens of one call. What was read from or written to a cache is part of the input. */
export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens?: number | undefined;
  readonly cacheWriteTokens?: number | undefined;
}

const million = 1_000_000n;

/**
 * What `counts` cost in millionths: the four products are summed exactly and the sum is rounded up
 * once. So the costs of calls one by one are never less than the cost of all of them together.
 */
export function costOf(prices: Prices, counts: TokenCounts): number {
  const { cacheReadTokens = 0, cacheWriteTokens = 0 } = counts;
  const { inputMicros, cacheReadMicros = inputMicros, cacheWriteMicros = inputMicros } = prices;
  const plain = counts.inputTokens - cacheReadTokens - cacheWriteTokens;
  const parts =
    product(plain, inputMicros) +
    product(cacheReadTokens, cacheReadMicros) +
    product(cacheWriteTokens, cacheWriteMicros) +
    product(counts.outputTokens, prices.outputMicros);
  return Number((parts + million - 1n) / million);
}

/** The most that `counts` can cost, whatever part of the input meets a cache. */
export function costBound(prices: Prices, counts: TokenCounts): number {
  return costOf({ ...dearest(prices), outputMicros: prices.outputMicros }, counts);
}

/**
 * How many tokens of output, at most `most`, `costMicros` still buys after an input of
 * `inputTokens` at its dearest; less than 0 where it does not even buy the input.
 */
export function outputFor(
  prices: Prices,
  bound: { readonly costMicros: number; readonly inputTokens: number; readonly most: number },
): number {
  const input = product(bound.inputTokens, dearest(prices).inputMicros);
  const rest = product(bound.costMicros, 1_000_000) - input;
  if (rest < 0n) return -1;
  if (prices.outputMicros === 0) return bound.most;
  const bought = rest / BigInt(prices.outputMicros);
  return bought > BigInt(bound.most) ? bound.most : Number(bought);
}

function dearest({ currency, inputMicros, cacheReadMicros = 0, cacheWriteMicros = 0 }: Prices) {
  return { currency, inputMicros: Math.max(inputMicros, cacheReadMicros, cacheWriteMicros) };
}

// Tokens by price passes 2^53 within a day's spending of a large run.
function product(count: number, price: number): bigint {
  return BigInt(count) * BigInt(price);
}
