/**
 * What is known of time at one moment: `at` by the calendar, and `ms` since this sitting began by a
 * clock that only grows. A sitting is one process at one terminal.
 */
export type ClockMark =
  | { readonly type: 'sat'; readonly at: string }
  | { readonly type: MarkType; readonly at: string; readonly ms: number };

/** `mark`: time was seen to pass. */
export type MarkType = 'mark' | 'paused' | 'going' | 'ended';

/**
 * Time that passed without anybody being seen at work: `closed`, the terminal was closed or the
 * program killed; `asleep`, the machine slept; `stalled`, the program was stopped and went on.
 */
export interface Interruption {
  readonly kind: 'closed' | 'asleep' | 'stalled';
  readonly ms: number;
}

/** Where the clock of a baseline stands. All times in milliseconds. */
export interface BaselineClock {
  readonly phase: 'new' | 'working' | 'paused' | 'ended';
  readonly workedMs: number;
  /** Each pause that was asked for; the last one grows while `paused`. */
  readonly pauses: readonly number[];
  readonly interruptions: readonly Interruption[];
  readonly last: { readonly at: string; readonly ms: number } | null;
}

/** Marks are set so far apart; so much of the work can be lost by a kill, and counts as away. */
export const markEveryMs = 5_000;

/** Marks further apart than this tell of no work between them. */
export const stallMs = 30_000;

export const newClock: BaselineClock = {
  phase: 'new',
  workedMs: 0,
  pauses: [],
  interruptions: [],
  last: null,
};

/**
 * The clock after one more mark. Time counts as work, or as a pause, only between two marks of one
 * sitting that are close to each other by both clocks; everything else is an interruption, with its
 * length by the calendar (0 where that was set back). Work never grows faster than the sitting.
 */
export function advanceClock(clock: BaselineClock, mark: ClockMark): BaselineClock {
  if (clock.phase === 'ended') return clock;
  if (mark.type === 'sat') return sat(clock, mark.at);
  if (clock.last === null) return clock;
  const passed = through(clock, { from: clock.last, to: mark });
  const last = { at: mark.at, ms: Math.max(mark.ms, clock.last.ms) };
  const now = { ...passed, last };
  switch (mark.type) {
    case 'mark':
      return now;
    case 'paused':
      if (now.phase === 'paused') return now;
      return { ...now, phase: 'paused', pauses: [...now.pauses, 0] };
    case 'going':
      return { ...now, phase: 'working' };
    case 'ended':
      return { ...now, phase: 'ended' };
  }
}

function sat(clock: BaselineClock, at: string): BaselineClock {
  const last = { at, ms: 0 };
  if (clock.last === null) return { ...clock, phase: 'working', last };
  const away = { kind: 'closed', ms: between(clock.last.at, at) } as const;
  return { ...clock, last, interruptions: [...clock.interruptions, away] };
}

interface Span {
  readonly from: { readonly at: string; readonly ms: number };
  readonly to: { readonly at: string; readonly ms: number };
}

function through(clock: BaselineClock, { from, to }: Span): BaselineClock {
  const ms = Math.max(0, to.ms - from.ms);
  const isStalled = ms > stallMs;
  const counted = isStalled ? interrupted(clock, { kind: 'stalled', ms }) : counting(clock, ms);
  const asleep = between(from.at, to.at) - ms;
  return asleep > stallMs ? interrupted(counted, { kind: 'asleep', ms: asleep }) : counted;
}

function interrupted(clock: BaselineClock, one: Interruption): BaselineClock {
  return { ...clock, interruptions: [...clock.interruptions, one] };
}

function counting(clock: BaselineClock, ms: number): BaselineClock {
  if (clock.phase !== 'paused') return { ...clock, workedMs: clock.workedMs + ms };
  const before = clock.pauses.slice(0, -1);
  return { ...clock, pauses: [...before, (clock.pauses.at(-1) ?? 0) + ms] };
}

function between(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}
