import { runs, suites } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { writtenLog } from '../../../packages/formats/src/eval-log/testing/sample-log.ts';
import { beginRun, bringRun, sealSuite, sendLog } from './evaluating.ts';
import { startTestServer, type TestParty } from './harness.ts';
import { later } from './world.ts';

test('BEN-2 BEN-4 what is hidden is no place in a list, and counts nothing that is shown', async () => {
  await using server = await startTestServer();
  const keeper = await server.party('evaluator', 'Keeper');
  const reader = await server.party('evaluator', 'Reader of the second');
  const older = { run: await beginRun(reader), ...(await sealSuite(reader, ['own'])) };
  server.clock.set(later(server.clock, 60_000));
  const { suite, items } = await sealSuite(keeper, ['web', 'crypto']);
  const [first, second] = items;
  if (first === undefined || second === undefined) throw new Error('expected two items');
  const { run, samples } = await bringRun(keeper, { suite, items });
  const after = async () => [
    (await reader.client.call(runs.runs, { query: { after: run } })).items,
    (await reader.client.call(suites.suites, { query: { after: suite } })).items,
  ];
  // As for an id that there is not: a row that is hidden does not tell when it came.
  expect(await after()).toEqual([[], []]);
  for (const right of ['items', 'results'] as const) {
    const body = { party: reader.id, right, item: second.id };
    await keeper.client.call(suites.allow, { params: { suite }, body });
  }
  const ids = (await after()).map((list) => list.map(({ id }) => id));
  expect(ids).toEqual([[older.run], [older.suite]]);
  const hidden = { item: first.id, sample: samples[0]?.id ?? '' };
  expect([samples[0]?.item, samples.length]).toEqual([hidden.item, 4]);
  const [itemsAfter, samplesAfter] = await Promise.all([
    reader.client.call(suites.items, { params: { suite }, query: { after: hidden.item } }),
    reader.client.call(runs.samples, { params: { run }, query: { after: hidden.sample } }),
  ]);
  expect([itemsAfter.items, samplesAfter.items]).toEqual([[], []]);

  server.clock.set(later(server.clock, 60_000));
  const told = await beginRun(keeper, suite);
  for (const turns of [1, 2, 3]) {
    await keeper.client.call(runs.progress, { params: { run: told }, body: { samples: 0, turns } });
  }
  const log = await writtenLog('whole');
  await sendLog(keeper, { run: told, log, partBytes: 1_000_000 });
  const ofItems = items.map(({ id, name }) => ({ sample: name, item: id }));
  await keeper.client.call(runs.takeIn, {
    params: { run: told },
    body: { size: log.length, items: ofItems },
  });
  const revisions = async (by: TestParty) =>
    (await by.client.call(runs.runs, { query: { suite } })).items.map(({ revision }) => revision);
  expect(await revisions(keeper)).toEqual([5, 2]);
  expect(await revisions(reader)).toEqual([2, 2]);
});
