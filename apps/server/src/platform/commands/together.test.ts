import { type Json, ok, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/harness.ts';
import { system } from './audience.ts';
import type { Actor } from './commands.ts';
import type { CarryOut, Member } from './together.ts';

let server: TestServer;
/** How many members each transaction had. */
let batches: number[] = [];
let carryOut: CarryOut<number | 'poison' | 'no', Json>;

beforeAll(async () => {
  server = await startTestServer();
  await server.database.database.raw('create table public.counted (n int)');
  carryOut = server.services.inTurn({
    turn: 'deconflict',
    async work(tx, _now, members) {
      batches.push(members.length);
      const inputs = members.map((m) => m.input);
      if (inputs.includes('poison')) throw new Error('a member that cannot be carried out');
      const numbers = inputs.filter((n) => typeof n === 'number');
      await tx.run(sql`insert into public.counted select * from unnest(${numbers}::int[])`);
      const outcomes = members.map(({ input }) =>
        input === 'no'
          ? refuse({ code: 'no', expected: 'yes', got: 'no', todo: 'ask again' })
          : ok({
              events: [{ act: 'test.counted', subject: 'thing', data: { n: input } }],
              response: { n: input },
            }),
      );
      return { outcomes, aside: [] };
    },
  });
});
afterAll(async () => await server[Symbol.asyncDispose]());

const member = <I>(input: I, key: string, actor: Actor = system): Member<I> => ({
  envelope: { actor, operation: 'test.count', idempotencyKey: key, request: { key } },
  input,
});

async function counted(): Promise<readonly number[]> {
  const rows = await server.services.database.read((r) =>
    r.rows(sql<{ n: number }>`select n from public.counted order by n`),
  );
  return rows.map((row) => row.n);
}

test('what arrives while one is under way is carried out in the next, each with its own answer', async () => {
  batches = [];
  const inputs = [1, 2, 'no', 3, 4] as const;
  const done = await Promise.all(inputs.map((n) => carryOut(member(n, `together-${n}`))));
  expect(done.map((d) => (d.ok ? d.value.response : d.refusal.code))).toEqual([
    { n: 1 },
    { n: 2 },
    'no',
    { n: 3 },
    { n: 4 },
  ]);
  expect(batches).toEqual([1, 4]);
  expect(await counted()).toEqual([1, 2, 3, 4]);
  const entries = await server.services.database.read((r) =>
    r.row(
      sql<{ n: number }>`select count(*)::int as n from journal.entry where act = 'test.counted'`,
    ),
  );
  expect(entries).toEqual({ n: 4 });
});

test('the same key is carried out once: at the same time, later, and refused for something else', async () => {
  const before = (await counted()).length;
  const both = await Promise.all([
    carryOut(member(7, 'same-key')),
    carryOut(member(7, 'same-key')),
  ]);
  const later = await carryOut(member(7, 'same-key'));
  const replayed = [...both, later].map((d) => d.ok && d.value.replayed);
  expect(replayed).toEqual([false, true, true]);
  expect((await counted()).length).toBe(before + 1);
  const other = { ...member(7, 'same-key'), input: 8 };
  const reused = await carryOut({ ...other, envelope: { ...other.envelope, request: 'another' } });
  expect(reused).toMatchObject({ ok: false, refusal: { code: 'idempotency-key-reused' } });
});

test('one that cannot be carried out fails alone', async () => {
  batches = [];
  const outcomes = await Promise.allSettled([
    carryOut(member(20, 'before-poison')),
    carryOut(member(21, 'beside-poison')),
    carryOut(member('poison', 'the-poison')),
    carryOut(member(22, 'behind-poison')),
  ]);
  expect(outcomes.map((o) => o.status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(batches).toEqual([1, 3, 1, 1, 1]);
  expect((await counted()).filter((n) => n >= 20)).toEqual([20, 21, 22]);
});
