import { expect, test } from 'vitest';
import type { TaskScores } from './accuracy.ts';
import { pairedDifference } from './compare.ts';

const tasks = (scores: readonly number[]): TaskScores[] =>
  scores.map((score, task) => ({ task: `${task}`, scores: [score] }));

test('the paired t of a worked example: Student 1908, hours of sleep gained', () => {
  const [first, second] = [
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
  ];
  const result = pairedDifference(tasks(first ?? []), tasks(second ?? []));
  if (!result.ok) throw new Error('refused');
  // R: t.test(extra ~ group, paired): t = -4.0621, df = 9, -2.4598858 to -0.7001142.
  expect(result.value.value).toBeCloseTo(-1.58, 12);
  expect(result.value.value / result.value.standardError).toBeCloseTo(-4.0621, 4);
  expect(result.value.interval.low).toBeCloseTo(-2.4598858, 7);
  expect(result.value.interval.high).toBeCloseTo(-0.7001142, 7);
  expect(result.value.correlation).toBeCloseTo(0.7951702, 7);
});

test('tasks that one model was not scored at are left out and counted', () => {
  const first = [...tasks([1, 0, 1]), { task: 'only first', scores: [1] }];
  const second = [...tasks([0, 0, 1]), { task: 'unscored', scores: [Number.NaN] }];
  const result = pairedDifference(first, second);
  expect(result.ok && [result.value.n, result.value.unpaired]).toEqual([3, 1]);
  const same = pairedDifference(tasks([1, 0]), tasks([1, 1]));
  expect(same.ok && same.value.correlation).toBeNull();
});

test('models without common tasks, or tasks told twice, cannot be compared', () => {
  const code = (result: ReturnType<typeof pairedDifference>): string =>
    result.ok ? 'a figure' : result.refusal.code;
  expect(code(pairedDifference(tasks([1, 0]), [{ task: 'x', scores: [1] }]))).toBe('too-few');
  expect(code(pairedDifference([...tasks([1]), ...tasks([1])], tasks([1])))).toBe('not-a-number');
  const clustered = ['a', 'b'].map((task) => ({ task, cluster: 'c', scores: [1] }));
  expect(code(pairedDifference(clustered, clustered))).toBe('too-few');
});
