import { z } from 'zod';

/**
 * What a budget counts, in whole numbers. `tokens` are input and output together; `wallMs` is time
 * that passed, `workingMs` the part of it in which nobody waited for a rate limit or a retry, both
 * in milliseconds; `costMicros` is money in millionths of one currency unit.
 */
export const amountKinds = [
  'messages',
  'tokens',
  'turns',
  'wallMs',
  'workingMs',
  'costMicros',
] as const;
export type AmountKind = (typeof amountKinds)[number];

/** Highest limit of one kind. */
export const limitMax = 1_000_000_000_000;

/** Most that one call may ask for or come to, of each kind: sums of thousands stay exact. */
export const callMax = 1_000_000_000;

/** An amount within one call. */
export const CallAmount = z.int().min(0).max(callMax);

const amount = z.int().min(0);

/** So much of every kind. */
export const Amounts = z.strictObject({
  messages: amount,
  tokens: amount,
  turns: amount,
  wallMs: amount,
  workingMs: amount,
  costMicros: amount,
});
export type Amounts = Readonly<z.infer<typeof Amounts>>;

/** So much of some kinds. As a limit: what is not named has none. */
export const SomeAmounts = Amounts.partial();
export type SomeAmounts = Readonly<z.infer<typeof SomeAmounts>>;

/** Nothing of any kind. */
export const noAmounts: Amounts = amountsBy(() => 0);

/** An amount of each kind. */
export function amountsBy(of: (kind: AmountKind) => number): Amounts {
  return {
    messages: of('messages'),
    tokens: of('tokens'),
    turns: of('turns'),
    wallMs: of('wallMs'),
    workingMs: of('workingMs'),
    costMicros: of('costMicros'),
  };
}

/** The sum of two amounts. Throws where it can no longer be told exactly: above 2^53. */
export function plus(a: Amounts, b: Amounts): Amounts {
  return amountsBy((kind) => {
    const sum = a[kind] + b[kind];
    if (!Number.isSafeInteger(sum)) throw new RangeError(`${kind} of more than 2^53`);
    return sum;
  });
}
