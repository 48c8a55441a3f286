import { ok } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { createFewAtOnce } from './few-at-once.ts';

const refused = { ok: false, refusal: { code: 'logs-busy' } };

test('BEN-15 few logs are read at once, one for each party, and what waits is bounded', async () => {
  const fewAtOnce = createFewAtOnce({ atOnce: 2, waitingMax: 4 });
  const gates = new Map<string, PromiseWithResolvers<null>>();
  const begun: string[] = [];
  const read = (name: string) =>
    fewAtOnce(name.slice(0, 1), async () => {
      const gate = Promise.withResolvers<null>();
      gates.set(name, gate);
      begun.push(name);
      await gate.promise;
      return ok(name);
    });
  const all = new Map(['a1', 'a2', 'a3'].map((name) => [name, read(name)]));
  expect(await read('a4')).toMatchObject(refused);
  for (const name of ['b1', 'c1', 'd1']) all.set(name, read(name));
  expect(await read('e1')).toMatchObject(refused);
  expect(begun.splice(0)).toEqual(['a1', 'b1']);
  const beginsAfter = async (name: string) => {
    gates.get(name)?.resolve(null);
    await all.get(name);
    return begun.splice(0);
  };
  // Others go before the second of `a` while its first goes on.
  expect(await beginsAfter('b1')).toEqual(['c1']);
  expect(await beginsAfter('c1')).toEqual(['d1']);
  expect(await beginsAfter('a1')).toEqual(['a2']);
  expect(await beginsAfter('d1')).toEqual([]);
  expect(await beginsAfter('a2')).toEqual(['a3']);
});

test('BEN-15 a log whose reading fails makes room', async () => {
  const fewAtOnce = createFewAtOnce({ atOnce: 1, waitingMax: 2 });
  const failing = fewAtOnce('a', () => Promise.reject(new Error('the disk is full')));
  await expect(failing).rejects.toThrow('the disk is full');
  expect(await fewAtOnce('a', () => Promise.resolve(ok(1)))).toEqual(ok(1));
});
