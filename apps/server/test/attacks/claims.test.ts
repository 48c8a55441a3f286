import { authorizations, type Body, claims } from '@breakwater/contract';
import { addMilliseconds, type Id } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/platform/clock/clock.ts';
import { readLook } from '../../src/slices/clearinghouse/deconflict/claim/extent.ts';
import { tickClaims } from '../../src/slices/clearinghouse/deconflict/claim/index.ts';
import { insertCoverage } from '../../src/slices/clearinghouse/deconflict/claim/record-store.ts';
import { morning, startTestServer, type TestParty, type TestServer } from '../harness.ts';
import { ownerOf } from '../wishing.ts';

let server: TestServer;
let holder: TestParty;
let attacker: TestParty;
let coordinator: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  holder = await server.party('finder', 'The holder');
  attacker = await server.party('finder', 'The attacker');
  coordinator = await server.party('coordinator', 'The desk');
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const inHours = (hours: number) => addMilliseconds(morning, hours * 3_600_000);
const refused = (code: string) => ({ problem: { code } });

type Scope = Body<typeof claims.claim>['scope'];
const nothing = { targets: [], places: [], except: [], weaknesses: [], exceptWeaknesses: [] };
function scope(targets: readonly string[], more: Partial<Scope> = {}): Scope {
  return { ...nothing, targets: [...targets], methods: ['fuzz'], ...more };
}

function asking(of: Scope, { sharing = 'alone' as const, hours = 24 } = {}) {
  return { scope: of, sharing, until: inHours(hours) };
}

const claim = async (who: TestParty, of: Scope, more: Parameters<typeof asking>[1] = {}) =>
  await who.client.call(claims.claim, { body: { ...asking(of, more), listed: true } });

async function answersGiven(party: TestParty): Promise<number> {
  const { items } = await coordinator.client.call(claims.askers);
  return items.find((item) => item.party.id === party.id)?.asked ?? 0;
}

test('DCF-6 whoever stands in line to see what is granted at once is counted as if it asked', async () => {
  await claim(holder, scope(['pkg:npm/probed']));
  const before = await answersGiven(attacker);
  const term = { sharing: 'alone' as const, hours: 1, giveUpAt: inHours(48), listed: true };
  for (const target of ['pkg:npm/probed', 'pkg:npm/nobody-there']) {
    await attacker.client.call(claims.wait, { body: { scope: scope([target]), ...term } });
  }
  await tickClaims(server.services);
  const { items } = await attacker.client.call(claims.listWaits);
  expect(items.map(({ state }) => state).toSorted()).toEqual(['granted', 'waiting']);
  expect(await answersGiven(attacker)).toBe(before + 2);
});

test('DCF-14 who is let in to a part is let in to no more, and for no longer', async () => {
  await claim(holder, scope(['pkg:npm/opened']), { hours: 200 });
  const part = scope(['pkg:npm/opened#lib/tiny.js']);
  const { join } = await attacker.client.call(claims.askJoin, { body: asking(part, { hours: 2 }) });
  const params = { joining: join };
  await holder.client.call(claims.answerJoin, { params, body: { accept: true } });
  expect((await claim(attacker, scope(['pkg:npm/opened']), { hours: 2 })).answer).toBe('conflict');
  const widened = { ...part, methods: ['fuzz' as const, 'static' as const] };
  expect((await claim(attacker, widened, { hours: 2 })).answer).toBe('beside');
  expect((await claim(attacker, part, { hours: 100 })).answer).toBe('conflict');
  expect((await claim(attacker, part, { hours: 1 })).answer).toBe('beside');
});

test('DCF-14 of one asker a holder has one wish to answer for each claim', async () => {
  await claim(holder, scope(['pkg:npm/begged']));
  const ask = async (target: string) =>
    await attacker.client.call(claims.askJoin, { body: asking(scope([target])) });
  for (let i = 0; i < 5; i += 1) await ask(`pkg:npm/begged#lib/${i}`);
  const { join } = await ask('pkg:npm/begged#last');
  const { joins } = await holder.client.call(claims.listRequests);
  expect(joins.filter(({ scope: { targets } }) => targets[0]?.includes('begged'))).toMatchObject([
    { join, scope: { targets: ['pkg:npm/begged#last'] } },
  ]);
});

test('DCF-7 nobody works under a claim before it begins', async () => {
  const body = { ...asking(scope(['pkg:npm/ahead'])), from: inHours(5), listed: true };
  const { claim: id } = await attacker.client.call(claims.claim, { body });
  if (id === null) throw new Error('expected a claim');
  const used = attacker.client.call(claims.use, { params: { claim: id }, body: {} });
  await expect(used).rejects.toMatchObject(refused('claim-not-begun'));
});

const always = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '00:00' };
function written(targets: readonly string[], parties: readonly string[], weekly = [always]) {
  return {
    targets: [...targets],
    except: [],
    methods: ['active' as const],
    parties: parties.map((party) => party as Id<'party'>), // ids that the server made
    roles: [],
    from: morning,
    until: inHours(1_000),
    pace: { requestsPerSecond: null, connections: null },
    never: { zone: 'UTC', weekly, once: [] },
    contact: 'On call',
  };
}

