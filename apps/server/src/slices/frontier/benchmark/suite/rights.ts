import type { SuiteRight } from '@breakwater/contract';
import { levels } from '../../../../platform/commands/audience.ts';

/** One thing that a party was allowed; an item of '' is all of them. */
export interface Allowance {
  readonly party: string;
  readonly may: SuiteRight;
  readonly item: string;
}

/** Of which items something holds. */
export type Reach = 'all' | ReadonlySet<string>;

/** BEN-3: the items of a suite that `party` may `may`. */
export function reachOf(allowances: readonly Allowance[], party: string, may: SuiteRight): Reach {
  const own = allowances.filter((each) => each.party === party && each.may === may);
  return own.some(({ item }) => item === '') ? 'all' : new Set(own.map(({ item }) => item));
}

/** The items that `party` knows of: whatever it may of one, it knows of that one. */
export function knownTo(allowances: readonly Allowance[], party: string): Reach {
  const own = allowances.filter((each) => each.party === party);
  return own.some(({ item }) => item === '') ? 'all' : new Set(own.map(({ item }) => item));
}

export function isWithin(reach: Reach, item: string): boolean {
  return reach === 'all' || reach.has(item);
}

export function isAny(reach: Reach): boolean {
  return reach === 'all' || reach.size > 0;
}

/** What both reach. */
export function bothOf(one: Reach, other: Reach): Reach {
  if (one === 'all') return other;
  if (other === 'all') return one;
  return new Set([...one].filter((item) => other.has(item)));
}

/**
 * The level at which a party sees a suite: `all` its keeper, `detail` who knows of the whole of it,
 * `summary` who knows of single items.
 */
export function suiteLevel(
  allowances: readonly Allowance[],
  { party, keeper }: { readonly party: string; readonly keeper: string },
): number {
  if (party === keeper) return levels.all;
  const known = knownTo(allowances, party);
  if (known === 'all') return levels.detail;
  return known.size > 0 ? levels.summary : 0;
}

/** What a run is, as far as who sees it goes. */
export interface RunParts {
  readonly party: string;
  /** The items its samples are of; empty before its log is in. */
  readonly items: ReadonlySet<string>;
}

/**
 * The level at which a party sees a run of a suite: `all` who may see all results, `detail` whoever
 * brought it and still knows of the suite, `summary` who may see results of some of its items.
 */
export function runLevel(allowances: readonly Allowance[], party: string, run: RunParts): number {
  const results = reachOf(allowances, party, 'results');
  if (results === 'all') return levels.all;
  if (run.party === party && isAny(knownTo(allowances, party))) return levels.detail;
  return [...run.items].some((item) => results.has(item)) ? levels.summary : 0;
}
