import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baselineTimes, taskBaselines } from './baselines.ts';
import { type BaselineRecord, outcomeOf, readBaselines } from './record.ts';

let made = 0;
function record(given: Partial<BaselineRecord> = {}): BaselineRecord {
  made += 1;
  return {
    format: 'breakwater-baseline/1',
    id: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    suite: 'small',
    suite_version: '1',
    task: 'task-0',
    task_version: '1',
    family: 'web',
    item_commitment: null,
    person: `p-${made}`,
    began: '2026-01-01T00:00:00.000Z',
    minutes_worked: 10,
    minutes_paused: 0,
    minutes_away: 0,
    pauses: [],
    interruptions: [],
    limit_minutes: null,
    lines: 1,
    files_out: 0,
    files_in: 0,
    end: 'submitted',
    score: 1,
    outcome: 'solved',
    attempt: 1,
    first_attempt: true,
    source: 'timed baseline',
    ...given,
  };
}

test('the geometric mean of first attempts that succeeded, whatever else is there', () => {
  const failed = record({ outcome: 'failed', score: 0, minutes_worked: 500 });
  const again = record({ attempt: 2, first_attempt: false, minutes_worked: 1 });
  const broken = record({ outcome: 'unscored', score: null });
  const sealed = record({ minutes_worked: 9, item_commitment: 'c' });
  const solved = [record({ minutes_worked: 4 }), sealed];
  const all = [failed, again, broken, ...solved, ...solved];
  expect(taskBaselines(all)).toEqual([
    expect.objectContaining({ n: 3, successes: 2, later: 1, unscored: 1, interrupted: 0 }),
  ]);
  const times = baselineTimes(all);
  if (!times.ok) throw new Error(times.refusal.got);
  expect(times.value.get('small/task-0')?.minutes).toBeCloseTo(6, 12);
  expect(times.value.get('small/task-0')?.source).toBe('completion');
});

test('of one person the earliest counts, variants included, in whatever order records come', () => {
  const minutes = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(minutes, fc.boolean(), (times, isTurned) => {
      const records = times.map((worked, i) =>
        record({
          person: 'p-same',
          minutes_worked: worked,
          began: new Date(Date.UTC(2026, 0, 1 + i)).toISOString(),
          task: i === 0 ? 'task-0' : 'task-0.told-more',
        }),
      );
      const shown = taskBaselines(isTurned ? records.toReversed() : records);
      const first = shown.find(({ task }) => task === 'task-0');
      expect(first).toMatchObject({ n: 1, successes: 1, interval: null });
      expect(first?.minutes).toBeCloseTo(times[0] ?? 0, 9);
      const other = shown.find(({ task }) => task !== 'task-0');
      expect(other?.n ?? 0).toBe(0);
      expect(other?.later ?? 0).toBe(times.length - 1);
    }),
  );
});

test('no success gives no time; two versions of a task are told apart and give none together', () => {
  const one = baselineTimes([record({ outcome: 'gave-up', score: 0 })]);
  expect(one).toEqual({ ok: true, value: new Map() });
  const both = [record(), record({ task_version: '2' })];
  expect(taskBaselines(both)).toHaveLength(2);
  expect(baselineTimes(both)).toMatchObject({ refusal: { code: 'baselines-differ' } });
});

test('records are read as they are written, and nothing else is', () => {
  const records = [record(), record({ item_commitment: 'c', pauses: [1.5] })];
  const text = records.map((each) => `${JSON.stringify(each)}\n`).join('');
  expect(readBaselines(text)).toEqual({ ok: true, value: records });
  for (const wrong of ['{}', 'x', JSON.stringify({ ...record(), minutes_worked: -1 })]) {
    expect(readBaselines(wrong)).toMatchObject({ refusal: { code: 'baseline-malformed' } });
  }
  fc.assert(fc.property(fc.string(), (any) => !readBaselines(`${any}!`).ok));
});

test('solved is what was handed in and is wholly right; time over is never solved', () => {
  expect(outcomeOf({ end: 'submitted', score: 1 })).toBe('solved');
  expect(outcomeOf({ end: 'submitted', score: 0.5 })).toBe('failed');
  expect(outcomeOf({ end: 'submitted', score: null })).toBe('unscored');
  expect(outcomeOf({ end: 'time-over', score: 1 })).toBe('time-over');
  expect(outcomeOf({ end: 'gave-up', score: null })).toBe('gave-up');
});
