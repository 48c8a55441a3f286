import { expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

test('the second begins when the first has ended, also where that failed', async () => {
  const inTurn = oneAtATime();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = inTurn(async () => {
    seen.push('first begins');
    await first.promise;
  });
  const two = inTurn(async () => {
    seen.push('second begins');
    return 2;
  });
  await Promise.resolve();
  await Promise.resolve();
  expect(seen).toEqual(['first begins']);
  first.reject(new Error('it failed'));
  await expect(one).rejects.toThrow('it failed');
  expect(await two).toBe(2);
  expect(seen).toEqual(['first begins', 'second begins']);
});
