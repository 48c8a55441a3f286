import { at as numberAt } from '../at.ts';
import type { Rule } from './gauss-hermite.ts';
import type { Group } from './tallies.ts';

// Bound once: a test runner reaches imports through an accessor, which these loops would feel.
const at = numberAt;

/** Normal priors; without them the fit is by likelihood alone. */
export interface Prior {
  readonly intercept: { readonly mean: number; readonly sd: number };
  readonly slope: { readonly mean: number; readonly sd: number };
}

/**
 * logit P(right) = c_item + a_item · θ_group with θ ~ N(0, 1), for counts of right answers.
 *
 * Parameters lie as c_0 … c_(J-1), then one shared slope or a_0 … a_(J-1). A shared slope makes the
 * Rasch model and, with tasks as groups, the mixed model: the slope is the random effect's deviation.
 */
export interface Marginal {
  readonly groups: readonly Group[];
  readonly items: number;
  readonly shared: boolean;
  readonly rule: Rule;
  readonly prior?: Prior;
}

/** The log likelihood (binomial constants left out, log prior added) and its derivatives. */
export interface Surface {
  readonly value: number;
  readonly gradient: Float64Array;
  /** Minus the second derivatives, row by row. */
  readonly information: Float64Array;
}

/** How many parameters there are. */
export function dimensionOf({ items, shared }: Pick<Marginal, 'items' | 'shared'>): number {
  return shared ? items + 1 : 2 * items;
}

/** What is known of θ after the answers: points, their probabilities, log of the integral. */
export interface Posterior {
  readonly points: Float64Array;
  readonly weights: Float64Array;
  readonly logIntegral: number;
}

/**
 * Integrates θ out of each group by adaptive Gauss–Hermite quadrature (Pinheiro and Bates, Journal of
 * Computational and Graphical Statistics 4, 1995): nodes around each group's mode, as wide as its
 * curvature. Derivatives by Louis' identity (JRSS B 44, 1982).
 */
export function surface(marginal: Marginal, parameters: Float64Array): Surface {
  const size = dimensionOf(marginal);
  const gradient = new Float64Array(size);
  const information = new Float64Array(size * size);
  let value = 0;
  for (const group of marginal.groups) {
    const posterior = posteriorOf(group, marginal, parameters);
    value += posterior.logIntegral;
    addGroup({ group, marginal, parameters, posterior }, gradient, information);
  }
  return {
    value: value + addPrior(marginal, parameters, { gradient, information }),
    gradient,
    information,
  };
}

/** The posterior of one group's θ, on its own adaptive nodes. */
export function posteriorOf(
  group: Group,
  marginal: Pick<Marginal, 'items' | 'shared' | 'rule'>,
  parameters: Float64Array,
): Posterior {
  const { mode, deviation } = modeOf(group, marginal, parameters);
  const { nodes, logWeights } = marginal.rule;
  const points = nodes.map((node) => mode + Math.SQRT2 * deviation * node);
  const logs = points.map((point, index) => {
    const node = at(nodes, index);
    return logJoint(group, marginal, { parameters, point }) + at(logWeights, index) + node * node;
  });
  const top = logs.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY);
  const shares = logs.map((log) => Math.exp(log - top));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return {
    points,
    weights: shares.map((share) => share / total),
    logIntegral: top + Math.log(total) + Math.log(Math.SQRT2 * deviation),
  };
}

interface Point {
  readonly parameters: Float64Array;
  readonly point: number;
}

type Shape = Pick<Marginal, 'items' | 'shared'>;

function logJoint(group: Group, shape: Shape, { parameters, point }: Point): number {
  let log = -0.5 * point * point - 0.5 * Math.log(2 * Math.PI);
  for (let place = 0; place < group.items.length; place += 1) {
    const item = at(group.items, place);
    const slope = at(parameters, shape.items + (shape.shared ? 0 : item));
    const logit = at(parameters, item) + slope * point;
    const softened = Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
    log += at(group.successes, place) * logit - at(group.trials, place) * softened;
  }
  return log;
}

