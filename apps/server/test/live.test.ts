import { randomUUID } from 'node:crypto';
import { directory, earlyAccess, live, session } from '@breakwater/contract';
import { type Instant, ok } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { newId } from '../src/platform/clock/clock.ts';
import { type Grant, levels, system } from '../src/platform/commands/audience.ts';
import { setAudience } from '../src/platform/commands/visibility.ts';
import { limits } from '../src/platform/live/live.ts';
import { engageModel, openWindow } from './accessing.ts';
import { type SignedIn, startTestServer, type TestServer } from './harness.ts';
import { later } from './world.ts';

const path = live.events.path;
const ticks = 40;

test('LIV-1: one sees what changes, the other the very bytes of an empty server', async () => {
  await using server = await quietServer();
  await using empty = await quietServer();
  const insider = await server.signIn(await server.party('owner'));
  const outsider = await server.signIn(await server.party('owner'));
  const alone = await empty.signIn(await empty.party('owner'));
  const streams = await Promise.all([insider, outsider, alone].map((who) => who.fetch(path)));
  const id = newId('case');
  const grants = [{ principal: await partyOf(insider), level: levels.detail }];
  for (let tick = 0; tick < ticks; tick++) {
    if (tick % 3 === 0) await act(server, { id, act: 'coordinate.said', grants });
    await server.services.live.tick();
    await empty.services.live.tick();
  }
  for (const who of [insider, outsider, alone]) await cut(who);
  await server.services.live.tick();
  await empty.services.live.tick();
  const [seen = '', unseen, nothing] = await Promise.all(streams.map((s) => s.text()));
  expect(unseen).toBe(nothing);
  expect(nothing).toBe('retry: 3000\n\n:\n\n:\n\n');
  const event = `event: changed\ndata: {"items":[{"kind":"case","id":"${id}"}]}\n\n`;
  expect(seen.split(event)).toHaveLength(Math.ceil(ticks / 3) + 1);
  const headers = streams.map((s) => [...s.headers].filter(([name]) => name !== 'date'));
  expect(headers[1]).toEqual(headers[2]);
});

test('LIV-2: an act that the timeline does not show is not told', async () => {
  await using server = await quietServer();
  const finder = await server.signIn(await server.party('finder'));
  const stream = await finder.fetch(path);
  const party = await partyOf(finder);
  const shown = newId('case');
  const written = newId('case');
  const unlisted = newId('case');
  const hidden = newId('case');
  const data = { finding: newId('finding'), case: hidden, verdict: 'not-reproduced' };
  const hour = { endsAt: '2026-04-01T00:00:00.000Z', zone: 'UTC' };
  const summary = [{ principal: party, level: levels.summary }];
  const detail = [{ principal: party, level: levels.detail }];
  await act(server, { id: written, act: 'coordinate.said', grants: summary });
  await act(server, { id: unlisted, act: 'nobody.has-listed-this', grants: detail });
  // About a finding of the case that this reader does not see.
  await act(server, { id: hidden, act: 'validate.concluded', grants: detail, data });
  await act(server, {
    id: newId('party'),
    act: 'coordinate.embargo-set',
    grants: summary,
    data: hour,
  });
  await act(server, { id: shown, act: 'coordinate.embargo-set', grants: summary, data: hour });
  await server.services.live.tick();
  await cut(finder);
  await server.services.live.tick();
  const text = await stream.text();
  expect(text).toContain(shown);
  expect([written, unlisted, hidden].filter((id) => text.includes(id))).toEqual([]);
  expect(text.match(/"id"/g)).toHaveLength(1);
});

test('LIV-2 EAR-15: windows and grants are told to both sides, and to whom they are of', async () => {
  await using server = await quietServer();
  const developer = await server.party('developer');
  const liaison = await server.party('liaison');
  const agency = await server.party('finder');
  const person = await server.signIn(agency);
  const engaged = await engageModel({ developer, liaison });
  const readers = {
    developer: await server.signIn(developer),
    inside: await server.signIn(agency),
    official: await server.signIn(await server.party('official')),
  };
  const streams = await Promise.all(Object.values(readers).map((who) => who.fetch(path)));
  const told: string[][] = [];
  const opened = await openWindow(engaged);
  await server.services.live.tick();
  const params = { window: opened.window };
  const body = { member: person.member };
  const { grant } = await liaison.client.call(earlyAccess.addPerson, { params, body });
  await server.services.live.tick();
  server.clock.set(later(server.clock, 1_000));
  const ends = later(server.clock, 86_400_000);
  await developer.client.call(earlyAccess.shorten, { params, body: { ends } });
  await server.services.live.tick();
  await liaison.client.call(earlyAccess.revoke, { params: { grant }, body: {} });
  await server.services.live.tick();
  for (const who of Object.values(readers)) await cut(who);
  await server.services.live.tick();
  for (const stream of streams) {
    const events = (await stream.text()).split('event: changed\n').slice(1);
    told.push(events.map((text) => [...text.matchAll(/"kind":"(\w+)"/g)].map((m) => m[1]).join()));
  }
  // Opened with its plan; the person; shortened; revoked. Of others' grants nobody inside is told.
  expect(told).toEqual([
    ['engagement,window', 'grant,window', 'window', 'grant,window'],
    ['grant', 'window', 'grant'],
    [],
  ]);
});

