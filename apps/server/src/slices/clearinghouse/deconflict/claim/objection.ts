import type { Instant } from '@breakwater/kernel';
import { type Objected, objectionAmong, type WishesRow } from '../wishes/index.ts';
import type { Look } from './extent.ts';

/** What a look is at, and what of it is left out. */
export function lookedBy({ extent }: Look) {
  return { targets: extent.places.map(({ target }) => target), except: extent.except };
}

/** DCF-52, DCF-53: what the owners of its places say against a look that begins at `from`. */
export function objectionTo(
  statements: readonly WishesRow[],
  look: Look,
  from: Instant,
): Objected | null {
  return objectionAmong(statements, lookedBy(look), from);
}
