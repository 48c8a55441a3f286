/**
 * What is kept of a prompt: hashes, from which nothing of it can be read. Near-identical texts have
 * near-identical `high` and `low` (SimHash, Charikar 2002, over pairs of words); `exact` is the same
 * for the same text alone.
 */
export interface Fingerprint {
  readonly high: number;
  readonly low: number;
  readonly exact: number;
  /** Pairs of words it was made from; of few, likeness says little. */
  readonly pairs: number;
}

/** UTF-16 units that are looked at: the beginning and the end, half each. */
const looked = 4_096;
const prime = 0x01000193;

/**
 * The fingerprint of a prompt.
 *
 * @param text of any length; of a long one, the beginning and the end.
 * @param seed 32 bits, made anew by each process, so that hashes of known texts compare to nothing.
 */
export function fingerprintOf(text: string, seed: number): Fingerprint {
  const part =
    text.length <= looked ? text : text.slice(0, looked / 2) + text.slice(text.length - looked / 2);
  const weights = new Int32Array(64);
  let exact = (seed ^ text.length) | 0;
  let word = seed;
  let length = 0;
  let before = 0;
  let pairs = 0;
  const end = () => {
    if (length === 0) return;
    if (before !== 0) {
      weigh(weights, mix(Math.imul(before, 31) ^ word), mix(before ^ Math.imul(word, prime)));
      pairs += 1;
    }
    before = word;
    word = seed;
    length = 0;
  };
  for (let at = 0; at < part.length; at++) {
    const unit = part.charCodeAt(at);
    exact = Math.imul(exact ^ unit, prime);
    const folded = fold(unit);
    if (folded === 0) {
      end();
      continue;
    }
    // Scripts that write no spaces: every sign is a word.
    if (folded >= 0x2e80) end();
    word = Math.imul(word ^ folded, prime);
    length += 1;
  }
  end();
  const [high, low] = signsOf(weights, pairs);
  return { high, low, exact, pairs };
}

/** Bits in which two fingerprints differ, of 64; unrelated texts differ in about half. */
export function distance(a: Pick<Fingerprint, 'high' | 'low'>, high: number, low: number): number {
  return ones(a.high ^ high) + ones(a.low ^ low);
}

/** Small letters; any digit as 0, so that numbered templates are one; 0 for what ends a word. */
function fold(unit: number): number {
  if (unit >= 97 && unit <= 122) return unit;
  if (unit >= 65 && unit <= 90) return unit + 32;
  if (unit >= 48 && unit <= 57) return 48;
  return unit >= 0xc0 ? unit : 0;
}

function weigh(weights: Int32Array, high: number, low: number): void {
  for (let bit = 0; bit < 32; bit++) {
    weights[bit] = (weights[bit] ?? 0) + ((high >>> bit) & 1);
    weights[bit + 32] = (weights[bit + 32] ?? 0) + ((low >>> bit) & 1);
  }
}

/** Each bit as most of the pairs have it. */
function signsOf(weights: Int32Array, pairs: number): readonly [number, number] {
  let high = 0;
  let low = 0;
  for (let bit = 0; bit < 32; bit++) {
    if (2 * (weights[bit] ?? 0) > pairs) high |= 1 << bit;
    if (2 * (weights[bit + 32] ?? 0) > pairs) low |= 1 << bit;
  }
  return [high, low];
}

/** The end of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function ones(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
