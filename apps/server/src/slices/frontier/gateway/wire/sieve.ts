import type { KeyBook } from '../keys/book.ts';

/** Hashes in one question, and those that wait for the next ones. */
const atOnceMax = 1_000;
const waitingMax = 20_000;

interface Waiting {
  readonly hash: string;
  readonly resolve: (isKey: boolean | null) => void;
}

export interface SieveOptions {
  readonly book: Pick<KeyBook, 'known'>;
  /** Told once of a question that failed, however many waited for it. */
  readonly failed: (error: unknown) => void;
}

/**
 * Tells hashes of keys from those of anything else, all that wait by one question: whoever makes keys
 * up makes as many as it likes, and each must not cost a way to the database that a key waits for.
 */
export class Sieve {
  readonly #options: SieveOptions;
  readonly #waiting: Waiting[] = [];
  #isAsking = false;

  constructor(options: SieveOptions) {
    this.#options = options;
  }

  /** Whether this is the hash (hex) of a key, taken or not; null: nobody can tell just now. */
  async isKey(hash: string): Promise<boolean | null> {
    if (this.#waiting.length >= waitingMax) return null;
    const { promise, resolve } = Promise.withResolvers<boolean | null>();
    this.#waiting.push({ hash, resolve });
    if (!this.#isAsking) void this.#askAll();
    return await promise;
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0, atOnceMax);
      const known = await this.#ask(asked.map(({ hash }) => Buffer.from(hash, 'hex')));
      for (const { hash, resolve } of asked) resolve(known?.has(hash) ?? null);
    }
    this.#isAsking = false;
  }

  async #ask(hashes: readonly Buffer[]): Promise<ReadonlySet<string> | null> {
    try {
      return await this.#options.book.known(hashes);
    } catch (error) {
      this.#options.failed(error);
      return null;
    }
  }
}
