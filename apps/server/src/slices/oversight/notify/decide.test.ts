import type { Frequency, MailPreferences } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dueAt, standard } from './decide.ts';

const never = { sameSubject: null, any: null };
const berlin = { ...standard, zone: 'Europe/Berlin', quiet: { from: '22:00', until: '07:00' } };

function due(now: string, frequency: Frequency, preferences: MailPreferences): string | null {
  // Spelled as kernel writes instants.
  return dueAt(frequency, preferences, { now: now as Instant, earlier: never });
}

describe('NOT-4: no mail in quiet hours, on the clock of the zone', () => {
  test.each([
    ['at noon', '2026-03-01T11:00:00.000Z', '2026-03-01T11:00:00.000Z'],
    ['as they begin', '2026-03-01T21:00:00.000Z', '2026-03-02T06:00:00.000Z'],
    ['a minute before', '2026-03-01T20:59:00.000Z', '2026-03-01T20:59:00.000Z'],
    ['after midnight', '2026-03-02T02:00:00.000Z', '2026-03-02T06:00:00.000Z'],
    ['as they end', '2026-03-02T06:00:00.000Z', '2026-03-02T06:00:00.000Z'],
    ['in the night a clock goes forward', '2026-03-28T22:00:00.000Z', '2026-03-29T05:00:00.000Z'],
    ['in the night a clock goes back', '2026-10-24T21:00:00.000Z', '2026-10-25T06:00:00.000Z'],
  ])('%s', (_, now, expected) => {
    expect(due(now, 'immediately', berlin)).toBe(expected);
  });

  test('quiet hours within a day', () => {
    const siesta = { ...berlin, quiet: { from: '13:00', until: '15:00' } };
    expect(due('2026-03-01T12:30:00.000Z', 'immediately', siesta)).toBe('2026-03-01T14:00:00.000Z');
  });

  test('an end that the clock leaves out is the first minute after', () => {
    const odd = { ...berlin, quiet: { from: '22:00', until: '02:30' } };
    expect(due('2026-03-29T00:30:00.000Z', 'immediately', odd)).toBe('2026-03-29T01:00:00.000Z');
  });
});

describe('NOT-3: digests go out at the hour of the member', () => {
  test.each([
    ['daily', '2026-03-01T06:59:00.000Z', '2026-03-01T07:00:00.000Z'],
    ['daily', '2026-03-01T07:00:00.000Z', '2026-03-02T07:00:00.000Z'],
    ['daily', '2026-03-28T12:00:00.000Z', '2026-03-29T06:00:00.000Z'],
    ['weekly', '2026-03-01T12:00:00.000Z', '2026-03-02T07:00:00.000Z'],
    ['weekly', '2026-03-02T07:00:00.000Z', '2026-03-09T07:00:00.000Z'],
  ] as const)('%s at %s', (frequency, now, expected) => {
    expect(due(now, frequency, berlin)).toBe(expected);
  });

  test('never is never', () => {
    expect(due('2026-03-01T12:00:00.000Z', 'never', berlin)).toBeNull();
  });
});

test('NOT-5: one mail an hour about a thing, one in ten minutes about anything', () => {
  const now = '2026-03-01T12:00:00.000Z' as Instant;
  const before = '2026-03-01T11:55:00.000Z' as Instant;
  const after = (earlier: typeof never | { sameSubject: Instant | null; any: Instant | null }) =>
    dueAt('immediately', standard, { now, earlier });
  expect(after({ sameSubject: before, any: before })).toBe('2026-03-01T12:55:00.000Z');
  expect(after({ sameSubject: null, any: before })).toBe('2026-03-01T12:05:00.000Z');
});

test('whatever the zone, day and hours: a mail is due from now on, and within eight days', () => {
  const zones = [
    'UTC',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
  ];
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  fc.assert(
    fc.property(
      fc.record({
        zone: fc.constantFrom(...zones),
        minute: fc.integer({ min: 0, max: 60 * 24 * 800 }),
        digestAt: time,
        digestDay: fc.integer({ min: 1, max: 7 }),
        from: time,
        until: time,
        frequency: fc.constantFrom<Frequency>('immediately', 'daily', 'weekly'),
      }),
      ({ zone, minute, digestAt, digestDay, from, until, frequency }) => {
        const start = Date.parse('2026-01-01T00:00:00Z') + minute * 60_000;
        const now = new Date(start).toISOString();
        const quiet = { from, until };
        const at = due(now, frequency, { ...standard, zone, digestAt, digestDay, quiet });
        if (at === null) throw new Error('expected an hour');
        expect(at >= now).toBe(true);
        expect(Date.parse(at) - start).toBeLessThanOrEqual(8 * 86_400_000);
      },
    ),
    { numRuns: 300 },
  );
});
