import { at, type Numbers } from '../at.ts';

/**
 * The quantile of a sample with linear interpolation between neighbors.
 *
 * Definition 7 of Hyndman and Fan (The American Statistician 50, 1996), the default of R and NumPy.
 * NaN of an empty sample, of one that holds NaN, or of p outside [0, 1].
 */
export function quantile(sample: Numbers, p: number): number {
  return quantileOfSorted(Float64Array.from(sample).sort(), p);
}

/** As `quantile`, of numbers already in ascending order (typed arrays put NaN last). */
export function quantileOfSorted(sorted: Numbers, p: number): number {
  const last = sorted.length - 1;
  if (last < 0 || !(p >= 0 && p <= 1) || Number.isNaN(at(sorted, last))) return Number.NaN;
  const place = p * last;
  const below = Math.floor(place);
  const low = at(sorted, below);
  // On a value itself nothing is interpolated, also where the next is infinite.
  if (below === place) return low;
  return low + (at(sorted, below + 1) - low) * (place - below);
}

/** The two quantiles that leave `level` of the sample between them. */
export function percentileInterval(
  sample: Numbers,
  level: number,
): { readonly low: number; readonly high: number; readonly level: number } {
  const sorted = Float64Array.from(sample).sort();
  const tail = (1 - level) / 2;
  return {
    low: quantileOfSorted(sorted, tail),
    high: quantileOfSorted(sorted, 1 - tail),
    level,
  };
}
