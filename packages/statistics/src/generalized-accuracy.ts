import { ok } from '@breakwater/kernel';
import { startOf } from './ability/abilities.ts';
import { inverseColumn } from './ability/cholesky.ts';
import { gaussHermite } from './ability/gauss-hermite.ts';
import type { Marginal } from './ability/marginal.ts';
import { type Maximum, maximize } from './ability/maximize.ts';
import { type Table, type Tally, tabulate } from './ability/tallies.ts';
import { at } from './at.ts';
import type { Figure } from './figure.ts';
import { normalCritical } from './quantiles/normal.ts';
import { countFault, type Figured, levelFault } from './refusal.ts';

/** A model's accuracy over all tasks of the kind, not only those that were drawn. */
export interface GeneralizedAccuracy extends Figure {
  readonly model: string;
  readonly standardError: number;
  /** The fixed effect: the model's logit at a task of middling difficulty, with its error. */
  readonly logit: number;
  readonly logitError: number;
  /** Plain share of successes, beside it. */
  readonly observed: number;
}

export interface GeneralizedAccuracies {
  readonly models: readonly GeneralizedAccuracy[];
  /** Standard deviation of tasks in logits, with its error. */
  readonly taskDeviation: number;
  readonly taskDeviationError: number;
  /** Share of the latent variance that lies between tasks: σ²/(σ² + π²/3). */
  readonly intraTask: number;
  /** Models without both outcomes: they have no finite logit. */
  readonly setAside: Table['setAside'];
  readonly logLikelihood: number;
  readonly nodes: number;
}

export interface GeneralizedOptions {
  readonly level?: number;
  /** Nodes of the adaptive quadrature, 1 (Laplace) to 101; 25 unless told. */
  readonly nodes?: number;
}

/**
 * Generalized accuracy by a logistic mixed model: a fixed effect for each model, a normal random
 * effect for each task, and the expected success over that distribution of tasks.
 *
 * NIST AI 800-3, Expanding the AI Evaluation Toolbox with Statistical Models (2026); fitted as the
 * `glmer` of Bates et al. (Journal of Statistical Software 67, 2015) with adaptive quadrature. Errors
 * by the delta method; intervals are made on the logit, so that they stay within 0 and 1. n counts
 * the tasks that the model was tried at.
 */
export function generalizedAccuracy(
  tallies: readonly Tally[],
  options: GeneralizedOptions = {},
): Figured<GeneralizedAccuracies> {
  const level = options.level ?? 0.95;
  const nodes = options.nodes ?? 25;
  const fault = levelFault(level) ?? countFault('nodes', nodes, { from: 9, to: 101 });
  if (fault) return fault;
  const table = tabulate(tallies, { groupBy: 'task', keepOneSided: false });
  if (!table.ok) return table;
  const marginal: Marginal = {
    groups: table.value.groups,
    items: table.value.itemNames.length,
    shared: true,
    rule: gaussHermite(nodes),
  };
  const fit = maximize(marginal, startOf(marginal));
  if (!fit.ok) return fit;
  const place = marginal.items;
  const deviation = Math.abs(at(fit.value.parameters, place));
  const spread = inverseColumn(fit.value.lower, place + 1, place);
  return ok({
    models: table.value.itemNames.map((_, index) =>
      describe(index, { maximum: fit.value, table: table.value, level }),
    ),
    taskDeviation: deviation,
    taskDeviationError: Math.sqrt(at(spread, place)),
    intraTask: deviation ** 2 / (deviation ** 2 + Math.PI ** 2 / 3),
    setAside: table.value.setAside,
    logLikelihood: fit.value.logLikelihood,
    nodes,
  });
}

interface Fitted {
  readonly maximum: Maximum;
  readonly table: Table;
  readonly level: number;
}

function describe(index: number, { maximum, table, level }: Fitted): GeneralizedAccuracy {
  const { parameters, lower } = maximum;
  const size = parameters.length;
  const [logit, deviation] = [at(parameters, index), at(parameters, size - 1)];
  const own = inverseColumn(lower, size, index);
  const ofDeviation = inverseColumn(lower, size, size - 1);
  const { value, byLogit, byDeviation } = overTasks(logit, deviation);
  const variance =
    byLogit ** 2 * at(own, index) +
    2 * byLogit * byDeviation * at(own, size - 1) +
    byDeviation ** 2 * at(ofDeviation, size - 1);
  const standardError = Math.sqrt(variance);
  const half = (normalCritical(level) * standardError) / (value * (1 - value));
  const center = Math.log(value / (1 - value));
  const counts = countsOf(table, index);
  return {
    model: table.itemNames[index] ?? '',
    value,
    standardError,
    interval: {
      low: 1 / (1 + Math.exp(half - center)),
      high: 1 / (1 + Math.exp(-half - center)),
      level,
    },
    logit,
    logitError: Math.sqrt(at(own, index)),
    ...counts,
    method: 'logistic mixed model, delta method on the logit',
  };
}

const WIDE = gaussHermite(101);

/** E[logistic(logit + σ·Z)] over Z ~ N(0, 1), and its derivatives. */
function overTasks(
  logit: number,
  deviation: number,
): { value: number; byLogit: number; byDeviation: number } {
  let [value, byLogit, byDeviation] = [0, 0, 0];
  for (const [index, node] of WIDE.nodes.entries()) {
    const z = Math.SQRT2 * node;
    const weight = Math.exp(at(WIDE.logWeights, index)) / Math.sqrt(Math.PI);
    const chance = 1 / (1 + Math.exp(-logit - deviation * z));
    value += weight * chance;
    byLogit += weight * chance * (1 - chance);
    byDeviation += weight * z * chance * (1 - chance);
  }
  return { value, byLogit, byDeviation };
}

function countsOf(
  { groups }: Table,
  item: number,
): Pick<GeneralizedAccuracy, 'n' | 'epochs' | 'observed'> {
  let [n, successes, trials, fewest, most] = [0, 0, 0, Number.POSITIVE_INFINITY, 0];
  for (const group of groups) {
    const place = group.items.indexOf(item);
    if (place < 0) continue;
    const epochs = at(group.trials, place);
    n += 1;
    trials += epochs;
    successes += at(group.successes, place);
    fewest = Math.min(fewest, epochs);
    most = Math.max(most, epochs);
  }
  return { n, epochs: { fewest, most }, observed: successes / trials };
}
