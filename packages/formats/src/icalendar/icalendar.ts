import { type Instant, ok, type Result, refuse, utf8 } from '@breakwater/kernel';

/** One span of time. */
export interface CalendarEvent {
  /** The same for the same thing in every calendar ever written of it (RFC 5545, 3.8.4.7). */
  readonly uid: string;
  /** Grows with every change of the same thing (3.8.7.4). */
  readonly sequence: number;
  readonly from: Instant;
  /** No part of it. */
  readonly until: Instant;
  readonly summary: string;
  readonly description: string | null;
  readonly status: 'tentative' | 'confirmed' | 'cancelled';
  /** Free: it takes nobody's time, such as hours in which others do nothing. */
  readonly transparent: boolean;
  readonly categories: readonly string[];
  /** Minutes before its end at which a calendar may remind of it; null: no reminder. */
  readonly warnMinutes: number | null;
}

export interface Calendar {
  readonly name: string;
  /** When it was written (DTSTAMP of every event). */
  readonly stamp: Instant;
  readonly events: readonly CalendarEvent[];
}

export type IcalendarCode = 'calendar-empty' | 'calendar-too-large' | 'event-backwards';

/** Bounds of what is written: a calendar program reads it whole. */
export const calendarLimits = { events: 5_000, text: 4_000 } as const;

const product = '-//Breakwater//Breakwater 0.1//EN';

/**
 * Writes a calendar as iCalendar (RFC 5545), media type text/calendar, in UTF-8. All times are in
 * UTC, so that no definition of a zone is needed and each program shows them on its own clock.
 * Text is cut after 4,000 characters; what a calendar cannot hold (control characters) is left out.
 *
 * Refused: a calendar of nothing, which the form does not know (3.6), of more than 5,000 events, and
 * an event that ends before it begins.
 */
export function writeCalendar(calendar: Calendar): Result<string, IcalendarCode> {
  const { events, stamp, name } = calendar;
  if (events.length === 0 || events.length > calendarLimits.events) {
    return refuse({
      code: events.length === 0 ? 'calendar-empty' : 'calendar-too-large',
      expected: `1 to ${calendarLimits.events} events`,
      got: String(events.length),
      todo: events.length === 0 ? 'write none while there is nothing in it' : 'ask for less time',
    });
  }
  const backwards = events.find(({ from, until }) => from >= until);
  if (backwards !== undefined) {
    return refuse({
      code: 'event-backwards',
      expected: 'an end behind the beginning',
      got: `${backwards.from} to ${backwards.until}`,
      todo: 'turn the two around',
    });
  }
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:${product}`,
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    // RFC 7986, 5.1; the second is what programs older than it read.
    `NAME:${text(name)}`,
    `X-WR-CALNAME:${text(name)}`,
    ...events.flatMap((event) => linesOf(event, stamp)),
    'END:VCALENDAR',
  ];
  return ok(lines.map(folded).join(''));
}

function linesOf(event: CalendarEvent, stamp: Instant): readonly string[] {
  const { uid, sequence, from, until, summary, description, categories } = event;
  return [
    'BEGIN:VEVENT',
    `UID:${text(uid)}`,
    `DTSTAMP:${time(stamp)}`,
    `SEQUENCE:${sequence}`,
    `DTSTART:${time(from)}`,
    `DTEND:${timeAfter(from, until)}`,
    `SUMMARY:${text(summary)}`,
    ...(description === null ? [] : [`DESCRIPTION:${text(description)}`]),
    ...(categories.length === 0 ? [] : [`CATEGORIES:${categories.map(text).join(',')}`]),
    `STATUS:${event.status.toUpperCase()}`,
    `TRANSP:${event.transparent ? 'TRANSPARENT' : 'OPAQUE'}`,
    ...alarmOf(event),
    'END:VEVENT',
  ];
}

function alarmOf({ warnMinutes, summary }: CalendarEvent): readonly string[] {
  if (warnMinutes === null) return [];
  return [
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${text(summary)}`,
    `TRIGGER;RELATED=END:-PT${warnMinutes}M`,
    'END:VALARM',
  ];
}

/** A moment in UTC (3.3.5), to the second. */
function time(instant: Instant): string {
  return `${instant.slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** An end is later than its beginning (3.8.2.2), also where both lie in one second. */
function timeAfter(from: Instant, until: Instant): string {
  if (time(from) !== time(until)) return time(until);
  return `${new Date(Date.parse(until) + 1_000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** TEXT (3.3.11): backslash, semicolon, comma and the end of a line are written with a backslash. */
function text(value: string): string {
  return value
    .slice(0, calendarLimits.text)
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n');
}

/** Longest line in octets, its end not counted (3.1). */
const lineOctets = 75;

/** A content line, folded between characters: a sequence of UTF-8 is not torn apart. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = utf8(character).length;
    if (octets + size > lineOctets) {
      parts.push(part);
      // The space that the next line begins with counts.
      part = '';
      octets = 1;
    }
    part += character;
    octets += size;
  }
  return `${[...parts, part].join('\r\n ')}\r\n`;
}
