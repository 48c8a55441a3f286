import { ok } from '@breakwater/kernel';
import { type Numbers, at as numberAt } from '../at.ts';
import { type Figured, no } from '../refusal.ts';

// Bound once: a test runner reaches imports through an accessor, which these loops would feel.
const at = numberAt;

/** The penalty that the cyber time horizon study of 2026 publishes its fits with. */
export const HORIZON_PENALTY = 1e-5;

const ITERATIONS_MAX = 200;
const HALVINGS_MAX = 40;

/** The curve ln(p / (1 - p)) = intercept + slope · log2(minutes). */
export interface HorizonCurve {
  readonly intercept: number;
  readonly slope: number;
}

/** Runs as columns: log2 of human minutes, outcome (0 to 1) and weight of each. */
export interface HorizonColumns {
  readonly log2Minutes: Numbers;
  readonly outcomes: Numbers;
  readonly weights: Numbers;
}

export interface HorizonFitOptions {
  /** λ of the penalty λ/2 · slope²; the intercept is not penalized. */
  readonly penalty: number;
  readonly start?: HorizonCurve;
}

/**
 * The human time at which success has the given chance, in minutes: 2^((logit p - intercept)/slope).
 *
 * Kwa et al., Measuring AI Ability to Complete Long Tasks (arXiv 2503.14499), section 4.
 */
export function minutesAt(curve: HorizonCurve, chance: number): number {
  return 2 ** ((Math.log(chance / (1 - chance)) - curve.intercept) / curve.slope);
}

/** The chance of success that a curve gives to a task of so many human minutes. */
export function chanceAt(curve: HorizonCurve, minutes: number): number {
  return 1 / (1 + Math.exp(-curve.intercept - curve.slope * Math.log2(minutes)));
}

/**
 * Fits the horizon curve: minimizes Σ w · logloss + λ/2 · slope² by Newton's method with halving.
 *
 * The same objective as scikit-learn's LogisticRegression with C = 1/λ, whose solver stops earlier.
 * Separable runs have a finite answer through the penalty. Refuses runs of one outcome only, and
 * runs that all share one human time.
 */
export function fitHorizonCurve(
  columns: HorizonColumns,
  options: HorizonFitOptions,
): Figured<HorizonCurve> {
  const { outcomes, weights, log2Minutes } = columns;
  let successes = 0;
  let failures = 0;
  let moment = 0;
  let total = 0;
  for (let run = 0; run < outcomes.length; run += 1) {
    const weight = at(weights, run);
    const outcome = at(outcomes, run);
    successes += weight * outcome;
    failures += weight * (1 - outcome);
    moment += weight * at(log2Minutes, run);
    total += weight;
  }
  if (!(successes > 0 && failures > 0)) {
    return no('one-outcome', {
      expected: 'successes and failures, both',
      got: successes > 0 ? 'successes only' : 'failures only',
      todo: 'add harder or easier tasks: this set does not bound the horizon',
    });
  }
  const center = moment / total;
  const start = options.start ?? { intercept: Math.log(successes / failures), slope: 0 };
  return descend(columns, { ...options, start, center });
}

interface Descent extends HorizonFitOptions {
  readonly start: HorizonCurve;
  /** Where log2(minutes) is counted from while fitting: keeps the two steps nearly independent. */
  readonly center: number;
}

function descend(columns: HorizonColumns, descent: Descent): Figured<HorizonCurve> {
  const { center, penalty } = descent;
  // Without a start of its own, the intercept is already that of the center.
  let slope = descent.start.slope;
  let level = descent.start.intercept + slope * center;
  const slopes = new Float64Array(6);
  measure(columns, { level, slope, center, penalty }, slopes);
  let loss = at(slopes, 0);
  for (let turn = 0; turn < ITERATIONS_MAX; turn += 1) {
    const [, gLevel = 0, gSlope = 0, hLevel = 0, hMixed = 0, hSlope = 0] = slopes;
    const determinant = hLevel * hSlope - hMixed * hMixed;
    if (!(determinant > 0)) break;
    const stepLevel = (hSlope * gLevel - hMixed * gSlope) / determinant;
    const stepSlope = (hLevel * gSlope - hMixed * gLevel) / determinant;
    let share = 1;
    for (let halving = 0; halving < HALVINGS_MAX; halving += 1, share /= 2) {
      const tried = { level: level - share * stepLevel, slope: slope - share * stepSlope };
      measure(columns, { ...tried, center, penalty }, slopes);
      if (at(slopes, 0) <= loss + 1e-14 * Math.abs(loss)) break;
    }
    level -= share * stepLevel;
    slope -= share * stepSlope;
    loss = at(slopes, 0);
    const moved = share * Math.max(Math.abs(stepLevel), Math.abs(stepSlope));
    if (moved <= 1e-9 * (1 + Math.abs(level) + Math.abs(slope))) {
      return ok({ intercept: level - slope * center, slope });
    }
  }
  return no('not-converged', {
    expected: `a fit that settles within ${ITERATIONS_MAX} steps`,
    got: 'one that does not',
    todo: 'check that human times differ and λ is above 0',
  });
}

interface Place {
  readonly level: number;
  readonly slope: number;
  readonly center: number;
  readonly penalty: number;
}

/** Writes loss, gradient (2) and Hessian (3: level, mixed, slope) of a place into `out`. */
function measure(columns: HorizonColumns, place: Place, out: Float64Array): void {
  const { log2Minutes, outcomes, weights } = columns;
  const { level, slope, center, penalty } = place;
  let [loss, gLevel, gSlope, hLevel, hMixed, hSlope] = [0, 0, 0, 0, 0, 0];
  for (let run = 0; run < outcomes.length; run += 1) {
    const weight = at(weights, run);
    if (weight === 0) continue;
    const x = at(log2Minutes, run) - center;
    const outcome = at(outcomes, run);
    const logit = level + slope * x;
    const small = Math.exp(-Math.abs(logit));
    const chance = logit >= 0 ? 1 / (1 + small) : small / (1 + small);
    loss += weight * (Math.log1p(small) + Math.max(logit, 0) - outcome * logit);
    const residual = weight * (chance - outcome);
    const curvature = (weight * small) / ((1 + small) * (1 + small));
    gLevel += residual;
    gSlope += residual * x;
    hLevel += curvature;
    hMixed += curvature * x;
    hSlope += curvature * x * x;
  }
  out[0] = loss + (penalty / 2) * slope * slope;
  out[1] = gLevel;
  out[2] = gSlope + penalty * slope;
  out[3] = hLevel;
  out[4] = hMixed;
  out[5] = hSlope + penalty;
}
