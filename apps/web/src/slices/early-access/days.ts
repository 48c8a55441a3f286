import type { AccessDays, AccessWindow } from '@breakwater/contract';

/** How the days of a model are divided: gone by, of the window that is open, still to come. */
export interface DaysDivided {
  readonly before: number;
  readonly now: number;
  readonly ahead: number;
}

/**
 * Divides the dates that windows used or are to use. `days` are those of the window that is open
 * (none: no window is), `today` is the date on the clocks of the zone.
 */
export function divideDays(
  used: AccessDays['used'],
  days: readonly string[],
  today: string,
): DaysDivided {
  const ahead = used.filter((date) => date > today).length;
  const now = used.filter((date) => date <= today && days.includes(date)).length;
  return { before: used.length - ahead - now, now, ahead };
}

/** The date on the clocks of a zone at a moment: `2026-11-21`. */
export function dateIn(zone: string, at: number): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
}

/** Whether a window has ended, by an act or by the clock; one that has not begun has not. */
export function isOver({
  endedAt,
  ends,
  asOf,
}: Pick<AccessWindow, 'endedAt' | 'ends' | 'asOf'>): boolean {
  return endedAt !== null || ends <= asOf;
}
