import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advanceClock, type ClockMark, newClock, stallMs } from './clock.ts';

const start = Date.UTC(2026, 0, 1);

/** What may happen: time passes on both clocks, somebody pauses, the process is killed. */
const happening = fc.record({
  what: fc.constantFrom('mark', 'paused', 'going', 'kill'),
  passed: fc.integer({ min: 0, max: 2 * stallMs }),
  slept: fc.constantFrom(0, 0, 0, 3 * stallMs),
});

/** The marks of a history, as a process would set them. */
function marksOf(history: readonly { what: string; passed: number; slept: number }[]) {
  const marks: ClockMark[] = [{ type: 'sat', at: iso(0) }];
  let wall = 0;
  let ms = 0;
  for (const { what, passed, slept } of history) {
    wall += passed + slept;
    ms += passed;
    if (what === 'kill') {
      marks.push({ type: 'sat', at: iso(wall) });
      ms = 0;
    } else if (what === 'mark' || what === 'paused' || what === 'going') {
      marks.push({ type: what, at: iso(wall), ms });
    }
  }
  return { marks, wall };
}

const iso = (ms: number) => new Date(start + ms).toISOString();
const sum = (list: readonly number[]) => list.reduce((all, each) => all + each, 0);
const play = (marks: readonly ClockMark[]) => marks.reduce(advanceClock, newClock);

test('all time is work, pause or interruption, and none is two of them', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (history) => {
      const { marks, wall } = marksOf(history);
      const clock = play(marks);
      const away = sum(clock.interruptions.map(({ ms }) => ms));
      expect(clock.workedMs + sum(clock.pauses) + away).toBe(wall);
    }),
  );
});

test('each kill is an interruption, and what passed until the terminal came back is no work', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (history) => {
      const { marks } = marksOf(history);
      const clock = play(marks);
      const kills = history.filter(({ what }) => what === 'kill');
      const closed = clock.interruptions.filter(({ kind }) => kind === 'closed');
      expect(closed.map(({ ms }) => ms)).toEqual(kills.map(({ passed, slept }) => passed + slept));
      const seen = history.filter(({ what }) => what !== 'kill');
      expect(clock.workedMs).toBeLessThanOrEqual(sum(seen.map(({ passed }) => passed)));
    }),
  );
});

test('marks more often, or a calendar that is set, change nothing of what was worked', () => {
  const step = fc.record({ passed: fc.integer({ min: 0, max: stallMs }), setBack: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      let ms = 0;
      const plain: ClockMark[] = [{ type: 'sat', at: iso(0) }];
      const odd: ClockMark[] = [{ type: 'sat', at: iso(0) }];
      for (const { passed, setBack } of steps) {
        const half = ms + Math.floor(passed / 2);
        ms += passed;
        plain.push({ type: 'mark', at: iso(ms), ms });
        const at = setBack ? iso(half - 86_400_000) : iso(half);
        odd.push({ type: 'mark', at, ms: half }, { type: 'mark', at: iso(ms), ms });
      }
      expect(play(plain).workedMs).toBe(ms);
      expect(play(odd).workedMs).toBe(ms);
    }),
  );
});

test('after the end nothing counts, and a pause that outlives a kill stays a pause', () => {
  const paused = play([
    { type: 'sat', at: iso(0) },
    { type: 'paused', at: iso(1_000), ms: 1_000 },
    { type: 'sat', at: iso(61_000) },
    { type: 'mark', at: iso(63_000), ms: 2_000 },
  ]);
  expect(paused).toMatchObject({ phase: 'paused', workedMs: 1_000, pauses: [2_000] });
  expect(paused.interruptions).toEqual([{ kind: 'closed', ms: 60_000 }]);
  const ended = advanceClock(paused, { type: 'ended', at: iso(64_000), ms: 3_000 });
  expect(advanceClock(ended, { type: 'sat', at: iso(90_000) })).toBe(ended);
});