test('LIV-2: what was hidden before the tick is not told', async () => {
  await using server = await quietServer();
  const owner = await server.signIn(await server.party('owner'));
  const stream = await owner.fetch(path);
  const id = newId('case');
  const grants = [{ principal: await partyOf(owner), level: levels.detail }];
  await act(server, { id, act: 'coordinate.said', grants });
  await server.services.database.write((tx) => setAudience(tx, id, []));
  await server.services.live.tick();
  await cut(owner);
  await server.services.live.tick();
  expect(await stream.text()).toBe('retry: 3000\n\n');
});

test('LIV-3: a stream ends with its session, its key, and with idleness that it does not hold up', async () => {
  await using server = await quietServer();
  const party = await server.party('owner');
  const signedIn = await server.signIn(party);
  const idle = await server.signIn(party);
  const bySession = await signedIn.fetch(path);
  const byKey = await server.send({ method: 'GET', path, key: party.key });
  const byIdle = await idle.fetch(path);
  await cut(signedIn);
  await server.services.live.tick();
  expect(await bySession.text()).toBe('retry: 3000\n\n');
  const keys = await server.administrator.call(directory.listKeys, { query: { party: party.id } });
  for (const { id } of keys.items) {
    await server.administrator.call(directory.revokeKey, { params: { key: id } });
  }
  await server.services.live.tick();
  expect(await byKey.text()).toBe('retry: 3000\n\n');
  for (let hour = 0; hour < 13; hour++) {
    server.clock.set(later(server.clock, 3_600_000));
    await server.services.live.tick();
  }
  expect(await byIdle.text()).toBe('retry: 3000\n\n');
});

test('LIV-4: so many streams and no more, until one is closed', async () => {
  await using server = await quietServer();
  const party = await server.party('owner');
  const open = () => server.send({ method: 'GET', path, key: party.key });
  const streams: Response[] = [];
  for (let i = 0; i < limits.credential; i++) streams.push(await open());
  expect(streams.map((s) => s.status)).toEqual(streams.map(() => 200));
  const refused = await open();
  expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'too-many-streams' }]);
  const other = await server.signIn(party);
  expect((await other.fetch(path)).status).toBe(200);
  await streams[0]?.body?.cancel();
  await expect.poll(async () => (await open()).status).toBe(200);
});

test('the door: neither without a key nor past its scope', async () => {
  await using server = await quietServer();
  expect((await server.send({ method: 'GET', path })).status).toBe(401);
  const party = await server.party('owner');
  const { key } = await server.administrator.call(directory.addKey, {
    params: { party: party.id },
    body: { label: 'narrow', scope: ['directory.who-am-i'] },
  });
  expect((await server.send({ method: 'GET', path, key })).status).toBe(403);
});

/** A server that tells only when the test says so. */
async function quietServer(): Promise<TestServer> {
  const at = '2026-03-01T08:00:00.000Z' as Instant; // spelled as kernel does
  return await startTestServer({ at, settings: { BREAKWATER_LIVE_TICK_SECONDS: '86400' } });
}

async function cut({ client, session: id }: SignedIn): Promise<void> {
  await client.call(session.cut, { body: { session: id } });
}

async function partyOf({ client }: SignedIn): Promise<string> {
  return (await client.call(directory.whoAmI)).party.id;
}

interface Act {
  readonly id: string;
  readonly act: string;
  readonly grants: readonly Grant[];
  readonly data?: Readonly<Record<string, string>>;
}

async function act(server: TestServer, given: Act): Promise<void> {
  const idempotencyKey = randomUUID();
  const envelope = { actor: system, operation: 'test', idempotencyKey, request: null };
  await server.services.execute<null>(envelope, async (tx) => {
    await setAudience(tx, given.id, given.grants);
    // Told directly, past the rooms: this case has none.
    const event = { act: `${given.act}`, subject: given.id, data: given.data ?? {} };
    return ok({ events: [event], response: null });
  });
}