test('DCF-33 who has no leave does not learn from asking to join who works on a live system', async () => {
  const owner = await ownerOf(server, '*.watched.example.org');
  const body = written(['*.watched.example.org'], [holder.id], []);
  await owner.client.call(authorizations.authorize, { body });
  const at = (host: string) => scope([`${host}.watched.example.org`], { methods: ['active'] });
  expect((await claim(holder, at('www'))).answer).toBe('granted');
  for (const host of ['www', 'nobody']) {
    const asked = attacker.client.call(claims.askJoin, { body: asking(at(host)) });
    await expect(asked).rejects.toMatchObject(refused('leave-missing'));
  }
});

test('DCF-33 a running system is not scanned or exploited under the name of its code or product', async () => {
  const names = [
    'repo:www.victim.example/app',
    'https://www.victim.example/admin/x.git',
    'product:acme/firewall',
    'pkg:npm/firewall',
  ];
  for (const target of names) {
    expect((await claim(attacker, scope([target]))).answer).toBe('granted');
    for (const method of ['passive', 'active', 'exploit'] as const) {
      const asked = claim(attacker, scope([target], { methods: ['static', method] }));
      await expect(asked).rejects.toMatchObject(refused('leave-missing'));
    }
  }
});

test('DCF-36 the never-time of a part is not slipped past by naming more than the part', async () => {
  const [whole, part] = ['*.plant.example.org', 'plc.plant.example.org'];
  const owners = [await ownerOf(server, whole), await ownerOf(server, part)] as const;
  await owners[0].client.call(authorizations.authorize, {
    body: written([whole], [holder.id], []),
  });
  await owners[1].client.call(authorizations.authorize, { body: written([part], [owners[1].id]) });
  const { items } = await coordinator.client.call(authorizations.contests);
  const controls = items.flatMap((item) => item.controls);
  const of = (target: string) => controls.find((each) => each.target === target)?.id;
  const [believed, over] = [of(whole), of(part)];
  if (believed === undefined || over === undefined) throw new Error('expected a contest');
  const body = { believed, over, reason: 'The whole is theirs' };
  await coordinator.client.call(authorizations.settle, { body });
  const active = { methods: ['active' as const] };
  for (const target of [part, whole]) {
    await expect(claim(holder, scope([target], active))).rejects.toMatchObject({
      problem: { code: 'leave-missing', detail: expect.stringContaining('never-time') },
    });
  }
  const beside = scope([whole], { ...active, except: [part] });
  expect((await claim(holder, beside)).answer).toBe('granted');
});

test('DCF-1 a claim that says very much keeps the server from seeking what is left of it, and no client from reading the answer', async () => {
  const many = (claim: number) =>
    Array.from({ length: 25 }, (_, version) => `${version + 1}.${claim}.0`).join('|');
  const cut = (claim: number) =>
    scope(
      Array.from({ length: 20 }, (_, i) => `pkg:npm/cut#d${claim}/e${i}`),
      { versions: `vers:npm/${many(claim)}` },
    );
  await claim(attacker, cut(1));
  const preview = async () =>
    await holder.client.call(claims.preview, { body: asking(scope(['pkg:npm/cut'])) });
  expect((await preview()).alternatives.map(({ kind }) => kind)).toContain('part');
  await claim(attacker, cut(2));
  await claim(attacker, cut(3));
  expect((await preview()).alternatives.map(({ kind }) => kind)).toEqual(['join', 'wait']);
});

test('DCF-15 what is kept off the map does not push out what is on it', async () => {
  const target = 'pkg:npm/mapped';
  const { claim: id } = await claim(holder, scope([target]));
  if (id === null) throw new Error('expected a claim');
  const covered = [{ scope: scope([target]), outcome: 'nothing-found' as const }];
  await holder.client.call(claims.release, { params: { claim: id }, body: { covered } });
  const look = readLook(scope([target]));
  if (!look.ok) throw new Error(look.refusal.got);
  const hidden = Array.from({ length: 500 }, () => ({
    id: newId('decision'),
    claim: id,
    holder: attacker.id,
    extent: look.value.text,
    outcome: 'unfinished' as const,
    from_at: morning,
    until_at: inHours(1),
    listed: false,
  }));
  await server.services.database.write(async (tx) => await insertCoverage(tx, hidden));
  const body = { target, days: 30 };
  const map = await (await server.party('finder')).client.call(claims.map, { body });
  expect(map.items).toMatchObject([{ outcome: 'nothing-found', when: 'before' }]);
});

test('DCF-9 nothing is kept for who waits and could not be granted it', async () => {
  const target = '*.kept.example.org';
  const owner = await ownerOf(server, target);
  const others = [await server.party('finder'), await server.party('finder')] as const;
  const allow = async (party: TestParty) =>
    await owner.client.call(authorizations.authorize, { body: written([target], [party.id], []) });
  const leave = await allow(attacker);
  for (const other of others) await allow(other);
  const at = (host: string) => scope([`${host}.kept.example.org`], { methods: ['active'] });
  await claim(others[0], at('www'), { hours: 20 });
  const wish = { scope: scope([target], { methods: ['active'] }), sharing: 'alone' as const };
  const term = { hours: 24, giveUpAt: inHours(500), listed: true };
  await attacker.client.call(claims.wait, { body: { ...wish, ...term } });
  server.clock.set(inHours(13));
  const seen = async () => {
    const body = asking(at('mail'), { hours: 20 });
    return (await others[1].client.call(claims.preview, { body })).answer;
  };
  expect(await seen()).toBe('conflict');
  await owner.client.call(authorizations.revokeAuthorization, {
    params: { authorization: leave.id },
  });
  expect(await seen()).toBe('granted');
  expect((await claim(others[1], at('mail'), { hours: 20 })).answer).toBe('granted');
});
