import type { GrantMissing } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';

/** What a partner's access hangs on. */
export interface Grant {
  readonly endedAt: Instant | null;
  readonly expiresAt: Instant;
  /** Digest of the terms that the partner accepted last. */
  readonly acceptedTerms: string | null;
}

/** What its tier says now. */
export interface GrantTier {
  readonly from: Instant | null;
  readonly until: Instant | null;
  readonly terms: string;
  /** The Government may use the model now. */
  readonly isInWindow: boolean;
}

/**
 * PAR-15: everything that does not hold; none: access is active. Read and used it is always by the
 * clock, so that nothing has to run for it to end. A window of the Government reads as a beginning
 * that is still to come, and as nothing else.
 */
export function missingOf(grant: Grant, tier: GrantTier, now: Instant): GrantMissing[] {
  const missing: GrantMissing[] = [];
  if (grant.endedAt !== null) missing.push('ended');
  if (now >= grant.expiresAt) missing.push('partnership-over');
  if (tier.until !== null && now >= tier.until) missing.push('tier-over');
  if (tier.from === null || now < tier.from || tier.isInWindow) missing.push('not-begun');
  if (grant.acceptedTerms !== tier.terms) missing.push('terms-not-accepted');
  return missing;
}
