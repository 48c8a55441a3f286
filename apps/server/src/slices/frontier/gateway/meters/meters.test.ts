import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onPostgres, openTestDatabase, type TestDatabase } from '../../../../../test/database.ts';
import type { Database, Transaction } from '../../../../platform/database/database.ts';
import { admittedBy, clockAt, endedAt, idBy, start, wishOf } from './meters.fixture.ts';
import { openMeters } from './meters.ts';
import type { Meters } from './model.ts';
import { endProcess, Fenced } from './store.ts';

let opened: TestDatabase;
let dataDirectory: string;
const all: Meters[] = [];
const faults: unknown[] = [];
let clock = clockAt();

beforeEach(async () => {
  clock = clockAt();
  opened = await openTestDatabase();
  dataDirectory = await mkdtemp(path.join(tmpdir(), 'breakwater-meters-'));
});
afterEach(async () => {
  for (const meters of all.splice(0)) await meters.close();
  await opened[Symbol.asyncDispose]();
  await rm(dataDirectory, { recursive: true, force: true });
  expect(faults.splice(0)).toEqual([]);
});

async function open(database = opened.database): Promise<Meters> {
  const onFault = (error: unknown) => {
    if (!(error instanceof Fenced)) faults.push(error);
  };
  const meters = await openMeters({ database, clock, dataDirectory, onFault });
  all.push(meters);
  return meters;
}

const used = { inputTokens: 40, outputTokens: 60 };

/** Sums of a key as its rows have them. */
async function rowsOf(n: number, span: string) {
  const { rows } = await opened.database.raw(
    `select kind, most::int, used::int, leased::int, excess::int from gateway.meter
     where key = $1 and span = $2 order by from_at, kind`,
    [idBy('gkey', n), span],
  );
  return rows;
}

