import { coordinate, distribute, example } from '@breakwater/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './harness.ts';
import { until } from './world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());

test('EXA-1 EXA-2: an empty installation takes the example, works on it as on its own, and loses it again', async () => {
  const { client } = await server.party('coordinator');
  expect(await client.call(example.get)).toMatchObject({ state: 'absent', hindrance: null });
  await client.call(example.load);
  await expect(client.call(example.load)).rejects.toMatchObject({ problem: { code: 'not-empty' } });
  await until(async () => {
    expect(await client.call(example.get)).toMatchObject({
      state: 'loaded',
      parties: 5,
      findings: 3,
      cases: 2,
      advisories: 1,
      inventories: 3,
    });
  });
  const cases = await client.call(coordinate.list);
  expect(cases.items.map((each) => each.title).toSorted()).toEqual([
    'Example: out-of-bounds read while parsing a truncated object',
    'Example: unflatten pollutes Object.prototype',
  ]);
  const published = cases.items.find((each) => each.advisory !== null);
  if (published === undefined) throw new Error('expected a published case');
  await until(async () => {
    const params = { case: published.id };
    const { affected, inventories } = await client.call(distribute.exposure, { params });
    expect([affected, inventories]).toEqual([1, 3]);
  });
  await client.call(example.remove);
  expect((await client.call(coordinate.list)).items).toEqual([]);
  const { stages, waiting } = await client.call(coordinate.funnel);
  expect([...stages, ...waiting].filter(({ count }) => count !== 0)).toEqual([]);
  const advisories = await server.send({ method: 'GET', path: '/v1/advisories' });
  expect(await advisories.json()).toEqual({ items: [], next: null });
  expect(await client.call(example.get)).toMatchObject({ state: 'removed', findings: 0 });
  const { rows } = await server.database.database.raw(
    `select count(*)::int as n from content.item where erased_at is null and subject like 'finding_%'`,
  );
  expect(rows).toEqual([{ n: 0 }]);
});
