import { ok, type Result } from '@breakwater/kernel';
import type { SomeAmounts } from './amounts.ts';
import type { Budget, Grant } from './budget.ts';
import { type NotGranted, reserve, scarcest } from './reserve.ts';
import { release, type SettleCode, type Settled, settle } from './settle.ts';
import type { Actual, Wish } from './wish.ts';

/** Where a budget lives in a running program: holders that run at once share the account. */
export interface Account {
  budget: Budget;
}

/** {@link Meter.reserve}'s answer. */
export type MeterAnswer =
  | { readonly ok: true; readonly value: Grant }
  | { readonly ok: false; readonly refusal: NotGranted };

/**
 * The hand a holder has on its accounts. Each call happens at once and whole: in all accounts or
 * in none, with no await between reading and writing, so that holders can never pass a limit
 * together that one alone may not pass.
 */
export interface Meter {
  readonly reserve: (wish: Wish) => MeterAnswer;
  readonly settle: (id: string, actual: Actual) => Result<Omit<Settled, 'budget'>, SettleCode>;
  readonly release: (id: string, how: 'unused' | 'cut') => Result<void, SettleCode>;
  /** What is left in the scarcest account. */
  readonly left: () => SomeAmounts;
}

/** A meter over the accounts that a call is billed to together: a sample's and its run's. */
export function createMeter(accounts: readonly [Account, ...Account[]]): Meter {
  const budgets = () => accounts.map(({ budget }) => budget);
  const keep = (changed: readonly Budget[]) => {
    for (const [at, account] of accounts.entries()) account.budget = changed[at] ?? account.budget;
  };
  return {
    reserve: (wish) => {
      const reserved = reserve(budgets(), wish);
      if (!reserved.ok) return reserved;
      keep(reserved.value.budgets);
      return ok(reserved.value.grant);
    },
    settle: (id, actual) => {
      const all = inEach(budgets(), (budget) => settle(budget, id, actual));
      if (!all.ok) return all;
      keep(all.value.map(({ budget }) => budget));
      const [first] = all.value;
      if (first === undefined) throw new RangeError('a meter without an account');
      return ok({ spent: first.spent, excess: first.excess, isAgain: first.isAgain });
    },
    release: (id, how) => {
      const all = inEach(budgets(), (budget) => release(budget, id, how));
      if (!all.ok) return all;
      keep(all.value);
      return ok(undefined);
    },
    left: () => scarcest(budgets()),
  };
}

function inEach<T, C extends string>(
  budgets: readonly Budget[],
  step: (budget: Budget) => Result<T, C>,
): Result<readonly T[], C> {
  const all: T[] = [];
  for (const budget of budgets) {
    const one = step(budget);
    if (!one.ok) return one;
    all.push(one.value);
  }
  return ok(all);
}
