import { canonicalJson, fromUtf8, type Json, ok, type Refusal, refuse } from '@breakwater/kernel';
import { type AmountKind, type Amounts, amountKinds, type SomeAmounts } from './amounts.ts';
import { type Budget, type Grant, leftOf, openMax } from './budget.ts';
import { costBound, outputFor } from './prices.ts';
import { faultOf, type Span, Wish } from './wish.ts';

/** Why nothing was granted. Only `budget-spent` is about what is left. */
export type ReserveCode =
  | 'wish-malformed'
  | 'prices-missing'
  | 'currency-differs'
  | 'reservation-differs'
  | 'reservation-closed'
  | 'too-many-open'
  | 'budget-spent';

/** A refusal with what is left of each limited kind, and the kinds there is too little of. */
export interface NotGranted extends Refusal<ReserveCode> {
  readonly left: SomeAmounts;
  readonly short: readonly AmountKind[];
}

/** A grant, with the budgets as they are now. */
export interface Granted {
  readonly budgets: readonly Budget[];
  readonly grant: Grant;
}

/** {@link reserve}'s answer; a `Result` whose refusal says what is left. */
export type Reserved =
  | { readonly ok: true; readonly value: Granted }
  | { readonly ok: false; readonly refusal: NotGranted };

/**
 * Takes the upper bound of a call from every one of `budgets` (a sample's and its run's), or from
 * none. Output and time are cut to what is left in the scarcest, and refused below their least.
 * The same wish under an id that is open gets the grant it has: a retry takes nothing more.
 */
export function reserve(budgets: readonly Budget[], wish: Wish): Reserved {
  const left = scarcest(budgets);
  const no = (code: ReserveCode, said: Said, short: readonly AmountKind[] = []) => ({
    ...refuse({ code, ...said }),
    refusal: { code, ...said, left, short },
  });
  const parsed = Wish.safeParse(wish);
  if (!parsed.success) {
    const got = faultOf(parsed.error);
    return no('wish-malformed', { ...sayings['wish-malformed'], got });
  }
  const held = heldAlready(budgets, wish);
  if (typeof held === 'string') return no(held, sayings[held]);
  if (held !== null) return ok({ budgets, grant: held });
  const unpriced = priceFault(budgets, wish);
  if (unpriced !== null) return no(unpriced, sayings[unpriced]);
  if (budgets.some(({ open }) => open.length >= openMax)) {
    return no('too-many-open', sayings['too-many-open']);
  }
  const { grant, short } = fit(wish, left);
  if (short.length > 0) {
    const got = short.map((kind) => `${left[kind] ?? 0} ${kind} left`).join(', ');
    return no('budget-spent', { ...sayings['budget-spent'], got }, short);
  }
  const after = budgets.map((budget) => ({ ...budget, open: [...budget.open, { wish, grant }] }));
  return ok({ budgets: after, grant });
}

type Said = Omit<Refusal, 'code' | 'pointer'>;
const sayings: Readonly<Record<ReserveCode, Said>> = {
  'wish-malformed': {
    expected: 'an id, counts that are whole numbers, and spans from least to most',
    got: '',
    todo: 'mend the program that asks',
  },
  'prices-missing': {
    expected: 'the prices of the model, because money is limited',
    got: 'a wish without prices',
    todo: 'state the prices of the model, or set no limit of cost',
  },
  'currency-differs': {
    expected: 'prices in the currency of the limit',
    got: 'prices in another',
    todo: 'state prices and limit in one currency: none is converted',
  },
  'reservation-differs': {
    expected: 'the wish that the open reservation of this id answers',
    got: 'another wish under the same id, or a reservation that not every budget knows',
    todo: 'use the id of a reservation for retries of the same call alone',
  },
  'reservation-closed': {
    expected: 'an id that was not used before',
    got: 'the id of a reservation that is closed',
    todo: 'give the next call an id of its own',
  },
  'too-many-open': {
    expected: `at most ${openMax} open reservations`,
    got: 'one more',
    todo: 'settle or release what is done',
  },
  'budget-spent': {
    expected: 'at least the least that was asked for to be left',
    got: '',
    todo: 'end here, ask for less, or raise the limit',
  },
};

