import { type Operation, runs, suites } from '@breakwater/contract';
import { fromBase64, hexToBytes, utf8 } from '@breakwater/kernel';
import { checkDisclosure, checkInclusion, commitBytes, leafHash } from '@breakwater/log';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { logVerifierKeys } from '../src/platform/journal/log-keys.ts';
import { logBytes } from '../src/slices/frontier/benchmark/run/log-bytes.ts';
import { beginRun, bringRun, sealSuite, sendLog } from './evaluating.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { codeOf } from './refusals.ts';
import { later } from './world.ts';

let server: TestServer;
let keeper: TestParty;
let stranger: TestParty;
beforeAll(async () => {
  server = await startTestServer({ settings: { BREAKWATER_LIVE_TICK_SECONDS: '86400' } });
  keeper = await server.party('evaluator', 'Keeper');
  stranger = await server.party('evaluator', 'Stranger');
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

test('BEN-1 a suite is sealed in the log, and a foreign eye can check it', async () => {
  const { suite, items } = await sealSuite(keeper, ['one', 'two', 'three']);
  const params = { suite };
  await expect(keeper.client.call(suites.sealProof, { params })).rejects.toMatchObject({
    problem: { code: 'not-yet-signed', todo: 'look again in 86400 seconds' },
  });
  for (let i = 0; i < 3; i++) await server.services.sequencer.tick();
  const seal = await keeper.client.call(suites.sealProof, { params });
  const view = await keeper.client.call(suites.suite, { params });
  const disclosure = {
    salt: fromBase64(seal.salt) ?? new Uint8Array(),
    content: JSON.parse(JSON.stringify(seal.content)),
    index: seal.index,
    proof: seal.proof.map((hash) => fromBase64(hash) ?? new Uint8Array()),
    checkpoint: utf8(seal.checkpoint),
  };
  const keys = logVerifierKeys(server.services.signer, server.services.logOrigin);
  expect(checkDisclosure(disclosure, keys).ok).toBe(true);
  expect(seal.content).toMatchObject({ data: { suite, commitment: view.commitment, count: 3 } });
  expect(view).toMatchObject({ title: 'A sealed suite', count: 3, rights: [...allRights] });
  const listed = await keeper.client.call(suites.items, { params });
  expect(listed.items.map(({ commitment }) => commitment)).toEqual(
    items.map(({ commitment }) => commitment),
  );
});

const allRights = ['know', 'run', 'items', 'results'] as const;

test('BEN-1 what does not lead to its root is not sealed', async () => {
  const commitment = 'a'.repeat(64);
  const seal = (items: string[], root = commitment) =>
    keeper.client.call(suites.seal, {
      body: { title: 'x', commitment: root, items: items.map((each) => ({ commitment: each })) },
    });
  expect(await codeOf(seal([commitment]))).toBe('commitment-differs');
  expect(await codeOf(seal([commitment, commitment]))).toBe('item-twice');
});

test('BEN-3 each right is given by itself, and taken back at once on every read', async () => {
  const { suite, items } = await sealSuite(keeper, ['web', 'crypto']);
  const { run, samples, log } = await bringRun(keeper, { suite, items });
  const reader = await server.party('evaluator', 'Reader');
  const [item, sample] = [items[0]?.id ?? '', samples[0]?.id ?? ''];
  await keeper.client.call(suites.keepItem, {
    params: { item: items[0]?.id ?? fail() },
    body: { salt: items[0]?.salt ?? '', item: items[0]?.item ?? '' },
  });
  const doors: Readonly<Record<string, string>> = {
    suite: `/v1/suites/${suite}`,
    item: `/v1/items/${item}`,
    run: `/v1/runs/${run}`,
    sample: `/v1/samples/${sample}`,
    transcript: `/v1/samples/${sample}/transcript`,
    log: `/v1/runs/${run}/log`,
  };
  const statuses = async () => {
    const told: string[] = [];
    for (const [name, path] of Object.entries(doors)) {
      const answer = await server.send({ method: 'GET', path, key: reader.key });
      await answer.arrayBuffer();
      if (answer.status === 200) told.push(name);
      else expect([name, answer.status]).toEqual([name, 404]);
    }
    return told.join(' ');
  };
  const opening = async () =>
    (await reader.client.call(suites.item, { params: { item: items[0]?.id ?? fail() } })).opening;
  const grant = (right: (typeof allRights)[number], operation: Operation = suites.allow) =>
    keeper.client.call(operation, { params: { suite }, body: { party: reader.id, right } });

  expect(await statuses()).toBe('');
  await grant('know');
  expect([await statuses(), await opening()]).toEqual(['suite item', null]);
  await grant('items');
  expect([await statuses(), (await opening())?.item]).toEqual(['suite item', items[0]?.item]);
  await grant('results');
  expect(await statuses()).toBe('suite item run sample transcript log');
  await grant('items', suites.disallow);
  expect([await statuses(), await opening()]).toEqual(['suite item run sample', null]);
  expect(await codeOf(beginRun(reader, suite))).toBe('run-not-allowed');
  await grant('run');
  const own = await beginRun(reader, suite);
  const mine = await reader.client.call(runs.run, { params: { run: own } });
  expect([mine.state, mine.figures]).toEqual(['running', null]);
  for (const right of ['know', 'results', 'run'] as const) await grant(right, suites.disallow);
  expect(await statuses()).toBe('');
  expect((await reader.client.call(suites.suites)).items).toEqual([]);
  expect((await reader.client.call(runs.runs)).items).toEqual([]);
  expect(await codeOf(sendLog(reader, { run: own, log, partBytes: 9_000 }))).toBe('not-found');
});

test('BEN-4 an item by itself: its results and its transcript, and nothing of the others', async () => {
  const { suite, items } = await sealSuite(keeper, ['web', 'crypto']);
  const { run, samples } = await bringRun(keeper, { suite, items });
  const reader = await server.party('evaluator', 'Reader of one');
  const [one, other] = items;
  if (one === undefined || other === undefined) throw new Error('expected two items');
  for (const right of ['items', 'results'] as const) {
    await keeper.client.call(suites.allow, {
      params: { suite },
      body: { party: reader.id, right, item: one.id },
    });
  }
  const known = await reader.client.call(suites.items, { params: { suite } });
  expect(known.items.map(({ id }) => id)).toEqual([one.id]);
  expect(await codeOf(reader.client.call(suites.item, { params: { item: other.id } }))).toBe(
    'not-found',
  );
  const seen = await reader.client.call(runs.samples, { params: { run } });
  expect(seen.items.map(({ commitment }) => commitment)).toEqual([one.commitment, one.commitment]);
  // One task says nothing about how far another would differ.
  const view = await reader.client.call(runs.run, { params: { run } });
  expect(view).toMatchObject({ progress: null, logBytes: null });
  expect(view.figures).toEqual({ samples: 2, invalid: 0, all: null, withoutInvalid: null });
  const hidden = samples.find(({ item }) => item === other.id)?.id ?? fail();
  expect(await codeOf(reader.client.call(runs.sample, { params: { sample: hidden } }))).toBe(
    'not-found',
  );
  const log = await server.send({ method: 'GET', path: `/v1/runs/${run}/log`, key: reader.key });
  expect(log.status).toBe(404);
});

test('BEN-5 BEN-6 an item is opened for good, against what was sealed', async () => {
  const { suite, items } = await sealSuite(keeper, ['one', 'two', 'three', 'four', 'five']);
  const [, , third, fourth] = items;
  if (third === undefined || fourth === undefined) throw new Error('expected five items');
  await keeper.client.call(suites.allow, {
    params: { suite },
    body: { party: stranger.id, right: 'know' },
  });
  const open = (by: TestParty, body: { salt: string; item: string }) =>
    by.client.call(suites.openItem, { params: { item: third.id }, body });
  expect(await codeOf(open(stranger, third))).toBe('input-malformed');
  const exact = { salt: third.salt, item: third.item };
  expect(await codeOf(open(stranger, exact))).toBe('keeper-alone');
  expect(await codeOf(open(keeper, { ...exact, item: fourth.item }))).toBe('commitment-differs');
  await open(keeper, exact);
  expect(await codeOf(open(keeper, exact))).toBe('already-opened');
  const { opening } = await stranger.client.call(suites.item, { params: { item: third.id } });
  if (opening === null) throw new Error('expected an opening');
  const salt = fromBase64(opening.salt) ?? new Uint8Array();
  const claim = {
    leaf: leafHash(commitBytes(salt, utf8(opening.item))),
    index: opening.place,
    size: opening.count,
    proof: opening.path.map((hash) => fromBase64(hash) ?? new Uint8Array()),
    root: hexToBytes(opening.root),
  };
  expect(checkInclusion(claim)).toBe(true);
  const sealed = await stranger.client.call(suites.item, { params: { item: fourth.id } });
  expect(sealed.opening).toBeNull();
});

test('BEN-9 BEN-10 a log comes in parts and is taken in when its figures follow', async () => {
  const run = await beginRun(keeper);
  const { log } = await bringRun(keeper, { items: [] });
  const takeIn = (size: number) =>
    keeper.client.call(runs.takeIn, { params: { run }, body: { size, items: [] } });
  const part = (at: number) =>
    keeper.client.call(runs.addPart, { params: { run }, body: { at, bytes: 'AAAA' } });
  expect(await codeOf(part(7))).toBe('part-out-of-place');
  await sendLog(keeper, { run, log: log.subarray(0, 2_000), partBytes: 2_000 });
  expect(await codeOf(takeIn(log.length))).toBe('part-missing');
  expect(await codeOf(takeIn(2_000))).toBe('log-unfinished');
  await keeper.client.call(runs.progress, { params: { run }, body: { samples: 1, turns: 9 } });
  expect(
    await codeOf(
      keeper.client.call(runs.progress, { params: { run }, body: { samples: 1, turns: 8 } }),
    ),
  ).toBe('goes-back');
  await keeper.client.call(runs.endRun, { params: { run }, body: { state: 'cancelled' } });
  expect(await codeOf(part(2_000))).toBe('run-ended');
  const view = await keeper.client.call(runs.run, { params: { run } });
  expect(view).toMatchObject({ state: 'cancelled', progress: { samples: 1, turns: 9 } });
});

test('BEN-11 ranges of the bytes of a log, and its transcripts by pages', async () => {
  const { run, log, samples } = await bringRun(keeper, { items: [] }, { partBytes: 700 });
  const get = async (range?: string, key = keeper.key) =>
    await server.send({
      method: 'GET',
      path: `/v1/runs/${run}/log`,
      key,
      ...(range === undefined ? {} : { headers: { range } }),
    });
  const whole = await get();
  expect([whole.status, whole.headers.get('content-length')]).toEqual([200, String(log.length)]);
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(log);
  const some = await get('bytes=690-1410');
  expect([some.status, some.headers.get('content-range')]).toEqual([
    206,
    `bytes 690-1410/${log.length}`,
  ]);
  expect(new Uint8Array(await some.arrayBuffer())).toEqual(log.subarray(690, 1_411));
  const beyond = await get(`bytes=${log.length}-`);
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([
    416,
    `bytes */${log.length}`,
  ]);
  const none = await get('bytes=0-9', stranger.key);
  const absent = await server.send({
    method: 'GET',
    path: `/v1/runs/${run.slice(0, -1)}0/log`,
    key: stranger.key,
    headers: { range: 'bytes=0-9' },
  });
  expect([none.status, await none.text()]).toEqual([404, await absent.text()]);
  const params = { sample: samples[1]?.id ?? fail() };
  const first = await keeper.client.call(runs.transcript, { params, query: { limit: 2 } });
  expect([first.total, first.next, first.items.length]).toEqual([5, 2, 2]);
  const rest = await keeper.client.call(runs.transcript, { params, query: { from: 2 } });
  expect(rest.items.map(({ event }) => event)).toMatchObject([
    { event: 'tool', uuid: 'web2c' },
    { event: 'info' },
    { event: 'span_end' },
  ]);
});

test('BEN-15 of one party one log is read at once, eight wait, and the next is refused', async () => {
  const { log, samples } = await bringRun(keeper, { items: [] });
  const other = await beginRun(keeper);
  await sendLog(keeper, { run: other, log, partBytes: log.length });
  const gate = Promise.withResolvers<null>();
  const { content } = server.services;
  const get = content.get.bind(content);
  const held = vi.spyOn(content, 'get').mockImplementation(async (id) => {
    await gate.promise;
    return await get(id);
  });
  const params = { sample: samples[0]?.id ?? fail() };
  const body = { size: log.length, items: [] };
  const codes = [
    codeOf(keeper.client.call(runs.takeIn, { params: { run: other }, body })),
    ...Array.from({ length: 9 }, () => codeOf(keeper.client.call(runs.transcript, { params }))),
  ];
  expect(await Promise.race(codes)).toBe('logs-busy');
  gate.resolve(null);
  const told = await Promise.all(codes);
  held.mockRestore();
  expect(told.filter((code) => code === null).length).toBe(9);
});

test('BEN-8 BEN-13 open pages hear of a run as far as they may know, and of no first review', async () => {
  const { suite, items } = await sealSuite(keeper, ['web', 'crypto']);
  const [one] = items;
  if (one === undefined) throw new Error('expected an item');
  const parties = {
    reader: await server.party('evaluator', 'Reader'),
    worker: await server.party('evaluator', 'Worker'),
    ofOne: await server.party('evaluator', 'Reader of one'),
    coordinator: await server.party('coordinator', 'Coordinator'),
    stranger,
  };
  const { reader, worker, ofOne } = parties;
  const allowed = [
    { party: reader.id, right: 'items' },
    { party: reader.id, right: 'results' },
    { party: worker.id, right: 'run' },
    { party: ofOne.id, right: 'results', item: one.id },
  ] as const;
  for (const body of allowed) await keeper.client.call(suites.allow, { params: { suite }, body });
  const { live } = server.services;
  await live.tick();
  server.clock.set(later(server.clock, 60_000));
  const streams = await Promise.all(
    Object.values(parties).map(({ key }) =>
      server.send({ method: 'GET', path: '/v1/events', key }),
    ),
  );
  const { run, samples } = await bringRun(worker, { suite, items }, { tick: () => live.tick() });
  expect(samples).toEqual([]);
  const seen = await reader.client.call(runs.samples, { params: { run } });
  const sample = seen.items[0]?.id ?? fail();
  for (const by of [reader, keeper]) {
    await by.client.call(runs.review, { params: { sample }, body: { verdict: 'valid' } });
    await live.tick();
  }
  live.stop();
  const told = await Promise.all(streams.map((stream) => stream.text()));
  const hints = told.map((text) => [text.split(run).length - 1, text.split('"id"').length - 1]);
  // Begun, progressed, taken in, reviewed by both.
  expect(Object.fromEntries(Object.keys(parties).map((name, i) => [name, hints[i]]))).toEqual({
    reader: [4, 4],
    worker: [3, 3],
    ofOne: [1, 1],
    coordinator: [0, 0],
    stranger: [0, 0],
  });
});

test('BEN-3 a log that is under way ends where it was taken back', async () => {
  const { suite, items } = await sealSuite(keeper, ['web', 'crypto']);
  const { run, log } = await bringRun(keeper, { suite, items }, { padding: 1_500_000 });
  const reader = await server.party('evaluator', 'Reader of a large log');
  for (const right of ['items', 'results'] as const) {
    await keeper.client.call(suites.allow, {
      params: { suite },
      body: { party: reader.id, right },
    });
  }
  const opened = await logBytes(server.services, { run, party: reader.id });
  if (!opened.ok) throw new Error(opened.refusal.got);
  expect([opened.value.size, log.length > 1_000_000]).toEqual([log.length, true]);
  const stream = opened.value.open(0, log.length).getReader();
  const first = await stream.read();
  expect(first.value).toEqual(log.subarray(0, 256 * 1024));
  await keeper.client.call(suites.disallow, {
    params: { suite },
    body: { party: reader.id, right: 'items' },
  });
  const rest = async () => {
    for (let read = await stream.read(); !read.done; read = await stream.read());
  };
  await expect(rest()).rejects.toThrow('taken back');
});

function fail(): never {
  throw new Error('expected it to be there');
}
