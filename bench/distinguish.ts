/** Whether two sets of times can be told apart: what an eavesdropper would try. */
export interface Distinguished {
  /** Welch's t: the difference of the means in standard errors. */
  readonly t: number;
  /** The same of those alone that are below nine tenths of all: a slow tail hides nothing then. */
  readonly tOfFast: number;
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

/** The bound on the other two: by chance beyond it once in 1,000 times. */
export const pMin = 0.001;

/** Whether one of the tests tells the two sets apart. */
export function toldApart({ t, tOfFast, distanceP, aucP }: Distinguished): boolean {
  return Math.max(Math.abs(t), Math.abs(tOfFast)) > tMax || Math.min(distanceP, aucP) < pMin;
}

/**
 * Times without what all around them share, by the median of their neighbors: a machine that is
 * busy for a while is so for both. Which of the two is asked for has to be chance.
 */
export function steadied(times: readonly number[], around = 50): readonly number[] {
  return times.map((time, at) => {
    const near = times.slice(Math.max(0, at - around), at + around + 1).toSorted((x, y) => x - y);
    return time - (near[Math.floor(near.length / 2)] ?? 0);
  });
}

/** Compares two sets of at least two times each. */
export function distinguish(a: readonly number[], b: readonly number[]): Distinguished {
  const { t, error } = welch(a, b);
  const slow = [...a, ...b].toSorted((x, y) => x - y)[Math.floor((a.length + b.length) * 0.9)] ?? 0;
  const fast = (times: readonly number[]) => times.filter((time) => time < slow);
  const { distance, auc } = walk(a, b);
  const [n, m] = [a.length, b.length];
  const spread = Math.sqrt((n + m + 1) / (12 * n * m));
  return {
    t,
    tOfFast: welch(fast(a), fast(b)).t,
    visible: tMax * error,
    distance,
    distanceP: kolmogorov(distance * Math.sqrt((n * m) / (n + m))),
    auc,
    aucP: 2 * (1 - normal(Math.abs(auc - 0.5) / spread)),
  };
}

function welch(a: readonly number[], b: readonly number[]) {
  const [one, two] = [momentsOf(a), momentsOf(b)];
  const error = Math.sqrt(one.variance / a.length + two.variance / b.length);
  return { t: error > 0 ? (one.mean - two.mean) / error : 0, error };
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
