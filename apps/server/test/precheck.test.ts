import { collect, precheck, record } from '@breakwater/contract';
import { fromBase64, toBase64, utf8 } from '@breakwater/kernel';
import { checkCommitment } from '@breakwater/precheck';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { logVerifierKeys } from '../src/platform/journal/log-keys.ts';
import { keepEpochs } from '../src/slices/index.ts';
import { askFor, askInputs, openPrecheck } from './asker.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';

let server: TestServer;
let coordinator: TestParty;
let finder: TestParty;
let asker: TestParty;
beforeEach(async () => {
  server = await startTestServer();
  coordinator = await server.party('coordinator');
  finder = await server.party('finder', 'The one who has it');
  asker = await server.party('finder', 'The one who asks');
});
afterEach(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

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
  await vi.waitFor(holds, { timeout: 20_000, interval: 50 });

const days = (n: number) => {
  const at = new Date(Date.parse(server.clock.now()) + n * 24 * 60 * 60 * 1_000);
  server.clock.set(at.toISOString() as ReturnType<typeof server.clock.now>); // as kernel spells it
};

describe('what is known', () => {
  test('DCF-70: what was handed in before is known, by its place; another place is not', async () => {
    await handIn('parse_string');
    const epoch = await openPrecheck(server);
    expect(await askFor(asker, epoch, place('parse_string'))).toHaveLength(1);
    expect(await askFor(asker, epoch, place('parse_number'))).toEqual([]);
    expect(await askFor(finder, epoch, place('parse_string'))).toHaveLength(1);
  });

  test('DCF-71: what arrives later is known soon after, and a crash meets a report', async () => {
    const epoch = await openPrecheck(server);
    const report = [
      '==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602 at pc 0x1',
      'READ of size 1 at 0x602 thread T0',
      '    #0 0x4a in parse_string /src/cjson/cJSON.c:786:5',
      '    #1 0x4b in parse_value /src/cjson/cJSON.c:1316:9',
    ].join('\n');
    const body = {
      kind: 'crash' as const,
      package: 'pkg:deb/debian/cjson',
      version: '1.7.15',
      title: 'A crash',
      report: `${report}\n`,
      input: toBase64(utf8('x')),
    };
    await finder.client.call(collect.submit, { body: { ...body, marking: 'AMBER' } });
    await eventually(async () => {
      expect(await askFor(asker, epoch, place('parse_string'))).toHaveLength(1);
    });
  });

  test('DCF-72: what is marked RED is not told of, nor what was erased', async () => {
    await handIn('red_one', 'RED');
    const { finding } = await handIn('open_one');
    const epoch = await openPrecheck(server);
    expect(await askFor(asker, epoch, place('red_one'))).toEqual([]);
    expect(await askFor(asker, epoch, place('open_one'))).toHaveLength(1);
    const { contents } = await coordinator.client.call(collect.get, { params: { finding } });
    const facts = contents.find(({ name }) => name === 'facts.json');
    if (facts === undefined) throw new Error('expected the facts of the finding');
    await coordinator.client.call(record.erase, {
      params: { content: facts.content },
      body: { reason: 'Its reporter asked for it' },
    });
    await eventually(async () => {
      expect(await askFor(asker, epoch, place('open_one'))).toEqual([]);
    });
  });

  test('DCF-73: ten who hold one key look like one, and each key has a handle of its own', async () => {
    for (let i = 0; i < 3; i++) await handIn('parse_string');
    const epoch = await openPrecheck(server);
    const [first, ...more] = await askFor(asker, epoch, place('parse_string'));
    expect(more).toEqual([]);
    expect(await askFor(asker, epoch, place('parse_string'))).toEqual([first]);
  });
});

describe('keys', () => {
  test('DCF-74: each is committed in the log before anybody may ask under it', async () => {
    await keepEpochs(server.services);
    expect((await asker.client.call(precheck.precheckKeys)).epochs).toEqual([]);
    const epoch = await openPrecheck(server);
    const { signer, logOrigin } = server.services;
    const disclosure = utf8(JSON.stringify(epoch.commitment));
    const keys = logVerifierKeys(signer, logOrigin);
    expect(checkCommitment(epoch, disclosure, keys).ok).toBe(true);
  });

  test('DCF-75: they change every week, two are good at a time, and the third is gone', async () => {
    await handIn('parse_string');
    const first = await openPrecheck(server);
    const [handle = ''] = await askFor(asker, first, place('parse_string'));
    days(7);
    const second = await openPrecheck(server);
    expect(second.epoch).not.toBe(first.epoch);
    expect(await askFor(asker, first, place('parse_string'))).toEqual([handle]);
    const [other = ''] = await askFor(asker, second, place('parse_string'));
    expect(other).not.toBe(handle);
    days(7);
    const third = await openPrecheck(server);
    expect((await asker.client.call(precheck.precheckKeys)).epochs.map((e) => e.epoch)).toEqual([
      third.epoch,
      second.epoch,
    ]);
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
  });

  test('DCF-76: the secret key is not in the database, and gone from disk with its epoch', async () => {
    const first = await openPrecheck(server);
    const seed = async () =>
      await server.services.database.read((r) =>
        r.row(sql<{ seed_content: string }>`
          select seed_content from deconflict.precheck_epoch where epoch = ${first.epoch}`),
      );
    const content = (await seed())?.seed_content ?? '';
    const { content: store } = server.services;
    const id = content as Parameters<typeof store.get>[0]; // a content column's value
    expect((await store.get(id))?.length).toBe(32);
    const denied = await server.send({
      method: 'GET',
      path: `/v1/contents/${content}`,
      key: coordinator.key,
    });
    expect(denied.status).toBe(404);
    days(14);
    await keepEpochs(server.services);
    expect(await store.get(id)).toBeNull();
  });

  test('DCF-77: a full bucket hides what came last, and the next key is larger at once', async () => {
    const epoch = await openPrecheck(server);
    await server.services.database.write(async (tx) => {
      await tx.run(sql`
        insert into deconflict.precheck_key (epoch, name, bucket, slot, handle)
        select ${epoch.epoch}::text, sha256(convert_to('n' || i::text, 'UTF8')), 0, i, sha256(convert_to('h' || i::text, 'UTF8'))
        from generate_series(0, 255) as i`);
    });
    await handIn('parse_string');
    await eventually(async () => {
      const row = await server.services.database.read((r) =>
        r.row(sql<{ n: number }>`
          select count(*)::int as n from deconflict.precheck_key where slot is null`),
      );
      expect(row?.n).toBe(1);
    });
    expect(await askFor(asker, epoch, place('parse_string'))).toEqual([]);
    days(1);
    const larger = await openPrecheck(server);
    expect([epoch.prefixBits, larger.prefixBits]).toEqual([0, 2]);
    expect(await askFor(asker, larger, place('parse_string'))).toHaveLength(1);
  });
});

describe('limits', () => {
  test('DCF-78: a dictionary of 10,000 functions is stopped, and the coordinator sees who', async () => {
    await handIn('function_9999');
    const epoch = await openPrecheck(server);
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
    expect([asked, refused]).toEqual([256, 3]);
    const { items } = await coordinator.client.call(precheck.precheckUse);
    expect(items).toEqual([
      {
        party: { id: asker.id, name: 'The one who asks' },
        evaluations: 256,
        bucketRequests: 32,
        knocks: 0,
        refused: 3,
        lastAt: server.clock.now(),
      },
    ]);
    expect(await askFor(finder, epoch, place('function_1'))).toEqual([]);
    days(1);
    expect(await askFor(asker, epoch, place('function_1'))).toEqual([]);
  });

  test('DCF-79: the same request sent twice counts once, and is answered anew', async () => {
    const epoch = await openPrecheck(server);
    const body = { epoch: epoch.epoch, buckets: [0] };
    const idempotencyKey = 'the-same-request';
    const first = await asker.client.call(precheck.precheckBuckets, { body, idempotencyKey });
    const again = await asker.client.call(precheck.precheckBuckets, { body, idempotencyKey });
    expect(again.salt).not.toBe(first.salt);
    const { items } = await coordinator.client.call(precheck.precheckUse);
    expect(items.map((item) => item.bucketRequests)).toEqual([1]);
  });
});

describe('answers', () => {
  test('DCF-80: every answer is as long as every other, and none repeats', async () => {
    await handIn('parse_string');
    const epoch = await openPrecheck(server);
    const body = { epoch: epoch.epoch, buckets: [0] };
    const bucket = async () => {
      const got = await asker.client.call(precheck.precheckBuckets, { body });
      return fromBase64(got.buckets[0] ?? '') ?? new Uint8Array();
    };
    const [one, two] = [await bucket(), await bucket()];
    expect([one.length, two.length]).toEqual([256 * 48, 256 * 48]);
    const entries = (bytes: Uint8Array) =>
      Array.from({ length: 256 }, (_, i) => toBase64(bytes.subarray(i * 48, i * 48 + 48)));
    expect(new Set([...entries(one), ...entries(two)]).size).toBe(512);
  });

  test.each([
    ['too many', [0, 0]],
    ['one that is not there', [1]],
  ])('DCF-80: another number of buckets is refused: %s', async (_, buckets) => {
    const epoch = await openPrecheck(server);
    await expect(
      asker.client.call(precheck.precheckBuckets, { body: { epoch: epoch.epoch, buckets } }),
    ).rejects.toMatchObject({ problem: { code: 'buckets-miscounted' } });
  });

  test('DCF-81: the work is the same whatever is known: statements, rows and bytes', async () => {
    await handIn('parse_string');
    const epoch = await openPrecheck(server);
    const work = async (name: string) => {
      const { database } = server.services;
      const seen = vi.spyOn(database, 'read');
      const written = vi.spyOn(database, 'write');
      await askFor(asker, epoch, place(name));
      const counted = [seen.mock.calls.length, written.mock.calls.length];
      vi.restoreAllMocks();
      return counted;
    };
    await work('parse_number');
    expect(await work('parse_string')).toEqual(await work('parse_number'));
  });
});

describe('knocking', () => {
  test('DCF-82: neither learns whose it is until the other agrees; then both do', async () => {
    const { case: caseId } = await handIn('parse_string');
    const epoch = await openPrecheck(server);
    const [handle = ''] = await askFor(asker, epoch, place('parse_string'));
    const body = { handle, message: 'We have this too.' };
    const { knock } = await asker.client.call(precheck.knock, { body });
    const sent = async () => (await asker.client.call(precheck.knocks)).sent;
    expect(await sent()).toMatchObject([{ knock, state: 'waiting', with: [] }]);
    const [got] = (await finder.client.call(precheck.knocks)).received;
    expect(got).toMatchObject({ knock, case: caseId, message: 'We have this too.', from: null });
    expect((await coordinator.client.call(precheck.knocks)).received).toMatchObject([
      { knock, from: null },
    ]);
    const params = { knock };
    const agreed = await finder.client.call(precheck.answerKnock, {
      params,
      body: { agree: true },
    });
    expect(agreed.from).toEqual({ id: asker.id, name: 'The one who asks' });
    expect(await sent()).toMatchObject([
      { state: 'agreed', with: [{ id: finder.id, name: 'The one who has it' }] },
    ]);
    expect((await coordinator.client.call(precheck.knocks)).received).toMatchObject([
      { from: null, answer: null },
    ]);
  });

  test('DCF-83: to decline tells nothing, and is for good', async () => {
    await handIn('parse_string');
    const epoch = await openPrecheck(server);
    const [handle = ''] = await askFor(asker, epoch, place('parse_string'));
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

  test('DCF-84: whoever holds nothing of it hears and answers nothing', async () => {
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
  });
});
