import { setTimeout as delay } from 'node:timers/promises';
import type { Database, Transaction } from '../../../../platform/database/database.ts';
import type { Froms } from './spans.ts';
import { Fenced, type KeyLock, lockKey, placeOf, standsFor } from './store.ts';

/** Between two tries of a database that is away. */
const awayMs = 100;

/** Who changes the leases of which key. */
export interface Changing {
  readonly database: Database;
  readonly process: string;
  readonly key: string;
  /** The newest spans that it has entered. */
  readonly froms: () => Froms;
  /** Whether this process may not decide any more. */
  readonly isOver: () => boolean;
  /** Told before it is tried again. */
  readonly onAway: (error: unknown) => void;
}

/** Reads and writes under the key's lock, by the number that the change is to have. */
export type Work<T> = (tx: Transaction, lock: KeyLock, place: number) => Promise<Outcome<T>>;

/** What it came to; `changed` false: nothing was written. */
export interface Outcome<T> {
  readonly value: T;
  readonly changed: boolean;
}

/**
 * Makes one change of leases, as often as it takes. Where a commit's outcome is unknown the number of
 * the last change tells it; then what was decided holds, and nothing is done twice. Rejects with
 * {@link Fenced}, or with what it failed by when this process is over.
 */
export async function changeOnce<T>(of: Changing, work: Work<T>): Promise<T> {
  const { database, process, key, froms, isOver, onAway } = of;
  let made: { readonly place: number; readonly value: T } | null = null;
  for (;;) {
    try {
      return await database.writeByLock(async (tx) => {
        await standsFor(tx, process);
        const lock = await lockKey(tx, key, froms());
        const place = await placeOf(tx, { process, key });
        if (made !== null && place === made.place) return made.value;
        const { value, changed } = await work(tx, lock, place + 1);
        made = changed ? { place: place + 1, value } : null;
        return value;
      });
    } catch (error) {
      if (error instanceof Fenced || isOver()) throw error;
      onAway(error);
      await delay(awayMs);
    }
  }
}
