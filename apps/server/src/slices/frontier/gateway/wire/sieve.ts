import type { KeyBook } from '../keys/book.ts';

/** Hashes in one question, and those that wait for the next ones. */
const atOnceMax = 1_000;
const waitingMax = 20_000;

interface Waiting {
  readonly hash: string;
  readonly resolve: (isKey: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Tells hashes of keys from those of anything else, all that wait by one question: whoever makes keys
 * up makes as many as it likes, and each must not cost a way to the database that a key waits for.
 */
export class Sieve {
  readonly #book: Pick<KeyBook, 'known'>;
  readonly #waiting: Waiting[] = [];
  #isAsking = false;

  constructor(book: Pick<KeyBook, 'known'>) {
    this.#book = book;
  }

  get isFull(): boolean {
    return this.#waiting.length >= waitingMax;
  }

  /** Whether this is the hash (hex) of a key, taken or not; rejects as the book does. */
  isKey(hash: string): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#waiting.push({ hash, resolve, reject });
    if (!this.#isAsking) void this.#askAll();
    return promise;
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0, atOnceMax);
      try {
        const known = await this.#book.known(asked.map(({ hash }) => Buffer.from(hash, 'hex')));
        for (const { hash, resolve } of asked) resolve(known.has(hash));
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    this.#isAsking = false;
  }
}
