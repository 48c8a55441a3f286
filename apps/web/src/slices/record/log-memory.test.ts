import { expect, test } from 'vitest';
import { recallLog, rememberLog, seenLogs } from './log-memory.ts';

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
}

test('each state seen is listed once, newest first, with the hour it was first seen', () => {
  const kept = storage();
  rememberLog(kept, { key: 'k', checkpoint: 'one' }, '2026-11-21T10:00:00Z');
  rememberLog(kept, { key: 'k', checkpoint: 'two' }, '2026-11-21T11:00:00Z');
  rememberLog(kept, { key: 'k', checkpoint: 'two' }, '2026-11-21T12:00:00Z');
  expect(seenLogs(kept)).toEqual([
    { key: 'k', checkpoint: 'two', at: '2026-11-21T11:00:00Z' },
    { key: 'k', checkpoint: 'one', at: '2026-11-21T10:00:00Z' },
  ]);
  expect(recallLog(kept)).toEqual({ key: 'k', checkpoint: 'two' });
});

test('the list stays short, and what cannot be read counts as nothing', () => {
  const kept = storage();
  for (let n = 0; n < 40; n++) {
    rememberLog(kept, { key: 'k', checkpoint: `state ${n}` }, '2026-11-21T10:00:00Z');
  }
  expect(seenLogs(kept).map(({ checkpoint }) => checkpoint)).toHaveLength(30);
  expect(seenLogs(kept)[0]?.checkpoint).toBe('state 39');
  kept.setItem('breakwater-log-seen', '{"not": "a list"}');
  kept.setItem('breakwater-log', '{');
  expect(seenLogs(kept)).toEqual([]);
  expect(recallLog(kept)).toBeNull();
});
