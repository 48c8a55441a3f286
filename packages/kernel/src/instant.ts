/** A moment, RFC 3339 in UTC with milliseconds: `2026-11-21T09:30:00.000Z`. Sorts as text. */
export type Instant = string & { readonly Instant: unique symbol };

const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** Parses an RFC 3339 date-time that carries a zone; null for anything else (also 30 February). */
export function parseInstant(text: string): Instant | null {
  if (!shape.test(text)) return null;
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text.slice(0, 10))) return null;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : toInstant(time);
}

/** The instant of a valid Date; throws RangeError on an invalid one. */
export function toInstant(date: Date): Instant {
  return date.toISOString() as Instant; // the only cast: toISOString gives exactly this form
}

/** The later of two. */
export function later(one: Instant, other: Instant): Instant {
  return one > other ? one : other;
}

/** The earlier of two. */
export function earlier(one: Instant, other: Instant): Instant {
  return one < other ? one : other;
}

/** `instant` moved by `milliseconds` (may be negative). */
export function addMilliseconds(instant: Instant, milliseconds: number): Instant {
  return toInstant(new Date(Date.parse(instant) + milliseconds));
}
