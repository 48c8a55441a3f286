import type { QuietPeriod } from '@breakwater/contract';
import { addMilliseconds, type Instant, toInstant } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { quietUntil } from './quiet.ts';

// Hours in the tables are spelled as kernel writes them.
const at = (text: string) => text as Instant;

const nights: QuietPeriod = {
  kind: 'weekly',
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  from: '22:00',
  until: '06:00',
  zone: 'Europe/Berlin',
};
const weekends: QuietPeriod = { ...nights, days: ['sat', 'sun'], from: '00:00', until: '00:00' };
const holidays: QuietPeriod = {
  kind: 'yearly',
  from: '12-20',
  until: '01-06',
  zone: 'America/New_York',
};
const release: QuietPeriod = {
  kind: 'once',
  from: at('2026-03-04T10:00:00.000Z'),
  until: at('2026-03-04T12:00:00.000Z'),
  zone: 'UTC',
};

describe('DCF-53 quiet is read on the clocks of its zone', () => {
  test.each([
    ['an evening in winter', nights, '2026-01-15T21:00:00.000Z', '2026-01-16T05:00:00.000Z'],
    ['a minute before', nights, '2026-01-15T20:59:59.999Z', null],
    ['after midnight', nights, '2026-01-16T04:59:00.000Z', '2026-01-16T05:00:00.000Z'],
    ['its end is no part of it', nights, '2026-01-16T05:00:00.000Z', null],
    ['an evening in summer', nights, '2026-07-15T20:00:00.000Z', '2026-07-16T04:00:00.000Z'],
    ['the short night', nights, '2026-03-28T21:30:00.000Z', '2026-03-29T04:00:00.000Z'],
    ['the long night', nights, '2026-10-24T20:30:00.000Z', '2026-10-25T05:00:00.000Z'],
    ['a weekend is one', weekends, '2026-03-07T12:00:00.000Z', '2026-03-08T23:00:00.000Z'],
    ['and not its Monday', weekends, '2026-03-09T12:00:00.000Z', null],
    ['over new year', holidays, '2026-12-31T12:00:00.000Z', '2027-01-07T05:00:00.000Z'],
    ['in January', holidays, '2026-01-02T12:00:00.000Z', '2026-01-07T05:00:00.000Z'],
    ['not in its first hour of UTC', holidays, '2026-12-20T04:59:00.000Z', null],
    ['in summer', holidays, '2026-07-02T12:00:00.000Z', null],
    ['once', release, '2026-03-04T10:00:00.000Z', '2026-03-04T12:00:00.000Z'],
    ['and not again', release, '2026-03-05T10:00:00.000Z', null],
  ])('%s', (_, period, now, until) => {
    expect(quietUntil([period], at(now))).toBe(until);
  });

  test('an hour that the clocks skip, or show twice, is quiet in full', () => {
    const skipped: QuietPeriod = { ...nights, days: ['sun'], from: '02:15', until: '02:45' };
    expect(quietUntil([skipped], at('2026-03-29T01:20:00.000Z'))).toBe('2026-03-29T01:45:00.000Z');
    expect(quietUntil([skipped], at('2026-10-25T00:20:00.000Z'))).toBe('2026-10-25T01:45:00.000Z');
    expect(quietUntil([skipped], at('2026-10-25T01:20:00.000Z'))).toBe('2026-10-25T01:45:00.000Z');
  });

  test('periods that meet are one', () => {
    const friday = { ...nights, days: ['fri'], from: '18:00', until: '00:00' } as const;
    const both = [weekends, { ...friday, days: ['fri' as const] }];
    expect(quietUntil(both, at('2026-03-06T18:00:00.000Z'))).toBe('2026-03-08T23:00:00.000Z');
  });

  test('quiet for ever ends nowhere soon, and is worked out in bounded steps', () => {
    const always: QuietPeriod = {
      ...weekends,
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
    };
    const until = quietUntil([always], at('2026-03-04T10:00:00.000Z'));
    expect(until !== null && until > '2027-03-01').toBe(true);
  });

  test('at its end it is over, and a moment before it is not', () => {
    const period = fc.constantFrom(nights, holidays, weekends, release);
    const moment = fc.date({ noInvalidDate: true, min: new Date(1e12), max: new Date(2.5e12) });
    fc.assert(
      fc.property(fc.array(period, { maxLength: 3 }), moment, (periods, date) => {
        const until = quietUntil(periods, toInstant(date));
        if (until === null) return;
        expect(quietUntil(periods, until)).toBeNull();
        expect(quietUntil(periods, addMilliseconds(until, -1))).toBe(until);
      }),
      { numRuns: 50 },
    );
  });
});

test('DCF-53 fifty periods without a gap are read with few looks at a clock', () => {
  const text = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const tiled = Array.from({ length: 50 }, (_, i): QuietPeriod => {
    const until = i === 49 ? 0 : (i + 1) * 28;
    return { ...nights, from: text(i * 28), until: text(until), zone: 'Pacific/Chatham' };
  });
  const looks = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
  try {
    expect(quietUntil(tiled, at('2026-06-01T08:00:00.000Z'))).not.toBeNull();
    expect(looks.mock.calls.length).toBeLessThan(5_000);
  } finally {
    looks.mockRestore();
  }
});
