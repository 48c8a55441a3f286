import { expect, test } from 'vitest';
import { dateIn, divideDays } from './days.ts';

const used = ['2026-11-01', '2026-11-02', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'];

test('days of former windows, of the open one with today among them, and those to come', () => {
  const days = used.slice(2);
  expect(divideDays(used, days, '2026-11-20')).toEqual({ before: 2, now: 2, ahead: 2 });
  expect(divideDays(used, [], '2026-11-22')).toEqual({ before: 6, now: 0, ahead: 0 });
});

test('a day that an earlier window used too belongs to the open one, and counts once', () => {
  expect(divideDays(used, ['2026-11-02', '2026-11-19'], '2026-11-19')).toEqual({
    before: 1,
    now: 2,
    ahead: 3,
  });
});

test('the date is that of the zone, not of the reader', () => {
  const at = Date.parse('2026-11-21T02:30:00Z');
  expect(dateIn('America/Los_Angeles', at)).toBe('2026-11-20');
  expect(dateIn('Asia/Tokyo', at)).toBe('2026-11-21');
});
