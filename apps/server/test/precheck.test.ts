import { randomBytes } from 'node:crypto';
import {
  collect,
  type Operation,
  type PrecheckEpoch,
  precheck,
  record,
} from '@breakwater/contract';
import { addMilliseconds, fromBase64, toBase64, utf8 } from '@breakwater/kernel';
import { blind, checkCommitment } from '@breakwater/precheck';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { logVerifierKeys } from '../src/platform/journal/log-keys.ts';
import { keepEpochs } from '../src/slices/index.ts';
import { askFor, askInputs, openPrecheck } from './asker.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { workOf } from './work-of.ts';

let server: TestServer;
let coordinator: TestParty;
let finder: TestParty;
let asker: TestParty;

async function begin(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  server = await startTestServer({ settings });
  coordinator = await server.party('coordinator');
  await meet();
}

/** Others than those before: what one asked for counts against it for a day. */
async function meet(): Promise<void> {
  finder = await server.party('finder', 'The one who has it');
  asker = await server.party('finder', 'The one who asks');
}

async function end(): Promise<void> {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
}

const place = (name: string) => ({
  package: 'pkg:deb/debian/cjson',
  weakness: 'CWE-125',
  location: { path: 'cJSON.c', function: name },
});

async function handIn(name: string, marking: 'AMBER' | 'RED' = 'AMBER') {
  const body = {
    kind: 'native' as const,
    ...place(name),
    version: '1.7.15',
    title: `Overflow in ${name}`,
    description: 'Told at length',
    identifiers: [],
    marking,
  };
  return await finder.client.call(collect.submit, { body });
}

const eventually = async <T>(holds: () => Promise<T>) =>
  await vi.waitFor(holds, { timeout: 30_000, interval: 50 });

/** Waits until `count` keys are held by a finding: what arrives is entered at its own pace. */
async function holds(finding: string, count = 1): Promise<void> {
  await eventually(async () => {
    const rows = await server.services.database.read((r) =>
      r.rows(sql`select 1 from deconflict.precheck_holder where finding = ${finding}`),
    );
    expect(rows).toHaveLength(count);
  });
}

const days = (n: number) => {
  const at = new Date(Date.parse(server.clock.now()) + n * 24 * 60 * 60 * 1_000);
  server.clock.set(at.toISOString() as ReturnType<typeof server.clock.now>); // as kernel spells it
};