/** What is left in the scarcest of several budgets, per limited kind. */
export function scarcest(budgets: readonly Budget[]): SomeAmounts {
  const least: Partial<Record<AmountKind, number>> = {};
  for (const left of budgets.map(leftOf)) {
    for (const kind of amountKinds) {
      const amount = left[kind];
      if (amount !== undefined) least[kind] = Math.min(amount, least[kind] ?? amount);
    }
  }
  return least;
}

type Already = Grant | 'reservation-differs' | 'reservation-closed' | null;
function heldAlready(budgets: readonly Budget[], wish: Wish): Already {
  const isClosed = budgets.some(({ closed }) => closed.some(({ id }) => id === wish.id));
  if (isClosed) return 'reservation-closed';
  const found = budgets.flatMap(({ open }) => open.filter(({ grant }) => grant.id === wish.id));
  const [first] = found;
  if (first === undefined) return null;
  const isSame = found.every(
    (each) => sameJson(each.wish, wish) && sameJson(each.grant, first.grant),
  );
  return isSame && found.length === budgets.length ? first.grant : 'reservation-differs';
}

/** Whether two values of plain data say the same. */
export function sameJson(a: object, b: object): boolean {
  const text = (value: object) => fromUtf8(canonicalJson(value as Json)); // plain data, all of it
  return text(a) === text(b);
}

function priceFault(budgets: readonly Budget[], { prices }: Wish) {
  const currencies = budgets.flatMap(({ currency }) => currency ?? []);
  if (currencies.length === 0) return null;
  if (prices === undefined) return 'prices-missing';
  return currencies.every((each) => each === prices.currency) ? null : 'currency-differs';
}

interface Fit {
  readonly grant: Grant;
  readonly short: readonly AmountKind[];
}

function fit(wish: Wish, left: SomeAmounts): Fit {
  const { id, messages = 0, turns = 0, inputTokens = 0, outputTokens = nothing } = wish;
  const byTokens = Math.min(outputTokens.most, (left.tokens ?? Infinity) - inputTokens);
  const byCost = costRoom(wish, left);
  const output = Math.min(byTokens, byCost);
  const wallMs = Math.min(wish.wallMs?.most ?? 0, left.wallMs ?? Infinity);
  const workingMs = Math.min(wish.workingMs?.most ?? 0, left.workingMs ?? Infinity);
  const isShort: Readonly<Record<AmountKind, boolean>> = {
    messages: messages > (left.messages ?? Infinity),
    tokens: byTokens < outputTokens.least,
    turns: turns > (left.turns ?? Infinity),
    wallMs: wallMs < (wish.wallMs?.least ?? 0),
    workingMs: workingMs < (wish.workingMs?.least ?? 0),
    costMicros: byCost < outputTokens.least,
  };
  const counts = { inputTokens, outputTokens: Math.max(0, output) };
  const costMicros = wish.prices === undefined ? 0 : costBound(wish.prices, counts);
  const tokens = inputTokens + counts.outputTokens;
  const held: Amounts = { messages, tokens, turns, wallMs, workingMs, costMicros };
  const isCut =
    output < outputTokens.most ||
    wallMs < (wish.wallMs?.most ?? 0) ||
    workingMs < (wish.workingMs?.most ?? 0);
  return {
    grant: { id, held, ...counts, isCut },
    short: amountKinds.filter((kind) => isShort[kind]),
  };
}

const nothing: Span = { most: 0, least: 0 };

function costRoom(wish: Wish, left: SomeAmounts): number {
  const { inputTokens = 0, outputTokens: { most } = nothing, prices } = wish;
  if (left.costMicros === undefined || prices === undefined) return most;
  return outputFor(prices, { costMicros: left.costMicros, inputTokens, most });
}
