import { type Protection, protections } from '@breakwater/contract';
import { addMilliseconds, type Instant, later } from '@breakwater/kernel';
import type { Span } from './calendar.ts';
import type { Access, Engagement, Grant, Window } from './model.ts';

/** Calendar days of one model at most, whatever the windows (EO 14409 Sec. 3(b)(ii)). */
export const daysMax = 30;

/** What has to hold for a grant to be active and does not. */
export interface Missing {
  readonly what:
    | 'window-not-begun'
    | 'window-over'
    | 'terms-missing'
    | 'not-accepted'
    | 'revoked'
    | 'engagement-left'
    | 'model-released'
    | 'person-gone';
  /** Of which protection; null where it is about none. */
  readonly protection: Protection | null;
}

/** EAR-9: everything that does not hold; none: the grant is active, until the window ends. */
export function missingOf(
  { grant, window }: { readonly grant: Grant; readonly window: Window },
  engagement: Pick<Engagement, 'leftAt' | 'releasedAt' | 'terms'>,
  now: Instant,
): readonly Missing[] {
  const missing: Missing[] = [];
  const add = (what: Missing['what'], protection: Protection | null = null) =>
    void missing.push({ what, protection });
  if (engagement.leftAt !== null) add('engagement-left');
  if (engagement.releasedAt !== null) add('model-released');
  if (isOver(window, now)) add('window-over');
  else if (now < window.begins) add('window-not-begun');
  if (grant.revokedAt !== null) add('revoked');
  for (const protection of protections) {
    const terms = engagement.terms[protection];
    if (terms === null) add('terms-missing', protection);
    else if (grant.accepted[protection] !== terms) add('not-accepted', protection);
  }
  return missing;
}

/** EAR-6: it ended, or the clock says so; nothing has to run for it. */
export function isOver(window: Window, now: Instant): boolean {
  return window.endedAt !== null || now >= window.ends;
}

/** The engagement gives nothing any more. */
export function isEngagementOver({
  leftAt,
  releasedAt,
}: Pick<Engagement, 'leftAt' | 'releasedAt'>): boolean {
  return leftAt !== null || releasedAt !== null;
}

/**
 * EAR-4: the time in which a window uses days: until it ends, or was ended. What was used stays used
 * also where a clock was set back between.
 */
export function spanOf(window: Window, grants: Access['grants']): Span {
  const { begins, ends, endedAt } = window;
  let until = endedAt === null || endedAt > ends ? ends : endedAt;
  for (const { window: of, usedAt } of grants) {
    if (of !== window.id || usedAt === null || usedAt < until) continue;
    until = addMilliseconds(usedAt, 1);
  }
  return { from: begins, until: later(until, begins) };
}

/** EAR-14: when access by a grant was over; null while it goes on. */
export function overAt(
  { grant, window }: { readonly grant: Grant; readonly window: Window },
  now: Instant,
): Instant | null {
  const ends = [grant.revokedAt, window.endedAt, now >= window.ends ? window.ends : null];
  return ends.filter((each) => each !== null).toSorted()[0] ?? null;
}

/** EAR-14: nothing is owed any more. */
export function isSettled({ attested }: Pick<Grant, 'attested'>): boolean {
  return attested === 'returned' || attested === 'destroyed';
}
