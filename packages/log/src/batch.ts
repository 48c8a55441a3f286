/** How many entries a tick may append; a log starts at the first, the floor. */
export const sizeClasses = [16, 64, 256, 1024, 4096] as const;

/** One of {@link sizeClasses}. */
export type SizeClass = (typeof sizeClasses)[number];

/** What the policy remembers between ticks; stored with the log, so that a restart tells nothing. */
export interface BatchState {
  readonly sizeClass: SizeClass;
  /** The UTC day of the last tick, `2026-11-21`. */
  readonly day: string;
  /** Whether the class has moved on that day. */
  readonly moved: boolean;
  /** Most entries that waited at any tick of that day. */
  readonly pendingPeak: number;
}

/** What a tick sees: the UTC day it falls on and how many entries wait. */
export interface Tick {
  readonly day: string;
  readonly pending: number;
}

/** What a tick does: appends `size` entries, the `take` oldest that wait and `padding`, mixed. */
export interface Batch {
  readonly state: BatchState;
  readonly size: SizeClass;
  readonly take: number;
  readonly padding: number;
}

/** The state before the first tick of a log. */
export function firstBatchState(day: string): BatchState {
  return { sizeClass: sizeClasses[0], day, moved: false, pendingPeak: 0 };
}

/**
 * Decides the batch of one tick. Every tick appends exactly the current size class, real entries
 * and random padding mixed, also when nothing happened; what waits beyond it waits on, in order.
 * So the size of the log tells an outsider how many ticks went by, and nothing else.
 *
 * The class rises one step when the last entry in the queue would otherwise wait more than
 * `waitTicksMax` ticks, and falls one step at the first tick of a UTC day when no tick of the
 * day before had more waiting than the lower class takes. It moves at most once a UTC day and
 * never falls within one.
 *
 * What this still leaks: at most one class step a day, and the tick at which it came. A watcher
 * learns that the backlog crossed `sizeClass * waitTicksMax` then, or that a day stayed below the
 * lower class. Someone who can add entries can push the backlog to that line on purpose and learn,
 * once a day, whether the others' entries were enough to cross it. Padding hides numbers, not
 * that: an operator to whom it matters sets `waitTicksMax` so high that the class never moves.
 */
export function planBatch(state: BatchState, tick: Tick, waitTicksMax: number): Batch {
  const today = turnDay(state, tick.day);
  const sizeClass = rises(today, tick.pending, waitTicksMax)
    ? neighbor(today.sizeClass, 1)
    : today.sizeClass;
  const take = Math.min(tick.pending, sizeClass);
  return {
    state: {
      sizeClass,
      day: today.day,
      moved: today.moved || sizeClass !== today.sizeClass,
      pendingPeak: Math.max(today.pendingPeak, tick.pending),
    },
    size: sizeClass,
    take,
    padding: sizeClass - take,
  };
}

function turnDay(state: BatchState, day: string): BatchState {
  // A clock set back stays on the later day: it must not grant a second move.
  if (day <= state.day) return state;
  const lower = neighbor(state.sizeClass, -1);
  const sizeClass = state.pendingPeak <= lower ? lower : state.sizeClass;
  return { sizeClass, day, moved: sizeClass !== state.sizeClass, pendingPeak: 0 };
}

function rises(state: BatchState, pending: number, waitTicksMax: number): boolean {
  return !state.moved && Math.ceil(pending / state.sizeClass) > waitTicksMax;
}

function neighbor(sizeClass: SizeClass, step: 1 | -1): SizeClass {
  // An index of -1 gives undefined here, unlike at(-1): the lowest class stays the lowest.
  return sizeClasses[sizeClasses.indexOf(sizeClass) + step] ?? sizeClass;
}
