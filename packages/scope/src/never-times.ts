import {
  addMilliseconds,
  type Instant,
  isZone,
  ok,
  type Result,
  toInstant,
} from '@breakwater/kernel';
import { refusal } from './refusal.ts';

/** A time of every week, as the clocks of a zone show it. */
export interface WeeklyTime {
  /** Days on which it begins: 1 is Monday, 7 Sunday (ISO 8601). */
  readonly days: readonly number[];
  /** `HH:MM`; over midnight where `from` is the later one, a whole day where both are equal. */
  readonly from: string;
  readonly until: string;
}

/** A time from a moment until another; the end is no part of it. */
export interface Window {
  readonly from: Instant;
  readonly until: Instant;
}

/** Times at which nothing is done, whatever else is allowed. */
export interface NeverTimes {
  /** IANA name of the zone whose clocks show the weekly times. */
  readonly zone: string;
  readonly weekly: readonly WeeklyTime[];
  readonly once: readonly Window[];
}

export const noNeverTimes: NeverTimes = { zone: 'UTC', weekly: [], once: [] };

const weeklyMax = 30;
const onceMax = 100;
const minute = 60_000;
const day = 24 * 60 * minute;
/** Longest time for which windows are listed at once. */
const listedMax = 400 * day;

/** Checks never-times from outside: a zone that is known, times of day, ends behind beginnings. */
export function parseNeverTimes(
  input: NeverTimes,
): Result<NeverTimes, 'zone-unknown' | 'window-empty' | 'window-malformed'> {
  const { zone, weekly, once } = input;
  if (!isZone(zone)) {
    return refusal('zone-unknown', zone, {
      expected: 'the IANA name of a zone, such as Europe/Berlin or UTC',
      todo: 'name the zone in which the times are meant',
    });
  }
  if (weekly.length > weeklyMax || once.length > onceMax || !weekly.every(isWeekly)) {
    return refusal('window-malformed', JSON.stringify(weekly).slice(0, 200), {
      expected: 'at most 30 weekly times with days from 1 to 7 and times HH:MM, and 100 others',
      todo: 'write a time over midnight as from 22:00 until 06:00 on the day it begins',
    });
  }
  const blank = once.find(({ from, until }) => from >= until);
  if (blank === undefined) return ok(input);
  return refusal('window-empty', `${blank.from} to ${blank.until}`, {
    expected: 'an end behind the beginning',
    todo: 'turn the two around, or leave the window out',
  });
}

/**
 * The end of the never-time that covers a moment (of several that touch, the last); null: it is
 * covered by none. Where clocks are set back, an hour that is shown twice is covered twice; an hour
 * that is skipped takes none of the time of day away.
 */
export function neverUntil(never: NeverTimes, at: Instant): Instant | null {
  const [first] = windowsIn(never, { from: at, until: addMilliseconds(at, 15 * day) });
  return first !== undefined && first[0] <= Date.parse(at) ? instant(first[1]) : null;
}

/** When the next never-time begins behind a moment, at most a year ahead; null: none. */
export function nextNever(never: NeverTimes, at: Instant): Instant | null {
  const start = Date.parse(at);
  for (const days of [15, 366]) {
    const windows = windowsIn(never, { from: at, until: addMilliseconds(at, days * day) });
    const next = windows.find(([from]) => from > start);
    if (next !== undefined) return instant(next[0]);
  }
  return null;
}

/**
 * Every never-time that touches a span of at most 400 days, in order, apart from each other. A
 * window that reaches beyond the span is told whole where it is a single one, and up to a day
 * beyond where it is weekly.
 */
export function neverWindows(never: NeverTimes, span: Window): readonly Window[] {
  return windowsIn(never, span).map(([from, until]) => ({
    from: instant(from),
    until: instant(until),
  }));
}

function instant(milliseconds: number): Instant {
  return toInstant(new Date(milliseconds));
}

function windowsIn(never: NeverTimes, span: Window): readonly (readonly [number, number])[] {
  const [start, wished] = [Date.parse(span.from), Date.parse(span.until)];
  const end = Math.min(wished, start + listedMax);
  const windows = never.once.map(
    ({ from, until }) => [Date.parse(from), Date.parse(until)] as const,
  );
  const weekly =
    never.weekly.length === 0
      ? []
      : evenSpans(never.zone, start - 2 * day, end + 2 * day).flatMap((even) =>
          never.weekly.flatMap((time) => weeklyWindows(time, even)),
        );
  return joined([...windows, ...weekly]).filter(([from, until]) => until > start && from < end);
}

/** A span in which the clocks of a zone run evenly, `offset` milliseconds ahead of UTC. */
interface EvenSpan {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

/** Spans without a change of the clocks, of a length at which no zone changes them twice. */
function evenSpans(zone: string, start: number, end: number): readonly EvenSpan[] {
  const offsetAt = offsetsOf(zone);
  const spans: EvenSpan[] = [];
  let from = start;
  let offset = offsetAt(start);
  for (let at = start; at < end; ) {
    const next = Math.min(at + 7 * day, end);
    const nextOffset = offsetAt(next);
    if (nextOffset !== offset) {
      const change = changeBetween(at, next, offsetAt);
      spans.push({ from, until: change, offset });
      [from, offset, at] = [change, offsetAt(change), change];
    } else at = next;
  }
  return [...spans, { from, until: end, offset }];
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

/** The times of a weekly one within an even span. */
function weeklyWindows(
  { days, from, until }: WeeklyTime,
  even: EvenSpan,
): readonly (readonly [number, number])[] {
  const [begin, end] = [minutesOf(from), minutesOf(until)];
  const length = (end > begin ? end - begin : end - begin + 24 * 60) * minute;
  const windows: (readonly [number, number])[] = [];
  const firstDay = Math.floor((even.from + even.offset) / day) - 1;
  const lastDay = Math.floor((even.until + even.offset) / day);
  for (let date = firstDay; date <= lastDay; date += 1) {
    // Day 0, 1 January 1970, was a Thursday.
    if (!days.includes(((((date + 3) % 7) + 7) % 7) + 1)) continue;
    const start = date * day + begin * minute - even.offset;
    const cut = [Math.max(start, even.from), Math.min(start + length, even.until)] as const;
    if (cut[0] < cut[1]) windows.push(cut);
  }
  return windows;
}

function joined(windows: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const all: (readonly [number, number])[] = [];
  for (const [from, until] of windows.toSorted((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (last !== undefined && last[1] >= from)
      all[all.length - 1] = [last[0], Math.max(last[1], until)];
    else all.push([from, until]);
  }
  return all;
}

/** By zones in lower case: there are some six hundred of them, and any case names the same. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function offsetsOf(zone: string): (at: number) => number {
  const name = zone.toLowerCase();
  const format = formats.get(name) ?? formatOf(zone);
  formats.set(name, format);
  return (at) => {
    const parts = format.formatToParts(at);
    const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    const date = Date.UTC(value('year'), value('month') - 1, value('day'));
    const time = value('hour') * 60 * minute + value('minute') * minute + value('second') * 1_000;
    return date + time - Math.floor(at / 1_000) * 1_000;
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

function isWeekly({ days, from, until }: WeeklyTime): boolean {
  const isTime = (text: string) => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);
  const isDay = (value: number) => Number.isInteger(value) && value >= 1 && value <= 7;
  return days.length > 0 && days.length <= 7 && days.every(isDay) && isTime(from) && isTime(until);
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
