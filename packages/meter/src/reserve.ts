import { canonicalJson, fromUtf8, type Json, ok, type Refusal, refuse } from '@breakwater/kernel';
import { type AmountKind, amountKinds, type SomeAmounts } from './amounts.ts';
import { type Budget, type Grant, leftOf, openMax } from './budget.ts';
import { type Call, fitCall, holdIn, scarcestOf } from './pool.ts';
import { faultOf, Wish } from './wish.ts';

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
  const { short, held: taken, outputTokens, isCut } = fitCall(amountKinds, callOf(wish), left);
  if (short.length > 0) {
    const got = short.map((kind) => `${left[kind] ?? 0} ${kind} left`).join(', ');
    return no('budget-spent', { ...sayings['budget-spent'], got }, short);
  }
  const { id, inputTokens = 0 } = wish;
  const grant: Grant = { id, held: taken, inputTokens, outputTokens, isCut };
  const after = budgets.map((budget) => ({
    ...budget,
    ...holdIn(amountKinds, budget, taken),
    open: [...budget.open, { wish, grant }],
  }));
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
  return scarcestOf(amountKinds, budgets.map(leftOf));
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

function callOf(wish: Wish): Call<AmountKind> {
  const { messages = 0, turns = 0, inputTokens = 0, wallMs, workingMs, prices } = wish;
  return {
    inputTokens,
    outputTokens: wish.outputTokens ?? { most: 0, least: 0 },
    draws: {
      messages,
      turns,
      tokens: { perOutput: inputTokens },
      ...(wallMs && { wallMs }),
      ...(workingMs && { workingMs }),
      ...(prices && { costMicros: { prices } }),
    },
  };
}
