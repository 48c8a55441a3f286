import { ok } from '@breakwater/kernel';
import { at } from '../at.ts';
import { type Figured, no } from '../refusal.ts';
import { cholesky, solve } from './cholesky.ts';
import { dimensionOf, type Marginal, type Surface, surface } from './marginal.ts';

const STEPS_MAX = 150;
// A slope or logit beyond this is on its way to infinity.
const PARAMETER_MAX = 150;
const DIMENSION_MAX = 2500;

/** A maximum: parameters, log likelihood, and the lower triangle of the information there. */
export interface Maximum {
  readonly parameters: Float64Array;
  readonly logLikelihood: number;
  readonly lower: Float64Array;
}

/**
 * Climbs the marginal likelihood by Newton's method with Levenberg's damping.
 *
 * The maximum is the one that the EM algorithm of Bock and Aitkin (Psychometrika 46, 1981) creeps up
 * to; climbing with second derivatives takes tens of steps, ends at a gradient of zero, and leaves
 * the observed information for standard errors.
 */
export function maximize(marginal: Marginal, start: Float64Array): Figured<Maximum> {
  const size = dimensionOf(marginal);
  if (size > DIMENSION_MAX) {
    return no('too-large', {
      expected: `at most ${DIMENSION_MAX} parameters`,
      got: String(size),
      todo: 'fit a part of the tasks, or one slope for all',
    });
  }
  let parameters = start;
  let here = surface(marginal, parameters);
  let damping = 0;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const lower = cholesky(damped(here, damping), size);
    const move = lower ? solve(lower, here.gradient) : undefined;
    if (!lower || !move) {
      damping = Math.max(1e-3, damping * 10);
      continue;
    }
    const promise = move.reduce((sum, value, place) => sum + value * at(here.gradient, place), 0);
    if (damping === 0 && promise < 1e-10) {
      return ok({ parameters, logLikelihood: here.value, lower });
    }
    const tried = parameters.map((value, place) => value + at(move, place));
    const there = surface(marginal, tried);
    // Nodes move with the parameters: close to the top, likelihoods of two places differ by the
    // quadrature's own error, and the gradient alone leads.
    const slack = promise < 0.01 ? 1e-6 : 1e-12;
    if (there.value > here.value - slack * Math.abs(here.value)) {
      [parameters, here] = [tried, there];
      damping = damping < 1e-4 ? 0 : damping / 10;
    } else damping = Math.max(1e-3, damping * 10);
    if (damping > 1e9 || !parameters.every((value) => Math.abs(value) < PARAMETER_MAX)) break;
  }
  return no('not-converged', {
    expected: 'a likelihood with a top',
    got: `none found within ${STEPS_MAX} steps or ± ${PARAMETER_MAX}`,
    todo: 'give a prior, or one slope for all tasks: some parameter may have no finite value',
  });
}

function damped({ information, gradient }: Surface, damping: number): Float64Array {
  if (damping === 0) return information;
  const size = gradient.length;
  const matrix = information.slice();
  for (let place = 0; place < size; place += 1) {
    const diagonal = at(matrix, place * size + place);
    matrix[place * size + place] = diagonal + damping * (1 + Math.abs(diagonal));
  }
  return matrix;
}
