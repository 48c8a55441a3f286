/** Whether two sets of times can be told apart: what an eavesdropper would try. */
export interface Distinguished {
  /** Welch's t: the difference of the means in standard errors. */
  readonly t: number;
  /** The difference of the means that |t| = 4.5 would have been, in the unit of the times. */
  readonly visible: number;
  /** Kolmogorov and Smirnov: the largest distance of the two distributions, 0 to 1. */
  readonly distance: number;
  /** By chance a distance as large comes this often, 0 to 1. */
  readonly distanceP: number;
  /** The chance that a time of the first is larger than one of the second; 0.5 tells nothing. */
  readonly auc: number;
  /** By chance an area as far from one half comes this often, 0 to 1. */
  readonly aucP: number;
}

/** The bound on |t| of leakage tests (ISO/IEC 17825): by chance beyond it once in 100,000 times. */
export const tMax = 4.5;

/** Compares two sets of at least two times each. */
export function distinguish(a: readonly number[], b: readonly number[]): Distinguished {
  const [one, two] = [momentsOf(a), momentsOf(b)];
  const error = Math.sqrt(one.variance / a.length + two.variance / b.length);
  const t = error === 0 ? 0 : (one.mean - two.mean) / error;
  const { distance, auc } = walk(a, b);
  const [n, m] = [a.length, b.length];
  const spread = Math.sqrt((n + m + 1) / (12 * n * m));
  return {
    t,
    visible: tMax * error,
    distance,
    distanceP: kolmogorov(distance * Math.sqrt((n * m) / (n + m))),
    auc,
    aucP: 2 * (1 - normal(Math.abs(auc - 0.5) / spread)),
  };
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}

/** Both at once over the sorted union; equal times count half for the area (Mann and Whitney). */
function walk(a: readonly number[], b: readonly number[]) {
  const tagged = [
    ...a.map((value) => ({ value, first: true })),
    ...b.map((value) => ({ value, first: false })),
  ].toSorted((x, y) => x.value - y.value);
  let [before, after] = [0, 0];
  let [wins, distance] = [0, 0];
  for (let at = 0; at < tagged.length; ) {
    const { value } = tagged[at] ?? { value: 0 };
    let [firsts, seconds] = [0, 0];
    for (; tagged[at]?.value === value; at++) {
      if (tagged[at]?.first === true) firsts += 1;
      else seconds += 1;
    }
    wins += firsts * (after + seconds / 2);
    before += firsts;
    after += seconds;
    distance = Math.max(distance, Math.abs(before / a.length - after / b.length));
  }
  return { distance, auc: wins / (a.length * b.length) };
}

/** The tail of Kolmogorov's distribution. */
function kolmogorov(lambda: number): number {
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda ** 2);
  return Math.min(1, Math.max(0, sum));
}

/** The normal distribution function, to seven digits (Abramowitz and Stegun, 26.2.17). */
function normal(x: number): number {
  const k = 1 / (1 + 0.2316419 * x);
  const factors = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const tail = factors.reduceRight((sum, factor) => (sum + factor) * k, 0);
  return 1 - (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}
