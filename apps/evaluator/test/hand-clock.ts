import type { Clock } from '../src/run/surroundings.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that a test moves on by hand: both of its times, and whoever sleeps. */
export class HandClock implements Clock {
  #ms = 0;
  #sleepers: Sleeper[] = [];
  #slept = Promise.withResolvers<void>();

  now(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.#ms);
  }

  passedMs(): number {
    return this.#ms;
  }

  chance(): number {
    return 0.5;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const sleeper = { at: this.#ms + ms, wake: resolve };
      const stop = () => {
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
        reject(signal.reason);
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#sleepers.push(sleeper);
      this.#slept.resolve();
      this.#slept = Promise.withResolvers();
    });
  }

  /** Moves on while nobody sleeps. */
  jump(ms: number): void {
    this.#ms += ms;
  }

  /** Moves on from one end of a sleep to the next, or to when `until` resolves. */
  async pass(ms: number, until: Promise<void> = new Promise(() => undefined)): Promise<void> {
    const end = this.#ms + ms;
    const over = until.then(() => 'over' as const);
    for (;;) {
      if (this.#sleepers.length === 0) {
        const slept = this.#slept.promise.then(() => 'slept' as const);
        if ((await Promise.race([over, slept])) === 'over') return;
      }
      const [next] = this.#sleepers.toSorted((a, b) => a.at - b.at);
      if (next === undefined) continue;
      if (next.at > end) break;
      this.#ms = Math.max(this.#ms, next.at);
      this.#sleepers = this.#sleepers.filter((each) => each !== next);
      next.wake();
    }
    this.#ms = end;
  }
}
