import { runs, suites } from '@breakwater/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writtenLog } from '../../../packages/formats/src/eval-log/testing/sample-log.ts';
import { beginRun, bringRun, sealSuite, sendLog } from './evaluating.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { codeOf } from './refusals.ts';
import { later } from './world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

test('BEN-2 BEN-4 what is hidden is no place in a list, and counts nothing that is shown', async () => {
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
  // Not there and not theirs look alike, and name who can help: no coordinator can.
  for (const hidden of [`suites/${suite}`, `runs/${run}`, `items/${first.id}`]) {
    const absent = hidden.replace(/.{3}$/, '000');
    const [one, other] = await Promise.all(
      [hidden, absent].map(async (path) => {
        const answer = await server.send({ method: 'GET', path: `/v1/${path}`, key: reader.key });
        return await answer.text();
      }),
    );
    expect([one, JSON.parse(one ?? '')]).toMatchObject([
      other,
      { code: 'not-found', todo: 'check the id, or ask whoever keeps it to let you see it' },
    ]);
  }
  for (const right of ['items', 'results'] as const) {
    const body = { party: reader.id, right, item: second.id };
    await keeper.client.call(suites.allow, { params: { suite }, body });
  }
  // Two that are hidden stand before them.
  const ofSecond = await reader.client.call(runs.samples, { params: { run } });
  expect(ofSecond.items.map(({ place, epoch }) => [place, epoch])).toEqual([
    [null, 1],
    [null, 2],
  ]);
  const one = ofSecond.items[0]?.id ?? fail();
  expect(await reader.client.call(runs.sample, { params: { sample: one } })).toMatchObject({
    place: null,
    mayReview: true,
  });
  expect(samples.map(({ place }) => place)).toEqual([0, 1, 2, 3]);
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

test('BEN-7 runs are counted by party: how many others have nobody is told', async () => {
  const keeper = await server.party('evaluator', 'Keeper of many runs');
  const worker = await server.party('evaluator', 'Worker');
  const { suite } = await sealSuite(keeper, ['one']);
  const body = { party: worker.id, right: 'run' as const };
  await keeper.client.call(suites.allow, { params: { suite }, body });
  const run = await beginRun(keeper, suite);
  await server.services.database.write(async (tx) => {
    await tx.run(sql`
      insert into benchmark.run
        (id, suite, party, model_content, model_key, state, limits, contamination, at)
      select 'run_' || i, suite, party, model_content, model_key, state, limits, contamination, at
      from benchmark.run, generate_series(1, 1999) as i where id = ${run}`);
  });
  expect(await codeOf(beginRun(keeper, suite))).toBe('too-many');
  expect(await codeOf(beginRun(worker, suite))).toBeNull();
  expect(await codeOf(beginRun(keeper))).toBeNull();
});

test('BEN-12 to BEN-14 two blind reviews, a third where they differ, figures with and without', async () => {
  const keeper = await server.party('evaluator', 'Keeper of what is reviewed');
  const { suite, items } = await sealSuite(keeper, ['web', 'crypto']);
  const { run, samples } = await bringRun(keeper, { suite, items });
  const sample = samples[0]?.id ?? fail();
  const reviewers = [];
  for (const name of ['First', 'Second', 'Third', 'Fourth']) {
    const party = await server.party('evaluator', name);
    for (const right of ['items', 'results'] as const) {
      await keeper.client.call(suites.allow, {
        params: { suite },
        body: { party: party.id, right },
      });
    }
    reviewers.push(party);
  }
  const [first, second, third, fourth] = reviewers;
  if (!first || !second || !third || !fourth) throw new Error('expected four reviewers');
  const view = async (by: Pick<TestParty, 'client'>) => {
    const seen = await by.client.call(runs.sample, { params: { sample } });
    return [seen.review, seen.reviews.length, seen.own?.verdict ?? null];
  };
  type Verdict = { verdict: 'valid' | 'invalid'; reason?: 'reward-hack' };
  const give = (by: Pick<TestParty, 'client'>, body: Verdict) =>
    by.client.call(runs.review, { params: { sample }, body });
  const before = await (
    await server.send({ method: 'GET', path: `/v1/samples/${sample}`, key: second.key })
  ).text();
  expect(await codeOf(give(first, { verdict: 'invalid' }))).toBe('reason-needed');
  await give(first, { verdict: 'invalid', reason: 'reward-hack' });
  const after = await (
    await server.send({ method: 'GET', path: `/v1/samples/${sample}`, key: second.key })
  ).text();
  expect(after).toBe(before);
  expect(await view(first)).toEqual(['open', 0, 'invalid']);
  const left = async (by: Pick<TestParty, 'client'>) => {
    const query = { reviewable: 'true' as const };
    const page = await by.client.call(runs.samples, { params: { run }, query });
    const one = await by.client.call(runs.sample, { params: { sample } });
    expect(one.mayReview).toBe(page.items.some(({ id }) => id === sample));
    return page.items.map(({ place }) => place);
  };
  expect([await left(first), await left(second)]).toEqual([
    [1, 2, 3],
    [0, 1, 2, 3],
  ]);
  expect(await left(keeper)).toEqual([]);
  expect(await codeOf(give(first, { verdict: 'valid' }))).toBe('already-reviewed');
  // Its people and its services are one reviewer, and nobody reviews what they brought themselves.
  const person = await server.signIn(first);
  expect(await codeOf(give(person, { verdict: 'valid' }))).toBe('already-reviewed');
  expect(await view(person)).toEqual(['open', 0, 'invalid']);
  expect(await codeOf(give(keeper, { verdict: 'valid' }))).toBe('own-run');
  await give(second, { verdict: 'valid' });
  expect(await view(first)).toEqual(['disputed', 2, 'invalid']);
  const count = async () =>
    (await keeper.client.call(runs.run, { params: { run } })).figures ?? fail();
  expect((await count()).invalid).toBe(0);
  await give(third, { verdict: 'invalid', reason: 'reward-hack' });
  expect(await view(second)).toEqual(['invalid', 3, 'valid']);
  expect(await left(fourth)).toEqual([1, 2, 3]);
  expect(await codeOf(give(fourth, { verdict: 'valid' }))).toBe('review-closed');
  const figures = await count();
  // web: C (now invalid) and I; crypto: C and unscored.
  expect([figures.invalid, figures.all?.value, figures.withoutInvalid?.value]).toEqual([
    1, 0.75, 0.5,
  ]);
  expect(figures.all).toMatchObject({
    n: 2,
    epochs: { fewest: 1, most: 2 },
    unscored: 1,
    circumstances: {
      budget: '2,000,000 tokens',
      humanTime: { expert_estimate: 2 },
      contamination: 'none-known',
    },
  });
  const { items: models } = await keeper.client.call(runs.figures, { params: { suite } });
  expect(models).toMatchObject([{ model: 'scripted/one', runs: 1, figures: { samples: 4 } }]);
});

function fail(): never {
  throw new Error('expected it to be there');
}
