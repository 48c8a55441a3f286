import { z } from 'zod';
import type { Remembered } from './history.ts';

const slot = 'breakwater-log';
const Stored = z.object({ key: z.string(), checkpoint: z.string() });

/** The checkpoint this browser keeps; null where it keeps none that can be read. */
export function recallLog(storage: Pick<Storage, 'getItem'>): Remembered | null {
  try {
    return Stored.parse(JSON.parse(storage.getItem(slot) ?? 'null'));
  } catch {
    return null;
  }
}

/** Keeps a checkpoint for the next look. */
export function rememberLog(storage: Pick<Storage, 'setItem'>, seen: Remembered): void {
  storage.setItem(slot, JSON.stringify(seen));
}
