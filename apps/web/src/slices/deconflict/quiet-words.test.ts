import type { QuietPeriod } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { quietWords } from './quiet-words.ts';

test.each<[QuietPeriod, string]>([
  [
    { kind: 'weekly', days: ['mon', 'tue'], from: '22:00', until: '06:00', zone: 'UTC' },
    'Mon, Tue 22:00 to 06:00 the next day, UTC',
  ],
  [
    { kind: 'weekly', days: ['sun'], from: '00:00', until: '00:00', zone: 'America/New_York' },
    'Sun all day, America/New York',
  ],
  [
    { kind: 'yearly', from: '12-20', until: '01-06', zone: 'UTC' },
    '20 Dec to 6 Jan each year, UTC',
  ],
])('%j', (period, words) => {
  expect(quietWords(period)).toBe(words);
});
