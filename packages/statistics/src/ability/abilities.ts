import { ok } from '@breakwater/kernel';
import { at, mean } from '../at.ts';
import type { Epochs, Interval } from '../figure.ts';
import { normalCritical } from '../quantiles/normal.ts';
import { countFault, type Figured, levelFault, no } from '../refusal.ts';
import { inverseColumn } from './cholesky.ts';
import { gaussHermite } from './gauss-hermite.ts';
import { dimensionOf, type Marginal, type Posterior, type Prior, posteriorOf } from './marginal.ts';
import { type Maximum, maximize } from './maximize.ts';
import { type Table, type Tally, tabulate } from './tallies.ts';

/** A task as the fit sees it: logit P(success) = intercept + slope · ability. */
export interface Item {
  readonly task: string;
  readonly intercept: number;
  readonly interceptError: number;
  readonly slope: number;
  readonly slopeError: number;
  /** The ability at which success is even: -intercept/slope, with its delta-method error. */
  readonly difficulty: number;
  readonly difficultyError: number;
}

/** A model's ability, in standard deviations of the models fitted. */
export interface Ability {
  readonly model: string;
  /** The posterior's mean (EAP), its standard deviation, and the normal interval from both. */
  readonly value: number;
  readonly standardError: number;
  readonly interval: Interval;
  /** Tasks that the model was tried at, and that the fit kept. */
  readonly n: number;
}

export interface Abilities {
  readonly kind: '1PL' | '2PL';
  readonly abilities: readonly Ability[];
  readonly items: readonly Item[];
  /** Tasks left out since every model succeeded, or none: nothing bounds their difficulty. */
  readonly setAside: Table['setAside'];
  readonly logLikelihood: number;
  /** Nodes of the quadrature, and the prior; null where the fit is by likelihood alone. */
  readonly nodes: number;
  readonly prior: Prior | null;
  /** Models. */
  readonly n: number;
  readonly epochs: Epochs;
}

export interface AbilitiesOptions {
  /** 1PL: one slope for all tasks; 2PL: each its own. */
  readonly kind: '1PL' | '2PL';
  readonly level?: number;
  /** Quadrature nodes, 9 to 101; 21 unless told. */
  readonly nodes?: number;
  /** Keeps 2PL finite where models are few; one-sided tasks are then kept. */
  readonly prior?: Prior;
}

/**
 * A prior for 2PL from a 1PL fit of the same runs: slopes around the shared one with half of it as
 * deviation, intercepts as wide as twice the tasks' spread (3 logits at least).
 *
 * Empirical Bayes in the manner of Mislevy, Bayes Modal Estimation in Item Response Models
 * (Psychometrika 51, 1986). Without it a handful of models leaves some slopes without an end.
 */
export function weakPrior({ items }: Pick<Abilities, 'items'>): Prior {
  const intercepts = items.map((item) => item.intercept);
  const center = mean(intercepts);
  const spread = Math.sqrt(mean(intercepts.map((value) => (value - center) ** 2)));
  const slope = Math.max(0.5, items[0]?.slope ?? 1);
  return {
    intercept: { mean: center, sd: Math.max(3, 2 * spread) },
    slope: { mean: slope, sd: slope / 2 },
  };
}

/**
 * Item-response abilities by marginal maximum likelihood: abilities are N(0, 1) over models.
 *
 * Rasch (1960) and Birnbaum (in Lord and Novick 1968, chapter 17); the likelihood of Bock and Aitkin
 * (Psychometrika 46, 1981). Item errors come from the observed information, ability errors take the
 * items as known. With a handful of models 2PL needs a prior, and says so by not converging.
 */
export function fitAbilities(
  tallies: readonly Tally[],
  options: AbilitiesOptions,
): Figured<Abilities> {
  const level = options.level ?? 0.95;
  const nodes = options.nodes ?? 21;
  const fault =
    levelFault(level) ?? countFault('nodes', nodes, { from: 9, to: 101 }) ?? priorFault(options);
  if (fault) return fault;
  const keepOneSided = options.prior !== undefined;
  const table = tabulate(tallies, { groupBy: 'model', keepOneSided });
  if (!table.ok) return table;
  const marginal: Marginal = {
    groups: table.value.groups,
    items: table.value.itemNames.length,
    shared: options.kind === '1PL',
    rule: gaussHermite(nodes),
    ...(options.prior ? { prior: options.prior } : {}),
  };
  const fit = maximize(marginal, startOf(marginal));
  if (!fit.ok) return fit;
  const maximum = upright(fit.value, marginal);
  return ok({
    kind: options.kind,
    abilities: abilitiesOf(table.value, marginal, { parameters: maximum.parameters, level }),
    items: itemsOf(table.value, marginal, maximum),
    setAside: table.value.setAside,
    logLikelihood: maximum.logLikelihood,
    nodes,
    prior: options.prior ?? null,
    n: table.value.groupNames.length,
    epochs: table.value.epochs,
  });
}

