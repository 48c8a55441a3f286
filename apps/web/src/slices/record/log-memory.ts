import { z } from 'zod';
import type { Remembered } from './history.ts';

const slot = 'breakwater-log';
const listSlot = 'breakwater-log-seen';
const listMax = 30;
const Stored = z.object({ key: z.string(), checkpoint: z.string() });
const Seen = Stored.extend({ at: z.iso.datetime() });

/** A signed state of the log as this browser first saw it, and when. */
export type Seen = z.infer<typeof Seen>;

/** The checkpoint this browser keeps; null where it keeps none that can be read. */
export function recallLog(storage: Pick<Storage, 'getItem'>): Remembered | null {
  try {
    return Stored.parse(JSON.parse(storage.getItem(slot) ?? 'null'));
  } catch {
    return null;
  }
}

/** Every state this browser saw, newest first; the last 30. */
export function seenLogs(storage: Pick<Storage, 'getItem'>): readonly Seen[] {
  try {
    return z.array(Seen).parse(JSON.parse(storage.getItem(listSlot) ?? '[]'));
  } catch {
    return [];
  }
}

/** Keeps a checkpoint, seen at `at`, for the next look; one seen before is not listed twice. */
export function rememberLog(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  { key, checkpoint }: Remembered,
  at: string,
): void {
  storage.setItem(slot, JSON.stringify({ key, checkpoint }));
  const before = seenLogs(storage);
  if (before.some((seen) => seen.key === key && seen.checkpoint === checkpoint)) return;
  const list = [{ key, checkpoint, at }, ...before].slice(0, listMax);
  storage.setItem(listSlot, JSON.stringify(list));
}
