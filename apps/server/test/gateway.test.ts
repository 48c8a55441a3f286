import { gateway, type KeyLimits, record } from '@breakwater/contract';
import { addMilliseconds, type Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../src/platform/clock/clock.ts';
import type { Reader } from '../src/platform/database/database.ts';
import { dealtOn } from '../src/slices/frontier/gateway/keys/look.ts';
import type { SignedIn, TestParty, TestServer } from './harness.ts';
import { type KeyWorld, openKeyWorld } from './key-world.ts';
import { allotmentBody, issueTo, roomyLimits, storeRequest, upstreamBody } from './keying.ts';
import { codeOf } from './refusals.ts';

let world: KeyWorld;
let server: TestServer;
let developer: TestParty;
let agency: TestParty;
let stranger: TestParty;
let person: SignedIn;
beforeAll(async () => {
  world = await openKeyWorld();
  ({ server, developer, agency, stranger, person } = world);
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await world[Symbol.asyncDispose]();
});

const admit: KeyWorld['admit'] = (...given) => world.admit(...given);
const keyOf: KeyWorld['keyOf'] = (...given) => world.keyOf(...given);
const opened: KeyWorld['opened'] = (...given) => world.opened(...given);
const changesOf: KeyWorld['changesOf'] = (...given) => world.changesOf(...given);

test('GAT-5 GAT-6 a key of an active grant is shown once, kept as a hash, and opens the model', async () => {
  const { engaged, window, grant, upstream } = await opened();
  const [offer] = (await person.client.call(gateway.offers)).items.filter(
    ({ standsOn }) => standsOn === grant,
  );
  expect(offer).toMatchObject({
    of: window,
    gives: 'raw-access',
    names: ['lagoon', 'lagoon-3'],
    speaks: ['openai'],
    left: roomyLimits,
    keysLeft: 5,
  });
  const idempotencyKey = 'one-and-the-same';
  const body = { standsOn: grant, name: 'analysis machine' };
  const made = await person.client.call(gateway.issue, { body, idempotencyKey });
  expect(made.secret).toMatch(/^bwg_[A-Za-z0-9_-]{43}$/);
  expect(made.until).toBe(offer?.until);
  expect(await codeOf(person.client.call(gateway.issue, { body, idempotencyKey }))).toBe(
    'shown-before',
  );
  const rows = await server.services.database.raw(
    `select to_jsonb(k)::text as text from gateway.key k
     union all select response::text from platform.idempotency`,
  );
  expect(JSON.stringify(rows.rows)).not.toContain(made.secret.slice(4));
  const admitted = await admit(made.secret);
  const { kind, baseUrl, modelName, contextTokens, outputMax, concurrent, prices } = upstreamBody;
  expect(admitted).toMatchObject({
    key: made.key,
    party: agency.id,
    holder: person.member,
    grant: { kind: 'early-access', id: grant, window },
    gives: 'raw-access',
    model: engaged.model,
    developer: developer.id,
    names: ['lagoon', 'lagoon-3'],
    limits: roomyLimits,
    goodUntil: made.until,
    proof: { kind: 'none' },
    keeps: 'nothing',
    usageInStreams: 'as-asked',
  });
  const [endpoint] = admitted?.upstreams ?? [];
  expect(endpoint).toMatchObject({
    ...{ id: upstream, kind, baseUrl, modelName, contextTokens, outputMax, concurrent, prices },
  });
  expect(await server.services.content.getText(endpoint?.secret ?? newId('content'))).toBe(
    upstreamBody.secret,
  );
  expect(await admit(`bwg_${'A'.repeat(43)}`)).toBeNull();
  expect(await keyOf(made.key)).toMatchObject({
    active: true,
    missing: [],
    model: null,
    speaks: ['openai'],
    holder: { id: person.member, name: 'Dana' },
  });
  expect((await keyOf(made.key, developer)).model).toBe(engaged.model);
});

test('GAT-1 GAT-2 an endpoint’s secret is in no answer and no log, and is erased when it is used no more', async () => {
  const { engaged, upstream, grant } = await opened();
  const { secret } = await issueTo(person, grant);
  const before = (await admit(secret))?.upstreams[0]?.secret ?? newId('content');
  const listed = await developer.client.call(gateway.upstreams);
  const entries = await server.services.database.raw('select * from journal.entry');
  expect(JSON.stringify([listed, entries.rows])).not.toContain('sk-upstream');
  expect(await codeOf(developer.client.call(record.content, { params: { content: before } }))).toBe(
    'not-permitted',
  );
  const params = { upstream };
  const { secret: _, ...kept } = upstreamBody;
  await developer.client.call(gateway.reviseUpstream, {
    params,
    body: { ...kept, modelName: 'lagoon-4' },
  });
  expect((await admit(secret))?.upstreams[0]).toMatchObject({
    modelName: 'lagoon-4',
    secret: before,
  });
  const stale = { ...kept, ifRevision: 1 };
  expect(await codeOf(developer.client.call(gateway.reviseUpstream, { params, body: stale }))).toBe(
    'changed-since',
  );
  await developer.client.call(gateway.reviseUpstream, { params, body: upstreamBody });
  expect(await server.services.content.getText(before)).toBeNull();
  const changes = await changesOf(() =>
    developer.client.call(gateway.removeUpstream, { params, body: {} }),
  );
  expect(changes).toEqual([`model ${engaged.model}`]);
  expect(await admit(secret)).toBeNull();
  expect(await codeOf(developer.client.call(gateway.removeUpstream, { params, body: {} }))).toBe(
    'already-removed',
  );
  for (const baseUrl of [
    'http://models.example.org',
    'https://u:p@models.example.org',
    'file:///',
  ]) {
    const body = { ...upstreamBody, baseUrl };
    const wish = { params: { model: engaged.model }, body };
    expect(await codeOf(developer.client.call(gateway.addUpstream, wish))).toBe('input-malformed');
  }
});

test('GAT-3 GAT-11 whoever is of neither side learns of nothing by asking, and by trying neither', async () => {
  const { engaged, window, grant, upstream } = await opened();
  const { key } = await issueTo(person, grant);
  const nothing = newId('gkey');
  const tries = (of: Parameters<typeof stranger.client.call>[0], body: object, params: object) =>
    stranger.client.call(of, { params, body } as never); // tried with whatever ids
  const refused = [
    [gateway.addUpstream, upstreamBody, { model: engaged.model }, { model: newId('model') }],
    [gateway.reviseUpstream, upstreamBody, { upstream }, { upstream: newId('upstream') }],
    [gateway.allot, allotmentBody, { scope: window }, { scope: newId('window') }],
    [gateway.endKey, {}, { gkey: key }, { gkey: nothing }],
  ] as const;
  for (const [operation, body, there, absent] of refused) {
    const said = [];
    for (const params of [there, absent]) {
      const problem = await tries(operation, body, params).catch((error: unknown) => error);
      said.push(JSON.stringify(problem));
    }
    expect(said[0]).toBe(said[1]);
    expect(said[0]).toContain('not-found');
  }
  for (const of of [key, person.member, agency.id, window, engaged.model, newId('tier')]) {
    const body = { of, reason: 'to look whether it is there' };
    expect(await codeOf(stranger.client.call(gateway.cut, { body }))).toBe('not-found');
  }
  for (const listed of [
    gateway.keys,
    gateway.cuts,
    gateway.upstreams,
    gateway.allotments,
  ] as const) {
    expect((await stranger.client.call(listed)).items).toEqual([]);
  }
  expect((await stranger.client.call(gateway.traffic)).items).toEqual([]);
  const foreign = { body: { standsOn: grant, name: 'mine' } };
  expect(await codeOf(stranger.client.call(gateway.issue, foreign))).toBe('not-found');
  const other = await server.signIn(agency, 'Robin');
  expect(await codeOf(issueTo(other, grant))).toBe('person-alone');
  expect(await codeOf(agency.client.call(gateway.issue, foreign))).toBe('person-alone');
});

test('GAT-8 keys of one grant share what its developer stated, also where that is less afterwards', async () => {
  const { window, grant } = await opened();
  const half: KeyLimits = {
    outputTokensMax: 1_000,
    concurrency: 4,
    minute: { requests: 40 },
    day: { inputTokens: 500_000, outputTokens: 100_000 },
    grant: { costMicros: 30_000_000 },
    currency: 'USD',
  };
  const first = await issueTo(person, grant, { limits: half });
  expect(first.limits).toEqual(half);
  server.clock.set(addMilliseconds(server.clock.now(), 1));
  const beyond = { ...half, concurrency: 7 };
  expect(await codeOf(issueTo(person, grant, { limits: beyond }))).toBe('beyond-allotment');
  const euro = { ...half, currency: 'EUR' };
  expect(await codeOf(issueTo(person, grant, { limits: euro }))).toBe('currency-differs');
  const rest = await issueTo(person, grant);
  expect(rest.limits).toEqual({
    outputTokensMax: 4_000,
    concurrency: 6,
    minute: { requests: 20 },
    day: { inputTokens: 500_000, outputTokens: 100_000 },
    grant: { costMicros: 20_000_000 },
    currency: 'USD',
  });
  expect(await codeOf(issueTo(person, grant))).toBe('nothing-left');
  const less = { ...roomyLimits, minute: { requests: 50 }, grant: { costMicros: 10_000_000 } };
  const changes = await changesOf(() =>
    developer.client.call(gateway.allot, {
      params: { scope: window },
      body: { ...allotmentBody, limits: less },
    }),
  );
  expect(changes).toEqual([`window ${window}`]);
  expect((await admit(first.secret))?.limits.minute).toEqual({ requests: 40 });
  expect((await admit(rest.secret))?.limits.minute).toEqual({ requests: 10 });
  expect((await admit(first.secret))?.limits.grant).toEqual({ costMicros: 10_000_000 });
  expect((await admit(rest.secret))?.limits.grant).toEqual({ costMicros: 0 });
});

test('GAT-8 keys that were over before today count by what they took, and none of them is read', async () => {
  const { grant } = await opened();
  const { key, limits } = await issueTo(person, grant);
  const { database, clock } = server.services;
  await database.raw(`update gateway.key set at = at - interval '5 days' where id = '${key}'`);
  await database.raw(
    `with made as (
       insert into gateway.key select (jsonb_populate_record(k, jsonb_build_object(
         'id', 'gkey_over_' || n, 'hash', '\\x' || md5('over' || n), 'at', k.at + n * interval '1 second',
         'ended_at', k.at + interval '1 day'))).*
       from gateway.key k, generate_series(-100, 100) n where k.id = '${key}' and n <> 0 returning id)
     insert into gateway.meter (key, span, from_at, kind, used)
     select id, 'grant', '1970-01-01', 'costMicros', 200000 from made`,
  );
  let read = 0;
  const dealt = await database.read((reader) => {
    const counting: Reader = {
      ...reader,
      rows: async (query) => {
        const rows = await reader.rows(query);
        read += rows.length;
        return rows;
      },
    };
    return dealtOn(counting, { stand: grant, allotted: limits, now: clock.now() });
  });
  // Half of them were issued before it, and have theirs first.
  expect(limits.grant).toEqual({ costMicros: 50_000_000 });
  expect(dealt.limits.get(key)?.grant).toEqual({ costMicros: 30_000_000 });
  expect(dealt.left.grant).toEqual({ costMicros: 0 });
  expect(read).toBe(3);
});

/** A request of which a process lost the figures, with what it counts for. */
async function storeLost(of: Parameters<typeof storeRequest>[1]): Promise<Id<'request'>> {
  const settled = { inputTokens: 1_000, outputTokens: 4_000, costMicros: 63_000 };
  const figures = { figures: 'lost', reserved: settled, settled, currency: 'USD' } as const;
  const id = await storeRequest(server, of, figures);
  const at = server.clock.now();
  await server.services.database.write(async (tx) => {
    const spent = { requests: 1, ...settled };
    for (const [span, from] of [
      ['day', `${at.slice(0, 10)}T00:00:00Z`],
      ['grant', at],
    ] as const) {
      for (const [kind, used] of Object.entries(spent)) {
        await tx.run(sql`
          insert into gateway.meter (key, span, from_at, kind, most, used, leased)
          values (${of.key}, ${span}, ${from}, ${kind}, null, ${used}, 0)`);
      }
    }
  });
  return id;
}

test('GAT-13 GAT-14 usage stands against quota; what was lost is corrected by an act of its developer', async () => {
  const { engaged, grant, upstream } = await opened();
  const { key } = await issueTo(person, grant);
  const request = await storeLost({
    ...{ key, holder: person.member, party: agency.id, developer: developer.id },
    ...{ standsOn: grant, model: engaged.model, upstream, marks: [] },
  });
  const usage = async () => await person.client.call(gateway.usage, { params: { gkey: key } });
  expect((await usage()).spent).toEqual({
    requests: 1,
    inputTokens: 1_000,
    outputTokens: 4_000,
    costMicros: 63_000,
  });
  const minute = (await usage()).lines.find(({ span }) => span === 'minute');
  expect(minute).toMatchObject({ kind: 'requests', limit: 60, spent: 0, left: 60 });
  expect(Date.parse(minute?.renewsAt ?? '') % 60_000).toBe(0);
  const params = { request };
  const body = { inputTokens: 1_000, outputTokens: 400, reason: 'our own log says so' };
  const correct = (by: TestParty, wish = body) =>
    by.client.call(gateway.correct, { params, body: wish });
  expect(await codeOf(correct(stranger))).toBe('not-found');
  expect(await codeOf(correct(developer, { ...body, outputTokens: 4_001 }))).toBe('beyond-settled');
  // What its developer states afterwards changes nothing of it.
  server.clock.set(addMilliseconds(server.clock.now(), 1));
  for (const outputMicros of [1_000_000, 99_000_000]) {
    const prices = { ...upstreamBody.prices, outputMicros };
    const revised = { ...upstreamBody, prices, secret: undefined };
    await developer.client.call(gateway.reviseUpstream, { params: { upstream }, body: revised });
    server.clock.set(addMilliseconds(server.clock.now(), 1));
  }
  expect(await correct(developer)).toEqual({ request, costMicros: 9_000 });
  expect((await usage()).spent).toEqual({
    requests: 1,
    inputTokens: 1_000,
    outputTokens: 400,
    costMicros: 9_000,
  });
  expect(await codeOf(correct(developer, { ...body, outputTokens: 401 }))).toBe('beyond-settled');
  for (const side of [agency, developer]) {
    const { items } = await side.client.call(gateway.corrections, { params });
    expect(items).toMatchObject([{ outputTokens: 400, reason: 'our own log says so' }]);
  }
  expect(await codeOf(stranger.client.call(gateway.corrections, { params }))).toBe('not-found');
  for (const side of [agency, developer]) {
    const { items } = await side.client.call(gateway.traffic, { query: { gkey: key } });
    expect(items).toMatchObject([
      { key, model: 'lagoon', requests: 1, outputTokens: 400, currency: 'USD' },
    ]);
  }
  expect((await agency.client.call(gateway.traffic)).isCut).toBe(false);
  await server.services.database.raw(
    `with made as (
       insert into gateway.key select (jsonb_populate_record(k, jsonb_build_object(
         'id', 'gkey_' || lpad(n::text, 26, '0'), 'hash', '\\x' || md5(n::text) || md5(n::text)))).*
       from gateway.key k, generate_series(1, 34) n where k.id = '${key}' returning id),
     seen as (
       insert into platform.visibility (party, subject, level)
       select v.party, made.id, v.level from platform.visibility v, made where v.subject = '${key}')
     insert into gateway.meter (key, span, from_at, kind, used)
     select id, 'day', date_trunc('day', '${server.clock.now()}'::timestamptz, 'UTC') - days * interval '1 day', 'requests', 1
     from made, generate_series(0, 29) days`,
  );
  const many = await agency.client.call(gateway.traffic);
  expect([many.items.length, many.isCut]).toEqual([1_000, true]);
});