/** Each item at the logit of its share of right answers, slope 1. */
export function startOf({ groups, items, shared }: Omit<Marginal, 'rule'>): Float64Array {
  const right = new Float64Array(items);
  const asked = new Float64Array(items);
  for (const group of groups) {
    for (let place = 0; place < group.items.length; place += 1) {
      const item = at(group.items, place);
      right[item] = at(right, item) + at(group.successes, place);
      asked[item] = at(asked, item) + at(group.trials, place);
    }
  }
  const start = new Float64Array(dimensionOf({ items, shared })).fill(1);
  for (let item = 0; item < items; item += 1) {
    const share = (at(right, item) + 0.5) / (at(asked, item) + 1);
    start[item] = Math.log(share / (1 - share));
  }
  return start;
}

// Ability has no direction of its own: more of it must mean more success.
function upright(maximum: Maximum, { items }: Marginal): Maximum {
  const slopes = maximum.parameters.slice(items);
  if (slopes.reduce((sum, slope) => sum + slope, 0) >= 0) return maximum;
  const parameters = maximum.parameters.map((value, place) => (place < items ? value : -value));
  const size = parameters.length;
  // L·Lᵀ must change sign between the two kinds: so does each row of slopes in L.
  const lower = maximum.lower.map((value, place) =>
    Math.floor(place / size) < items ? value : -value,
  );
  return { ...maximum, parameters, lower };
}

function abilitiesOf(
  table: Table,
  marginal: Marginal,
  { parameters, level }: { readonly parameters: Float64Array; readonly level: number },
): Ability[] {
  const critical = normalCritical(level);
  return table.groups.map((group, index) => {
    const { value, standardError } = meanOf(posteriorOf(group, marginal, parameters));
    return {
      model: table.groupNames[index] ?? '',
      value,
      standardError,
      interval: {
        low: value - critical * standardError,
        high: value + critical * standardError,
        level,
      },
      n: group.items.length,
    };
  });
}

function meanOf({ points, weights }: Posterior): { value: number; standardError: number } {
  const value = points.reduce((sum, point, place) => sum + point * at(weights, place), 0);
  const variance = points.reduce(
    (sum, point, place) => sum + (point - value) ** 2 * at(weights, place),
    0,
  );
  return { value, standardError: Math.sqrt(variance) };
}

function itemsOf(table: Table, { items, shared }: Marginal, maximum: Maximum): Item[] {
  const { parameters, lower } = maximum;
  const size = parameters.length;
  return table.itemNames.map((task, item) => {
    const place = items + (shared ? 0 : item);
    const [intercept, slope] = [at(parameters, item), at(parameters, place)];
    const own = inverseColumn(lower, size, item);
    const ofSlope = inverseColumn(lower, size, place);
    const [cc, ca, aa] = [at(own, item), at(own, place), at(ofSlope, place)];
    const [byIntercept, bySlope] = [-1 / slope, intercept / (slope * slope)];
    const variance =
      byIntercept * byIntercept * cc + 2 * byIntercept * bySlope * ca + bySlope * bySlope * aa;
    return {
      task,
      intercept,
      interceptError: Math.sqrt(cc),
      slope,
      slopeError: Math.sqrt(aa),
      difficulty: -intercept / slope,
      difficultyError: Math.sqrt(variance),
    };
  });
}

function priorFault({ prior }: AbilitiesOptions): ReturnType<typeof no> | undefined {
  if (!prior) return undefined;
  const all = [prior.intercept, prior.slope];
  if (all.every(({ mean, sd }) => Number.isFinite(mean) && sd > 0 && Number.isFinite(sd))) {
    return undefined;
  }
  return no('unusable-option', {
    expected: 'finite means and deviations above 0',
    got: JSON.stringify(prior),
    todo: 'correct the prior',
  });
}
