import { costBound, outputFor, type Prices } from './prices.ts';

// The core of every meter: what is counted is a parameter. Each function takes time by the number
// of kinds alone, however much is open.

/** So much of every kind, in whole numbers. */
export type Counts<K extends string> = Readonly<Record<K, number>>;

/** So much of some kinds. As a limit: what is not named has none. */
export type SomeCounts<K extends string> = Readonly<Partial<Record<K, number | undefined>>>;

/**
 * What may be spent of each kind, and what became of it. In every kind `used` and `held` stay
 * within limit and `excess` together.
 */
export interface Pool<K extends string> {
  readonly limits: SomeCounts<K>;
  /** What was settled. */
  readonly used: Counts<K>;
  /** What is reserved and open. */
  readonly held: Counts<K>;
  /** The part of `used` that went beyond what had been reserved. */
  readonly excess: Counts<K>;
}

/** An amount of each of `kinds`. */
export function countsBy<K extends string>(
  kinds: readonly K[],
  of: (kind: K) => number,
): Record<K, number> {
  const counts: Partial<Record<K, number>> = {};
  for (const kind of kinds) counts[kind] = of(kind);
  return counts as Record<K, number>; // each of them was set
}

/** A pool of which nothing was taken. */
export function openPool<K extends string>(kinds: readonly K[], limits: SomeCounts<K>): Pool<K> {
  const none = countsBy(kinds, () => 0);
  return { limits, used: none, held: none, excess: none };
}

/** What is left of each kind that has a limit; never less than 0. */
export function leftIn<K extends string>(kinds: readonly K[], pool: Pool<K>): SomeCounts<K> {
  const left: Partial<Record<K, number>> = {};
  for (const kind of kinds) {
    const limit = pool.limits[kind];
    if (limit !== undefined) left[kind] = Math.max(0, limit - pool.used[kind] - pool.held[kind]);
  }
  return left;
}

/** What is left in the scarcest of several, of each kind that one of them names. */
export function scarcestOf<K extends string>(
  kinds: readonly K[],
  all: readonly SomeCounts<K>[],
): SomeCounts<K> {
  const least: Partial<Record<K, number>> = {};
  for (const left of all) {
    for (const kind of kinds) {
      const amount = left[kind];
      if (amount !== undefined) least[kind] = Math.min(amount, least[kind] ?? amount);
    }
  }
  return least;
}

/** An amount that may be cut: `most` is wanted, and below `least` it is of no use. */
export interface Range {
  readonly most: number;
  readonly least: number;
}

/** How a call draws on one kind. What is not named it does not draw on. */
export type Draw =
  /** So much, whatever it answers. */
  | number
  /** By itself, and cut by itself: time. */
  | Range
  /** A token for each of the answer, and these besides. */
  | { readonly perOutput: number }
  /** What input and answer cost. */
  | { readonly prices: Prices };
export type Draws<K extends string> = Readonly<Partial<Record<K, Draw>>>;

/** A call as pools see it. */
export interface Call<K extends string> {
  readonly draws: Draws<K>;
  readonly inputTokens: number;
  readonly outputTokens: Range;
}

/** What a call is given, or the kinds there is too little of. */
export interface Fit<K extends string> {
  readonly held: Counts<K>;
  readonly outputTokens: number;
  /** Whether less output or time is given than was asked for. */
  readonly isCut: boolean;
  readonly short: readonly K[];
}

/**
 * Fits the upper bound of a call into what is left: what can be cut is cut to the scarcest. Only a
 * fit without anything `short` may be held.
 */
export function fitCall<K extends string>(
  kinds: readonly K[],
  call: Call<K>,
  left: SomeCounts<K>,
): Fit<K> {
  const { draws, inputTokens, outputTokens } = call;
  let output = outputTokens.most;
  const short: K[] = [];
  for (const kind of kinds) {
    const room = roomOf(call, draws[kind] ?? 0, left[kind] ?? Infinity);
    if (room === null) short.push(kind);
    else output = Math.min(output, room);
  }
  const counts = { inputTokens, outputTokens: Math.max(0, output) };
  let isCut = output < outputTokens.most;
  const held = countsBy(kinds, (kind) => {
    const draw: Draw = draws[kind] ?? 0;
    if (typeof draw === 'number') return draw;
    if ('prices' in draw) return costBound(draw.prices, counts);
    if ('perOutput' in draw) return draw.perOutput + counts.outputTokens;
    const given = Math.min(draw.most, left[kind] ?? Infinity);
    if (given < draw.most) isCut = true;
    return given;
  });
  return { held, outputTokens: counts.outputTokens, isCut, short };
}

/** The output that one kind leaves room for; null: not for the least of the call. */
function roomOf<K extends string>(call: Call<K>, draw: Draw, left: number): number | null {
  const { inputTokens, outputTokens } = call;
  const { most, least } = outputTokens;
  if (typeof draw === 'number') return draw > left ? null : most;
  if ('least' in draw) return Math.min(draw.most, left) < draw.least ? null : most;
  const room =
    'perOutput' in draw
      ? Math.min(most, left - draw.perOutput)
      : left === Infinity
        ? most
        : outputFor(draw.prices, { costMicros: left, inputTokens, most });
  return room < least ? null : room;
}

/** The pool with so much more held. */
export function holdIn<K extends string>(
  kinds: readonly K[],
  pool: Pool<K>,
  held: Counts<K>,
): Pool<K> {
  return { ...pool, held: countsBy(kinds, (kind) => exact(pool.held[kind] + held[kind])) };
}

/** What a call took, beside what had been held for it. */
export interface Close<K extends string> {
  readonly held: Counts<K>;
  readonly spent: Counts<K>;
}

/** The pool after something held was closed: what was spent is used, the rest is left again. */
export function closeIn<K extends string>(
  kinds: readonly K[],
  pool: Pool<K>,
  { held, spent }: Close<K>,
): Pool<K> {
  const over = excessOf(kinds, { held, spent });
  return {
    limits: pool.limits,
    used: countsBy(kinds, (kind) => exact(pool.used[kind] + spent[kind])),
    held: countsBy(kinds, (kind) => pool.held[kind] - held[kind]),
    excess: countsBy(kinds, (kind) => exact(pool.excess[kind] + over[kind])),
  };
}

/** What was spent beyond what had been held. */
export function excessOf<K extends string>(
  kinds: readonly K[],
  { held, spent }: Close<K>,
): Counts<K> {
  return countsBy(kinds, (kind) => Math.max(0, spent[kind] - held[kind]));
}

/** Throws where a sum can no longer be told exactly: above 2^53. */
function exact(sum: number): number {
  if (!Number.isSafeInteger(sum)) throw new RangeError('a count of more than 2^53');
  return sum;
}