describe('under one key', () => {
  let epoch: PrecheckEpoch;
  beforeAll(async () => {
    await begin({ BREAKWATER_PRECHECK_ELEMENTS_PER_DAY: '64' });
    epoch = await openPrecheck(server);
  });
  beforeEach(meet);
  afterAll(end);

  /** Hands in, and waits until it is known. */
  async function known(name: string) {
    const handed = await handIn(name);
    await holds(handed.finding);
    return handed;
  }

  test('DCF-70, DCF-71: what was handed in is known by its place; another place is not', async () => {
    await known('parse_70');
    expect(await askFor(asker, epoch, place('parse_70'))).toHaveLength(1);
    expect(await askFor(asker, epoch, place('parse_number'))).toEqual([]);
    expect(await askFor(finder, epoch, place('parse_70'))).toHaveLength(1);
  });

  test('DCF-70: a crash meets a written report of its place', async () => {
    const report = [
      '==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602 at pc 0x1',
      'READ of size 1 at 0x602 thread T0',
      '    #0 0x4a in parse_71 /src/cjson/cJSON.c:786:5',
      '    #1 0x4b in parse_value /src/cjson/cJSON.c:1316:9',
    ].join('\n');
    const told = { package: 'pkg:deb/debian/cjson', version: '1.7.15', title: 'A crash' };
    const sent = { report: `${report}\n`, input: toBase64(utf8('x')), marking: 'AMBER' as const };
    const body = { kind: 'crash' as const, ...told, ...sent };
    // Its state, its function and its line.
    await holds((await finder.client.call(collect.submit, { body })).finding, 3);
    expect(await askFor(asker, epoch, place('parse_71'))).toHaveLength(1);
  });

  test('DCF-72: what is marked RED is not told of, nor what was erased', async () => {
    const red = await handIn('parse_red', 'RED');
    const { finding } = await known('parse_72');
    expect(await askFor(asker, epoch, place('parse_72'))).toHaveLength(1);
    expect(await askFor(asker, epoch, place('parse_red'))).toEqual([]);
    await holds(red.finding, 0);
    const { contents } = await coordinator.client.call(collect.get, { params: { finding } });
    const facts = contents.find(({ name }) => name === 'facts.json');
    if (facts === undefined) throw new Error('expected the facts of the finding');
    const params = { content: facts.content };
    const body = { reason: 'Its reporter asked for it' };
    await coordinator.client.call(record.erase, { params, body });
    await holds(finding, 0);
    expect(await askFor(asker, epoch, place('parse_72'))).toEqual([]);
  });

  test('DCF-73: ten who hold one key look like one', async () => {
    for (let i = 0; i < 3; i++) await known('parse_73');
    const [first, ...more] = await askFor(asker, epoch, place('parse_73'));
    expect(more).toEqual([]);
    expect(await askFor(asker, epoch, place('parse_73'))).toEqual([first]);
  });

  test('DCF-78: a dictionary of 10,000 functions is stopped, and the coordinator sees who', async () => {
    const { limits } = await asker.client.call(precheck.precheckKeys);
    expect(limits).toMatchObject({ evaluationsPerDay: 64, bucketRequestsPerDay: 16 });
    const names = Array.from({ length: 10_000 }, (_, i) => utf8(`function_${i}`));
    let asked = 0;
    let refused = 0;
    for (let at = 0; at < names.length && refused < 3; at += 8) {
      try {
        await askInputs(asker, epoch, names.slice(at, at + 8));
        asked += 8;
      } catch (error) {
        expect(error).toMatchObject({ problem: { code: 'precheck-limit', status: 429 } });
        refused += 1;
      }
    }
    expect([asked, refused]).toEqual([64, 3]);
    const { items } = await coordinator.client.call(precheck.precheckUse);
    expect(items[0]).toEqual({
      party: { id: asker.id, name: 'The one who asks' },
      evaluations: 64,
      bucketRequests: 8,
      knocks: 0,
      refused: 3,
      lastAt: server.clock.now(),
    });
    expect(await askFor(finder, epoch, place('function_1'))).toEqual([]);
  });

  test('DCF-79: the same request sent twice counts once in ten minutes, and is answered anew', async () => {
    const body = { epoch: epoch.epoch, buckets: [0] };
    const idempotencyKey = 'the-same-request';
    const first = await asker.client.call(precheck.precheckBuckets, { body, idempotencyKey });
    const again = await asker.client.call(precheck.precheckBuckets, { body, idempotencyKey });
    expect(again.salt).not.toBe(first.salt);
    const { items } = await coordinator.client.call(precheck.precheckUse);
    const own = items.filter((item) => item.party.id === asker.id);
    expect(own.map((item) => item.bucketRequests)).toEqual([1]);
    const now = server.clock.now();
    for (const minutes of [9, 10, 19, 25]) {
      server.clock.set(addMilliseconds(now, minutes * 60_000));
      await asker.client.call(precheck.precheckBuckets, { body, idempotencyKey });
    }
    server.clock.set(now);
    const later = (await coordinator.client.call(precheck.precheckUse)).items;
    const since = later.filter((item) => item.party.id === asker.id);
    expect(since.map((item) => item.bucketRequests)).toEqual([3]);
  });

  test('DCF-80: every answer is as long as every other, and no entry comes twice', async () => {
    const body = { epoch: epoch.epoch, buckets: [0] };
    const bucket = async () => {
      const got = await asker.client.call(precheck.precheckBuckets, { body });
      return fromBase64(got.buckets[0] ?? '') ?? new Uint8Array();
    };
    const before = await bucket();
    await known('parse_80');
    const after = await bucket();
    expect([before.length, after.length]).toEqual([256 * 48, 256 * 48]);
    const entries = (bytes: Uint8Array) =>
      Array.from({ length: 256 }, (_, i) => toBase64(bytes.subarray(i * 48, i * 48 + 48)));
    expect(new Set([...entries(before), ...entries(after)]).size).toBe(512);
  });

  test.each([
    ['too many', [0, 0]],
    ['one that is not there', [1]],
  ])('DCF-80: another number of buckets is refused: %s', async (_, buckets) => {
    await expect(
      asker.client.call(precheck.precheckBuckets, { body: { epoch: epoch.epoch, buckets } }),
    ).rejects.toMatchObject({ problem: { code: 'buckets-miscounted' } });
  });

  test('DCF-81: the work is the same before and after something is known: statements, rows, bytes', async () => {
    const random = (length: number) => new Uint8Array(randomBytes(length));
    const element = toBase64(blind(utf8('something'), random).element);
    const evaluated = { epoch: epoch.epoch, elements: Array<string>(8).fill(element) };
    const of = (operation: Operation) => ({ server, asker, operation });
    const work = async () => [
      await workOf(of(precheck.precheckEvaluate), evaluated),
      await workOf(of(precheck.precheckBuckets), { epoch: epoch.epoch, buckets: [0] }),
    ];
    await work();
    const before = await work();
    await known('parse_81');
    expect(await work()).toEqual(before);
    expect(before[1]).toMatchObject({ statements: 2, answer: expect.any(Number) });
  });

  test('DCF-82: neither learns whose it is until the other agrees; then both do', async () => {
    const { case: caseId } = await known('parse_82');
    const [handle = ''] = await askFor(asker, epoch, place('parse_82'));
    const body = { handle, message: 'We have this too.' };
    const { knock } = await asker.client.call(precheck.knock, { body });
    const sent = async () => (await asker.client.call(precheck.knocks)).sent;
    expect(await sent()).toMatchObject([{ knock, state: 'waiting', with: [] }]);
    const [got] = (await finder.client.call(precheck.knocks)).received;
    expect(got).toMatchObject({ knock, case: caseId, message: 'We have this too.', from: null });
    const coordinators = async () =>
      (await coordinator.client.call(precheck.knocks)).received.find((k) => k.knock === knock);
    expect(await coordinators()).toMatchObject({ case: caseId, from: null });
    const params = { knock };
    const agreed = await finder.client.call(precheck.answerKnock, {
      params,
      body: { agree: true },
    });
    expect(agreed.from).toEqual({ id: asker.id, name: 'The one who asks' });
    expect(await sent()).toMatchObject([
      { state: 'agreed', with: [{ id: finder.id, name: 'The one who has it' }] },
    ]);
    expect(await coordinators()).toMatchObject({ from: null, answer: null });
  });

  test('DCF-83: to decline tells nothing, and is for good', async () => {
    await known('parse_83');
    const [handle = ''] = await askFor(asker, epoch, place('parse_83'));
    const { knock } = await asker.client.call(precheck.knock, { body: { handle } });
    const before = await asker.client.call(precheck.knocks);
    const params = { knock };
    const declined = await finder.client.call(precheck.answerKnock, {
      params,
      body: { agree: false },
    });
    expect(declined.from).toBeNull();
    expect(await asker.client.call(precheck.knocks)).toEqual(before);
    await expect(
      finder.client.call(precheck.answerKnock, { params, body: { agree: true } }),
    ).rejects.toMatchObject({ problem: { code: 'already-answered' } });
  });
});

