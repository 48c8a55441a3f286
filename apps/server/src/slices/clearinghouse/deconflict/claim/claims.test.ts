import { claims } from '@breakwater/contract';
import { addMilliseconds } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Claiming, idOf, scope, startClaiming } from '../../../../../test/claiming.ts';
import type { TestParty, TestServer } from '../../../../../test/harness.ts';
import { tickClaims } from './index.ts';

// What is claimed, renewed and lost, and the published limits.
let claiming: Claiming;
let server: TestServer;
let a: TestParty;
let b: TestParty;
let coordinator: TestParty;

beforeAll(async () => {
  claiming = await startClaiming();
  ({ server, a, b, coordinator } = claiming);
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await claiming[Symbol.asyncDispose]();
});

const inHours: Claiming['inHours'] = (hours) => claiming.inHours(hours);
const pass: Claiming['pass'] = (hours) => claiming.pass(hours);
const claim: Claiming['claim'] = (...asked) => claiming.claim(...asked);

test('DCF-1: a claim is granted where nobody holds anything', async () => {
  const answer = await claim(a, { targets: ['pkg:npm/one'] });
  expect(answer).toEqual({
    answer: 'granted',
    claim: expect.stringMatching(/^claim_/),
    until: inHours(24),
    held: [],
    alternatives: [],
    wishes: [],
  });
  const { items } = await a.client.call(claims.list);
  expect(items.map((item) => item.id)).toEqual([answer.claim]);
  expect(items[0]).toMatchObject({
    state: 'live',
    scope: { targets: ['pkg:npm/one'], methods: ['fuzz'] },
    lapsesAt: inHours(48),
    holder: null,
  });
});

test('DCF-2: alone keeps others out, who learn what of their own wish is held and never by whom', async () => {
  const held = { targets: ['repo:github.com/acme/lib#src'], weaknesses: ['CWE-119'] };
  await claim(a, held);
  const answer = await claim(
    b,
    { targets: ['https://github.com/acme/lib'] },
    { sharing: 'beside' },
  );
  expect(answer).toMatchObject({ answer: 'conflict', claim: null, until: inHours(24) });
  expect(answer.held).toMatchObject([
    { scope: { weaknesses: ['CWE-119'], methods: ['fuzz'] }, sharing: 'alone', until: inHours(24) },
  ]);
  expect(JSON.stringify(answer)).not.toMatch(/party_|Lab A/);
  const kinds = answer.alternatives.map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['part', 'later', 'join', 'wait']));
  for (const part of answer.alternatives) {
    if (part.kind !== 'part') continue;
    const taken = await b.client.call(claims.preview, {
      body: { scope: part.scope, sharing: 'beside', from: part.from, until: part.until },
    });
    expect(taken.answer).toBe('granted');
  }
  const [asked] = (await coordinator.client.call(claims.conflicts)).items;
  expect(asked).toMatchObject({ asker: { id: b.id } });
});

test('DCF-2: two who ask for beside are granted both, each told what is covered', async () => {
  await claim(a, { targets: ['pkg:pypi/two'] }, { sharing: 'beside' });
  const answer = await claim(b, { targets: ['pkg:pypi/two'] }, { sharing: 'beside' });
  expect(answer).toMatchObject({
    answer: 'beside',
    held: [{ scope: { targets: ['pkg:pypi/two'] } }],
  });
  const alone = await claim(b, { targets: ['pkg:pypi/two'] });
  expect(alone.answer).toBe('conflict');
  expect(alone.alternatives.map(({ kind }) => kind)).toContain('beside');
});

test('DCF-4: a preview takes nothing', async () => {
  const body = {
    scope: scope({ targets: ['pkg:npm/free'] }),
    sharing: 'beside' as const,
    until: inHours(5),
  };
  const first = await a.client.call(claims.preview, { body });
  expect(first).toMatchObject({ answer: 'granted', claim: null });
  expect((await claim(b, { targets: ['pkg:npm/free'] })).answer).toBe('granted');
  expect((await a.client.call(claims.preview, { body })).answer).toBe('conflict');
});

test('DCF-8: a claim is renewed within the limits, not over what others hold', async () => {
  const id = idOf(await claim(a, { targets: ['pkg:npm/three'] }, { hours: 10 }));
  const params = { claim: id };
  await a.client.call(claims.renew, { params, body: { until: inHours(20) } });
  await claim(b, { targets: ['pkg:npm/three'] }, { from: inHours(20), hours: 30 });
  const over = a.client.call(claims.renew, { params, body: { until: inHours(21) } });
  await expect(over).rejects.toMatchObject({ problem: { code: 'renewal-in-conflict' } });
  const foreign = b.client.call(claims.renew, { params, body: { until: inHours(21) } });
  await expect(foreign).rejects.toMatchObject({ problem: { code: 'not-found' } });
});

