import { ok } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { createTurns } from './turn.ts';

test('one party has half the places, others find room, and more than there is room for is refused', async () => {
  const inTurn = createTurns({ waitingMax: 4 });
  const gate = Promise.withResolvers<null>();
  const begun: string[] = [];
  const work = (who: string) =>
    inTurn(who, async () => {
      begun.push(who);
      await gate.promise;
      return ok(who);
    });
  const refused = { ok: false, refusal: { code: 'imports-busy' } };
  const going = [work('a'), work('a')];
  expect(await work('a')).toMatchObject(refused);
  going.push(work('b'), work('c'));
  expect(await work('d')).toMatchObject(refused);
  expect(begun).toEqual(['a']);
  gate.resolve(null);
  expect(await Promise.all(going)).toEqual(['a', 'a', 'b', 'c'].map(ok));
  expect(await work('a')).toEqual(ok('a'));
});

test('a work that fails makes room', async () => {
  const inTurn = createTurns({ waitingMax: 2 });
  const failing = inTurn('a', () => Promise.reject(new Error('the disk is full')));
  await expect(failing).rejects.toThrow('the disk is full');
  expect(await inTurn('a', () => Promise.resolve(ok(1)))).toEqual(ok(1));
});
