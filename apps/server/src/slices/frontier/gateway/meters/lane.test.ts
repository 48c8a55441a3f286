import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../../../test/database.ts';
import type { Database, Transaction } from '../../../../platform/database/database.ts';
import { standingOfThis } from './host.ts';
import { Lane } from './lane.ts';
import { admittedBy, idBy, start, wishOf } from './meters.fixture.ts';
import { callOf, Purse } from './purse.ts';
import { fromsAt } from './spans.ts';
import { insertProcess } from './store.ts';

const admitted = admittedBy(1, { grant: { requests: 1 } });

let opened: TestDatabase;

beforeEach(async () => {
  opened = await openTestDatabase();
});
afterEach(async () => await opened[Symbol.asyncDispose]());

/** A lane over a database of which some tries come to nothing, or to an outcome that nobody is told. */
async function laneOver(fails: 'before' | 'after' | 'never') {
  const { database } = opened;
  await database.writeByLock(async (tx) => await insertProcess(tx, 'p-1', standingOfThis()));
  let tries = 0;
  const failing = {
    writeByLock: async <T>(work: (tx: Transaction) => Promise<T>) => {
      tries += 1;
      // While the first is under way those come who are answered by the second.
      const isFailing = tries === 2 && fails !== 'never';
      if (isFailing && fails === 'before') throw new Error('away');
      const value = await database.writeByLock(work);
      if (isFailing) throw new Error('away');
      return value;
    },
  };
  const purse = new Purse(idBy('gkey', 1), admitted.limits, fromsAt(start));
  const lane = new Lane(purse, {
    database: Object.assign(Object.create(database) as Database, failing),
    process: 'p-1',
    processes: () => 1,
    isOver: () => false,
    onFenced: () => expect.unreachable(),
    onFault: (error) => expect(error).toEqual(new Error('away')),
  });
  lane.refill();
  return lane;
}

/** Asks for one request; resolves with what it was answered. */
async function ask(lane: Lane, { waitedMs = 0, isHeld = true } = {}): Promise<string> {
  const call = callOf(admitted, wishOf(1, 100));
  if (call === null) throw new Error('expected a call in its currency');
  return await new Promise((resolve) =>
    lane.ask({
      call,
      sinceMs: performance.now() - waitedMs,
      granted(fit, slots) {
        if (isHeld) lane.purse.hold(fit, slots);
        resolve(isHeld ? 'granted' : 'granted in vain');
        return isHeld;
      },
      refused: ({ code }) => resolve(code),
    }),
  );
}

/** What is leased of the grant. */
async function leased() {
  return await opened.database.read(
    async (reader) =>
      await reader.row(sql`
        select leased::int from gateway.meter where span = 'grant' and kind = 'requests'`),
  );
}

describe('GAT-30 the last request of a grant, asked for by several', () => {
  test('goes to the second where the first was told that the database is away', async () => {
    for (const fails of ['before', 'after'] as const) {
      const lane = await laneOver(fails);
      const asked = [ask(lane, { waitedMs: 6_000 }), ask(lane), ask(lane)];
      expect(await Promise.all(asked)).toEqual(['not-in-touch', 'granted', 'quota-spent']);
      expect(await leased()).toEqual({ leased: 1 });
      await opened[Symbol.asyncDispose]();
      opened = await openTestDatabase();
    }
  });

  test('goes to the second where the first could not be held', async () => {
    const lane = await laneOver('never');
    const asked = [ask(lane, { isHeld: false }), ask(lane), ask(lane)];
    expect(await Promise.all(asked)).toEqual(['granted in vain', 'granted', 'quota-spent']);
    expect(await leased()).toEqual({ leased: 1 });
  });
});