test('DCF-7, DCF-10: unused it lapses, visibly, and the next call says so; used it stays', async () => {
  const unused = idOf(await claim(a, { targets: ['pkg:npm/unused'] }, { hours: 100 }));
  const used = idOf(await claim(a, { targets: ['pkg:npm/used'] }, { hours: 100 }));
  await pass(40);
  await a.client.call(claims.use, { params: { claim: used }, body: {} });
  await pass(9);
  const lost = a.client.call(claims.use, { params: { claim: unused }, body: {} });
  await expect(lost).rejects.toMatchObject({
    problem: { code: 'claim-lost', got: expect.stringContaining('lapsed') },
  });
  expect(await a.client.call(claims.get, { params: { claim: unused } })).toMatchObject({
    state: 'lapsed',
  });
  expect(await a.client.call(claims.get, { params: { claim: used } })).toMatchObject({
    state: 'live',
  });
  expect((await claim(b, { targets: ['pkg:npm/unused'] })).answer).toBe('granted');
  expect((await claim(b, { targets: ['pkg:npm/used'] })).answer).toBe('conflict');
});

test('DCF-3: at its end it is over to the millisecond, whether or not anybody looked', async () => {
  const id = idOf(await claim(a, { targets: ['pkg:npm/ends'] }, { hours: 1 }));
  const end = inHours(1);
  server.clock.set(addMilliseconds(end, -1));
  expect((await claim(b, { targets: ['pkg:npm/ends'] })).answer).toBe('conflict');
  server.clock.set(end);
  const taken = await claim(b, { targets: ['pkg:npm/ends'] });
  expect(taken.answer).toBe('granted');
  const lost = a.client.call(claims.renew, { params: { claim: id }, body: { until: inHours(5) } });
  await expect(lost).rejects.toMatchObject({ problem: { code: 'claim-lost' } });
});

test('DCF-5: a term beyond the published ones, and a target that is none, are refused', async () => {
  const long = claim(a, { targets: ['pkg:npm/x'] }, { hours: 24 * 15 });
  await expect(long).rejects.toMatchObject({ problem: { code: 'term-out-of-range' } });
  const none = claim(a, { targets: ['not a target'] });
  await expect(none).rejects.toMatchObject({ problem: { pointer: '/scope' } });
  const empty = claim(a, { targets: [] });
  await expect(empty).rejects.toMatchObject({ problem: { code: 'scope-empty' } });
});

test('the same request twice is one claim, though both arrive at once', async () => {
  const body = JSON.stringify({ scope: scope({ targets: ['pkg:npm/once'] }), until: inHours(3) });
  const send = () =>
    server.send({
      method: 'POST',
      path: '/v1/claims',
      key: a.key,
      body,
      headers: { 'idempotency-key': 'one-and-the-same' },
    });
  const answers = await Promise.all(
    (await Promise.all([send(), send(), send()])).map((r) => r.json()),
  );
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test('of two that arrive at once and keep each other out one is granted', async () => {
  const parties = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => server.party('finder', `P${n}`)));
  const answers = await Promise.all(
    parties.map((p) => claim(p, { targets: ['pkg:npm/contested'] })),
  );
  expect(answers.filter((answer) => answer.answer === 'granted')).toHaveLength(1);
});

test('DCF-6: who was told of others too often is refused, and coordinators see it', async () => {
  const prober = await server.party('finder', 'Prober');
  const body = {
    scope: scope({ targets: ['pkg:npm/probed'] }),
    sharing: 'beside' as const,
    until: inHours(5),
  };
  await prober.client.call(claims.preview, { body });
  await tickClaims(server.services);
  const { answersPerDay } = await prober.client.call(claims.rules);
  await server.database.database.raw('update deconflict.asked set told = $1 where party = $2', [
    answersPerDay,
    prober.id,
  ]);
  const asked = prober.client.call(claims.preview, { body });
  await expect(asked).rejects.toMatchObject({ problem: { code: 'asked-too-often', status: 429 } });
  const taken = claim(prober, { targets: ['pkg:npm/probed'] });
  await expect(taken).rejects.toMatchObject({ problem: { code: 'asked-too-often' } });
  await tickClaims(server.services);
  const [first] = (await coordinator.client.call(claims.askers)).items;
  expect(first).toEqual({
    party: { id: prober.id, name: 'Prober' },
    live: 0,
    unused: 0,
    asked: answersPerDay,
    stopped: 2,
  });
});

test('DCF-10: the holder is warned once before its claim ends', async () => {
  const id = idOf(await claim(a, { targets: ['pkg:npm/warned'] }, { hours: 24 }));
  const warnings = async () => {
    const { rows } = await server.database.database.raw(
      `select count(*)::int as n from journal.entry
       where act = 'deconflict.claim-ending' and subject = $1`,
      [id],
    );
    return rows[0]?.['n'];
  };
  await pass(11);
  expect(await warnings()).toBe(0);
  await pass(2);
  await pass(1);
  expect(await warnings()).toBe(1);
});

test('the limits are the same for everybody, signed in or not', async () => {
  const answer = await server.send({ method: 'GET', path: '/v1/claim-rules' });
  expect(await answer.json()).toMatchObject({ liveClaimsMax: 500, unusedHours: 48 });
});
