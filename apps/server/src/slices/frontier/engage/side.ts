import type { Side } from '@breakwater/contract';

/** Which of the two sides a party is; null: neither. */
export function sideOf(
  { developer, government }: { readonly developer: string; readonly government: string },
  party: string,
): Side | null {
  if (party === developer) return 'developer';
  return party === government ? 'government' : null;
}
