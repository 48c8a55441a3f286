import type { Instant } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CalendarEvent, calendarLimits, writeCalendar } from './icalendar.ts';

const at = (text: string) => text as Instant; // spelled as the kernel writes instants
const stamp = at('2026-03-01T08:00:00.000Z');
const event: CalendarEvent = {
  uid: 'claim_0@breakwater.example.org',
  sequence: 2,
  from: at('2026-03-01T09:00:00.000Z'),
  until: at('2026-03-02T09:30:59.999Z'),
  summary: 'fuzz repo:github.com/a/b; all of it, alone',
  description: 'first line\nsecond \\ line',
  status: 'confirmed',
  transparent: false,
  categories: ['claim', 'alone, by all'],
  warnMinutes: 60,
};

function written(events: readonly CalendarEvent[], name = 'Claims'): string {
  const result = writeCalendar({ name, stamp, events });
  if (result.ok) return result.value;
  throw new Error(result.refusal.code);
}

/** As a reader unfolds (RFC 5545, 3.1). */
const unfolded = (calendar: string) => calendar.replaceAll('\r\n ', '').split('\r\n');

test('a calendar of one event, line by line', () => {
  expect(unfolded(written([event]))).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Breakwater//Breakwater 0.1//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    'NAME:Claims',
    'X-WR-CALNAME:Claims',
    'BEGIN:VEVENT',
    'UID:claim_0@breakwater.example.org',
    'DTSTAMP:20260301T080000Z',
    'SEQUENCE:2',
    'DTSTART:20260301T090000Z',
    'DTEND:20260302T093059Z',
    'SUMMARY:fuzz repo:github.com/a/b\\; all of it\\, alone',
    'DESCRIPTION:first line\\nsecond \\\\ line',
    'CATEGORIES:claim,alone\\, by all',
    'STATUS:CONFIRMED',
    'TRANSP:OPAQUE',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'DESCRIPTION:fuzz repo:github.com/a/b\\; all of it\\, alone',
    'TRIGGER;RELATED=END:-PT60M',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]);
});

describe('whatever text stands in it', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 300 });

  test('no line is longer than 75 octets, and none begins but those that are ours', () => {
    const property = fc.property(anyText, anyText, (summary, description) => {
      const calendar = written([{ ...event, summary, description }], summary);
      for (const line of calendar.split('\r\n')) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(line).not.toMatch(/[\r\n]|(?!\t)\p{Cc}/u);
      }
      const names = unfolded(calendar).map((line) => line.split(/[:;]/)[0]);
      expect(names).toEqual(unfolded(written([event])).map((line) => line.split(/[:;]/)[0]));
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('it is read back as it was, without what a calendar cannot hold', () => {
    const property = fc.property(anyText, (summary) => {
      const line = unfolded(written([{ ...event, summary }])).find((l) => l.startsWith('SUMMARY:'));
      const read = line
        ?.slice('SUMMARY:'.length)
        .replace(/\\([\\;,n])/g, (_, c: string) => (c === 'n' ? '\n' : c));
      const held = summary.replace(/\r\n?/g, '\n').replace(/(?![\n\t])\p{Cc}/gu, '');
      expect(read).toBe(held.toWellFormed());
    });
    fc.assert(property, { numRuns: 300 });
  });
});

test('a character is never torn apart by the fold', () => {
  const calendar = written([{ ...event, summary: '🌊'.repeat(100) }]);
  expect(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(calendar))).toBe(calendar);
  for (const line of calendar.split('\r\n')) expect(line.isWellFormed()).toBe(true);
});

test('what lies within one second ends a second later, also at the end of a year', () => {
  const [from, until] = [at('2026-12-31T23:59:59.100Z'), at('2026-12-31T23:59:59.900Z')];
  expect(unfolded(written([{ ...event, from, until }]))).toContain('DTEND:20270101T000000Z');
});

test('text beyond its bound is cut', () => {
  const [line] = unfolded(written([{ ...event, summary: 'x'.repeat(9_000) }])).filter((l) =>
    l.startsWith('SUMMARY:'),
  );
  expect(line?.length).toBe('SUMMARY:'.length + calendarLimits.text);
});

test.each([
  ['calendar-empty', []],
  ['calendar-too-large', Array.from({ length: calendarLimits.events + 1 }, () => event)],
  ['event-backwards', [event, { ...event, until: event.from }]],
])('refused: %s', (code, events) => {
  expect(writeCalendar({ name: 'x', stamp, events })).toMatchObject({ refusal: { code } });
});
