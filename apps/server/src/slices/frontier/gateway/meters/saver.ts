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

/** So many do not wait for the next turn. */
const batchMin = 256;
/** Requests of one transaction: the more of them wait, the more it takes, so that none wait for ever. */
const batchMax = 1_024;
/** Whoever waits for a transaction looks again after so long. */
const turnMsMax = 500;

/** Stores what was settled, in its order, many at a time. */
export class Saver {
  readonly #options: SaverOptions;
  #closed: Closed[] = [];
  #settled = 0;
  #stored = 0;
  #running: Promise<void> | null = null;
  #turn: PromiseWithResolvers<void> | null = null;

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
    if (this.#closed.length < batchMin || this.#running !== null) return;
    // Where the database is away the next turn tries again.
    this.save().catch(() => {});
  }

  /** Resolves once the next transaction is over, however it ended, or has lasted for long. */
  async turn(): Promise<void> {
    if (this.#turn === null) {
      const turn = Promise.withResolvers<void>();
      this.#turn = turn;
      setTimeout(() => this.#endTurn(turn), turnMsMax).unref();
    }
    await this.#turn.promise;
  }

  /** What is not stored yet. */
  waiting(): readonly Closed[] {
    return this.#closed;
  }

  /** Resolves once all that was settled before is stored. Rejects with `DatabaseAway`. */
  async save(): Promise<void> {
    const upTo = this.#settled;
    while (this.#stored < upTo) {
      this.#running ??= this.#runs(this.#batch());
      await this.#running;
    }
  }

  /** Does something while nothing is being stored; what is settled meanwhile is stored after it. */
  async pauseFor(work: () => Promise<void>): Promise<void> {
    const before = this.#running;
    const pause = (async () => {
      await before?.catch(() => {});
      await work();
    })();
    // What it fails by is told to whoever asked for it.
    this.#running = this.#runs(pause.catch(() => {}));
    await pause;
  }

  #runs(work: Promise<void>): Promise<void> {
    const running: Promise<void> = work.finally(() => {
      if (this.#running === running) this.#running = null;
      if (this.#turn !== null) this.#endTurn(this.#turn);
    });
    return running;
  }

  #endTurn(turn: PromiseWithResolvers<void>): void {
    turn.resolve();
    if (this.#turn === turn) this.#turn = null;
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
