import { SandboxUnavailable } from './unavailable.ts';

/** Hands out what there is a fixed number of; who came first is served first. */
export class Pool<T> {
  readonly #free: T[] = [];
  readonly #waiting: { give: (item: T) => void; fail: (reason: Error) => void }[] = [];
  #closed = false;

  async take(signal?: AbortSignal): Promise<T> {
    if (this.#closed) throw new SandboxUnavailable('the sandbox is closed');
    signal?.throwIfAborted();
    const item = this.#free.pop();
    if (item !== undefined) return item;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const place = { give: resolve, fail: reject };
    this.#waiting.push(place);
    const leave = () => {
      const at = this.#waiting.indexOf(place);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  put(item: T): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(item);
    else next.give(item);
  }

  /** Whoever waits is told so; the items that are free are returned. */
  close(): T[] {
    this.#closed = true;
    for (const { fail } of this.#waiting.splice(0)) {
      fail(new SandboxUnavailable('the sandbox was closed while this run waited'));
    }
    return this.#free.splice(0);
  }
}
