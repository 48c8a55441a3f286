import { addMilliseconds, type Instant, toInstant } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDays, endOfDay, latestEnd, latestEndInAll, usedDays } from './calendar.ts';

const hour = 3_600_000;
const cap = 30;
const zones = Intl.supportedValuesOf('timeZone');
const at = (text: string): Instant => toInstant(new Date(text));
const ms = (instant: Instant): number => Date.parse(instant);

describe('days that are not 24 hours long', () => {
  test.each([
    ['a day of 23 hours', 'America/New_York', '2026-03-08', '2026-03-09T04:00:00.000Z'],
    ['a day of 25 hours', 'America/New_York', '2026-11-01', '2026-11-02T05:00:00.000Z'],
    ['half an hour back', 'Australia/Lord_Howe', '2026-04-05', '2026-04-05T13:30:00.000Z'],
    ['no midnight in Brazil', 'America/Sao_Paulo', '2017-10-14', '2017-10-15T03:00:00.000Z'],
    ['no midnight in Egypt', 'Africa/Cairo', '2024-04-25', '2024-04-25T22:00:00.000Z'],
    ['no midnight in Lebanon', 'Asia/Beirut', '2023-03-25', '2023-03-25T22:00:00.000Z'],
    ['midnight twice in Cuba', 'America/Havana', '2026-10-31', '2026-11-01T04:00:00.000Z'],
    [
      'a minute of tomorrow, then today',
      'America/St_Johns',
      '2010-11-06',
      '2010-11-07T03:30:00.000Z',
    ],
    ['before a date left out', 'Pacific/Apia', '2011-12-29', '2011-12-30T10:00:00.000Z'],
    ['a date left out', 'Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z'],
    ['another date left out', 'Pacific/Kwajalein', '1993-08-21', '1993-08-21T12:00:00.000Z'],
    ['a date shown twice', 'Pacific/Apia', '1892-07-04', '1892-07-05T11:26:56.000Z'],
  ])('%s: the end of a day', (_, zone, date, end) => {
    expect(endOfDay(zone, date)).toBe(end);
  });

  test('a date left out is not used', () => {
    const [from, to] = [at('2011-12-29T12:00:00Z'), at('2011-12-31T12:00:00Z')];
    expect(calendarDays('Pacific/Apia', from, to)).toEqual([
      '2011-12-29',
      '2011-12-31',
      '2012-01-01',
    ]);
  });

  test('a date shown twice is used once', () => {
    const [from, to] = [at('1892-07-04T12:00:00Z'), at('1892-07-06T12:00:00Z')];
    expect(calendarDays('Pacific/Apia', from, to)).toEqual([
      '1892-07-04',
      '1892-07-05',
      '1892-07-06',
    ]);
  });

  test('a date shown for a minute is used, even if the one before comes again', () => {
    const start = at('2010-11-07T02:20:00Z');
    const asked = { zone: 'America/St_Johns', start, used: [] };
    expect(calendarDays(asked.zone, start, at('2010-11-07T02:31:00Z'))).toEqual([
      '2010-11-06',
      '2010-11-07',
    ]);
    expect(latestEnd({ ...asked, cap: 1 })).toBe('2010-11-07T02:30:00.000Z');
    expect(latestEnd({ ...asked, cap: 2 })).toBe('2010-11-08T03:30:00.000Z');
  });

  test('the end is no part of a span', () => {
    const midnight = at('2026-06-02T04:00:00Z');
    const last = addMilliseconds(midnight, -1);
    expect(calendarDays('America/New_York', last, midnight)).toEqual(['2026-06-01']);
    expect(calendarDays('America/New_York', midnight, midnight)).toEqual([]);
    expect(calendarDays('America/New_York', midnight, last)).toEqual([]);
  });
});

