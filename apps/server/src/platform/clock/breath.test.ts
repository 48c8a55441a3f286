import { expect, test } from 'vitest';
import { unhurried } from './breath.ts';

function* busyFor(steps: number, done: number[]): Generator<undefined, string, undefined> {
  for (let step = 0; step < steps; step++) {
    const until = performance.now() + 5;
    while (performance.now() < until);
    done.push(step);
    yield;
  }
  return 'done';
}

test('others are served while long work goes on, and its result comes out', async () => {
  const done: number[] = [];
  const work = unhurried(busyFor(40, done));
  const served: number[] = [];
  const serving = setInterval(() => served.push(done.length), 1);
  expect(await work).toBe('done');
  clearInterval(serving);
  expect(done).toHaveLength(40);
  expect(served.some((at) => at > 0 && at < 40)).toBe(true);
});

test('what the work throws is thrown', async () => {
  const failing = (function* (): Generator<undefined, string, undefined> {
    yield;
    throw new Error('the file is damaged');
  })();
  await expect(unhurried(failing)).rejects.toThrow('the file is damaged');
});