describe('one process', () => {
  test('takes what is left to the last request, and says when more comes', async () => {
    const meters = await open();
    const admitted = admittedBy(1, { minute: { requests: 3 }, grant: { requests: 5 } });
    for (let n = 1; n <= 3; n++) {
      expect(await meters.reserve(admitted, wishOf(n, 100))).toMatchObject({ ok: true });
    }
    const minuteEnd = '2026-03-02T10:01:00.000Z';
    expect(await meters.reserve(admitted, wishOf(4, 100))).toMatchObject({
      ok: false,
      refusal: {
        code: 'quota-spent',
        short: [{ span: 'minute', kind: 'requests', left: 0, moreAt: minuteEnd }],
        moreAt: minuteEnd,
      },
    });
    for (let n = 1; n <= 3; n++) meters.settle(idBy('request', n), used, endedAt(clock.now()));
    clock.set(minuteEnd as Instant);
    for (let n = 4; n <= 5; n++) {
      const wish = wishOf(n, 100, clock.now());
      expect(await meters.reserve(admitted, wish)).toMatchObject({ ok: true });
    }
    expect(await meters.reserve(admitted, wishOf(6, 100, clock.now()))).toMatchObject({
      refusal: { code: 'quota-spent', short: [{ span: 'grant', left: 0 }], moreAt: null },
    });
    await meters.stored();
    expect(await rowsOf(1, 'grant')).toMatchObject([
      { kind: 'costMicros', used: 3 * (40 * 3 + 60 * 15), most: null },
      { kind: 'inputTokens', used: 120 },
      { kind: 'outputTokens', used: 180 },
      { kind: 'requests', used: 3, leased: 2, most: 5 },
    ]);
  });

  test('cuts the output to what is left, to the token; what was not used is left again', async () => {
    const meters = await open();
    const admitted = admittedBy(2, { day: { outputTokens: 250 } });
    await meters.reserve(admitted, wishOf(1, 200));
    const wish = { ...wishOf(2, 0), outputTokens: { most: 1000, least: 1 } };
    expect(await meters.reserve(admitted, wish)).toMatchObject({ value: { outputTokens: 50 } });
    expect(await meters.reserve(admitted, wishOf(3, 1))).toMatchObject({ ok: false });
    meters.settle(idBy('request', 1), used, endedAt(start));
    expect(await meters.reserve(admitted, wishOf(4, 140))).toMatchObject({ ok: true });
    expect(await meters.reserve(admitted, wishOf(5, 1))).toMatchObject({ ok: false });
    expect(await meters.reserve(admitted, wishOf(6, 251))).toMatchObject({
      refusal: { code: 'beyond-quota', moreAt: null },
    });
  });

  test('an id again gets the grant it has, and is billed once', async () => {
    const meters = await open();
    const admitted = admittedBy(3, { grant: { requests: 10 } });
    const first = await Promise.all([
      meters.reserve(admitted, wishOf(1, 100)),
      meters.reserve(admitted, wishOf(1, 100)),
    ]);
    expect(first).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await meters.reserve(admitted, wishOf(1, 100))).toMatchObject({ ok: true });
    const row = meters.settle(idBy('request', 1), used, endedAt(start));
    expect(row).toMatchObject({ figures: 'upstream', settled: { ...used, costMicros: 1020 } });
    expect(meters.settle(idBy('request', 1), 'full', endedAt(start))).toBeNull();
    await meters.stored();
    expect(await rowsOf(3, 'grant')).toMatchObject([{}, {}, {}, { kind: 'requests', used: 1 }]);
  });

  test('what an upstream takes beyond is billed, and told apart', async () => {
    const meters = await open();
    const admitted = admittedBy(4, { grant: { outputTokens: 100 } });
    await meters.reserve(admitted, wishOf(1, 100));
    meters.settle(idBy('request', 1), { inputTokens: 40, outputTokens: 130 }, endedAt(start));
    await meters.stored();
    const [, , output] = await rowsOf(4, 'grant');
    expect(output).toMatchObject({ used: 130, excess: 30, leased: 0 });
  });

  test('requests under way are bounded, and a place is free once one ended', async () => {
    const meters = await open();
    const admitted = admittedBy(5, { concurrency: 2 });
    await meters.reserve(admitted, wishOf(1, 1));
    await meters.reserve(admitted, wishOf(2, 1));
    expect(await meters.reserve(admitted, wishOf(3, 1))).toMatchObject({
      refusal: { short: [{ span: 'now', kind: 'atOnce', left: 0, moreAt: null }] },
    });
    meters.settle(idBy('request', 1), 'unused', endedAt(start));
    expect(await meters.reserve(admitted, wishOf(3, 1))).toMatchObject({ ok: true });
  });

  test('a minute that was left is not entered again, whatever the clock says', async () => {
    const meters = await open();
    const admitted = admittedBy(6, { minute: { requests: 1 } });
    await meters.reserve(admitted, wishOf(1, 1));
    clock.set('2026-03-02T10:01:00.000Z' as Instant);
    await meters.reserve(admitted, wishOf(2, 1, clock.now()));
    clock.set('2026-03-02T10:00:00.000Z' as Instant);
    expect(await meters.reserve(admitted, wishOf(3, 1, clock.now()))).toMatchObject({
      refusal: { short: [{ span: 'minute' }], moreAt: '2026-03-02T10:02:00.000Z' },
    });
  });

  test('whoever goes faster than the database stores waits for it, and is not refused', async () => {
    const meters = await open();
    const admitted = admittedBy(11, {});
    const held = Promise.withResolvers<void>();
    const holding = Promise.withResolvers<void>();
    await meters.reserve(admitted, wishOf(1, 1));
    const store = opened.database.writeByLock(async (tx) => {
      await tx.run(sql`lock table gateway.request in exclusive mode`);
      holding.resolve();
      await held.promise;
    });
    await holding.promise;
    let n = 2;
    let reserved = meters.reserve(admitted, wishOf(n, 1));
    while (!(reserved instanceof Promise) && n < 100_000) {
      meters.settle(idBy('request', n), used, endedAt(start));
      n += 1;
      reserved = meters.reserve(admitted, wishOf(n, 1));
    }
    expect(n).toBeLessThan(20_000);
    expect(await Promise.race([reserved, delay(50, 'waits')])).toBe('waits');
    held.resolve();
    await store;
    expect(await reserved).toMatchObject({ ok: true });
    await meters.stored();
    const { rows } = await opened.database.raw('select count(*)::int as n from gateway.request');
    expect(rows).toEqual([{ n: n - 2 }]);
  });

  test('gives back all it had leased when it closes, and bills what nobody ended in full', async () => {
    const meters = await open();
    const admitted = admittedBy(7, { day: { outputTokens: 10_000, costMicros: 9_000_000 } });
    await meters.reserve(admitted, wishOf(1, 100));
    await meters.reserve(admitted, wishOf(2, 100));
    meters.settle(idBy('request', 1), used, endedAt(start));
    await meters.close();
    expect(await rowsOf(7, 'day')).toMatchObject([
      { kind: 'costMicros', leased: 0 },
      { kind: 'inputTokens', used: 140 },
      { kind: 'outputTokens', used: 160, leased: 0 },
      { kind: 'requests', used: 2 },
    ]);
    const { rows } = await opened.database.raw(
      `select content::json->>'figures' as figures from gateway.request order by 1`,
    );
    expect(rows).toEqual([{ figures: 'lost' }, { figures: 'upstream' }]);
  });
});

