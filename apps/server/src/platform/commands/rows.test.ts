import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { allOver } from './rows.ts';

const failing = async (code: string, after: number) => {
  await delay(after);
  throw Object.assign(new Error(code), { code });
};

test('writes of one transaction are all over before one of them is said to have failed', async () => {
  let over = false;
  const slow = delay(20).then(() => {
    over = true;
  });
  await expect(allOver([failing('40001', 0), slow])).rejects.toThrow('40001');
  expect(over).toBe(true);
});

test('the failure is told, not what the aborted transaction said of what came behind it', async () => {
  const writes = [failing('25P02', 5), failing('40001', 0), failing('25P02', 1)];
  await expect(allOver(writes)).rejects.toMatchObject({ code: '40001' });
});

test('an aborted transaction is told of where nothing else is known', async () => {
  await expect(allOver([Promise.resolve(), failing('25P02', 0)])).rejects.toThrow('25P02');
});
