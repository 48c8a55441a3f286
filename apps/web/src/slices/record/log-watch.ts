import type { SignedCheckpoint } from '@breakwater/log';
import { tileReader } from '@breakwater/log';
import type { CheckStep } from './check-steps.ts';
import type { Remembered } from './history.ts';
import { historyStep } from './history.ts';
import { fetchLogFile } from './log-files.ts';
import { recallLog, rememberLog } from './log-memory.ts';

/**
 * Compares a state of the log, whose signature was checked, with what this browser saw before, and
 * remembers it. null where this browser saw none before.
 */
export async function compareWithSeen(
  seen: Remembered,
  now: SignedCheckpoint,
): Promise<CheckStep | null> {
  const before = recallLog(localStorage);
  const at = new Date().toISOString();
  if (before === null) {
    rememberLog(localStorage, seen, at);
    return null;
  }
  const read = tileReader(now.size, fetchLogFile);
  const step = await historyStep({ before, now, key: seen.key, read });
  // A failure keeps the older checkpoint: together with the new one it is the evidence.
  if (step.state === 'holds' || before.key !== seen.key) rememberLog(localStorage, seen, at);
  return step;
}

let turn: Promise<unknown> = Promise.resolve();

/**
 * One look after the other: a state fetched before a new batch was signed and compared after the
 * next one was remembered would look as if entries had been taken back.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}
