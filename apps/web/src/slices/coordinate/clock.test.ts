import type { Embargo } from '@breakwater/contract';
import { parseInstant } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { clockOf } from './clock.ts';

const hour = at('2026-11-30T17:00:00-05:00');
const until: Embargo = { state: 'until', endsAt: hour, zone: 'America/New_York' };

test('the hour is told in the zone it was set in and in the reader’s own', () => {
  const now = Date.parse('2026-11-21T18:00:00Z');
  expect(clockOf(until, now, 'Europe/Berlin')).toEqual({
    tone: 'warn',
    headline: '9 days 4 hours left',
    lines: [
      'Ends Mon 30 Nov 2026, 17:00 America/New_York (UTC−05:00)',
      'Your time: Mon 30 Nov 2026, 23:00 Europe/Berlin (UTC+01:00)',
    ],
  });
});

test('a reader in the same zone reads the hour once', () => {
  const now = Date.parse(hour);
  expect(clockOf(until, now, 'America/New_York')).toEqual({
    tone: 'warn',
    headline: 'The hour has come',
    lines: ['Ends Mon 30 Nov 2026, 17:00 America/New_York (UTC−05:00)'],
  });
});

test.each([
  ['time', 'It ended because its hour came.'],
  ['public', 'It ended because the matter became public.'],
  ['published', 'It ended because the advisory was published.'],
] as const)('an embargo that ended by %s says so', (because, line) => {
  const clock = clockOf({ state: 'ended', endedAt: hour, because }, 0, 'UTC');
  expect(clock).toEqual({
    tone: 'held',
    headline: 'Embargo over',
    lines: [line, 'Mon 30 Nov 2026, 22:00 UTC'],
  });
});

test('an open embargo asks for discretion', () => {
  expect(clockOf({ state: 'open' }, 0, 'UTC').headline).toBe('Embargo open');
});

function at(text: string) {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`expected an instant, got ${text}`);
  return instant;
}
