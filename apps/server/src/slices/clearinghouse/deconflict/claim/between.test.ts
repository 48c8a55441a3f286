import { claims } from '@breakwater/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Claiming, idOf, scope, startClaiming } from '../../../../../test/claiming.ts';
import type { TestParty, TestServer } from '../../../../../test/harness.ts';
import { tickClaims } from './index.ts';

// What goes on between those who claim: lines, hand-overs, being let in, and the map.
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

test('DCF-13: a coordinator ends a place in line with a reason that whoever stood there is told', async () => {
  const targets = ['pkg:npm/in-line'];
  const id = idOf(await claim(a, { targets }));
  const asked = { scope: scope({ targets }), sharing: 'alone' as const, hours: 5, listed: true };
  const { wait } = await b.client.call(claims.wait, { body: { ...asked, giveUpAt: inHours(100) } });
  const { items } = await coordinator.client.call(claims.watchWaits);
  expect(items[0]).toMatchObject({ id: wait, party: { id: b.id, name: 'Lab B' }, reason: null });
  const end = { params: { wait }, body: { reason: 'You asked for it by mistake' } };
  await expect(b.client.call(claims.endWait, end)).rejects.toMatchObject({
    problem: { code: 'not-permitted' },
  });
  await coordinator.client.call(claims.endWait, end);
  const again = coordinator.client.call(claims.endWait, end);
  await expect(again).rejects.toMatchObject({ problem: { code: 'not-waiting' } });
  const [mine] = (await b.client.call(claims.listWaits)).items;
  expect(mine).toMatchObject({ id: wait, state: 'ended', reason: end.body.reason, party: null });
  await a.client.call(claims.release, { params: { claim: id }, body: { covered: [] } });
  await tickClaims(server.services);
  expect((await b.client.call(claims.listWaits)).items[0]?.state).toBe('ended');
  const { rows } = await server.database.database.raw(
    `select act from journal.entry where subject = $1 order by act`,
    [wait],
  );
  expect(rows.map(({ act }) => act)).toEqual(['deconflict.wait-ended', 'deconflict.waiting']);
});

test('DCF-15: what a coordinator does not believe stays on the map, as struck', async () => {
  const targets = ['pkg:npm/doubted'];
  const id = idOf(await claim(a, { targets }));
  await pass(2);
  const covered = [{ scope: scope({ targets }), outcome: 'nothing-found' as const }];
  await a.client.call(claims.release, { params: { claim: id }, body: { covered } });
  const mapOf = async (who: TestParty) => {
    const body = { target: 'pkg:npm/doubted', days: 1 };
    return (await who.client.call(claims.map, { body })).items;
  };
  const [seen] = await mapOf(coordinator);
  expect(seen).toMatchObject({ struck: null, records: [expect.stringMatching(/^decision_/)] });
  expect(await mapOf(a)).toMatchObject([{ struck: null, records: [] }]);
  const record = seen?.records[0];
  if (record === undefined) throw new Error('expected a record');
  const reason = 'Lab A was offline that day';
  const strike = { body: { record, reason } };
  await coordinator.client.call(claims.strikeCoverage, strike);
  const again = coordinator.client.call(claims.strikeCoverage, strike);
  await expect(again).rejects.toMatchObject({ problem: { code: 'already-struck' } });
  const told = { outcome: 'nothing-found', struck: { reason } };
  expect(await mapOf(coordinator)).toMatchObject([{ ...told, records: [record] }]);
  expect(await mapOf(a)).toMatchObject([{ ...told, records: [] }]);
  // The reason may name whom the map does not.
  expect(await mapOf(b)).toMatchObject([{ struck: { reason: null }, records: [] }]);
});
