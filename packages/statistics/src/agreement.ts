import { ok } from '@breakwater/kernel';
import type { Interval } from './figure.ts';
import { normalCritical } from './quantiles/normal.ts';
import { type Figured, levelFault, no } from './refusal.ts';

/** Two reviewers' agreement beyond chance. */
export interface Agreement {
  /** Cohen's κ: 1 is agreement throughout, 0 what chance gives. */
  readonly value: number;
  readonly standardError: number;
  readonly interval: Interval;
  /** Plain share of agreement, and what chance alone would give. */
  readonly observed: number;
  readonly byChance: number;
  /** Things that both reviewed. */
  readonly n: number;
}

/**
 * Cohen's kappa of two reviewers' labels, pair by pair.
 *
 * Cohen (Educational and Psychological Measurement 20, 1960), with the large-sample error of Fleiss,
 * Cohen and Everitt (Psychological Bulletin 72, 1969). Refuses pairs in which both always gave one
 * same label: chance explains all of that agreement.
 */
export function cohensKappa(
  pairs: readonly (readonly [first: string, second: string])[],
  level = 0.95,
): Figured<Agreement> {
  const fault = levelFault(level);
  if (fault) return fault;
  const n = pairs.length;
  if (n < 2) {
    return no('too-few', { expected: 'two pairs at least', got: String(n), todo: 'review more' });
  }
  const share = (test: (pair: readonly [string, string]) => boolean): number =>
    pairs.filter(test).length / n;
  const labels = [...new Set(pairs.flat())];
  const [first, second] = [0, 1].map(
    (side) => new Map(labels.map((label) => [label, share((pair) => pair[side] === label)])),
  );
  const of = (side: Map<string, number> | undefined, label: string): number =>
    side?.get(label) ?? 0;
  const observed = share(([one, other]) => one === other);
  const byChance = labels.reduce((sum, label) => sum + of(first, label) * of(second, label), 0);
  if (byChance >= 1) {
    return no('one-outcome', {
      expected: 'more than one label',
      got: 'the same label throughout',
      todo: 'show the share of agreement alone',
    });
  }
  const value = (observed - byChance) / (1 - byChance);
  const keep = 1 - value;
  const cells = new Map<string, { pair: readonly [string, string]; count: number }>();
  for (const pair of pairs) {
    const key = `${pair[0].length} ${pair[0]} ${pair[1]}`;
    const cell = cells.get(key) ?? { pair, count: 0 };
    cell.count += 1;
    cells.set(key, cell);
  }
  let spread = 0;
  for (const { pair, count } of cells.values()) {
    const [one, other] = pair;
    const weight =
      one === other
        ? (1 - (of(first, one) + of(second, one)) * keep) ** 2
        : (keep * (of(second, one) + of(first, other))) ** 2;
    spread += (count / n) * weight;
  }
  const variance = (spread - (value - byChance * keep) ** 2) / (n * (1 - byChance) ** 2);
  const standardError = Math.sqrt(Math.max(0, variance));
  const half = normalCritical(level) * standardError;
  return ok({
    value,
    standardError,
    interval: { low: Math.max(-1, value - half), high: Math.min(1, value + half), level },
    observed,
    byChance,
    n,
  });
}
