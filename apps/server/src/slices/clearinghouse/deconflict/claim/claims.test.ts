import { type Body, type ClaimAnswer, claims } from '@breakwater/contract';
import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  morning,
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../../../../test/harness.ts';
import { tickClaims } from './index.ts';

let server: TestServer;
let a: TestParty;
let b: TestParty;
let coordinator: TestParty;

beforeAll(async () => {
  server = await startTestServer();
  a = await server.party('finder', 'Lab A');
  b = await server.party('finder', 'Lab B');
  coordinator = await server.party('coordinator', 'The desk');
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const hourMs = 3_600_000;
let now = morning;
const inHours = (hours: number) => addMilliseconds(now, hours * hourMs);

async function pass(hours: number): Promise<void> {
  now = inHours(hours);
  server.clock.set(now);
  await tickClaims(server.services);
}

type Wish = Pick<Body<typeof claims.claim>['scope'], 'targets'> & { weaknesses?: string[] };

function scope(wish: Wish) {
  const all = { places: [], except: [], weaknesses: [], exceptWeaknesses: [] };
  return { ...all, methods: ['fuzz' as const], ...wish };
}

async function claim(
  who: TestParty,
  wish: Wish,
  more: { sharing?: 'alone' | 'beside'; from?: Instant; hours?: number } = {},
): Promise<ClaimAnswer> {
  const { sharing = 'alone', from, hours = 24 } = more;
  const term = { until: inHours(hours), ...(from === undefined ? {} : { from }) };
  return await who.client.call(claims.claim, {
    body: { scope: scope(wish), sharing, listed: true, ...term },
  });
}

function idOf(answer: ClaimAnswer): Id<'claim'> {
  if (answer.claim === null) throw new Error(`expected a claim, got ${answer.answer}`);
  return answer.claim;
}

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
  server.clock.set(addMilliseconds(inHours(1), -1));
  expect((await claim(b, { targets: ['pkg:npm/ends'] })).answer).toBe('conflict');
  server.clock.set(inHours(1));
  const taken = await claim(b, { targets: ['pkg:npm/ends'] });
  expect(taken.answer).toBe('granted');
  const lost = a.client.call(claims.renew, { params: { claim: id }, body: { until: inHours(5) } });
  await expect(lost).rejects.toMatchObject({ problem: { code: 'claim-lost' } });
  now = inHours(1);
});

test('DCF-11, DCF-15: what was covered is on the map, by day and never by whom', async () => {
  const targets = ['pkg:npm/mapped'];
  const id = idOf(await claim(a, { targets, weaknesses: ['CWE-79'] }));
  await pass(2);
  const covered = [
    { scope: scope({ targets, weaknesses: ['CWE-79'] }), outcome: 'nothing-found' as const },
  ];
  const tooMuch = a.client.call(claims.release, {
    params: { claim: id },
    body: { covered: [{ ...covered[0], scope: scope({ targets }), outcome: 'nothing-found' }] },
  });
  await expect(tooMuch).rejects.toMatchObject({ problem: { code: 'covered-beyond-claim' } });
  await a.client.call(claims.release, { params: { claim: id }, body: { covered } });
  await claim(a, { targets, weaknesses: ['CWE-119'] });
  const map = await b.client.call(claims.map, { body: { target: 'pkg:npm/mapped', days: 90 } });
  expect(
    map.items.map(({ when, outcome, scope: s }) => ({ when, outcome, w: s.weaknesses })),
  ).toEqual(
    expect.arrayContaining([
      { when: 'now', outcome: null, w: ['CWE-119'] },
      { when: 'before', outcome: 'nothing-found', w: ['CWE-79'] },
    ]),
  );
  expect(JSON.stringify(map)).not.toMatch(/party_|claim_|Lab A/);
});

test('DCF-9: who stands in line is granted what frees, and a claim that is waited for is not renewed', async () => {
  const targets = ['pkg:npm/queued'];
  const id = idOf(await claim(a, { targets }, { hours: 20 }));
  const { wait } = await b.client.call(claims.wait, {
    body: {
      scope: scope({ targets }),
      sharing: 'alone',
      hours: 5,
      giveUpAt: inHours(100),
      listed: true,
    },
  });
  await tickClaims(server.services);
  const renewed = a.client.call(claims.renew, {
    params: { claim: id },
    body: { until: inHours(30) },
  });
  await expect(renewed).rejects.toMatchObject({ problem: { code: 'others-wait' } });
  await a.client.call(claims.release, { params: { claim: id }, body: { covered: [] } });
  await tickClaims(server.services);
  const [mine] = (await b.client.call(claims.listWaits)).items;
  expect(mine).toMatchObject({ id: wait, state: 'granted', claim: expect.any(String) });
  expect((await claim(a, { targets })).answer).toBe('conflict');
});

