import type { Id, IdKind } from '@breakwater/kernel';
import { makeId } from '@breakwater/kernel';

/** The id of kind `kind` and number `number`: stable, so that tests can name it. */
export function idOf<K extends IdKind>(kind: K, number: number): Id<K> {
  return makeId(
    kind,
    Uint8Array.from({ length: 26 }, (_, at) => (at * 7 + number * 3) % 251),
  );
}

/** A digest of one repeated digit. */
export const sha = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** A moment so many days and some hours from now: clocks on the screen count to it. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000 + 4 * 3_600_000 + 30_000).toISOString();
}
