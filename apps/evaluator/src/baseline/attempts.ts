import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Pseudonym } from '@breakwater/benchmark/baseline';
import { ok, type Result } from '@breakwater/kernel';
import { z } from 'zod';
import { Journal, type JournalRefusal } from '../journal/journal.ts';
import { lockRun } from '../run/lock.ts';

/** Somebody was about to see a task; a variant shows the same task. */
const Attempt = z.object({
  at: z.iso.datetime(),
  suite: z.string(),
  task: z.string(),
  person: Pseudonym,
});
type Attempt = z.infer<typeof Attempt>;

/**
 * Notes one more attempt in this machine's own list, and answers how many it makes. It is on the
 * disk before the task is shown, so that a look at a task and a session begun anew is a second one.
 */
export async function noteAttempt(
  folder: string,
  attempt: Attempt,
): Promise<Result<number, JournalRefusal | 'run-is-running'>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await lockRun(folder);
  if (!lock.ok) return lock;
  await using _ = lock.value;
  const journal = await Journal.open(path.join(folder, 'attempts.jsonl'), Attempt);
  if (!journal.ok) return journal;
  try {
    const { suite, task, person } = attempt;
    const earlier = journal.value.records.filter(
      (each) => each.suite === suite && each.task === task && each.person === person,
    );
    await journal.value.append(attempt);
    return ok(earlier.length + 1);
  } finally {
    await journal.value.close();
  }
}

/** The pseudonym of whoever works on this machine and names none: drawn once, and kept. */
export async function ownPseudonym(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const place = path.join(folder, 'person');
  try {
    await writeFile(place, `p-${randomBytes(6).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return (await readFile(place, 'utf8')).trim().slice(0, 64);
}
