import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { disciplines, Name, Version } from '../suite/task.ts';

/** Who did it, under a name that says nothing of the person. */
export const Pseudonym = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dots and hyphens, 64 at most');

const minutes = z.number().min(0).max(100_000_000);
const count = z.int().min(0);

/**
 * What came of one person at one task: one line of JSON. It tells nothing of the task but its name,
 * and no digest without a salt, by which a sealed item could be guessed at.
 */
export const BaselineRecord = z.strictObject({
  format: z.literal('breakwater-baseline/1'),
  /** Of the session: a record that is given twice counts once. */
  id: z.uuid(),
  suite: Name,
  suite_version: Version,
  /** The name of the task, with a dot and the variant where it was put otherwise. */
  task: z.string().regex(/^[a-z0-9-]{1,64}(\.[a-z0-9-]{1,64})?$/),
  task_version: Version,
  family: z.enum(disciplines),
  item_commitment: z.string().max(200).nullable(),
  person: Pseudonym,
  began: z.iso.datetime(),
  minutes_worked: minutes,
  minutes_paused: minutes,
  minutes_away: minutes,
  pauses: z.array(minutes).max(100_000),
  interruptions: z
    .array(z.strictObject({ kind: z.enum(['closed', 'asleep', 'stalled']), minutes }))
    .max(100_000),
  limit_minutes: minutes.nullable(),
  lines: count,
  /** Files that went between the world and the person's own machine. */
  files_out: count,
  files_in: count,
  end: z.enum(['submitted', 'gave-up', 'time-over']),
  score: z.number().min(0).max(1).nullable(),
  /** `unscored`: the scorer or the world failed, which is nobody's failure. */
  outcome: z.enum(['solved', 'failed', 'gave-up', 'time-over', 'unscored']),
  attempt: z.int().min(1),
  first_attempt: z.boolean(),
  source: z.literal('timed baseline'),
});
export type BaselineRecord = Readonly<z.infer<typeof BaselineRecord>>;

/** What an end and a score come to. Solved is what was handed in and is wholly right. */
export function outcomeOf({
  end,
  score,
}: Pick<BaselineRecord, 'end' | 'score'>): BaselineRecord['outcome'] {
  if (end === 'gave-up' || end === 'time-over') return end;
  if (score === null) return 'unscored';
  return score === 1 ? 'solved' : 'failed';
}

/** So many records are read at most. */
export const baselinesMax = 100_000;

/** Reads records, one JSON object a line; one that does not conform refuses them all. */
export function readBaselines(
  text: string,
): Result<readonly BaselineRecord[], 'baseline-malformed'> {
  const records: BaselineRecord[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const read = BaselineRecord.safeParse(jsonOf(line));
    if (!read.success) {
      const [issue] = read.error.issues;
      const at = issue === undefined ? '' : `/${issue.path.join('/')}: ${issue.message}`;
      return malformed(`line ${i + 1} ${at}`.slice(0, 300));
    }
    if (records.length >= baselinesMax) return malformed(`more than ${baselinesMax} records`);
    records.push(read.data);
  }
  return ok(records);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function malformed(got: string) {
  return refuse({
    code: 'baseline-malformed',
    expected: 'records as `benchmark baseline` writes them, one a line',
    got,
    todo: 'take the record as it was written',
  } as const);
}
