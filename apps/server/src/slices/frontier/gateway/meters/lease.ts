import type { Instant } from '@breakwater/kernel';
import { type Call, type Counts, countsBy, type Fit, fitCall } from '@breakwater/meter';
import { type MeterKind, type MeterSpan, meterKinds } from './model.ts';

// What a process takes of the meters of a key, decided while it holds the key's lock. Pure.

/** One limited kind of one span, as its row and this process have it now. */
export interface Cell {
  readonly span: MeterSpan;
  readonly from: Instant;
  readonly kind: MeterKind;
  /** In the row: neither used nor leased. */
  readonly free: number;
  /** Leased by this process, and neither used nor held. */
  readonly own: number;
  /** Whether another process has leases of it. */
  readonly isElsewhere: boolean;
  /** Whether one of those has not yet given back what it does not need, since it was asked to. */
  readonly isUnanswered: boolean;
}

/** A request that waits for its answer. */
export interface Asking {
  readonly call: Call<MeterKind>;
  /** Whether it came before the others were asked to give back: their answers hold for it. */
  readonly isBefore: boolean;
}

/** What one request is answered; `wait`: only once others gave back what they do not need. */
export type Verdict =
  | { readonly is: 'granted'; readonly fit: Fit<MeterKind> }
  | { readonly is: 'refused'; readonly short: readonly Shortage[] }
  | { readonly is: 'wait' };

export interface Shortage {
  readonly span: MeterSpan;
  readonly kind: MeterKind;
  readonly left: number;
}

export interface Decided {
  readonly verdicts: readonly Verdict[];
  /** Per cell, in order: what is to be leased for the granted; and what is free after it. */
  readonly takes: readonly number[];
  readonly free: readonly number[];
  /** And what is left after it, in the rows and of this process's leases. */
  readonly left: readonly number[];
}

/**
 * Answers requests in their order, each by what those before it leave. Nothing is leased beyond what
 * is granted. One is refused, or cut, only by a cell of which nobody else held anything unused since it came.
 */
export function decide(cells: readonly Cell[], all: readonly Asking[]): Decided {
  const left = cells.map(({ free, own }) => free + own);
  const verdicts = all.map((asking) => {
    const verdict = verdictOf(asking, cells, left);
    if (verdict.is === 'granted') {
      for (const [at, { kind }] of cells.entries()) {
        left[at] = (left[at] ?? 0) - verdict.fit.held[kind];
      }
    }
    return verdict;
  });
  const takes = cells.map(({ free }, at) => Math.max(0, free - (left[at] ?? 0)));
  return { verdicts, takes, free: cells.map(({ free }, at) => free - (takes[at] ?? 0)), left };
}

function verdictOf(
  { call, isBefore }: Asking,
  cells: readonly Cell[],
  left: readonly number[],
): Verdict {
  const maybeElsewhere = ({ isElsewhere, isUnanswered }: Cell) =>
    isBefore ? isUnanswered : isElsewhere;
  const lacks = (bound: Counts<MeterKind>) =>
    cells.flatMap((cell, at) => {
      const has = left[at] ?? 0;
      return has < bound[cell.kind] ? [{ ...cell, left: has }] : [];
    });
  const fit = fitCall(meterKinds, call, leastOf(cells, left));
  if (fit.short.length > 0) {
    const short = lacks(boundOf(call, call.outputTokens.least));
    const sure = short.filter((cell) => !maybeElsewhere(cell));
    if (sure.length === 0) return { is: 'wait' };
    return { is: 'refused', short: sure.map(({ span, kind, left }) => ({ span, kind, left })) };
  }
  if (!fit.isCut) return { is: 'granted', fit };
  const cutting = lacks(boundOf(call, call.outputTokens.most));
  return cutting.some(maybeElsewhere) ? { is: 'wait' } : { is: 'granted', fit };
}

/** What a call holds with so much output. */
export function boundOf(call: Call<MeterKind>, output: number): Counts<MeterKind> {
  const outputTokens = { most: output, least: output };
  return fitCall(meterKinds, { ...call, outputTokens }, {}).held;
}

function leastOf(cells: readonly Cell[], left: readonly number[]) {
  const least = countsBy(meterKinds, () => Infinity);
  for (const [at, { kind }] of cells.entries()) {
    least[kind] = Math.min(least[kind], left[at] ?? 0);
  }
  return least;
}

/** By what a process takes more than it needs just now. */
export interface Pace {
  /** What one request takes at most, of late. */
  readonly need: number;
  /** What is taken in a second, of late. */
  readonly perSecond: number;
  /** Processes that live. */
  readonly processes: number;
  /** Whether somebody was short of late. */
  readonly isScarce: boolean;
}

/** Requests that a lease is good for at least, where there is plenty. */
const aheadMin = 32;
/** The next lease is fetched when half of it is left: a database that halts for one is not noticed. */
const aheadSeconds = 2;

/**
 * How much to lease ahead of `free`, so that requests do not wait: for two seconds, or thirty-two
 * requests; never more than half of a fair share, so that it shrinks toward the edge, and nothing at
 * all where the share has no room for a request or somebody was short.
 */
export function aheadOf(free: number, pace: Pace): number {
  if (pace.isScarce) return 0;
  const share = Math.floor(free / (2 * Math.max(1, pace.processes)));
  if (share < pace.need) return 0;
  return Math.min(share, Math.max(aheadMin * pace.need, Math.ceil(aheadSeconds * pace.perSecond)));
}
