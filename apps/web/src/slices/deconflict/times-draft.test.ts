import { NeverTimes, type QuietPeriod } from '@breakwater/contract';
import { parseInstant } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { draftOfNever, draftOfQuiet, neverOf, quietOf, timesWrong } from './times-draft.ts';

const never = NeverTimes.parse({
  zone: 'Europe/Berlin',
  weekly: [{ days: [1, 5], from: '22:00', until: '06:00' }],
  once: [{ from: '2026-12-24T00:00:00+01:00', until: '2026-12-27T00:00:00+01:00' }],
});

test('never-times come back as they were', () => {
  const draft = draftOfNever(never);
  expect(draft.once[0]).toMatchObject({ from: '2026-12-24T00:00', until: '2026-12-27T00:00' });
  expect(neverOf(draft)).toEqual(never);
  expect(timesWrong(draft)).toBeNull();
});

test('quiet periods of every kind come back as they were', () => {
  const at = (text: string) => parseInstant(text) ?? expect.unreachable();
  const quiet: readonly QuietPeriod[] = [
    { kind: 'weekly', days: ['sat', 'sun'], from: '00:00', until: '00:00', zone: 'UTC' },
    {
      kind: 'once',
      from: at('2026-12-01T10:00:00Z'),
      until: at('2026-12-02T10:00:00Z'),
      zone: 'UTC',
    },
    { kind: 'yearly', from: '12-20', until: '01-06', zone: 'UTC' },
  ];
  expect(quietOf(draftOfQuiet(quiet, 'America/Chicago'))).toEqual(quiet);
});

test('what is missing is said', () => {
  const draft = draftOfNever(never);
  expect(timesWrong({ ...draft, weekly: [{ key: 'a', days: [], from: '1', until: '2' }] })).toBe(
    'Choose the days of each weekly time.',
  );
  expect(timesWrong({ ...draft, once: [{ key: 'a', from: '', until: '' }] })).toBe(
    'Give each single time its beginning and its end.',
  );
  expect(timesWrong({ ...draft, yearly: [{ key: 'a', from: '13-01', until: '12-01' }] })).toBe(
    'Give each yearly time its days, such as 12-20.',
  );
});
