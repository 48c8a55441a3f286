/** A share k/n with its 95 % Wilson score interval; bounds are shares between 0 and 1. */
export interface Share {
  readonly k: number;
  readonly n: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % point of the normal distribution. */
const z95 = 1.959963984540054;

/**
 * The Wilson score interval (Wilson 1927), rounded outwards to four digits.
 *
 * It stays honest for small n and for k = n, where the usual k/n ± error collapses to nothing.
 * Throws RangeError unless 0 <= k <= n are whole numbers.
 */
export function wilson(k: number, n: number): Share {
  if (!Number.isSafeInteger(k) || !Number.isSafeInteger(n) || k < 0 || k > n) {
    throw new RangeError(`expected whole numbers 0 <= k <= n, got k=${k} n=${n}`);
  }
  if (n === 0) return { k, n, low: 0, high: 1 };
  const p = k / n;
  const z2 = z95 * z95;
  const center = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z95 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  const low = k === 0 ? 0 : Math.max(0, Math.floor((center - half) * 1e4) / 1e4);
  const high = k === n ? 1 : Math.min(1, Math.ceil((center + half) * 1e4) / 1e4);
  return { k, n, low, high };
}
