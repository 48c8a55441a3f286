import type { KeyCondition } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';

/** What a key hangs on, as it is at one moment. */
export interface KeyFacts {
  readonly endedAt: Instant | null;
  readonly expiresAt: Instant;
  readonly proof: 'none' | 'dpop' | 'mtls';
  /** null: what it stood on is no more. */
  readonly stand: { readonly isActive: boolean } | null;
  /** null: its developer stated nothing for the window or tier. */
  readonly allotted: { readonly demandsProof: boolean; readonly names: number } | null;
  readonly cuts: number;
  readonly isHolderHere: boolean;
  readonly upstreams: number;
}

/**
 * GAT-5: everything that does not hold; none: the key is taken. It is compared with the clock at
 * each look, so that nothing has to run for a key to end.
 */
export function missingOf(key: KeyFacts, now: Instant): readonly KeyCondition[] {
  const missing: KeyCondition[] = [];
  if (key.endedAt !== null) missing.push('ended');
  if (now >= key.expiresAt) missing.push('expired');
  if (key.cuts > 0) missing.push('cut-off');
  if (key.stand?.isActive !== true) missing.push('grant-not-active');
  if (!key.isHolderHere) missing.push('holder-gone');
  if (key.allotted === null || key.allotted.names === 0) missing.push('nothing-allotted');
  if (key.allotted?.demandsProof === true && key.proof === 'none') missing.push('proof-demanded');
  if (key.upstreams === 0) missing.push('no-upstream');
  return missing;
}
