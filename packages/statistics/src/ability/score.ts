import { ok } from '@breakwater/kernel';
import { type Figured, no } from '../refusal.ts';

/** What is known of one task when a model is scored: its parameters, and how the model did. */
export interface ScoredAnswer {
  readonly intercept: number;
  readonly slope: number;
  readonly successes: number;
  readonly trials: number;
}

/** An ability by maximum likelihood, items taken as known. */
export interface LikelihoodAbility {
  readonly value: number;
  /** 1/√I at the estimate. */
  readonly standardError: number;
  /** Tasks. */
  readonly n: number;
}

/**
 * The ability that makes the answers most likely, without any prior.
 *
 * Lord, Applications of Item Response Theory (1980), chapters 4 and 5: error from Fisher's
 * information. Refuses answers that are all right or all wrong: their ability is infinite; the EAP of
 * `fitAbilities` stays finite there.
 */
export function abilityOf(answers: readonly ScoredAnswer[]): Figured<LikelihoodAbility> {
  const index = answers.findIndex(
    ({ intercept, slope, successes, trials }) =>
      !(Number.isFinite(intercept) && Number.isFinite(slope)) ||
      !(trials >= 1 && successes >= 0 && successes <= trials),
  );
  if (index >= 0) {
    return no('not-a-number', {
      expected: 'finite item parameters, and successes from 0 to trials',
      got: 'another answer',
      todo: 'leave out tasks that were not scored or not fitted',
      pointer: `/${index}`,
    });
  }
  // A task of falling chance is answered "ably" by failing.
  const ably = answers.filter(({ slope }) => slope !== 0);
  const up = ably.some((one) => (one.slope > 0 ? one.successes > 0 : one.successes < one.trials));
  const down = ably.some((one) => (one.slope > 0 ? one.successes < one.trials : one.successes > 0));
  if (!up || !down) {
    return no('one-outcome', {
      expected: 'answers that bound the ability from both sides',
      got: up ? 'successes only' : 'failures only',
      todo: 'add harder or easier tasks, or take the posterior mean',
    });
  }
  let [value, low, high, information] = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (let turn = 0; turn < 200; turn += 1) {
    let score = 0;
    information = 0;
    for (const { intercept, slope, successes, trials } of answers) {
      const chance = 1 / (1 + Math.exp(-intercept - slope * value));
      score += slope * (successes - trials * chance);
      information += slope * slope * trials * chance * (1 - chance);
    }
    if (score > 0) low = value;
    else high = value;
    const step = Math.max(-2, Math.min(2, score / information));
    if (Math.abs(step) < 1e-12 * (1 + Math.abs(value))) {
      return ok({ value, standardError: 1 / Math.sqrt(information), n: answers.length });
    }
    const next = value + step;
    value = next > low && next < high ? next : (low + high) / 2;
  }
  return no('not-converged', {
    expected: 'a likelihood with a top',
    got: 'none within 200 steps',
    todo: 'check the item parameters: slopes this far apart leave the ability open',
  });
}
