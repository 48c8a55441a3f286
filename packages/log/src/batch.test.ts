import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Batch, BatchState } from './batch.ts';
import { firstBatchState, planBatch, sizeClasses } from './batch.ts';

const waitTicksMax = 4;
const dayOf = (tick: number, ticksPerDay: number) =>
  new Date(Date.UTC(2026, 0, 1 + Math.floor(tick / ticksPerDay))).toISOString().slice(0, 10);

interface Run {
  readonly day: string;
  readonly batch: Batch;
  readonly taken: readonly number[];
  readonly arrived: readonly number[];
}

/** Plays `arrivals` (entries per tick) through the policy; an entry is the tick it arrived at. */
function play(arrivals: readonly number[], ticksPerDay: number): Run[] {
  let state: BatchState = firstBatchState(dayOf(0, ticksPerDay));
  let queue: number[] = [];
  return arrivals.map((count, tick) => {
    const arrived = Array.from({ length: count }, () => tick);
    queue = [...queue, ...arrived];
    const day = dayOf(tick, ticksPerDay);
    const batch = planBatch(state, { day, pending: queue.length }, waitTicksMax);
    const taken = queue.slice(0, batch.take);
    queue = queue.slice(batch.take);
    state = batch.state;
    return { day, batch, taken, arrived };
  });
}

const load = fc.array(fc.oneof(fc.nat(20), fc.nat(300), fc.nat(3000)), { maxLength: 60 });
const ticksPerDay = fc.integer({ min: 1, max: 20 });

describe('padded batches', () => {
  test('a tick on which nothing happened appends as much as any other', () => {
    const quiet = play([0, 0, 0, 0], 2).map(({ batch }) => batch.size);
    const busy = play([16, 1, 30, 2], 2).map(({ batch }) => batch.size);
    expect(quiet).toEqual([16, 16, 16, 16]);
    expect(busy).toEqual(quiet);
  });

  test('the size is the class and nothing else; padding fills what is not taken', () => {
    fc.assert(
      fc.property(load, ticksPerDay, (arrivals, perDay) => {
        for (const { batch } of play(arrivals, perDay)) {
          expect(batch.size).toBe(batch.state.sizeClass);
          expect(sizeClasses).toContain(batch.size);
          expect(batch.take + batch.padding).toBe(batch.size);
          expect(batch.padding).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test('within a day the class never falls, and it moves by one step and once at most', () => {
    fc.assert(
      fc.property(load, ticksPerDay, (arrivals, perDay) => {
        const runs = play(arrivals, perDay);
        const steps = new Map<string, number>();
        runs.forEach(({ day, batch }, i) => {
          const before = runs[i - 1];
          const from = sizeClasses.indexOf(before?.batch.size ?? 16);
          const step = sizeClasses.indexOf(batch.size) - from;
          expect(Math.abs(step)).toBeLessThanOrEqual(1);
          if (before?.day === day) expect(step).toBeGreaterThanOrEqual(0);
          steps.set(day, (steps.get(day) ?? 0) + Math.abs(step));
        });
        for (const count of steps.values()) expect(count).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('nothing is lost, doubled or reordered', () => {
    fc.assert(
      fc.property(load, ticksPerDay, (arrivals, perDay) => {
        const runs = play(arrivals, perDay);
        const taken = runs.flatMap((run) => run.taken);
        const arrived = runs.flatMap((run) => run.arrived);
        expect(taken).toEqual(arrived.slice(0, taken.length));
        // Entries are held back only behind a full batch.
        const last = runs.at(-1);
        if (last !== undefined && last.batch.padding > 0) expect(taken).toEqual(arrived);
      }),
    );
  });

  test('while arrivals fit the floor, every entry goes out on the tick it came', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(16)), ticksPerDay, (arrivals, perDay) => {
        for (const { arrived, taken } of play(arrivals, perDay)) expect(taken).toEqual(arrived);
      }),
    );
  });

  test('a backlog that the class clears in time does not raise it', () => {
    expect(play([16 * waitTicksMax, 0, 0, 0], 9).map(({ batch }) => batch.size)).toEqual([
      16, 16, 16, 16,
    ]);
  });

  test('one entry more raises it by one step, until a day has shown that the lower one does', () => {
    const arrivals = [16 * waitTicksMax + 1, 0, 0, 0, 0, 0];
    expect(play(arrivals, 2).map(({ day, batch }) => `${day} ${batch.size}`)).toEqual([
      '2026-01-01 64',
      '2026-01-01 64',
      '2026-01-02 64',
      '2026-01-02 64',
      '2026-01-03 16',
      '2026-01-03 16',
    ]);
  });

  test('a clock set back does not grant a second step', () => {
    const high = planBatch(firstBatchState('2026-01-02'), { day: '2026-01-02', pending: 999 }, 4);
    const back = planBatch(high.state, { day: '2026-01-01', pending: 999 }, 4);
    expect(back.state).toEqual({ ...high.state, pendingPeak: 999 });
  });
});
