/** Why nobody came in: too many of one's party wait already, or it took too long, or one left. */
export type LaneEnd = 'full' | 'late' | 'left';

/** Somebody's turn at an upstream. */
export interface Turn {
  /** Resolves as soon as it is there: null, or why it never will be. */
  readonly when: Promise<LaneEnd | null>;
  /** Waits no longer. */
  leave(): void;
}

export interface LaneLimits {
  /** Calls under way at one time. */
  readonly concurrent: number;
  /** How many of one party may wait. */
  readonly waitingMax: number;
  readonly waitMsMax: number;
}

interface Waiting {
  readonly settle: (end: LaneEnd | null) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The way to one upstream: so many calls at a time, and a queue for each party beyond them. Parties
 * take turns, whichever of them has more waiting, so that one that floods keeps nobody waiting but
 * itself. Bounded in length and time.
 */
export class Lane {
  readonly #limits: LaneLimits;
  #under = 0;
  /** By party, in the order of their turns. */
  readonly #queues = new Map<string, Waiting[]>();

  constructor(limits: LaneLimits) {
    this.#limits = limits;
  }

  /** Calls under way. */
  get under(): number {
    return this.#under;
  }

  /** Goes in if there is room and nobody waits. Whoever came in calls {@link leave} once. */
  enterNow(): boolean {
    if (this.#under >= this.#limits.concurrent || this.#queues.size > 0) return false;
    this.#under += 1;
    return true;
  }

  /** Waits for a turn of `party`. Who is told null is in, and calls {@link leave} once. */
  enter(party: string): Turn {
    const queue = this.#queues.get(party) ?? [];
    if (queue.length >= this.#limits.waitingMax) {
      return { when: Promise.resolve('full'), leave: () => {} };
    }
    const { promise, resolve } = Promise.withResolvers<LaneEnd | null>();
    const stop = (end: LaneEnd) => {
      if (this.#remove(party, waiting)) waiting.settle(end);
    };
    const timer = setTimeout(() => stop('late'), this.#limits.waitMsMax);
    const waiting: Waiting = { settle: resolve, timer };
    queue.push(waiting);
    this.#queues.set(party, queue);
    return { when: promise, leave: () => stop('left') };
  }

  /** A call is over: whose turn it is comes in. */
  leave(): void {
    this.#under -= 1;
    const next = this.#under < this.#limits.concurrent ? this.#queues.entries().next() : null;
    if (next === null || next.done === true) return;
    const [party, queue] = next.value;
    const waiting = queue.shift();
    // To the end of the row of parties, if it still has somebody waiting.
    this.#queues.delete(party);
    if (queue.length > 0) this.#queues.set(party, queue);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#under += 1;
    waiting.settle(null);
  }

  #remove(party: string, waiting: Waiting): boolean {
    clearTimeout(waiting.timer);
    const queue = this.#queues.get(party);
    const place = queue?.indexOf(waiting) ?? -1;
    if (queue === undefined || place === -1) return false;
    queue.splice(place, 1);
    if (queue.length === 0) this.#queues.delete(party);
    return true;
  }
}
