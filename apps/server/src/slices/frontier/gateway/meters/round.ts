import type { Call } from '@breakwater/meter';
import { type Cell, type Decided, decide } from './lease.ts';
import type { MeterKind } from './model.ts';
import type { Amount, Purse, Slot } from './purse.ts';
import { type CellRows, cellId } from './store.ts';

/** What is decided on requests of one key under its lock, and leased for it. */
export interface Round extends Decided {
  readonly slots: readonly Slot[];
  readonly cells: readonly Cell[];
  /** Per cell, in order: what is to be unused, and what was leased for that beyond the need. */
  readonly targets: readonly number[];
  readonly ahead: readonly number[];
}

/** What a round goes by, beside what the process has. */
export interface RoundBy {
  readonly slots: readonly Slot[];
  readonly rows: CellRows;
  /** Whether somebody was short of late. */
  readonly isWanted: boolean;
  /** When others were last asked to give back. */
  readonly askedAtMs: number;
  /** Processes that live. */
  readonly processes: number;
}

/** Decides on requests, and on what to lease so that the next ones need not wait. */
export function roundOf(
  purse: Purse,
  waiters: readonly { readonly call: Call<MeterKind>; readonly sinceMs: number }[],
  by: RoundBy,
): Round {
  const { slots, rows, processes } = by;
  const cells = purse.cells(slots, (slot, kind) => {
    const id = cellId({ ...slot, kind });
    return {
      free: rows.free.get(id) ?? 0,
      isElsewhere: rows.elsewhere.has(id),
      isUnanswered: rows.unanswered.has(id),
    };
  });
  const decided = decide(
    cells,
    waiters.map(({ call, sinceMs }) => ({ call, isBefore: sinceMs <= by.askedAtMs })),
  );
  const isScarce = by.isWanted || decided.verdicts.some(({ is }) => is !== 'granted');
  const { free, left } = decided;
  const targets = cells.map((cell, at) =>
    purse.target(cell, { free: free[at] ?? 0, processes, isScarce }),
  );
  const ahead = targets.map((target, at) => {
    const own = (left[at] ?? 0) - (free[at] ?? 0);
    return Math.max(0, target - own);
  });
  return { ...decided, slots, cells, targets, ahead };
}

/** What a round leases, by cell. */
export function amountsOf({ cells, takes, ahead }: Round): readonly Amount[] {
  return cells.flatMap(({ span, from, kind }, at) => {
    const amount = (takes[at] ?? 0) + (ahead[at] ?? 0);
    return amount === 0 ? [] : [{ span, from, kind, amount }];
  });
}