test('DCF-9: what somebody has waited for long is granted to nobody else anew', async () => {
  const holder = await server.party('finder', 'Holder');
  await claim(holder, { targets: ['repo:github.com/acme/aged#a'] }, { hours: 40 });
  await b.client.call(claims.wait, {
    body: {
      scope: scope({ targets: ['repo:github.com/acme/aged'] }),
      sharing: 'alone',
      hours: 5,
      giveUpAt: inHours(100),
      listed: true,
    },
  });
  await pass(1);
  const young = await claim(a, { targets: ['repo:github.com/acme/aged#b'] }, { hours: 1 });
  expect(young.answer).toBe('granted');
  await pass(12);
  const barred = await claim(a, { targets: ['repo:github.com/acme/aged#c'] }, { hours: 1 });
  expect(barred.answer).toBe('conflict');
  await pass(40);
  const { items } = await b.client.call(claims.listWaits);
  expect(items[0]).toMatchObject({ state: 'granted' });
});

test('DCF-12: a claim is handed to a party that accepts it', async () => {
  const id = idOf(await claim(a, { targets: ['pkg:npm/handed'] }));
  const nobody = a.client.call(claims.offer, { params: { claim: id }, body: { to: a.id } });
  await expect(nobody).rejects.toMatchObject({ problem: { code: 'no-such-taker' } });
  await a.client.call(claims.offer, { params: { claim: id }, body: { to: b.id } });
  const { offers } = await b.client.call(claims.listRequests);
  expect(offers).toMatchObject([{ claim: id, from: { id: a.id, name: 'Lab A' } }]);
  const taken = await b.client.call(claims.answerOffer, {
    params: { claim: id },
    body: { accept: true },
  });
  if (taken.claim === null) throw new Error('expected a claim');
  expect(await b.client.call(claims.get, { params: { claim: taken.claim } })).toMatchObject({
    state: 'live',
  });
  const lost = a.client.call(claims.use, { params: { claim: id }, body: {} });
  await expect(lost).rejects.toMatchObject({ problem: { code: 'claim-lost' } });
});

test('DCF-14: who is let in learns by whom, both only then', async () => {
  const targets = ['pkg:npm/joined'];
  const id = idOf(await claim(a, { targets }));
  const body = { scope: scope({ targets }), sharing: 'alone' as const, until: inHours(10) };
  const { join } = await b.client.call(claims.askJoin, { body });
  const wanted = (await a.client.call(claims.listRequests)).joins;
  expect(wanted).toMatchObject([{ join, claim: id }]);
  expect(JSON.stringify(wanted)).not.toMatch(/party_|Lab B/);
  expect((await b.client.call(claims.listRequests)).asked[0]).toMatchObject({ join, with: [] });
  const stranger = coordinator.client.call(claims.answerJoin, {
    params: { joining: join },
    body: { accept: true },
  });
  await expect(stranger).rejects.toMatchObject({ problem: { code: 'not-found' } });
  const agreed = await a.client.call(claims.answerJoin, {
    params: { joining: join },
    body: { accept: true },
  });
  expect(agreed.with).toEqual({ id: b.id, name: 'Lab B' });
  const { asked } = await b.client.call(claims.listRequests);
  expect(asked[0]?.with).toEqual([{ id: a.id, name: 'Lab A' }]);
  expect((await claim(b, { targets }, { hours: 10 })).answer).toBe('beside');
});

test('DCF-13: a coordinator ends a claim with a reason that its holder is told', async () => {
  const id = idOf(await claim(a, { targets: ['pkg:npm/ended'] }));
  const params = { claim: id };
  await coordinator.client.call(claims.override, {
    params,
    body: { reason: 'It is under attack' },
  });
  const view = await a.client.call(claims.get, { params });
  expect(view).toMatchObject({ state: 'overridden', reason: 'It is under attack' });
  const watched = await coordinator.client.call(claims.watch, { query: { show: 'ended' } });
  expect(watched.items.find((item) => item.id === id)).toMatchObject({ holder: { id: a.id } });
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

test('DCF-14: a no tells the asker nothing', async () => {
  const targets = ['pkg:npm/kept'];
  await claim(a, { targets });
  const body = { scope: scope({ targets }), sharing: 'beside' as const, until: inHours(10) };
  const { join } = await b.client.call(claims.askJoin, { body });
  const before = (await b.client.call(claims.listRequests)).asked;
  const said = await a.client.call(claims.answerJoin, {
    params: { joining: join },
    body: { accept: false },
  });
  expect(said.with).toBeNull();
  expect((await b.client.call(claims.listRequests)).asked).toEqual(before);
  expect((await claim(b, { targets }, { sharing: 'beside' })).answer).toBe('conflict');
});

test('DCF-15: of a live system the map tells a finder its own claims alone', async () => {
  const free = { methods: ['read' as const], targets: ['example.org'] };
  const body = {
    scope: { ...scope(free), methods: free.methods },
    sharing: 'alone' as const,
    until: inHours(5),
    listed: true,
  };
  const taken = await a.client.call(claims.claim, { body }).catch((error: unknown) => error);
  // Nobody allowed it: so nobody holds it, and there is nothing to tell.
  expect(taken).toMatchObject({ problem: { code: 'leave-missing' } });
  const map = await b.client.call(claims.map, { body: { target: 'example.org', days: 30 } });
  expect(map.items).toEqual([]);
});

test('the limits are the same for everybody, signed in or not', async () => {
  const answer = await server.send({ method: 'GET', path: '/v1/claim-rules' });
  expect(await answer.json()).toMatchObject({ liveClaimsMax: 500, unusedHours: 48 });
});
