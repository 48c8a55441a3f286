import { z } from 'zod';
import {
  type AmountKind,
  type Amounts,
  amountKinds,
  limitMax,
  noAmounts,
  type SomeAmounts,
} from './amounts.ts';
import { leftIn, type Pool } from './pool.ts';
import { Currency } from './prices.ts';
import type { Actual, Wish } from './wish.ts';

/** How many closed reservations a budget remembers; an older one is refused as unknown. */
export const closedMax = 4096;

/** How many reservations may be open at once. */
export const openMax = 4096;

/** What was granted to one holder: all of `held` is taken from what is left until it is settled. */
export interface Grant {
  readonly id: string;
  readonly held: Amounts;
  /** The most tokens that may be sent, and the limit the provider is to be told for its answer. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Whether less output or time was granted than was asked for. */
  readonly isCut: boolean;
}

/** A reservation that is open: the same wish again gets the same grant. */
export interface Reservation {
  readonly wish: Wish;
  readonly grant: Grant;
}

/** A reservation that was closed: given back unused, cut off with its cost unknown, or settled. */
export type Closed =
  | { readonly id: string; readonly how: 'unused' | 'cut' }
  | {
      readonly id: string;
      readonly how: 'settled';
      readonly actual: Actual;
      readonly spent: Amounts;
      readonly excess: SomeAmounts;
    };

/**
 * A budget as plain data: what `JSON.stringify` makes of it is all of it. Never changed in place.
 * A {@link Pool} of the six kinds, with what is open in it and was closed by name.
 */
export interface Budget extends Pool<AmountKind> {
  /** The currency of `costMicros`; null where money is not limited. */
  readonly currency: string | null;
  /** The most that calls cut in flight may have taken; counted apart, not in `used`. */
  readonly cut: Amounts;
  /** At most {@link openMax}. */
  readonly open: readonly Reservation[];
  /** The last {@link closedMax} closed ones, oldest first. */
  readonly closed: readonly Closed[];
}

/**
 * Where a budget lives in a running program: holders that run at once share the account. Nobody
 * waits for anything between reading it and putting the next one in its place.
 */
export interface Account {
  budget: Budget;
}

const limit = z.int().min(0).max(limitMax).optional();
const secondsLimit = z
  .int()
  .min(0)
  .max(limitMax / 1000)
  .optional();

/** Limits as people write them: time in seconds, money in millionths of a named currency. */
export const Limits = z.strictObject({
  messages: limit,
  tokens: limit,
  turns: limit,
  seconds: secondsLimit,
  workingSeconds: secondsLimit,
  cost: z.strictObject({ micros: z.int().min(0).max(limitMax), currency: Currency }).optional(),
});
export type Limits = Readonly<z.infer<typeof Limits>>;

/** A budget of `limits` of which `used` is gone already (a run that goes on after a stop). */
export function openBudget(limits: Limits, used: Amounts = noAmounts): Budget {
  const { messages, tokens, turns, seconds, workingSeconds, cost } = limits;
  return {
    limits: {
      ...(messages === undefined ? {} : { messages }),
      ...(tokens === undefined ? {} : { tokens }),
      ...(turns === undefined ? {} : { turns }),
      ...(seconds === undefined ? {} : { wallMs: seconds * 1000 }),
      ...(workingSeconds === undefined ? {} : { workingMs: workingSeconds * 1000 }),
      ...(cost === undefined ? {} : { costMicros: cost.micros }),
    },
    currency: cost?.currency ?? null,
    used,
    held: noAmounts,
    excess: noAmounts,
    cut: noAmounts,
    open: [],
    closed: [],
  };
}

/** What open reservations hold together. */
export function heldOf(budget: Budget): Amounts {
  return budget.held;
}

/** What is left of each kind that has a limit; never less than 0. */
export function leftOf(budget: Budget): SomeAmounts {
  return leftIn(amountKinds, budget);
}
