import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CalendarEvent, writeCalendar } from '@breakwater/formats/icalendar';
import { addMilliseconds, type Instant } from '@breakwater/kernel';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

// What we write for calendars, read by the `icalendar` of PyPI. It is installed apart, in its pinned
// version, in the long form alone.
const isLong = process.env['BREAKWATER_LONG'] === '1';

const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-calendar-'));
afterAll(() => rmSync(folder, { recursive: true }));

const venv = path.join(folder, 'python');
const requirements = path.join(import.meta.dirname, 'python/read_calendars-requirements.txt');
const hasPython =
  isLong &&
  runs('python3', ['-m', 'venv', venv]) &&
  runs(path.join(venv, 'bin/pip'), ['install', '--quiet', '-r', requirements]);

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: folder, timeout: 240_000 }).status === 0;
}

const stamp = '2026-03-01T08:00:00.000Z' as Instant; // spelled as the kernel writes instants
// Text a calendar holds as it is: no control character, no return.
const anyText = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 120 })
  .map((text) => text.toWellFormed().replace(/(?!\n)\p{Cc}/gu, ''));
const anyEvent: fc.Arbitrary<CalendarEvent> = fc
  .record({
    uid: fc.stringMatching(/^claim_[0-9a-z]{26}$/),
    sequence: fc.nat(50),
    startSeconds: fc.nat(10_000_000),
    seconds: fc.integer({ min: 1, max: 10_000_000 }),
    summary: anyText,
    description: anyText,
    status: fc.constantFrom('tentative', 'confirmed', 'cancelled'),
    transparent: fc.boolean(),
    categories: fc.array(fc.stringMatching(/^[a-z,; ]*[a-z]$/), { minLength: 1, maxLength: 3 }),
    warnMinutes: fc.option(fc.integer({ min: 1, max: 1_440 })),
  })
  .map(({ startSeconds, seconds, ...event }) => {
    const from = addMilliseconds(stamp, startSeconds * 1_000);
    return { ...event, from, until: addMilliseconds(from, seconds * 1_000) };
  });

describe.skipIf(!hasPython)(
  'calendars, by icalendar 7.3.0 (needs test:interop, python3 and PyPI)',
  () => {
    test('every event is read as it was meant, and nothing is found wrong', () => {
      const groups = fc.sample(fc.array(anyEvent, { minLength: 1, maxLength: 20 }), {
        numRuns: 100,
        seed: 20_261_121,
      });
      const calendars = groups.map((events) => {
        const result = writeCalendar({ name: 'Claims', stamp, events });
        if (!result.ok) throw new Error(result.refusal.code);
        return result.value;
      });
      const file = path.join(folder, 'calendars.json');
      writeFileSync(file, JSON.stringify(calendars));
      const script = path.join(import.meta.dirname, 'python/read_calendars.py');
      const run = spawnSync(path.join(venv, 'bin/python'), [script, file], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      expect(run.stderr).toBe('');
      const isoformat = (instant: Instant) => `${instant.slice(0, 19)}+00:00`;
      expect(JSON.parse(run.stdout)).toEqual(
        groups.map((events) => ({
          name: 'Claims',
          faults: [],
          events: events.map(({ from, until, status, ...event }) => ({
            ...event,
            stamp: isoformat(stamp),
            from: isoformat(from),
            until: isoformat(until),
            status: status.toUpperCase(),
            faults: [],
          })),
        })),
      );
    });
  },
);
