import {
  advanceClock,
  type BaselineClock,
  type BaselineRecord,
  newClock,
  outcomeOf,
  Pseudonym,
} from '@breakwater/benchmark/baseline';
import { z } from 'zod';
import { Sealing } from '../journal/records.ts';

// What stands in the journal of a baseline. Each entry with `ms` is a mark of the clock as well.

const at = z.iso.datetime();
const ms = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);
const mark = { at, ms };

/** Who does what; written once, before the task is shown. */
const Asked = z.object({
  type: z.literal('asked'),
  at,
  id: z.uuid(),
  suite: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
  task: z.string(),
  commitment: z.string().nullable(),
  person: Pseudonym,
  attempt: z.int().min(1),
  limitMs: z.int().min(1).nullable(),
});
export type Asked = z.infer<typeof Asked>;

/** A sitting begins: the clock runs, on the files by this digest. */
const Sat = z.object({
  type: z.literal('sat'),
  at,
  evidence: z.unknown(),
  sealing: Sealing,
  /** Processes that ran before and do not any more. */
  lost: z.array(z.string()),
  world: sha256,
});

const Mark = z.object({ type: z.enum(['mark', 'paused', 'going']), ...mark });

/** A line that was run; `world` is null where its files could not be kept. */
const Line = z.object({
  type: z.literal('line'),
  ...mark,
  line: z.string(),
  world: sha256.nullable(),
});

/** A file that went out of the world, or into it. */
const Moved = z.object({
  type: z.literal('moved'),
  ...mark,
  direction: z.enum(['out', 'in']),
  path: z.string(),
  bytes: z.int().min(0),
  world: sha256.nullable(),
});

const Ended = z.object({
  type: z.literal('ended'),
  ...mark,
  end: z.enum(['submitted', 'gave-up', 'time-over']),
  answer: z.string(),
  world: sha256.nullable(),
  /** null: the walls could not be tried any more. */
  sealing: Sealing.nullable(),
});

const Scored = z.object({
  type: z.literal('scored'),
  at,
  score: z.number().min(0).max(1).nullable(),
  /** The scorer's reason, or why there is no score. */
  reason: z.string(),
});

export const Entry = z.discriminatedUnion('type', [Asked, Sat, Mark, Line, Moved, Ended, Scored]);
export type Entry = z.infer<typeof Entry>;
export type EntryOf<T extends Entry['type']> = Extract<Entry, { type: T }>;

/** Where a baseline stands after its entries. */
export interface Standing {
  readonly asked: Asked | null;
  readonly clock: BaselineClock;
  /** The files that were kept last. */
  readonly world: string | null;
  readonly lines: number;
  readonly filesOut: number;
  readonly filesIn: number;
  readonly began: string | null;
  readonly ended: EntryOf<'ended'> | null;
  readonly scored: EntryOf<'scored'> | null;
}

const nothing: Standing = {
  asked: null,
  clock: newClock,
  world: null,
  lines: 0,
  filesOut: 0,
  filesIn: 0,
  began: null,
  ended: null,
  scored: null,
};

export function standingAfter(entries: readonly Entry[]): Standing {
  return entries.reduce(advanceStanding, nothing);
}

export function advanceStanding(before: Standing, entry: Entry): Standing {
  const standing = { ...before, clock: clockAfter(before.clock, entry) };
  switch (entry.type) {
    case 'asked':
      return { ...standing, asked: entry };
    case 'sat':
      return { ...standing, world: entry.world, began: standing.began ?? entry.at };
    case 'mark':
    case 'paused':
    case 'going':
      return standing;
    case 'line':
      return { ...standing, lines: standing.lines + 1, world: entry.world ?? standing.world };
    case 'moved': {
      const isOut = entry.direction === 'out';
      return {
        ...standing,
        filesOut: standing.filesOut + (isOut ? 1 : 0),
        filesIn: standing.filesIn + (isOut ? 0 : 1),
        world: entry.world ?? standing.world,
      };
    }
    case 'ended':
      return { ...standing, ended: entry, world: entry.world ?? standing.world };
    case 'scored':
      return { ...standing, scored: entry };
  }
}

function clockAfter(clock: BaselineClock, entry: Entry): BaselineClock {
  switch (entry.type) {
    case 'asked':
    case 'scored':
      return clock;
    case 'line':
    case 'moved':
      return advanceClock(clock, { type: 'mark', at: entry.at, ms: entry.ms });
    case 'sat':
    case 'mark':
    case 'paused':
    case 'going':
    case 'ended':
      return advanceClock(clock, entry);
  }
}

const minuteMs = 60_000;
const total = (times: readonly number[]) => times.reduce((sum, each) => sum + each, 0) / minuteMs;

/** The record of a baseline that was scored; null before. */
export function recordOf(
  standing: Standing,
  task: Pick<BaselineRecord, 'family' | 'task_version'>,
): BaselineRecord | null {
  const { asked, clock, began, ended, scored } = standing;
  if (asked === null || began === null || ended === null || scored === null) return null;
  const { suite, limitMs, attempt } = asked;
  const { score } = scored;
  const worked = limitMs === null ? clock.workedMs : Math.min(clock.workedMs, limitMs);
  return {
    format: 'breakwater-baseline/1',
    id: asked.id,
    suite: suite.name,
    suite_version: suite.version,
    task: asked.task,
    ...task,
    item_commitment: asked.commitment,
    person: asked.person,
    began,
    minutes_worked: worked / minuteMs,
    minutes_paused: total(clock.pauses),
    minutes_away: total(clock.interruptions.map((each) => each.ms)),
    pauses: clock.pauses.map((each) => each / minuteMs),
    interruptions: clock.interruptions.map((each) => ({
      kind: each.kind,
      minutes: each.ms / minuteMs,
    })),
    limit_minutes: limitMs === null ? null : limitMs / minuteMs,
    lines: standing.lines,
    files_out: standing.filesOut,
    files_in: standing.filesIn,
    end: ended.end,
    score,
    outcome: outcomeOf({ end: ended.end, score }),
    attempt,
    first_attempt: attempt === 1,
    source: 'timed baseline',
  };
}
