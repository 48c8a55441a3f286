import { ok, type Result, refuse } from '@breakwater/kernel';
import {
  type AmountKind,
  type Amounts,
  amountKinds,
  noAmounts,
  plus,
  type SomeAmounts,
} from './amounts.ts';
import { type Budget, type Closed, closedMax, type Reservation } from './budget.ts';
import { closeIn, excessOf } from './pool.ts';
import { costOf } from './prices.ts';
import { sameJson } from './reserve.ts';
import { Actual, faultOf } from './wish.ts';

/** Why nothing was settled or released. */
export type SettleCode =
  | 'actual-malformed'
  | 'reservation-unknown'
  | 'reservation-released'
  | 'settled-otherwise';

/** What a call came to. `excess` names what went beyond the grant: the provider did that. */
export interface Settled {
  readonly budget: Budget;
  readonly spent: Amounts;
  readonly excess: SomeAmounts;
  /** Whether it was settled just so before; then nothing changed. */
  readonly isAgain: boolean;
}

/**
 * Closes a reservation with what was really taken and gives back the rest. What goes beyond the
 * grant is billed as well, and recorded as excess. Settling again with the same changes nothing;
 * with something else it is refused.
 */
export function settle(budget: Budget, id: string, actual: Actual): Result<Settled, SettleCode> {
  const parsed = Actual.safeParse(actual);
  if (!parsed.success) return no('actual-malformed', faultOf(parsed.error));
  const before = budget.closed.find((each) => each.id === id);
  if (before !== undefined) return settleAgain(budget, before, actual);
  const reservation = budget.open.find(({ grant }) => grant.id === id);
  if (reservation === undefined) return no('reservation-unknown', `the id ${JSON.stringify(id)}`);
  const spent = spentBy(reservation, actual);
  const excess = someOf(excessOf(amountKinds, { held: reservation.grant.held, spent }));
  const closed: Closed = { id, how: 'settled', actual, spent, excess };
  const after = close(budget, reservation, closed);
  return ok({ budget: after, spent, excess, isAgain: false });
}

function settleAgain(budget: Budget, before: Closed, actual: Actual): Result<Settled, SettleCode> {
  if (before.how !== 'settled') return no('reservation-released', before.how);
  if (!sameJson(before.actual, actual)) return no('settled-otherwise', 'other counts');
  return ok({ budget, spent: before.spent, excess: before.excess, isAgain: true });
}

/**
 * Closes a reservation of a call that was not made (`unused`: everything is given back), or that
 * was cut off so that nobody knows what it took (`cut`: everything is given back too, and its bound
 * is counted apart; who must never spend more than the limit settles at the bound instead).
 */
export function release(
  budget: Budget,
  id: string,
  how: 'unused' | 'cut',
): Result<Budget, SettleCode> {
  const before = budget.closed.find((each) => each.id === id);
  if (before?.how === how) return ok(budget);
  if (before?.how === 'settled') return no('settled-otherwise', 'a reservation settled before');
  if (before !== undefined) return no('reservation-released', before.how);
  const reservation = budget.open.find(({ grant }) => grant.id === id);
  if (reservation === undefined) return no('reservation-unknown', `the id ${JSON.stringify(id)}`);
  const after = close(budget, reservation, { id, how });
  if (how === 'unused') return ok(after);
  return ok({ ...after, cut: plus(budget.cut, reservation.grant.held) });
}

function spentBy({ wish: { prices } }: Reservation, actual: Actual): Amounts {
  const { inputTokens = 0, outputTokens = 0 } = actual;
  return {
    messages: actual.messages ?? 0,
    tokens: inputTokens + outputTokens,
    turns: actual.turns ?? 0,
    wallMs: actual.wallMs ?? 0,
    workingMs: actual.workingMs ?? 0,
    costMicros: prices === undefined ? 0 : costOf(prices, { ...actual, inputTokens, outputTokens }),
  };
}

function someOf(over: Amounts): SomeAmounts {
  const excess: Partial<Record<AmountKind, number>> = {};
  for (const kind of amountKinds) if (over[kind] > 0) excess[kind] = over[kind];
  return excess;
}

function close(budget: Budget, { grant: { id, held } }: Reservation, closed: Closed): Budget {
  const kept = budget.closed.slice(-(closedMax - 1));
  const spent = closed.how === 'settled' ? closed.spent : noAmounts;
  return {
    ...budget,
    ...closeIn(amountKinds, budget, { held, spent }),
    open: budget.open.filter(({ grant }) => grant.id !== id),
    closed: [...kept, closed],
  };
}

const expected: Readonly<Record<SettleCode, readonly [string, string]>> = {
  'actual-malformed': ['counts that are whole numbers', 'settle with what the provider told'],
  'reservation-unknown': ['a reservation that is open', 'reserve before each call'],
  'reservation-released': ['a reservation that is open', 'count what came late apart'],
  'settled-otherwise': ['what it was settled with before', 'settle a reservation once'],
};

function no(code: SettleCode, got: string) {
  const [wanted, todo] = expected[code];
  return refuse({ code, expected: wanted, got, todo });
}