/** The peak of the posterior: its derivative only falls, so Newton's method within a bracket. */
function modeOf(
  group: Group,
  shape: Shape,
  parameters: Float64Array,
): { mode: number; deviation: number } {
  let [mode, low, high, curvature] = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1];
  for (let turn = 0; turn < 100; turn += 1) {
    let slope = -mode;
    curvature = 1;
    for (let place = 0; place < group.items.length; place += 1) {
      const item = at(group.items, place);
      const weight = at(parameters, shape.items + (shape.shared ? 0 : item));
      const chance = 1 / (1 + Math.exp(-at(parameters, item) - weight * mode));
      const trials = at(group.trials, place);
      slope += weight * (at(group.successes, place) - trials * chance);
      curvature += weight * weight * trials * chance * (1 - chance);
    }
    if (slope > 0) low = mode;
    else high = mode;
    const step = Math.max(-3, Math.min(3, slope / curvature));
    if (Math.abs(step) < 1e-10) break;
    const next = mode + step;
    mode = next > low && next < high ? next : (low + high) / 2;
  }
  return { mode, deviation: 1 / Math.sqrt(curvature) };
}

interface GroupAt {
  readonly group: Group;
  readonly marginal: Marginal;
  readonly parameters: Float64Array;
  readonly posterior: Posterior;
}

/** Adds a group's expected score, and expected information less the score's covariance. */
function addGroup(here: GroupAt, gradient: Float64Array, information: Float64Array): void {
  const { group, marginal, parameters, posterior } = here;
  const { items, shared } = marginal;
  const count = group.items.length;
  const size = shared ? count + 1 : 2 * count;
  const full = gradient.length;
  const places = new Uint32Array(size);
  for (let place = 0; place < count; place += 1) {
    const item = at(group.items, place);
    places[place] = item;
    places[shared ? count : count + place] = shared ? items : items + item;
  }
  const scores: Float64Array[] = [];
  const mean = new Float64Array(size);
  for (const [index, point] of posterior.points.entries()) {
    const weight = at(posterior.weights, index);
    const score = new Float64Array(size);
    for (let place = 0; place < count; place += 1) {
      const item = at(group.items, place);
      const slope = at(parameters, items + (shared ? 0 : item));
      const chance = 1 / (1 + Math.exp(-at(parameters, item) - slope * point));
      const trials = at(group.trials, place);
      const residual = at(group.successes, place) - trials * chance;
      const spread = weight * trials * chance * (1 - chance);
      const slopePlace = shared ? count : count + place;
      score[place] = residual;
      score[slopePlace] = at(score, slopePlace) + residual * point;
      const slopeIndex = at(places, slopePlace);
      add(information, item * full + item, spread);
      add(information, item * full + slopeIndex, spread * point);
      add(information, slopeIndex * full + item, spread * point);
      add(information, slopeIndex * full + slopeIndex, spread * point * point);
    }
    for (let place = 0; place < size; place += 1) add(mean, place, weight * at(score, place));
    scores.push(score);
  }
  for (let place = 0; place < size; place += 1) add(gradient, at(places, place), at(mean, place));
  subtractCovariance({ scores, mean, places, weights: posterior.weights }, information, full);
}

interface Spread {
  readonly scores: readonly Float64Array[];
  readonly mean: Float64Array;
  readonly places: Uint32Array;
  readonly weights: Float64Array;
}

function subtractCovariance(spread: Spread, information: Float64Array, full: number): void {
  const { scores, mean, places, weights } = spread;
  const size = mean.length;
  const local = new Float64Array(size * size);
  for (const [index, score] of scores.entries()) {
    const weight = at(weights, index);
    if (weight < 1e-18) continue;
    const away = score.map((value, place) => value - at(mean, place));
    for (let row = 0; row < size; row += 1) {
      const scaled = weight * at(away, row);
      const start = row * size;
      for (let column = 0; column <= row; column += 1) {
        add(local, start + column, scaled * at(away, column));
      }
    }
  }
  for (let row = 0; row < size; row += 1) {
    const there = at(places, row);
    for (let column = 0; column <= row; column += 1) {
      const value = at(local, row * size + column);
      const across = at(places, column);
      add(information, there * full + across, -value);
      if (row !== column) add(information, across * full + there, -value);
    }
  }
}

function addPrior(
  { prior, items }: Marginal,
  parameters: Float64Array,
  { gradient, information }: Omit<Surface, 'value'>,
): number {
  if (!prior) return 0;
  const size = parameters.length;
  let value = 0;
  for (let place = 0; place < size; place += 1) {
    const { mean, sd } = place < items ? prior.intercept : prior.slope;
    const away = (at(parameters, place) - mean) / sd;
    value -= 0.5 * away * away;
    add(gradient, place, -away / sd);
    add(information, place * size + place, 1 / (sd * sd));
  }
  return value;
}

function add(list: Float64Array, place: number, value: number): void {
  list[place] = at(list, place) + value;
}
