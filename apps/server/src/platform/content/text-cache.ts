import type { Id } from '@breakwater/kernel';

/** A bounded memory of small texts that were decrypted, or told from what was; never the only place of anything. */
export interface TextCache<T extends string> {
  /** The text that was kept while `mark` was its key's; undefined: none was, or it is gone. */
  find(id: Id<'content'>, mark: string): T | undefined;
  /** Keeps `text`, unless something was forgotten since `moment`: it may have been this. */
  keep(id: Id<'content'>, kept: { text: T; mark: string; moment: number }): void;
  /** Where {@link keep} begins to count what is forgotten. */
  moment(): number;
  forget(id: Id<'content'>): void;
  size(): { readonly texts: number; readonly units: number };
}

export interface TextCacheLimits {
  readonly textsMax: number;
  /** In UTF-16 code units, of all texts together. */
  readonly unitsMax: number;
  /** Longer texts are not kept. */
  readonly textUnitsMax: number;
  /** A text that nobody asked for this long is forgotten, in milliseconds. */
  readonly idleMs: number;
}

const usual: TextCacheLimits = {
  textsMax: 20_000,
  unitsMax: 4 * 1024 * 1024,
  textUnitsMax: 1_024,
  idleMs: 60_000,
};

/** So much of the limits stays used where room is made. */
const stays = 7 / 8;

interface Kept<T> {
  readonly text: T;
  readonly mark: string;
  usedAt: number;
}

/**
 * Keeps what was used last. An item that another process erased is never found (its key's mark is
 * another), and its text leaves this memory when asked for, or once it was idle.
 */
export function createTextCache<T extends string>(limits: TextCacheLimits = usual): TextCache<T> {
  // A map keeps the order of insertion: what is used is put in anew, so the idlest comes first.
  const kept = new Map<Id<'content'>, Kept<T>>();
  let units = 0;
  let forgotten = 0;
  let timer: NodeJS.Timeout | null = null;

  function drop(id: Id<'content'>): void {
    units -= kept.get(id)?.text.length ?? 0;
    kept.delete(id);
  }

  function dropIdle(): void {
    timer = null;
    const before = performance.now() - limits.idleMs;
    for (const [id, { usedAt }] of kept) {
      if (usedAt > before) break;
      drop(id);
    }
    watch();
  }

  /** For many at once: the first of a map is found past the places of all that left before it. */
  function makeRoom(): void {
    const textsLeft = Math.ceil(limits.textsMax * stays);
    const unitsLeft = Math.ceil(limits.unitsMax * stays);
    for (const [oldest] of kept) {
      if (kept.size <= textsLeft && units <= unitsLeft) break;
      drop(oldest);
    }
  }

  function watch(): void {
    if (kept.size === 0 || timer !== null) return;
    timer = setTimeout(dropIdle, limits.idleMs / 4);
    timer.unref();
  }

  return {
    find(id, mark) {
      const found = kept.get(id);
      if (found === undefined) return undefined;
      kept.delete(id);
      if (found.mark !== mark) {
        units -= found.text.length;
        return undefined;
      }
      found.usedAt = performance.now();
      kept.set(id, found);
      return found.text;
    },
    keep(id, { text, mark, moment }) {
      if (moment !== forgotten || text.length > limits.textUnitsMax) return;
      drop(id);
      kept.set(id, { text, mark, usedAt: performance.now() });
      units += text.length;
      if (kept.size > limits.textsMax || units > limits.unitsMax) makeRoom();
      watch();
    },
    moment: () => forgotten,
    forget(id) {
      forgotten++;
      drop(id);
    },
    size: () => ({ texts: kept.size, units }),
  };
}
