import { ok } from '@breakwater/kernel';
import { type Figured, no } from '../refusal.ts';

/** One answer beside the chance that the fit gave it. */
export interface Expected {
  /** What the answer counts toward: a task's name for item fit, a model's for person fit. */
  readonly of: string;
  readonly successes: number;
  readonly trials: number;
  /** The fitted chance of success, strictly between 0 and 1. */
  readonly chance: number;
}

/** How well answers follow the fit: 1 is as expected, above is erratic, below too regular. */
export interface ResponseFit {
  readonly of: string;
  readonly n: number;
  /** Mean squares: `infit` weighs answers by their information, `outfit` feels the unlikely ones. */
  readonly infit: number;
  readonly outfit: number;
  /** The mean squares brought to a standard normal deviate by the cube root. */
  readonly infitZ: number;
  readonly outfitZ: number;
}

/**
 * Infit and outfit of each task (or model), with their z.
 *
 * Wright and Masters, Rating Scale Analysis (1982), chapter 5: mean squares of residuals, and the
 * Wilson–Hilferty transformation of them. Epochs of one answer count as one binomial observation.
 */
export function fitOfResponses(answers: readonly Expected[]): Figured<readonly ResponseFit[]> {
  const sums = new Map<string, Sums>();
  for (const [index, answer] of answers.entries()) {
    const { of, successes, trials, chance } = answer;
    if (!(chance > 0 && chance < 1) || !(trials >= 1 && successes >= 0 && successes <= trials)) {
      return no('not-a-number', {
        expected: 'a chance strictly between 0 and 1, and successes from 0 to trials',
        got: `${successes} of ${trials} at ${chance}`,
        todo: 'leave out tasks and models without a finite estimate',
        pointer: `/${index}`,
      });
    }
    const sum = sums.get(of) ?? { ...NOTHING };
    sums.set(of, sum);
    addAnswer(sum, answer);
  }
  if (sums.size === 0) {
    return no('too-few', { expected: 'answers', got: 'none', todo: 'fit some runs first' });
  }
  return ok([...sums].map(([of, sum]) => describe(of, sum)));
}

interface Sums {
  n: number;
  squares: number;
  residuals: number;
  variance: number;
  outfitSpread: number;
  infitSpread: number;
}

const NOTHING: Sums = {
  n: 0,
  squares: 0,
  residuals: 0,
  variance: 0,
  outfitSpread: 0,
  infitSpread: 0,
};

function addAnswer(sum: Sums, { successes, trials, chance }: Expected): void {
  const variance = trials * chance * (1 - chance);
  const residual = (successes - trials * chance) ** 2;
  // The fourth central moment of a binomial count.
  const fourth = variance * (1 + 3 * (trials - 2) * chance * (1 - chance));
  sum.n += 1;
  sum.squares += residual / variance;
  sum.residuals += residual;
  sum.variance += variance;
  sum.outfitSpread += fourth / (variance * variance) - 1;
  sum.infitSpread += fourth - variance * variance;
}

function describe(of: string, sum: Sums): ResponseFit {
  const outfit = sum.squares / sum.n;
  const infit = sum.residuals / sum.variance;
  const z = (square: number, deviation: number): number =>
    (Math.cbrt(square) - 1) * (3 / deviation) + deviation / 3;
  return {
    of,
    n: sum.n,
    infit,
    outfit,
    infitZ: z(infit, Math.sqrt(sum.infitSpread) / sum.variance),
    outfitZ: z(outfit, Math.sqrt(sum.outfitSpread) / sum.n),
  };
}
