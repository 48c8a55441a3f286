import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accuracy } from './accuracy.ts';
import {
  epochsFor,
  halfWidth,
  intraTaskCorrelation,
  tasksFor,
  tasksForDifference,
} from './power.ts';
import { seededRandom } from './random.ts';

const value = <T>(result: { ok: true; value: T } | { ok: false }): T => {
  if (!result.ok) throw new Error('refused');
  return result.value;
};

test('100 tasks at even odds give ± 9.8 points, and ten epochs of alike tasks half of that', () => {
  const plan = { accuracy: 0.5, epochs: 1, intraTask: 0 };
  expect(value(halfWidth(100, plan))).toBeCloseTo(0.0979982, 7);
  expect(value(halfWidth(100, { ...plan, epochs: 10, intraTask: 1 }))).toBeCloseTo(0.0979982, 7);
  expect(value(halfWidth(100, { ...plan, epochs: 4 }))).toBeCloseTo(0.0489991, 7);
  expect(value(tasksFor(0.05, plan))).toBe(385);
});

test('the numbers of tasks and epochs are the least that suffice', () => {
  const shares = fc.double({ min: 0.02, max: 0.98, noNaN: true });
  fc.assert(
    fc.property(shares, shares, fc.integer({ min: 1, max: 20 }), (share, intraTask, epochs) => {
      const plan = { accuracy: share, intraTask, epochs };
      const tasks = value(tasksFor(0.03, plan));
      expect(value(halfWidth(tasks, plan))).toBeLessThanOrEqual(0.03 + 1e-12);
      if (tasks > 1) expect(value(halfWidth(tasks - 1, plan))).toBeGreaterThan(0.03);
      const needed = epochsFor(0.03, 2 * tasks, plan);
      expect(needed.ok && needed.value <= epochs).toBe(true);
    }),
  );
});

test('no number of epochs makes up for too few tasks', () => {
  const result = epochsFor(0.05, 50, { accuracy: 0.5, intraTask: 0.5 });
  expect(result.ok ? 'a figure' : result.refusal.code).toBe('unusable-option');
});

test('a difference of five points at even odds needs 1,570 independent tasks for 80 %', () => {
  const plan = { accuracy: 0.5, epochs: 1, intraTask: 0.5, difference: 0.05, pairCorrelation: 0 };
  expect(value(tasksForDifference(plan))).toBe(1570);
  expect(value(tasksForDifference({ ...plan, pairCorrelation: 0.5 }))).toBe(785);
});

test('the correlation of simulated epochs is the one they were made with, and the plan holds', () => {
  const random = seededRandom(11);
  // Half of the tasks at 10 %, half at 90 %: variance between 0.16 of 0.25.
  const tasks = Array.from({ length: 2000 }, (_, task) => ({
    task: `t${task}`,
    scores: Array.from({ length: 5 }, () => (random() < (task % 2 === 0 ? 0.1 : 0.9) ? 1 : 0)),
  }));
  const correlation = value(intraTaskCorrelation(tasks));
  expect(correlation.value).toBeCloseTo(0.64, 1);
  const seen = value(accuracy(tasks));
  const planned = value(
    halfWidth(2000, { accuracy: seen.value, epochs: 5, intraTask: correlation.value }),
  );
  expect(planned / (1.96 * seen.standardError)).toBeCloseTo(1, 2);
});

test('unusable plans and scores are refused', () => {
  const code = (result: { ok: true } | { ok: false; refusal: { code: string } }): string =>
    result.ok ? 'a figure' : result.refusal.code;
  const plan = { accuracy: 0.5, epochs: 1, intraTask: 0 };
  expect(code(halfWidth(0, plan))).toBe('unusable-option');
  expect(code(halfWidth(10, { ...plan, accuracy: 1 }))).toBe('unusable-option');
  expect(code(halfWidth(10, { ...plan, accuracy: Number.NaN }))).toBe('unusable-option');
  expect(code(tasksFor(0, plan))).toBe('unusable-option');
  expect(code(intraTaskCorrelation([{ task: 'a', scores: [1, 0] }]))).toBe('too-few');
  const same = ['a', 'b'].map((task) => ({ task, scores: [1, 1] }));
  expect(code(intraTaskCorrelation(same))).toBe('one-outcome');
});
