/** What whoever gave access to a model answers, each time it is asked. */
export type AccessAnswer =
  | {
      readonly holds: true;
      /** Access ends then by itself: in so many milliseconds. */
      readonly forMs: number;
    }
  | { readonly holds: false; readonly why: string };

/**
 * Where it is asked whether access to a model still holds.
 *
 * `ask` answers once, as soon as it can, and throws the signal's reason alone; whatever it
 * cannot find out is an answer that access does not hold. `calls`: of the whole run so far.
 */
export interface AccessPort {
  readonly ask: (calls: number, signal: AbortSignal) => Promise<AccessAnswer>;
  /** Milliseconds between two questions while a call is under way. */
  readonly everyMs: number;
}

/** `setTimeout` counts in 31 bits. */
const timerMsMax = 2 ** 31 - 1;

/**
 * Access as a run has it: asked before each call and, for all calls under way together, again and
 * again. Once it does not hold it is over for this run: every call is cut off, and none begins.
 */
export class Access {
  readonly #port: AccessPort;
  readonly #over = new AbortController();
  #why: string | null = null;
  #calls = 0;
  #underWay = 0;
  #timer: NodeJS.Timeout | null = null;
  #deadline: NodeJS.Timeout | null = null;

  constructor(port: AccessPort) {
    this.#port = port;
  }

  /** Why access is over; null while it holds, as far as is known. */
  get why(): string | null {
    return this.#why;
  }

  /** Aborted once access is over. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Asks before a call is made; `why` tells then whether it may begin. */
  async ask(signal: AbortSignal): Promise<void> {
    if (this.#why !== null) return;
    this.#calls += 1;
    await this.#askNow(AbortSignal.any([signal, this.over]));
    signal.throwIfAborted();
  }

  /** Asks again and again until what it answers is called: when the call is over. */
  watch(): () => void {
    this.#underWay += 1;
    this.#askLater();
    return () => {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#rest();
    };
  }

  async #askNow(signal: AbortSignal): Promise<void> {
    try {
      const answer = await this.#port.ask(this.#calls, signal);
      if (answer.holds) this.#endIn(answer.forMs);
      else this.#end(answer.why);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #askLater(): void {
    if (this.#timer !== null || this.#why !== null) return;
    this.#timer = setTimeout(() => {
      void this.#askNow(this.over)
        .catch((error: unknown) => this.#end(`it could not be asked: ${String(error)}`))
        .then(() => {
          this.#timer = null;
          if (this.#underWay > 0) this.#askLater();
        });
    }, this.#port.everyMs);
  }

  /** The last answer holds so long and no longer, also where no other comes. */
  #endIn(ms: number): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    if (ms > timerMsMax) return;
    this.#deadline = setTimeout(() => this.#end('the time of access is over'), Math.max(0, ms));
    this.#deadline.unref();
  }

  #end(why: string): void {
    this.#why ??= why;
    this.#rest();
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#over.abort(new Error(this.#why));
  }

  #rest(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
