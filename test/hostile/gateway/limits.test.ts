import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  admittedBy,
  clockAt,
  endedAt,
  idBy,
  start,
  wishOf,
} from '../../../apps/server/src/slices/frontier/gateway/meters/meters.fixture.ts';
import { openMeters } from '../../../apps/server/src/slices/frontier/gateway/meters/meters.ts';
import type { Meters } from '../../../apps/server/src/slices/frontier/gateway/meters/model.ts';
import type { KeyLimits } from '../../../apps/server/src/slices/frontier/gateway/model.ts';
import { openTestDatabase, type TestDatabase } from '../../../apps/server/test/database.ts';

let opened: TestDatabase;
let folder: string;
let meters: Meters;
let count = 0;
const faults: unknown[] = [];

beforeEach(async () => {
  opened = await openTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-limits-'));
  meters = await openMeters({
    ...{ database: opened.database, clock: clockAt(), dataDirectory: folder },
    onFault: (error) => void faults.push(error),
  });
});
afterEach(async () => {
  await meters.close();
  await opened[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
  expect(faults.splice(0)).toEqual([]);
});

/** Asks for ten tokens by a key with these limits; the number of the call, or why not. */
async function ask(key: number, limits: Partial<KeyLimits>): Promise<number | string> {
  count += 1;
  const n = count;
  const reserved = await meters.reserve(admittedBy(key, limits), wishOf(n, 10));
  return reserved.ok ? n : reserved.refusal.code;
}
const close = (n: number | string) =>
  meters.settle(idBy('request', Number(n)), { inputTokens: 5, outputTokens: 5 }, endedAt(start));

test('GAT-4 GAT-8 what a developer states less of binds a key that is in use, at once', async () => {
  const wide = { minute: { requests: 50 }, grant: { requests: 100 } };
  for (let n = 0; n < 5; n++) close(await ask(1, wide));
  const narrow = { minute: { requests: 6 }, grant: { requests: 100 } };
  expect([await ask(1, narrow), await ask(1, narrow)]).toEqual([expect.any(Number), 'quota-spent']);
  const over = { minute: { requests: 6 }, grant: { requests: 3 } };
  expect(await ask(1, over)).toBe('quota-spent');
  await meters.stored();
  const [row] = (
    await opened.database.raw(
      `select most::int, used::int from gateway.meter
       where key = $1 and span = 'grant' and kind = 'requests'`,
      [idBy('gkey', 1)],
    )
  ).rows;
  expect(row).toMatchObject({ used: 5 });
  expect(await ask(1, wide)).toEqual(expect.any(Number));
});

test('GAT-8 what has a limit only now counts what is under way', async () => {
  const open = { minute: { requests: 50 } };
  const before = [await ask(1, open), await ask(1, open)];
  const limited = { minute: { requests: 50, outputTokens: 25 } };
  expect(await ask(1, limited)).toBe('quota-spent');
  for (const each of before) close(each);
  await meters.stored();
  expect([await ask(1, limited), await ask(1, limited)]).toEqual([
    expect.any(Number),
    'quota-spent',
  ]);
  expect(await ask(1, open)).toEqual(expect.any(Number));
});

test('GAT-31 a settlement beyond a limit that came later is stored, and so are all behind it', async () => {
  const late = [await ask(1, {}), await ask(1, {})];
  const other = await ask(2, {});
  await opened.database.raw(
    `insert into gateway.meter (key, span, from_at, kind, most)
     values ($1, 'grant', '1970-01-01T00:00:00Z', 'outputTokens', 7)`,
    [idBy('gkey', 1)],
  );
  for (const each of [...late, other]) close(each);
  await meters.stored();
  const { rows } = await opened.database.raw(
    `select used::int from gateway.meter where span = 'grant' and kind = 'outputTokens' order by key`,
  );
  expect(rows).toEqual([{ used: 10 }, { used: 5 }]);
});

test('GAT-30 a call that cannot be written down fails alone: its key, and all others, go on', async () => {
  const limits = { minute: { requests: 5 } };
  const failing = {
    ...wishOf(1_000_000, 10),
    requestDigest: () => {
      throw new RangeError('too deep');
    },
  };
  await expect(Promise.resolve(meters.reserve(admittedBy(1, limits), failing))).rejects.toThrow(
    'too deep',
  );
  expect(await ask(1, limits)).toEqual(expect.any(Number));
});
