import { createHash } from 'node:crypto';

/**
 * Canaries of one model: strings that its developer put where they should never come out of again.
 * Held as SHA-256 of the string, so that whoever reads this installation learns none of them.
 */
export interface Canaries {
  /** Whether the text has one, as a whole run of letters, digits, hyphens and underscores. */
  holds(text: string): boolean;
}

/** A canary's shape: long enough that nobody guesses it, and found without trying every place. */
export const canaryLength = { min: 16, max: 128 } as const;

/** Runs of one text that are hashed at most: a microsecond each. */
const runsMax = 512;
/** A run goes as far as it goes: a longer one is none, nor a part of one. */
const run = new RegExp(`[A-Za-z0-9_-]{${canaryLength.min},}`, 'g');

/** @param digests SHA-256 as hex. */
export function canariesOf(digests: readonly string[]): Canaries | null {
  if (digests.length === 0) return null;
  const known = new Set(digests);
  return {
    holds(text) {
      let runs = 0;
      for (const [found] of text.matchAll(run)) {
        if (found.length > canaryLength.max) continue;
        if (known.has(createHash('sha256').update(found).digest('hex'))) return true;
        runs += 1;
        if (runs === runsMax) return false;
      }
      return false;
    },
  };
}
