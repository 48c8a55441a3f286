import { type Instant, parseInstant } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type NeverTimes,
  neverUntil,
  neverWindows,
  nextNever,
  noNeverTimes,
  parseNeverTimes,
} from './never-times.ts';

function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(text);
  return instant;
}

const span = (from: string, until: string) => ({ from: at(from), until: at(until) });

function weekly(zone: string, ...times: NeverTimes['weekly']): NeverTimes {
  return { zone, weekly: times, once: [] };
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const nights = weekly('Europe/Berlin', { days: everyDay, from: '22:00', until: '06:00' });

describe('a weekly time', () => {
  it.each([
    ['Europe/Berlin', '2026-11-21T20:59:59Z', null],
    ['Europe/Berlin', '2026-11-21T21:00:00Z', '2026-11-22T05:00:00.000Z'],
    ['Europe/Berlin', '2026-11-22T04:59:59Z', '2026-11-22T05:00:00.000Z'],
    ['Europe/Berlin', '2026-11-22T05:00:00Z', null],
    ['Europe/Berlin', '2026-07-01T20:00:00Z', '2026-07-02T04:00:00.000Z'],
    ['America/New_York', '2026-07-02T02:00:00Z', '2026-07-02T10:00:00.000Z'],
    ['Asia/Kolkata', '2026-07-01T16:30:00Z', '2026-07-02T00:30:00.000Z'],
    ['UTC', '2026-07-01T21:59:59Z', null],
  ])('of the night in %s at %s ends %j', (zone, moment, end) => {
    expect(neverUntil({ ...nights, zone }, at(moment))).toBe(end);
  });

  it('is longer in the night in which clocks are set back', () => {
    expect(neverWindows(nights, span('2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z'))).toEqual([
      { from: '2026-10-24T20:00:00.000Z', until: '2026-10-25T05:00:00.000Z' },
    ]);
  });

  it('is shorter in the night in which clocks are set forward', () => {
    expect(neverWindows(nights, span('2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z'))).toEqual([
      { from: '2026-03-28T21:00:00.000Z', until: '2026-03-29T04:00:00.000Z' },
    ]);
  });

  it('holds in both hours that the clocks show the same', () => {
    const hour = weekly('Europe/Berlin', { days: [7], from: '02:15', until: '02:45' });
    expect(neverWindows(hour, span('2026-10-25T00:00:00Z', '2026-10-25T12:00:00Z'))).toEqual([
      { from: '2026-10-25T00:15:00.000Z', until: '2026-10-25T00:45:00.000Z' },
      { from: '2026-10-25T01:15:00.000Z', until: '2026-10-25T01:45:00.000Z' },
    ]);
  });

  it('is not there in an hour that the clocks skip, and ends where they skip its end', () => {
    const skipped = weekly('Europe/Berlin', { days: [7], from: '02:15', until: '02:45' });
    const morning = span('2026-03-29T00:00:00Z', '2026-03-29T12:00:00Z');
    expect(neverWindows(skipped, morning)).toEqual([]);
    const half = weekly('Europe/Berlin', { days: [7], from: '01:30', until: '02:30' });
    expect(neverWindows(half, morning)).toEqual([
      { from: '2026-03-29T00:30:00.000Z', until: '2026-03-29T01:00:00.000Z' },
    ]);
  });

  it('over midnight belongs to the day on which it begins', () => {
    const friday = weekly('UTC', { days: [5], from: '22:00', until: '06:00' });
    const windows = neverWindows(friday, span('2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'));
    expect(windows).toEqual([
      { from: '2026-11-20T22:00:00.000Z', until: '2026-11-21T06:00:00.000Z' },
    ]);
  });

  it('of equal ends is a whole day, and days that touch are one time', () => {
    const weekend = weekly('UTC', { days: [6, 7], from: '00:00', until: '00:00' });
    expect(neverUntil(weekend, at('2026-11-21T12:00:00Z'))).toBe('2026-11-23T00:00:00.000Z');
    expect(nextNever(weekend, at('2026-11-21T12:00:00Z'))).toBe('2026-11-28T00:00:00.000Z');
  });

  it('is found again where it comes once in a long while', () => {
    const once = { ...noNeverTimes, once: [span('2027-06-01T00:00:00Z', '2027-06-02T00:00:00Z')] };
    expect(nextNever(once, at('2026-11-21T00:00:00Z'))).toBe('2027-06-01T00:00:00.000Z');
    expect(nextNever(once, at('2027-06-02T00:00:00Z'))).toBeNull();
    expect(nextNever(noNeverTimes, at('2026-11-21T00:00:00Z'))).toBeNull();
  });
});

it('covers a moment where the clocks of the zone show a time of it', () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Casablanca'];
  const time = fc.tuple(fc.nat(23), fc.constantFrom('00', '15', '30', '45'));
  const start = Date.parse('2026-01-01T00:00:00Z');
  const property = fc.property(
    fc.constantFrom(...zones),
    fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    time,
    time,
    fc.nat(365 * 24 * 4),
    (zone, days, first, last, quarter) => {
      const [from, until] = [first, last].map(([h, m]) => `${String(h).padStart(2, '0')}:${m}`);
      if (from === undefined || until === undefined) throw new Error('no times');
      const moment = new Date(start + quarter * 15 * 60_000);
      const shown = clockOf(zone, moment);
      const isToday = (day: number) => days.includes(day);
      const inside =
        from < until
          ? isToday(shown.day) && from <= shown.time && shown.time < until
          : (isToday(shown.day) && from <= shown.time) ||
            (isToday(((shown.day + 5) % 7) + 1) && shown.time < until);
      const never = weekly(zone, { days, from, until });
      expect(neverUntil(never, at(moment.toISOString())) !== null).toBe(inside);
    },
  );
  fc.assert(property, { numRuns: 1_000 });
});

/** What a clock and a calendar on the wall show: another way to ask than the code's. */
function clockOf(zone: string, moment: Date): { readonly day: number; readonly time: string } {
  const time = moment.toLocaleTimeString('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
  });
  const name = moment.toLocaleDateString('en-GB', { timeZone: zone, weekday: 'short' });
  return { day: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(name) + 1, time };
}

describe('never-times from outside', () => {
  const fine = { days: [1], from: '08:00', until: '09:00' };
  const backward = { from: at('2026-11-21T09:00:00Z'), until: at('2026-11-21T09:00:00Z') };
  it.each([
    [{ ...noNeverTimes, zone: 'Mars/Olympus' }, 'zone-unknown'],
    [{ ...noNeverTimes, zone: '+02:00' }, 'zone-unknown'],
    [{ ...noNeverTimes, zone: '' }, 'zone-unknown'],
    [weekly('UTC', { ...fine, days: [] }), 'window-malformed'],
    [weekly('UTC', { ...fine, days: [0] }), 'window-malformed'],
    [weekly('UTC', { ...fine, days: [1.5] }), 'window-malformed'],
    [weekly('UTC', { ...fine, from: '24:00' }), 'window-malformed'],
    [weekly('UTC', { ...fine, until: '9:00' }), 'window-malformed'],
    [weekly('UTC', ...Array.from({ length: 31 }, () => fine)), 'window-malformed'],
    [{ ...noNeverTimes, once: [backward] }, 'window-empty'],
    [weekly('Europe/Berlin', fine), null],
  ])('%j are refused as %j', (never, code) => {
    const parsed = parseNeverTimes(never);
    expect(parsed.ok ? null : parsed.refusal.code).toBe(code);
  });
});
