import { expect, test } from 'vitest';
import { dayAndHour, durationWords, fullMoment, momentIn, spanWords } from './time.ts';

const noon = '2026-11-30T17:00:00.000Z';

test.each([
  ['UTC', 'Mon 30 Nov 2026, 17:00 UTC'],
  ['America/New_York', 'Mon 30 Nov 2026, 12:00 America/New_York (UTC−05:00)'],
  ['Asia/Kolkata', 'Mon 30 Nov 2026, 22:30 Asia/Kolkata (UTC+05:30)'],
  ['Not/AZone', 'Mon 30 Nov 2026, 17:00 UTC'],
])('a moment in %s', (zone, words) => {
  expect(fullMoment(noon, zone)).toBe(words);
});

test('midnight is 00:00, not 24:00', () => {
  expect(dayAndHour('2026-11-30T00:00:00.000Z', 'UTC')).toBe('Mon 30 Nov 2026, 00:00');
});

test.each([
  [0, 'less than a minute'],
  [-59_999, 'less than a minute'],
  [60_000, '1 minute'],
  [3_600_000, '1 hour'],
  [3_660_000, '1 hour 1 minute'],
  [90_000_000, '1 day 1 hour'],
  [86_460_000, '1 day'],
  [9 * 86_400_000 + 4 * 3_600_000, '9 days 4 hours'],
])('%d ms is %s', (milliseconds, words) => {
  expect(spanWords(milliseconds)).toBe(words);
});

test.each([
  [41.4, '41 ms'],
  [999, '999 ms'],
  [4_210, '4.2 s'],
])('a run of %d ms took %s', (milliseconds, words) => {
  expect(durationWords(milliseconds)).toBe(words);
});

test.each([
  ['2026-11-30T17:00', 'America/New_York', '2026-11-30T17:00:00-05:00'],
  ['2026-07-01T09:30', 'Europe/Berlin', '2026-07-01T09:30:00+02:00'],
  ['2026-07-01T09:30', 'Asia/Kolkata', '2026-07-01T09:30:00+05:30'],
  ['2026-07-01T09:30', 'UTC', '2026-07-01T09:30:00+00:00'],
  // The hour that is put forward does not exist; the one put back comes twice.
  ['2026-03-08T02:30', 'America/New_York', null],
  ['2026-11-01T01:30', 'America/New_York', '2026-11-01T01:30:00-04:00'],
  ['2026-02-31T10:00', 'UTC', null],
  ['2026-07-01', 'UTC', null],
  ['2026-07-01T09:30', 'Not/AZone', null],
])('the clocks show %s in %s at %s', (local, zone, moment) => {
  expect(momentIn(local, zone)).toBe(moment);
});
