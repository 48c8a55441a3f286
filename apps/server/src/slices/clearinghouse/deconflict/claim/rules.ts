import type { ClaimRules } from '@breakwater/contract';
import { addMilliseconds, earlier, type Instant, later } from '@breakwater/kernel';

/**
 * The published rules: the same for every party, and all there are. Whoever meets one of them finds
 * it here under its name (docs/rules/deconflict.md, DCF-5 to DCF-12).
 */
export const rules: ClaimRules = {
  liveClaimsMax: 500,
  waitsMax: 20,
  termHoursMax: 14 * 24,
  aheadHoursMax: 30 * 24,
  renewalsMax: 6,
  totalHoursMax: 60 * 24,
  unusedHours: 48,
  warningHours: 12,
  answersPerDay: 2_000,
  waitReservesHours: 12,
  hoursPerClaimHeld: 1,
  hoursForClaimsMax: 24,
  order: [
    'Who waits longer comes first; each claim that a party holds counts as one hour less, at most 24.',
    'What somebody has waited for longer than 12 hours is granted to nobody else anew.',
    'A claim that somebody waits for is not renewed.',
  ],
};

export const hourMs = 60 * 60 * 1_000;

/** When a claim ends by itself: at its end, or when it was not used for too long. */
export function endOf(claim: {
  readonly from: Instant;
  readonly until: Instant;
  readonly createdAt: Instant;
  readonly usedAt: Instant | null;
}): Instant {
  return earlier(lapseOf(claim), claim.until);
}

/** When a claim lapses unless it is used. One that lies ahead counts from when it begins. */
export function lapseOf(claim: {
  readonly from: Instant;
  readonly createdAt: Instant;
  readonly usedAt: Instant | null;
}): Instant {
  const begun = later(claim.from, claim.createdAt);
  const last = claim.usedAt === null ? begun : later(begun, claim.usedAt);
  return addMilliseconds(last, rules.unusedHours * hourMs);
}

/**
 * When the holder of a claim that ends at `ends` is warned: the published hours before, but never in
 * the first half of a shorter claim.
 */
export function warningOf(from: Instant, ends: Instant): Instant {
  const spanMs = Date.parse(ends) - Date.parse(from);
  return addMilliseconds(ends, -Math.min(rules.warningHours * hourMs, spanMs / 2));
}

/** `instant` moved by hours, which need not be whole. */
export function addHours(instant: Instant, hours: number): Instant {
  return addMilliseconds(instant, hours * hourMs);
}
