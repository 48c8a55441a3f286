import {
  type EndpointMark,
  type GatewayMark,
  gatewayIncidents as incidents,
} from '@breakwater/contract';
import { addMilliseconds, type Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../src/platform/clock/clock.ts';
import { closeIntervals, raiseIncidents } from '../src/slices/frontier/gateway/index.ts';
import type { RequestRow } from '../src/slices/frontier/gateway/record/request-row.ts';
import { insertRequests } from '../src/slices/frontier/gateway/record/store.ts';
import { openWatch } from '../src/slices/frontier/gateway/watch/open.ts';
import { noPlaces } from '../src/slices/frontier/gateway/watch/places.ts';
import { type Engaged, engageModel } from './accessing.ts';
import { type SignedIn, startTestServer, type TestParty, type TestServer } from './harness.ts';

let server: TestServer;
let engaged: Engaged;
let other: TestParty;
let party: TestParty;
let person: SignedIn;
beforeAll(async () => {
  server = await startTestServer();
  const developer = await server.party('developer', 'Maker');
  const liaison = await server.party('liaison', 'Government');
  engaged = await engageModel({ developer, liaison, signed: false });
  other = await server.party('developer', 'Another maker');
  party = await server.party('finder', 'Partner');
  person = await server.signIn(party, 'Kim');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** A request of a key with such marks, settled so many minutes from now. */
function settled(
  key: Id<'gkey'>,
  minute: number,
  marks: readonly (GatewayMark | EndpointMark)[],
): RequestRow {
  const at = addMilliseconds(server.clock.now(), minute * 60_000);
  return {
    id: newId('request'),
    key,
    holder: person.member,
    party: party.id,
    developer: engaged.developer.id,
    standsOn: newId('grant'),
    model: engaged.model,
    upstream: null,
    process: 'p-1',
    startedAt: at,
    endedAt: at,
    path: 'chat',
    job: null,
    stream: false,
    status: 200,
    figures: 'upstream',
    reserved: { inputTokens: 9, outputTokens: 9, costMicros: 0 },
    settled: { inputTokens: 1, outputTokens: 1, costMicros: 0 },
    currency: null,
    requestDigest: `sha256:${'1'.repeat(64)}`,
    responseDigest: null,
    marks,
    salt: '0'.repeat(64),
  };
}

async function settle(rows: readonly RequestRow[]): Promise<void> {
  await server.services.database.write((tx) => insertRequests(tx, rows));
  await closeIntervals(server.services, { everyMs: 0 });
  await raiseIncidents(server.services);
}

const listed = async ({ client }: TestParty) =>
  (await client.call(incidents.incidents, { query: {} })).items;

test('GAT-60 marks of a key come together in one incident, which its developer alone reads', async () => {
  const { developer, model } = engaged;
  const key = newId('gkey');
  const now = server.clock.now();
  await settle([
    settled(key, 0, ['canary-in-answer']),
    settled(key, 1, []),
    settled(key, 2, ['canary-in-answer', 'prompts-alike']),
  ]);
  await settle([settled(key, 3, ['many-agents'])]);
  await raiseIncidents(server.services);
  const [incident, ...more] = await listed(developer);
  expect(more).toEqual([]);
  const minute = (count: number) => addMilliseconds(now, count * 60_000);
  expect(incident).toEqual({
    id: incident?.id,
    key,
    party: { id: party.id, name: 'Partner' },
    holder: { id: person.member, name: 'Kim' },
    model,
    raisedAt: now,
    firstAt: minute(0),
    lastAt: minute(3),
    requests: 3,
    marks: [
      { mark: 'canary-in-answer', requests: 2, firstAt: minute(0), lastAt: minute(2) },
      { mark: 'many-agents', requests: 1, firstAt: minute(3), lastAt: minute(3) },
      { mark: 'prompts-alike', requests: 1, firstAt: minute(2), lastAt: minute(2) },
    ],
    closed: null,
  });
  if (incident === undefined) throw new Error('expected an incident');
  const of = { params: { incident: incident.id } };
  expect(await developer.client.call(incidents.incident, of)).toEqual(incident);
  expect(await listed(other)).toEqual([]);
  const close = { ...of, body: { as: 'mistaken', reason: 'not mine' } as const };
  await expect(other.client.call(incidents.incident, of)).rejects.toMatchObject({
    problem: { code: 'not-found' },
  });
  await expect(other.client.call(incidents.closeIncident, close)).rejects.toMatchObject({
    problem: { code: 'not-found' },
  });
  // Whoever the key is of is told nothing.
  await expect(party.client.call(incidents.incident, of)).rejects.toThrow();
  await expect(liaisonReads(incident.id)).rejects.toThrow();
});

const liaisonReads = async (incident: Id<'incident'>) =>
  await engaged.liaison.client.call(incidents.incident, { params: { incident } });

test('GAT-61 one that is closed stays closed; what was expected of a key raises no other', async () => {
  const { developer } = engaged;
  const key = newId('gkey');
  const ofKey = async () => (await listed(developer)).filter((incident) => incident.key === key);
  await settle([settled(key, 0, ['prompts-alike'])]);
  const [incident] = await ofKey();
  if (incident === undefined) throw new Error('expected an incident');
  const params = { incident: incident.id };
  const body = { as: 'expected', reason: 'they explain alerts in batches' } as const;
  await developer.client.call(incidents.closeIncident, { params, body });
  const again = developer.client.call(incidents.closeIncident, { params, body });
  await expect(again).rejects.toMatchObject({ problem: { code: 'already-closed' } });
  await settle([settled(key, 5, ['prompts-alike'])]);
  expect((await ofKey()).map(({ closed }) => closed)).toEqual([
    {
      at: server.clock.now(),
      as: 'expected',
      by: { id: developer.id, name: 'Maker' },
      reason: 'they explain alerts in batches',
    },
  ]);
  await settle([settled(key, 6, ['prompts-alike', 'canary-in-request'])]);
  const second = (await ofKey()).find(({ closed }) => closed === null);
  expect(second?.marks.map(({ mark }) => mark)).toEqual(['canary-in-request', 'prompts-alike']);
});

test('GAT-62 canaries are the developer’s own, and reach the watch', async () => {
  const { developer, model } = engaged;
  // SHA-256 of BREAKWATER-CANARY-4f1d0a7b93.
  const digest = 'sha256:6f0a5773ab19d1de502c4ab582716de118fcd85ff56a4aa253dbfdc1caf27624' as const;
  const body = { model, digest };
  await developer.client.call(incidents.addCanary, { body });
  await expect(other.client.call(incidents.addCanary, { body })).rejects.toMatchObject({
    problem: { code: 'not-found' },
  });
  const { items } = await developer.client.call(incidents.canaries, {});
  expect(items).toEqual([{ model, digest, addedAt: server.clock.now() }]);
  const watch = await openWatch(server.services.database, noPlaces);
  const marks = () => {
    const watched = watch.watcher.onRequest({
      key: newId('gkey'),
      model,
      limits: {
        ...{ outputTokensMax: 1, concurrency: 1, currency: null },
        ...{ minute: {}, day: {}, grant: {} },
      },
      at: 0,
      address: null,
      agent: null,
      body: { input: 'say BREAKWATER-CANARY-4f1d0a7b93' },
    });
    return watched.onSettled(0);
  };
  expect(marks()).toEqual(['canary-in-request']);
  await developer.client.call(incidents.removeCanary, { body });
  await watch.refresh();
  expect(marks()).toEqual([]);
  const gone = developer.client.call(incidents.removeCanary, { body });
  await expect(gone).rejects.toMatchObject({ problem: { code: 'no-such-canary' } });
});

test('GAT-63 nothing follows from an incident: no key is touched by raising or closing one', async () => {
  const { developer } = engaged;
  const changes = async () =>
    await server.services.database.read((r) => r.rows(sql`select seq from gateway.change`));
  const before = await changes();
  const key = newId('gkey');
  await settle([settled(key, 0, ['secret-in-answer', 'volume-at-quota'])]);
  const incident = (await listed(developer)).find((each) => each.key === key);
  if (incident === undefined) throw new Error('expected an incident');
  const body = { as: 'acted', reason: 'the key was cut off by hand' } as const;
  await developer.client.call(incidents.closeIncident, {
    params: { incident: incident.id },
    body,
  });
  expect(await changes()).toEqual(before);
  const entries = await server.services.database.read((r) =>
    r.rows(sql<{ act: string }>`
      select act from journal.entry where subject = ${incident.id} order by act`),
  );
  expect(entries.map(({ act }) => act)).toEqual([
    'gateway.incident-closed',
    'gateway.incident-raised',
  ]);
});

test('GAT-26 GAT-60 what is noted of an endpoint raises no incident of the key that called it', async () => {
  const key = newId('gkey');
  const ofKey = async () => (await listed(engaged.developer)).filter((one) => one.key === key);
  await settle([
    settled(key, 0, ['figures-unlikely']),
    settled(key, 1, ['endpoint-nowhere', 'figures-beyond-bound']),
  ]);
  expect(await ofKey()).toEqual([]);
  await settle([settled(key, 2, ['figures-unlikely', 'prompts-alike'])]);
  const [incident] = await ofKey();
  expect(incident?.requests).toBe(1);
  expect(incident?.marks.map(({ mark }) => mark)).toEqual(['prompts-alike']);
});
