import type { Database } from '../../../../platform/database/database.ts';
import { billOf, coveredOf } from './bill.ts';
import type { Closed } from './life.ts';
import { storeAll } from './recover.ts';
import { bill, Fenced, lockKeys, standsFor } from './store.ts';

export interface SaverOptions {
  readonly database: Database;
  readonly process: string;
  /** How many settlements there were, and how many are stored. */
  readonly onStored: (count: { readonly settled: number; readonly stored: number }) => void;
  readonly onFenced: () => void;
}

/** Requests of one transaction; so many do not wait for the next turn. */
const batchMax = 256;

/** Stores what was settled, in its order, many at a time. */
export class Saver {
  readonly #options: SaverOptions;
  #closed: Closed[] = [];
  #settled = 0;
  #stored = 0;
  #running: Promise<void> | null = null;

  constructor(options: SaverOptions) {
    this.#options = options;
  }

  /** How many are not stored. */
  get size(): number {
    return this.#closed.length;
  }

  add(closed: Closed): void {
    this.#closed.push(closed);
    this.#settled += 1;
    if (this.#closed.length < batchMax || this.#running !== null) return;
    // Where the database is away the next turn tries again.
    this.save().catch(() => {});
  }

  /** What is not stored yet. */
  waiting(): readonly Closed[] {
    return this.#closed;
  }

  /** Resolves once all that was settled before is stored. Rejects with `DatabaseAway`. */
  async save(): Promise<void> {
    const upTo = this.#settled;
    while (this.#stored < upTo) {
      this.#running ??= this.#batch().finally(() => {
        this.#running = null;
      });
      await this.#running;
    }
  }

  async #batch(): Promise<void> {
    const { database, process, onStored, onFenced } = this.#options;
    const batch = this.#closed.slice(0, batchMax);
    try {
      await database.writeByLock(async (tx) => {
        await standsFor(tx, process);
        const stored = await storeAll(tx, batch);
        await lockKeys(tx, [...new Set(stored.map(({ row }) => row.key))]);
        await bill(tx, billOf(stored), process);
      });
    } catch (error) {
      if (error instanceof Fenced) onFenced();
      throw error;
    }
    this.#closed = this.#closed.slice(batch.length);
    this.#stored += batch.length;
    for (const { lane, slots, row } of batch) lane.purse.stored(slots, coveredOf(row));
    onStored({ settled: this.#settled, stored: this.#stored });
  }
}
