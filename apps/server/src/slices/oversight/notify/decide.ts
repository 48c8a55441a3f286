import type { Frequency, MailPreferences } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';

/** What somebody who chose nothing gets. */
export const standard: MailPreferences = {
  case: 'immediately',
  notice: 'immediately',
  message: 'daily',
  zone: 'UTC',
  digestAt: '08:00',
  digestDay: 1,
  quiet: null,
};

/** What one click ends: everything that can be ended. */
export function withoutMail(preferences: MailPreferences): MailPreferences {
  return { ...preferences, case: 'never', notice: 'never', message: 'never' };
}

export interface Earlier {
  /** The last mail about the same thing. */
  readonly sameSubject: Instant | null;
  /** The last mail about anything. */
  readonly any: Instant | null;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const sameSubjectMs = hourMs;
const anyMs = 10 * minuteMs;

/**
 * The hour at which a mail about something that happened `now` goes out; null for never. Pure: the
 * zone's rules come with the runtime, the hour comes in.
 */
export function dueAt(
  frequency: Frequency,
  preferences: MailPreferences,
  { now, earlier }: { readonly now: Instant; readonly earlier: Earlier },
): Instant | null {
  switch (frequency) {
    case 'never':
      return null;
    case 'immediately':
      return afterQuiet(later(now, earlier), preferences);
    case 'daily':
      return nextDigest(now, preferences, () => true);
    case 'weekly':
      return nextDigest(now, preferences, (day) => day === preferences.digestDay);
  }
}

function later(now: Instant, { sameSubject, any }: Earlier): Instant {
  const held = [
    Date.parse(now),
    ...(sameSubject === null ? [] : [Date.parse(sameSubject) + sameSubjectMs]),
    ...(any === null ? [] : [Date.parse(any) + anyMs]),
  ];
  return instantOf(Math.max(...held));
}

/** `at`, or the end of the quiet hours that it falls into. */
function afterQuiet(at: Instant, { quiet, zone }: MailPreferences): Instant {
  if (quiet === null || quiet.from === quiet.until) return at;
  const { date, time } = wallClock(at, zone);
  const overMidnight = quiet.from > quiet.until;
  const evening = overMidnight && time >= quiet.from;
  const within = overMidnight
    ? evening || time < quiet.until
    : time >= quiet.from && time < quiet.until;
  if (!within) return at;
  const end = atWallClock(evening ? dayAfter(date) : date, quiet.until, zone);
  // Where a clock goes back, the hour named twice may lie behind.
  return end > at ? end : at;
}

/** The first digest hour after `now` on a day that counts. */
function nextDigest(
  now: Instant,
  { zone, digestAt }: MailPreferences,
  counts: (isoDay: number) => boolean,
): Instant {
  let { date } = wallClock(now, zone);
  for (let ahead = 0; ahead <= 8; ahead++) {
    const at = atWallClock(date, digestAt, zone);
    if (at > now && counts(isoDayOf(date))) return at;
    date = dayAfter(date);
  }
  throw new Error(`no digest hour within eight days after ${now}`);
}

interface WallClock {
  /** `2026-03-29` */
  readonly date: string;
  /** `02:30` */
  readonly time: string;
}

function wallClock(at: Instant, zone: string): WallClock {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(new Date(at));
  const of = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((part) => part.type === type)?.value ?? '';
  return {
    date: `${of('year')}-${of('month')}-${of('day')}`,
    time: `${of('hour')}:${of('minute')}`,
  };
}

/**
 * The instant at which the zone's clock shows this. Of a time shown twice the earlier one; a time
 * that is left out (the clock goes forward over it) becomes the first minute after the gap.
 */
function atWallClock(date: string, time: string, zone: string): Instant {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  const wanted = `${date} ${time}`;
  const shown = (ms: number) => {
    const clock = wallClock(instantOf(ms), zone);
    return `${clock.date} ${clock.time}`;
  };
  // Offsets of a day before and after hold every offset that can apply in between.
  const offsets = [asUtc - dayMs, asUtc + dayMs].map(
    (ms) => Date.parse(`${shown(ms).replace(' ', 'T')}:00Z`) - ms,
  );
  const candidates = offsets.map((offset) => asUtc - offset).toSorted((a, b) => a - b);
  const exact = candidates.find((ms) => shown(ms) === wanted);
  if (exact !== undefined) return instantOf(exact);
  // In the gap: the transition lies between the two candidates.
  const [from = asUtc, to = asUtc] = candidates;
  let low = from - dayMs;
  let high = to + dayMs;
  while (high - low > minuteMs) {
    const middle = low + Math.floor((high - low) / 2 / minuteMs) * minuteMs;
    if (shown(middle) < wanted) low = middle;
    else high = middle;
  }
  return instantOf(high);
}

function dayAfter(date: string): string {
  return instantOf(Date.parse(`${date}T12:00:00Z`) + dayMs).slice(0, 10);
}

/** 1 is Monday. */
function isoDayOf(date: string): number {
  return ((new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

function instantOf(ms: number): Instant {
  return new Date(ms).toISOString() as Instant; // toISOString gives exactly this form
}
