export {
  type AmountKind,
  Amounts,
  amountKinds,
  amountsBy,
  callMax,
  limitMax,
  noAmounts,
  plus,
  type SomeAmounts,
} from './amounts.ts';
export {
  type Account,
  type Budget,
  type Closed,
  closedMax,
  type Grant,
  heldOf,
  Limits,
  leftOf,
  openBudget,
  openMax,
} from './budget.ts';
export {
  type Call,
  type Close,
  type Counts,
  closeIn,
  countsBy,
  type Draw,
  type Draws,
  excessOf,
  type Fit,
  fitCall,
  holdIn,
  leftIn,
  openPool,
  type Pool,
  type Range,
  type SomeCounts,
  scarcestOf,
} from './pool.ts';
export { Currency, costBound, costOf, Prices, priceMax, type TokenCounts } from './prices.ts';
export { type NotGranted, type ReserveCode, type Reserved, reserve, scarcest } from './reserve.ts';
export { release, type SettleCode, type Settled, settle } from './settle.ts';
export { Actual, Span, Wish } from './wish.ts';
