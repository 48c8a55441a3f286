import { at } from '../at.ts';

/** Nodes and logarithms of weights of ∫ e^(-x²) f(x) dx. */
export interface Rule {
  readonly nodes: Float64Array;
  readonly logWeights: Float64Array;
}

/**
 * The Gauss–Hermite rule with `count` nodes, for the physicists' weight e^(-x²).
 *
 * Abramowitz and Stegun 25.4.46: roots of H_n by Newton's method on orthonormal polynomials, each
 * freed from the roots already found; exact for polynomials of degree 2·count - 1.
 */
export function gaussHermite(count: number): Rule {
  const nodes = new Float64Array(count);
  const logWeights = new Float64Array(count);
  const half = Math.ceil(count / 2);
  // From the largest root down: starting above it, Newton's method on the rest cannot pass it.
  let x = Math.sqrt(2 * count + 1);
  for (let found = 0; found < half; found += 1) {
    const middle = count % 2 === 1 && found === half - 1;
    if (middle) x = 0;
    for (let turn = 0; turn < 200 && !middle; turn += 1) {
      const { value, slope } = hermite(count, x);
      let others = 0;
      for (let root = 0; root < found; root += 1) {
        others += 1 / (x - at(nodes, root)) + 1 / (x + at(nodes, root));
      }
      const step = value / (slope - value * others);
      x -= step;
      if (Math.abs(step) < 1e-15 * Math.max(1, x)) break;
    }
    const { slope } = hermite(count, x);
    nodes[found] = x;
    nodes[count - 1 - found] = -x;
    logWeights[found] = Math.log(2) - 2 * Math.log(Math.abs(slope));
    logWeights[count - 1 - found] = at(logWeights, found);
    x -= 1e-9;
  }
  return { nodes, logWeights };
}

/** The orthonormal Hermite polynomial of degree n, and its derivative √(2n) · h_(n-1). */
function hermite(n: number, x: number): { value: number; slope: number } {
  let before = 0;
  let value = Math.PI ** -0.25;
  for (let degree = 1; degree <= n; degree += 1) {
    const next = x * Math.sqrt(2 / degree) * value - Math.sqrt((degree - 1) / degree) * before;
    before = value;
    value = next;
  }
  return { value, slope: Math.sqrt(2 * n) * before };
}