describe('the latest end', () => {
  const start = at('2026-11-01T03:59:59.999Z');
  const asked = { zone: 'America/New_York', start, cap };

  test('is that of the 30th day, the first counted however little of it is left', () => {
    expect(latestEnd({ ...asked, used: [] })).toBe('2026-11-30T05:00:00.000Z');
    expect(calendarDays(asked.zone, start, at('2026-11-30T05:00:00Z'))).toHaveLength(cap);
  });

  test('comes earlier for days used before', () => {
    const used = ['2026-05-01', '2026-05-02'];
    expect(latestEnd({ ...asked, used })).toBe('2026-11-28T05:00:00.000Z');
  });

  test('counts a day that was used already once', () => {
    expect(latestEnd({ ...asked, used: ['2026-10-31'] })).toBe('2026-11-30T05:00:00.000Z');
  });

  test('is none where every day is used, unless it is the day of the beginning', () => {
    const may = calendarDays('UTC', at('2026-05-01T00:00:00Z'), at('2026-05-31T00:00:00Z'));
    expect(latestEnd({ ...asked, used: may })).toBeNull();
    expect(latestEnd({ ...asked, used: [...may.slice(1), '2026-10-31'] })).toBe(
      '2026-11-01T04:00:00.000Z',
    );
  });

  test('with a cap of no day is none', () => {
    expect(latestEnd({ ...asked, used: [], cap: 0 })).toBeNull();
  });

  test('keeps to the cap by the clocks of every zone in which days were counted', () => {
    const first = { from: at('2026-05-31T10:00:00Z'), until: at('2026-06-01T10:00:00Z') };
    const west = 'Etc/GMT+12';
    const east = 'Pacific/Kiritimati';
    const asked = { start: at('2026-06-01T12:00:00Z'), used: [first], cap: 1 };
    expect(usedDays(east, [first])).toEqual(['2026-06-01']);
    expect(latestEnd({ ...asked, zone: west, used: ['2026-06-01'] })).toBe(
      '2026-06-02T12:00:00.000Z',
    );
    expect(latestEndInAll({ ...asked, zones: [west, east] })).toBeNull();
    expect(latestEndInAll({ ...asked, zones: [west, east], cap: 3 })).toBe(
      '2026-06-02T12:00:00.000Z',
    );
  });

  test('a zone that nobody knows is a broken assumption', () => {
    expect(() => latestEnd({ ...asked, zone: 'Mars/Olympus', used: [] })).toThrow(RangeError);
  });
});

describe('in every zone', () => {
  const moments = fc
    .date({ min: new Date('1950-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map(toInstant);
  const changes = fc.constantFrom(
    ...['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01', '2017-10-15', '2011-12-30'].map(
      (date) => at(`${date}T00:00:00Z`),
    ),
  );
  const near = fc
    .tuple(changes, fc.integer({ min: -40 * 24 * hour, max: 2 * 24 * hour }))
    .map(([change, away]) => addMilliseconds(change, away));
  const start = fc.oneof(moments, near);
  const zone = fc.constantFrom(...zones);

  test('a window to the latest end touches 30 days, and a millisecond more one too many', () => {
    fc.assert(
      fc.property(zone, start, fc.integer({ min: 1, max: cap }), (zone, start, cap) => {
        const end = latestEnd({ zone, start, used: [], cap }) ?? start;
        expect(calendarDays(zone, start, end)).toHaveLength(cap);
        expect(calendarDays(zone, start, addMilliseconds(end, 1))).toHaveLength(cap + 1);
      }),
      { numRuns: 300 },
    );
  });

  test('no moment shows a date that is not counted, and each date counted is shown', () => {
    fc.assert(
      fc.property(zone, start, (zone, start) => {
        const end = addMilliseconds(start, 5 * 24 * hour);
        const shows = clockOf(zone);
        const seen = new Set<string>();
        for (let now = ms(start); now < ms(end); now += hour / 4) seen.add(shows(now));
        seen.add(shows(ms(end) - 1));
        const days = calendarDays(zone, start, end);
        expect(days).toEqual(expect.arrayContaining([...seen]));
        const unseen = days.filter((date) => !seen.has(date));
        for (const date of unseen) {
          const last = Math.min(ms(endOfDay(zone, date)), ms(end));
          expect(shows(last - 1)).toBe(date);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a day ends where the clocks begin to show later dates alone', () => {
    for (const zone of zones) {
      const shows = clockOf(zone);
      for (const date of ['2026-03-28', '2026-10-31', '2027-02-28']) {
        const end = ms(endOfDay(zone, date));
        expect([zone, shows(end - 1)]).toEqual([zone, date]);
        expect(shows(end) > date).toBe(true);
        expect(shows(end + hour) > date).toBe(true);
      }
    }
  });

  test('days used in several windows are never more than the cap', () => {
    const windows = fc.array(fc.tuple(zone, near, fc.integer({ min: 1, max: 20 * 24 * hour })), {
      minLength: 2,
      maxLength: 4,
    });
    fc.assert(
      fc.property(windows, (windows) => {
        const zones = windows.map(([zone]) => zone);
        const used: { from: Instant; until: Instant }[] = [];
        for (const [, from, length] of windows) {
          const end = latestEndInAll({ zones, start: from, used, cap });
          const wished = addMilliseconds(from, length);
          if (end !== null) used.push({ from, until: [wished, end].toSorted()[0] ?? end });
        }
        for (const zone of zones) expect(usedDays(zone, used).length).toBeLessThanOrEqual(cap);
      }),
      { numRuns: 40 },
    );
  });
});

/** What the clocks of a zone show, read by other means than those under test. */
function clockOf(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
  return (at) => format.format(at);
}
