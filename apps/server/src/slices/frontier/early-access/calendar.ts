import { type Instant, toInstant } from '@breakwater/kernel';

/**
 * Calendar days as the clocks of a zone show them (EO 14409 Sec. 3(b)(ii) counts calendar days).
 * Pure: the rules of the zones come with the runtime, every moment comes in. A zone is the IANA name
 * of one that the runtime knows; any other throws RangeError.
 */

/** A time from a moment until another; the end is no part of it. */
export interface Span {
  readonly from: Instant;
  readonly until: Instant;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Every date that the clocks of `zone` show at any moment of [from, to), in order of the calendar:
 * `['2026-03-28', '2026-03-29']`. Empty where `to` is not behind `from`. A date that the zone left
 * out is not there; one that it showed twice is there once.
 */
export function calendarDays(zone: string, from: Instant, to: Instant): readonly string[] {
  return usedDays(zone, [{ from, until: to }]);
}

/** The dates of several spans; a date that two of them touch is there once. */
export function usedDays(zone: string, spans: readonly Span[]): readonly string[] {
  const dates = new Set<string>();
  for (const { from, until } of spans) {
    const end = Date.parse(until);
    for (const piece of piecesOf(zone, Date.parse(from))) {
      if (piece.from >= end) break;
      dates.add(piece.date);
    }
  }
  return [...dates].toSorted();
}

/**
 * The first moment from which the clocks of `zone` show only dates after `date`. Where clocks go
 * back over midnight the date comes again, and its end is the last; a date that the zone left out
 * ends where it was jumped over.
 */
export function endOfDay(zone: string, date: string): Instant {
  // No clock is further than 16 hours from UTC (Manila before 1844), so nothing of the date lies
  // outside; clocks that go back over a date at most show a day twice.
  const midnight = Date.parse(`${date}T00:00:00Z`);
  let end = midnight;
  for (const piece of piecesOf(zone, midnight - 2 * dayMs)) {
    if (piece.from > midnight + 4 * dayMs) break;
    if (piece.date <= date) end = piece.until;
  }
  return toInstant(new Date(end));
}

/**
 * The latest moment at which something that begins at `start` may end so that, with the dates
 * `used` already, it touches no more than `cap` dates of `zone`: the first moment of the first date
 * too many. Null where `start` itself lies in a date too many: then it cannot begin at all.
 */
export function latestEnd(asked: {
  readonly zone: string;
  readonly start: Instant;
  readonly used: readonly string[];
  readonly cap: number;
}): Instant | null {
  const dates = new Set(asked.used);
  const start = Date.parse(asked.start);
  for (const { from, date } of piecesOf(asked.zone, start)) {
    dates.add(date);
    if (dates.size > asked.cap) return from <= start ? null : toInstant(new Date(from));
  }
  throw new Error('expected days to follow each other without an end');
}

/**
 * As `latestEnd`, and within the cap by the clocks of each of `zones`: spans that were counted by
 * the clocks of one place are not more days than the cap by those of another, however far apart.
 */
export function latestEndInAll(asked: {
  readonly zones: readonly string[];
  readonly start: Instant;
  readonly used: readonly Span[];
  readonly cap: number;
}): Instant | null {
  let earliest: Instant | null = null;
  for (const zone of asked.zones) {
    const used = usedDays(zone, asked.used);
    const end = latestEnd({ zone, start: asked.start, used, cap: asked.cap });
    if (end === null) return null;
    if (earliest === null || end < earliest) earliest = end;
  }
  return earliest;
}

/** A time in which the clocks of a zone show one date. */
interface Piece {
  readonly date: string;
  readonly from: number;
  readonly until: number;
}

/** From a moment on, without an end: each piece begins where the one before it ends. */
function* piecesOf(zone: string, start: number): Generator<Piece, never> {
  const offsetAt = offsetsOf(zone);
  let from = start;
  let offset = offsetAt(from);
  for (;;) {
    const day = Math.floor((from + offset) / dayMs);
    // No zone changes its clocks twice within a day.
    const midnight = (day + 1) * dayMs - offset;
    const next = offsetAt(midnight);
    const until = next === offset ? midnight : changeBetween(from, midnight, offsetAt);
    yield { date: new Date(day * dayMs).toISOString().slice(0, 10), from, until };
    from = until;
    offset = next;
  }
}

/** The first millisecond with another offset than at `low`. */
function changeBetween(low: number, high: number, offsetAt: (at: number) => number): number {
  const before = offsetAt(low);
  let [left, right] = [low, high];
  while (right - left > 1) {
    const middle = Math.floor((left + right) / 2);
    if (offsetAt(middle) === before) left = middle;
    else right = middle;
  }
  return right;
}

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
type OffsetAt = (at: number) => number;

/** By zones: there are some six hundred. */
const offsets = new Map<string, OffsetAt>();
/** More names than there are zones are other ways to write them, and are not kept. */
const zonesMax = 1_000;
/** Of one zone; windows of a model are weighed by the same midnights again and again. */
const momentsMax = 1_000;

function offsetsOf(zone: string): OffsetAt {
  const known = offsets.get(zone);
  if (known !== undefined) return known;
  const made = kept(reading(formatOf(zone)));
  if (offsets.size < zonesMax) offsets.set(zone, made);
  return made;
}

function kept(offsetAt: OffsetAt): OffsetAt {
  const answers = new Map<number, number>();
  return (at) => {
    const known = answers.get(at);
    if (known !== undefined) return known;
    const offset = offsetAt(at);
    if (answers.size >= momentsMax) answers.clear();
    answers.set(at, offset);
    return offset;
  };
}

function reading(format: Intl.DateTimeFormat): OffsetAt {
  return (at) => {
    const parts = format.formatToParts(at);
    const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    const date = Date.UTC(value('year'), value('month') - 1, value('day'));
    const time =
      value('hour') * 60 * minuteMs + value('minute') * minuteMs + value('second') * 1000;
    return date + time - Math.floor(at / 1000) * 1000;
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