describe('as time goes', () => {
  beforeEach(async () => await begin());
  afterEach(end);

  test('DCF-74: a key is committed in the log before anybody may ask under it', async () => {
    await keepEpochs(server.services);
    expect((await asker.client.call(precheck.precheckKeys)).epochs).toEqual([]);
    const epoch = await openPrecheck(server);
    const { signer, logOrigin } = server.services;
    const disclosure = utf8(JSON.stringify(epoch.commitment));
    expect(checkCommitment(epoch, disclosure, logVerifierKeys(signer, logOrigin)).ok).toBe(true);
  });

  test('DCF-75, DCF-76: keys change every week, two are good, and the third is destroyed', async () => {
    await handIn('parse_string');
    const first = await openPrecheck(server);
    const store = server.services.content;
    const row = await server.services.database.read((r) =>
      r.row(sql<{ seed: Parameters<typeof store.get>[0] }>`
        select seed_content as seed from deconflict.precheck_epoch where epoch = ${first.epoch}`),
    );
    if (row === null) throw new Error('expected the row of the epoch');
    expect((await store.get(row.seed))?.length).toBe(32);
    const path = `/v1/contents/${row.seed}`;
    const denied = await server.send({ method: 'GET', path, key: coordinator.key });
    expect(denied.status).toBe(404);
    const [handle = ''] = await askFor(asker, first, place('parse_string'));
    days(7);
    const second = await openPrecheck(server);
    expect(second.epoch).not.toBe(first.epoch);
    expect(await askFor(asker, first, place('parse_string'))).toEqual([handle]);
    const [other = ''] = await askFor(asker, second, place('parse_string'));
    expect(other).not.toBe(handle);
    days(7);
    const third = await openPrecheck(server);
    const { epochs } = await asker.client.call(precheck.precheckKeys);
    expect(epochs.map((e) => e.epoch)).toEqual([third.epoch, second.epoch]);
    await expect(askFor(asker, first, place('parse_string'))).rejects.toMatchObject({
      problem: { code: 'epoch-unknown' },
    });
    await expect(asker.client.call(precheck.knock, { body: { handle } })).rejects.toMatchObject({
      problem: { code: 'handle-unknown' },
    });
    const left = await server.services.database.read((r) =>
      r.rows(sql`select 1 from deconflict.precheck_key where epoch = ${first.epoch}`),
    );
    expect(left).toEqual([]);
    expect(await store.get(row.seed)).toBeNull();
    // Nobody looked after the keys for a month: all are over, and the next one comes.
    days(30);
    const fourth = await openPrecheck(server);
    const after = await asker.client.call(precheck.precheckKeys);
    expect(after.epochs.map((e) => e.epoch)).toEqual([fourth.epoch]);
    expect(await askFor(asker, fourth, place('parse_string'))).toHaveLength(1);
  });

  test('two servers that look after the keys at once begin one epoch, not two', async () => {
    await handIn('parse_string');
    await Promise.all([keepEpochs(server.services), keepEpochs(server.services)]);
    const rows = await server.services.database.read((r) =>
      r.rows(sql<{ n: number }>`
        select number as n from deconflict.precheck_epoch where filled_at is not null`),
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  test('DCF-77: a full bucket hides what came last, and the next key is larger at once', async () => {
    const epoch = await openPrecheck(server);
    await server.services.database.write(async (tx) => {
      const filler = (what: string) => sql`sha256(convert_to(${what} || i::text, 'UTF8'))`;
      await tx.run(sql`
        insert into deconflict.precheck_key (epoch, name, bucket, slot, handle)
        select ${epoch.epoch}::text, ${filler('name')}, 0, i, ${filler('handle')}
        from generate_series(0, 255) as i`);
    });
    await holds((await handIn('parse_string')).finding);
    expect(await askFor(asker, epoch, place('parse_string'))).toEqual([]);
    days(1);
    const larger = await openPrecheck(server);
    expect([epoch.prefixBits, larger.prefixBits]).toEqual([0, 2]);
    expect(await askFor(asker, larger, place('parse_string'))).toHaveLength(1);
  });

  test('DCF-78: a day later one may ask again', async () => {
    const epoch = await openPrecheck(server);
    const inputs = Array.from({ length: 8 }, (_, i) => utf8(`${i}`));
    await askInputs(asker, epoch, inputs);
    await server.services.database.write(async (tx) => {
      await tx.run(sql`update deconflict.precheck_use set evaluations = 250`);
    });
    await expect(askInputs(asker, epoch, inputs)).rejects.toThrow('2026-03-02T08:00:00.000Z');
    days(1);
    expect(await askInputs(asker, epoch, inputs)).toEqual([]);
  });

  test('DCF-84: whoever holds nothing of it hears and answers nothing; in time it lapses', async () => {
    await handIn('parse_string');
    const stranger = await server.party('finder', 'Somebody else');
    const epoch = await openPrecheck(server);
    const [handle = ''] = await askFor(asker, epoch, place('parse_string'));
    const { knock } = await asker.client.call(precheck.knock, { body: { handle } });
    expect((await stranger.client.call(precheck.knocks)).received).toEqual([]);
    const params = { knock };
    for (const party of [stranger, asker]) {
      await expect(
        party.client.call(precheck.answerKnock, { params, body: { agree: true } }),
      ).rejects.toMatchObject({ problem: { code: 'not-found' } });
    }
    days(31);
    await expect(
      finder.client.call(precheck.answerKnock, { params, body: { agree: true } }),
    ).rejects.toMatchObject({ problem: { code: 'knock-lapsed' } });
    const { sent } = await asker.client.call(precheck.knocks);
    expect(sent.map((each) => each.state)).toEqual(['lapsed']);
  });
});
