import { ok, type Result } from '@breakwater/kernel';
import {
  type Account,
  type Actual,
  type Budget,
  type Grant,
  type NotGranted,
  release,
  reserve,
  type SettleCode,
  type Settled,
  type SomeAmounts,
  scarcest,
  settle,
  type Wish,
} from '../src/index.ts';

type Answer =
  | { readonly ok: true; readonly value: Grant }
  | { readonly ok: false; readonly refusal: NotGranted };

/** The hand that a holder has on its accounts: all of them or none, at once. */
export interface Meter {
  readonly reserve: (wish: Wish) => Answer;
  readonly settle: (id: string, actual: Actual) => Result<Omit<Settled, 'budget'>, SettleCode>;
  readonly release: (id: string, how: 'unused' | 'cut') => Result<void, SettleCode>;
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
