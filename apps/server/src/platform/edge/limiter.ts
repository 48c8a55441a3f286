/** `burst` at once, then `perMinute` on; both at least 1 in any useful limit. */
export interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

/**
 * Counts calls by the generic cell rate algorithm (ITU-T I.371, Annex A): one number per key, the
 * hour at which it would be idle again. No window, so nobody has twice the limit at its edge.
 *
 * Consistency: this process. Nothing survives a restart. Bounded: `keysMax` keys, of which idle
 * ones cost nothing; then the one that was used longest ago is forgotten.
 */
export interface Limiter {
  /** Takes one call; null, or the whole seconds after which the next will be taken. */
  take(key: string, rate: Rate): number | null;
  /** The seconds that `take` would answer, without taking anything. */
  wait(key: string, rate: Rate): number | null;
  readonly size: number;
}

const keysMaxDefault = 100_000;

export interface LimiterOptions {
  /** Milliseconds that only ever grow. */
  readonly nowMs: () => number;
  readonly keysMax?: number;
}

/** A limiter in this process's memory. */
export function createLimiter({ nowMs, keysMax = keysMaxDefault }: LimiterOptions): Limiter {
  /** By key: when it is idle again. In the order of last use. */
  const idleAt = new Map<string, number>();

  function look(key: string, rate: Rate): { next: number; waitMs: number } {
    const now = nowMs();
    const stepMs = 60_000 / rate.perMinute;
    const next = Math.max(idleAt.get(key) ?? now, now) + stepMs;
    return { next, waitMs: next - stepMs * rate.burst - now };
  }

  /** Forgets idle keys from the oldest on, and one that is not idle where there are too many. */
  function forget(): void {
    const now = nowMs();
    for (const [key, idle] of idleAt) {
      if (idle > now && idleAt.size <= keysMax) break;
      idleAt.delete(key);
    }
  }

  return {
    take(key, rate) {
      const { next, waitMs } = look(key, rate);
      const kept = waitMs > 0 ? idleAt.get(key) : next;
      idleAt.delete(key);
      idleAt.set(key, kept ?? next);
      forget();
      return waitMs > 0 ? secondsOf(waitMs) : null;
    },
    wait(key, rate) {
      const { waitMs } = look(key, rate);
      return waitMs > 0 ? secondsOf(waitMs) : null;
    },
    get size() {
      return idleAt.size;
    },
  };
}

function secondsOf(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1_000));
}
