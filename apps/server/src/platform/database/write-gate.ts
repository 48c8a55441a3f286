/** Lets transactions of this process run together, or one of them alone. */
export interface WriteGate {
  together<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for all that run, and lets none begin until it is done; first come, first served. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Where tables are small, serializable transactions at once touch the same pages and abort each
 * other however often they try: eight clients handing in findings ran out of ten tries. One that
 * runs alone has nobody in this process to conflict with, so every transaction comes through.
 */
export function createWriteGate(): WriteGate {
  const running = new Set<Promise<unknown>>();
  let lastAlone: Promise<unknown> = Promise.resolve();
  return {
    async together(work) {
      for (let seen: unknown; seen !== lastAlone; ) {
        seen = lastAlone;
        await lastAlone;
      }
      const own = work();
      running.add(own);
      try {
        return await own;
      } finally {
        running.delete(own);
      }
    },
    async alone(work) {
      const own = lastAlone.then(async () => {
        await Promise.allSettled(running);
        return await work();
      });
      lastAlone = own.catch(() => {});
      return await own;
    },
  };
}
