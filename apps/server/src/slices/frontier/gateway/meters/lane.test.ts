import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../../../test/database.ts';
import type { Database, Transaction } from '../../../../platform/database/database.ts';
import { standingOfThis } from './host.ts';
import { Lane } from './lane.ts';
import { admittedBy, idBy, start, wishOf } from './meters.fixture.ts';
import { callOf, Purse } from './purse.ts';
import { fromsAt } from './spans.ts';
import { insertProcess, want } from './store.ts';
import { tend } from './tend.ts';

const key = idBy('gkey', 1);
const admittedFor = (requests: number) => admittedBy(1, { grant: { requests } });

let opened: TestDatabase;

beforeEach(async () => {
  opened = await openTestDatabase();
});
afterEach(async () => await opened[Symbol.asyncDispose]());

interface Over {
  /** A second try that comes to nothing, or to an outcome that nobody is told. */
  readonly fails?: 'before' | 'after' | 'never';
  readonly requests?: number;
  readonly isInTouch?: boolean;
  readonly process?: string;
  /** After each commit, before anybody is told of it. */
  readonly committed?: () => Promise<void>;
}

/** A lane that fetches its first leases. */
async function laneOver({
  fails = 'never',
  requests = 1,
  process = 'p-1',
  isInTouch = true,
  ...of
}: Over) {
  const { database } = opened;
  await database.writeByLock(async (tx) => await insertProcess(tx, process, standingOfThis()));
  let tries = 0;
  const failing = {
    writeByLock: async <T>(work: (tx: Transaction) => Promise<T>) => {
      tries += 1;
      // While the first is under way those come who are answered by the second.
      const isFailing = tries === 2 && fails !== 'never';
      if (isFailing && fails === 'before') throw new Error('away');
      const value = await database.writeByLock(work);
      if (isFailing) throw new Error('away');
      await of.committed?.();
      return value;
    },
  };
  const purse = new Purse(key, admittedFor(requests).limits, fromsAt(start));
  const lane = new Lane(purse, {
    database: Object.assign(Object.create(database) as Database, failing),
    process,
    processes: () => 1,
    isOver: () => false,
    isInTouch: () => isInTouch,
    whileNothingIsStored: async (work) => await work(),
    onFenced: () => expect.unreachable(),
    onFault: (error) => expect(error).toEqual(new Error('away')),
  });
  lane.refill();
  return lane;
}

/** Asks for one request; resolves with what it was answered. */
async function ask(lane: Lane, { waitedMs = 0, isHeld = true } = {}): Promise<string> {
  const call = callOf(admittedFor(1), wishOf(1, 100));
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

async function answered() {
  const { rows } = await opened.database.raw('select answered::int from gateway.holder');
  return rows.map((row) => row['answered']);
}

describe('GAT-30 the last request of a grant, asked for by several', () => {
  test('goes to the second where the first was told that the database is away', async () => {
    for (const fails of ['before', 'after'] as const) {
      const lane = await laneOver({ fails });
      const asked = [ask(lane, { waitedMs: 6_000 }), ask(lane), ask(lane)];
      expect(await Promise.all(asked)).toEqual(['not-in-touch', 'granted', 'quota-spent']);
      expect(await leased()).toEqual({ leased: 1 });
      await opened[Symbol.asyncDispose]();
      opened = await openTestDatabase();
    }
  });

  test('goes to the second where the first could not be held', async () => {
    const lane = await laneOver({});
    const asked = [ask(lane, { isHeld: false }), ask(lane), ask(lane)];
    expect(await Promise.all(asked)).toEqual(['granted in vain', 'granted', 'quota-spent']);
    expect(await leased()).toEqual({ leased: 1 });
  });
});

test('GAT-30 nothing is leased for whoever asks a process that lost touch', async () => {
  const lane = await laneOver({ isInTouch: false });
  expect(await ask(lane)).toBe('not-in-touch');
  await vi.waitFor(() => expect(lane.isStill()).toBe(true));
  expect(await leased()).toEqual({ leased: 0 });
});

describe('GAT-30 a lane that comes to rest', () => {
  test('answers whoever asks in that very moment', async () => {
    for (let ticks = 0; ticks < 32; ticks += 1) {
      const asked = Promise.withResolvers<string>();
      let isFirst = true;
      const askSoon = async () => {
        for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
        asked.resolve(ask(lane));
      };
      const lane = await laneOver({
        ...{ requests: 100_000, process: `p-${ticks}` },
        committed: async () => {
          if (isFirst) void askSoon();
          isFirst = false;
        },
      });
      expect(await asked.promise).toBe('granted');
    }
  });

  test('is not dropped while leases are to come in, and gives them back before it is', async () => {
    const told = Promise.withResolvers<void>();
    const lane = await laneOver({ requests: 100, committed: async () => await told.promise });
    const lanes = new Map([[key, lane]]);
    lane.purse.askedAtMs = -Infinity;
    await vi.waitFor(async () => expect(await leased()).toEqual({ leased: 32 }));
    tend(lanes, start);
    expect(lanes.size).toBe(1);
    told.resolve();
    await vi.waitFor(() => {
      tend(lanes, start);
      expect(lanes.size).toBe(0);
    });
    expect(await leased()).toEqual({ leased: 0 });
  });

  test('says no more that it gave back what it does not need once it leased ahead again', async () => {
    const lane = await laneOver({ requests: 100 });
    await vi.waitFor(() => expect(lane.isStill()).toBe(true));
    const { database } = opened;
    lane.wanted(await database.writeByLock(async (tx) => await want(tx, key)));
    await vi.waitFor(async () => expect(await answered()).toEqual([1]));
    await database.raw("update gateway.metered set want_at = want_at - interval '1 minute'");
    lane.refill();
    await vi.waitFor(async () => expect(await leased()).toEqual({ leased: 32 }));
    lane.tidy([]);
    await vi.waitFor(async () => expect(await answered()).toEqual([0]));
  });
});
