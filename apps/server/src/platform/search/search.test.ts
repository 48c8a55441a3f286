import { collect, search as contract, coordinate, record } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from '../../../test/harness.ts';
import { until } from '../../../test/world.ts';
import { sources } from '../../slices/searchable.ts';
import { createSearch } from './search.ts';

let server: TestServer;
let carla: TestParty;
let ada: TestParty;
let bo: TestParty;
let auditor: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  carla = await server.party('coordinator');
  [ada, bo] = [await server.party('finder', 'Ada'), await server.party('finder', 'Bo')];
  auditor = await server.party('auditor');
}, 60_000);
afterAll(async () => await server[Symbol.asyncDispose]());

let bugs = 0;
async function handIn(by: TestParty, more: { title: string; description?: string; bug?: number }) {
  const bug = more.bug ?? ++bugs;
  const { finding, case: opened } = await by.client.call(collect.submit, {
    body: {
      kind: 'native',
      package: 'pkg:deb/debian/cjson',
      version: '1.7.15-1',
      title: more.title,
      marking: 'AMBER+STRICT',
      description: more.description ?? 'Told at length',
      identifiers: [`CVE-2026-${1_000 + bug}`],
    },
  });
  if (opened === null) throw new Error('expected a case');
  return { finding, case: opened };
}

async function find(by: TestParty, q: string, limit = 50) {
  const { items, complete } = await by.client.call(contract.find, { query: { q, limit } });
  expect(complete).toBe(true);
  return items;
}
const ids = (items: Awaited<ReturnType<typeof find>>) => items.map((item) => item.id).toSorted();

test('SEA-1 words are found wherever they stand, by their beginning, and with a typing error', async () => {
  await until(async () => expect((await find(carla, 'anything')).length).toBe(0));
  const made = await handIn(ada, { title: 'Heap overflow in the quaternion parser' });
  const both = [made.case, made.finding].toSorted();
  for (const q of [
    'quaternion',
    'quater',
    'QUATERNION heap',
    'quatrenion',
    'aternio',
    'cve-2026-1001 quat',
  ]) {
    expect([q, ids(await find(carla, q))]).toEqual([
      q,
      q.startsWith('cve') ? [made.finding] : both,
    ]);
  }
  expect(await find(carla, 'quaternion missing')).toEqual([]);
  const [first] = await find(carla, made.case);
  expect(first).toMatchObject({
    kind: 'case',
    id: made.case,
    title: 'Heap overflow in the quaternion parser',
    stage: 'received',
    in: ['id'],
  });
});

describe('SEA-3 nobody finds what it may not see, nor is told that it is there', () => {
  test("a finder finds its own finding, and the case by its own words, never another's", async () => {
    const hers = await handIn(ada, { title: 'Saffron overflow', bug: 900 });
    const his = await handIn(bo, { title: 'Turmeric overflow', bug: 900 });
    expect(his.case).toBe(hers.case);
    expect(ids(await find(ada, 'saffron'))).toEqual([hers.finding]);
    expect(await find(ada, 'turmeric')).toEqual([]);
    expect(await find(bo, 'saffron')).toEqual([]);
    // The case bears the title of its opening finding, which Bo is not shown.
    const [shown] = await find(bo, his.case);
    expect(shown).toMatchObject({ id: his.case, title: 'Turmeric overflow' });
    expect(ids(await find(carla, 'saffron'))).toEqual([hers.case, hers.finding].toSorted());
    for (const q of ['saffron', 'turmeric', hers.case, hers.finding]) {
      expect([q, await find(auditor, q)]).toEqual([q, []]);
    }
  });

  test('a message is found by who may read the room', async () => {
    const made = await handIn(ada, { title: 'Basil' });
    await carla.client.call(coordinate.say, {
      params: { case: made.case },
      body: { text: 'Reproduced on armadillo' },
    });
    const [message] = await find(carla, 'armadilo');
    expect(message).toMatchObject({
      kind: 'message',
      title: 'Basil',
      case: made.case,
      in: ['text'],
    });
    expect(await find(ada, 'armadillo')).toEqual([]);
  });
});

test('SEA-4 what is erased is gone from every answer and from the memory of every process', async () => {
  const second = createSearch({
    database: server.services.database,
    content: server.services.content,
    sources,
    failed: (error) => {
      throw error;
    },
  });
  await second.start();
  const made = await handIn(ada, { title: 'Xylophone overflow', description: 'Zeppelin too' });
  const actor = { id: carla.id, role: 'coordinator', principals: ['coordinators'] };
  const wish = { text: 'xylophone', limit: 5, kinds: ['case', 'finding'] as const };
  expect((await second.find(actor, wish)).matches).toHaveLength(2);
  expect(second.holds('xyl') && second.holds('zepp')).toBe(true);
  const view = await carla.client.call(collect.get, { params: { finding: made.finding } });
  for (const { content } of view.contents) await erase(content);
  await server.services.search.refresh();
  await second.refresh();
  for (const each of [server.services.search, second]) {
    expect([each.holds('xyl'), each.holds('zepp')]).toEqual([false, false]);
  }
  expect((await second.find(actor, wish)).matches).toEqual([]);
  expect(await find(carla, 'xylophone')).toEqual([]);
  await second.stop();
});

async function erase(content: Id<'content'>) {
  await carla.client.call(record.erase, {
    params: { content },
    body: { reason: 'The finder asked for it' },
  });
}

test('SEA-5 a server that starts again finds what was there before', async () => {
  const made = await handIn(ada, { title: 'Marmalade' });
  const again = createSearch({
    database: server.services.database,
    content: server.services.content,
    sources,
    failed: (error) => {
      throw error;
    },
  });
  await again.start();
  const actor = { id: ada.id, role: 'finder', principals: [] };
  const wish = { text: 'marmelade', limit: 5, kinds: ['finding'] as const };
  const { matches, complete } = await again.find(actor, wish);
  expect([complete, matches.map((match) => match.id)]).toEqual([true, [made.finding]]);
  await again.stop();
});

test('COO-18 a list of cases is narrowed by words, also those of its findings', async () => {
  const made = await handIn(ada, { title: 'Papaya', description: 'The cantaloupe is read twice' });
  for (const sort of ['newest', 'changed', 'package'] as const) {
    const query = { text: 'cantaloupe', sort };
    const { items } = await carla.client.call(coordinate.list, { query });
    expect(items.map((item) => item.id)).toEqual([made.case]);
    expect((await bo.client.call(coordinate.list, { query })).items).toEqual([]);
  }
});
