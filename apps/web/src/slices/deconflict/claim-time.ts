import type { Claim, ClaimRules } from '@breakwater/contract';
import { addMilliseconds, type Instant, toInstant } from '@breakwater/kernel';

const hourMs = 3_600_000;
/** How far the clock of a reader may be ahead of the server's. */
const clocksMs = 600_000;

/**
 * Until when one renewal holds a claim: as long as it was granted for, from now on, within the
 * published limits; null where that would not be later than it ends already.
 */
export function renewalOf(
  claim: Pick<Claim, 'from' | 'until' | 'renewableUntil'>,
  rules: Pick<ClaimRules, 'termHoursMax'>,
  nowMs: number,
): Instant | null {
  const spanMs = Date.parse(claim.until) - Date.parse(claim.from);
  const now = toInstant(new Date(nowMs));
  const wished = addMilliseconds(now, Math.min(spanMs, rules.termHoursMax * hourMs - clocksMs));
  // Instants sort as text.
  const [until = wished] = [wished, claim.renewableUntil].toSorted();
  return until > claim.until ? until : null;
}

/** Why a claim cannot be renewed now; null: it can. */
export function renewalHindrance(claim: Claim, until: Instant | null): string | null {
  if (claim.renewalsLeft === 0) return 'It was renewed as often as a claim may be.';
  if (until !== null) return null;
  return claim.until >= claim.renewableUntil
    ? 'It lasts as long as a claim may.'
    : 'It would not end later yet.';
}

/** How near the end is: `late` within the hours in which its holder is warned. */
export function isEnding(at: Instant, warningHours: number, nowMs: number): boolean {
  return Date.parse(at) - nowMs < warningHours * hourMs;
}

const notByHolder: ReadonlySet<Claim['state']> = new Set([
  'expired',
  'lapsed',
  'overridden',
  'opted-out',
  'stopped',
]);

/** What its holder did not end itself, of late. */
export function isLost({ state, endedAt }: Claim, nowMs: number): boolean {
  if (endedAt === null || Date.parse(endedAt) < nowMs - toldMs) return false;
  return notByHolder.has(state);
}

/** Long enough for a weekend in between. */
const toldMs = 4 * 24 * hourMs;