test('who was taken for gone goes on as another process, and stores what it knew once', async () => {
  const meters = await open();
  const admitted = admittedBy(9, { grant: { requests: 5 } });
  await meters.reserve(admitted, wishOf(1, 10));
  const before = meters.process();
  const { database } = opened;
  meters.settle(idBy('request', 1), used, endedAt(start));
  await database.writeByLock(async (tx) => await endProcess(tx, before, 'journal-gone'));
  await expect.poll(() => meters.process()).not.toBe(before);
  // All that it had leased counts as spent: it may have used it.
  expect(await meters.reserve(admitted, wishOf(2, 10))).toMatchObject({ ok: true });
  const { rows } = await database.raw('select id from gateway.request');
  expect(rows).toEqual([{ id: idBy('request', 1) }]);
});

/** The database, of which each transaction waits for `before` and `after`. */
function waiting(times: { before: Promise<void>; after: Promise<void> }): Database {
  const { database } = opened;
  const slow = {
    writeByLock: async <T>(work: (tx: Transaction) => Promise<T>) => {
      const { before, after } = times;
      await before;
      const value = await database.writeByLock(work);
      await after;
      return value;
    },
  };
  return Object.assign(Object.create(database) as Database, slow);
}

test('nobody waits for a database that says nothing at all', async () => {
  const times = { before: Promise.resolve(), after: Promise.resolve() };
  const meters = await open(waiting(times));
  const again = Promise.withResolvers<void>();
  times.before = again.promise;
  const refused = { refusal: { code: 'not-in-touch' } };
  expect(await meters.reserve(admittedBy(1, {}), wishOf(1, 10))).toMatchObject(refused);
  again.resolve();
});

describe('a key that gets a limit which it had not', () => {
  test('owes nothing for what is being stored just then', async () => {
    const times = { before: Promise.resolve(), after: Promise.resolve() };
    const meters = await open(waiting(times));
    await meters.reserve(admittedBy(3, {}), wishOf(1, 10));
    meters.settle(idBy('request', 1), used, endedAt(start));
    const told = Promise.withResolvers<void>();
    times.after = told.promise;
    const storing = meters.stored();
    await expect.poll(async () => (await rowsOf(3, 'grant')).length).toBeGreaterThan(0);
    const limited = admittedBy(3, { grant: { requests: 10 } });
    const reserving = meters.reserve(limited, wishOf(2, 10));
    times.after = Promise.resolve();
    setTimeout(() => told.resolve(), 200);
    await storing;
    expect(await reserving).toMatchObject({ ok: true });
    meters.settle(idBy('request', 2), used, endedAt(start));
    await meters.stored();
    const left = { span: 'grant', kind: 'requests', left: 7 };
    const third = await meters.reserve(limited, wishOf(3, 10));
    expect(third).toMatchObject({
      value: { left: expect.arrayContaining([expect.objectContaining(left)]) },
    });
  });

  test('is billed for what it took without one, where a row of no lease is left', async () => {
    const meters = await open();
    const { database } = opened;
    await database.raw(
      `insert into gateway.lease (key, process, span, from_at, kind, amount)
       values ($1, $2, 'grant', '1970-01-01', 'requests', 0)`,
      [idBy('gkey', 4), meters.process()],
    );
    await meters.reserve(admittedBy(4, {}), wishOf(1, 10));
    meters.settle(idBy('request', 1), used, endedAt(start));
    await meters.stored();
    expect(await rowsOf(4, 'grant')).toContainEqual(
      expect.objectContaining({ kind: 'requests', used: 1, leased: 0 }),
    );
  });
});

describe('several processes', () => {
  beforeEach(({ skip }) => skip(!onPostgres, 'the embedded database has one process'));

  test('what another holds and does not need is given back before anybody is refused', async () => {
    const [one, two] = [await open(), await open()];
    const admitted = admittedBy(8, { grant: { requests: 100 } });
    for (let n = 1; n <= 100; n++) {
      const meters = n % 7 === 0 ? two : one;
      expect(await meters.reserve(admitted, wishOf(n, 1))).toMatchObject({ ok: true });
    }
    for (const meters of [one, two]) {
      expect(await meters.reserve(admitted, wishOf(101, 1))).toMatchObject({
        refusal: { code: 'quota-spent', short: [{ span: 'grant', kind: 'requests', left: 0 }] },
      });
    }
  });
});
