import { addMilliseconds, type Instant, toInstant } from '@breakwater/kernel';

/** How fast an owner takes cases in. */
export interface PaceState {
  /** null: as they come. */
  readonly capacityPerWeek: number | null;
  /** `until` null: until the owner lifts it. */
  readonly pause: { readonly until: Instant | null; readonly zone: string | null } | null;
  /** Whether what is exploited in the wild may come at once. */
  readonly urgent: boolean;
  readonly revision: number;
}

/** Of an owner who never set one. */
export const openPace: PaceState = {
  capacityPerWeek: null,
  pause: null,
  urgent: false,
  revision: 0,
};

const day = 86_400_000;

/** The week `now` lies in: Monday 00:00 UTC to the next (ISO 8601), the same for everybody. */
export function weekOf(now: Instant): { readonly startsAt: Instant; readonly endsAt: Instant } {
  const midnight = Math.floor(Date.parse(now) / day) * day;
  const sinceMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  const startsAt = toInstant(new Date(midnight - sinceMonday * day));
  return { startsAt, endsAt: addMilliseconds(startsAt, 7 * day) };
}

/** The pause that holds at `now`; one whose hour has come is over. */
export function pauseAt(pace: PaceState, now: Instant): PaceState['pause'] {
  const { pause } = pace;
  return pause?.until != null && pause.until <= now ? null : pause;
}

/** How many cases may be handed over at `now`, of which `handedOver` came in this week. */
export function roomFor(pace: PaceState, handedOver: number, now: Instant): number {
  if (pauseAt(pace, now) !== null) return 0;
  if (pace.capacityPerWeek === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, pace.capacityPerWeek - handedOver);
}

/** When the next case may be handed over; null: not before the owner lifts the pause. */
export function nextChance(pace: PaceState, handedOver: number, now: Instant): Instant | null {
  const pause = pauseAt(pace, now);
  if (pause !== null && pause.until === null) return null;
  const free = pause?.until ?? now;
  const { endsAt } = weekOf(now);
  const full = pace.capacityPerWeek !== null && handedOver >= pace.capacityPerWeek;
  return full && free < endsAt ? endsAt : free;
}

/** What the order of hand-over is made of. */
export interface Priority {
  /** The SSVC decision of the newest score; null: not scored. */
  readonly decision: string | null;
  readonly severity: string | null;
  /** Listed in CISA's catalog of what is exploited in the wild (KEV), as the score saw it. */
  readonly exploited: boolean;
}

export const unscored: Priority = { decision: null, severity: null, exploited: false };

/** CISA's coordinator tree, most urgent first. */
const decisions = ['Act', 'Attend', 'Track*', 'Track'];

/**
 * Sorts what waits: exploited in the wild first, then by decision, then by how long it has waited.
 * The id decides between the rest, so that everybody computes the same order.
 */
export function inOrder<
  T extends { readonly case: string; readonly since: Instant; readonly priority: Priority },
>(waiting: readonly T[]): T[] {
  const rank = ({ priority }: T) => {
    const at = decisions.indexOf(priority.decision ?? '');
    return at < 0 ? decisions.length : at;
  };
  return waiting.toSorted(
    (a, b) =>
      Number(b.priority.exploited) - Number(a.priority.exploited) ||
      rank(a) - rank(b) ||
      compareText(a.since, b.since) ||
      compareText(a.case, b.case),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
