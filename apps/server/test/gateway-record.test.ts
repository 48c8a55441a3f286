import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gatewayRecord } from '@breakwater/contract';
import { addMilliseconds, digestOf, type Id, utf8 } from '@breakwater/kernel';
import { intervalAct } from '@breakwater/log';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../cli/test/run-cli.ts';
import { logKeysText } from '../src/platform/journal/log-keys.ts';
import { openBodyKeeper } from '../src/slices/frontier/gateway/record/bodies.ts';
import { closeIntervals } from '../src/slices/frontier/gateway/record/close.ts';
import { signed } from './designating.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { filesIn, judgeProof, requestRow, storeRequests } from './recording.ts';
import { codeOf } from './refusals.ts';
import { scratch } from './scratch.ts';

let server: TestServer;
let lab: TestParty;
let otherLab: TestParty;
let bank: TestParty;
let clinic: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  lab = await server.party('developer', 'Lab');
  otherLab = await server.party('developer', 'Other Lab');
  bank = await server.party('operator', 'Bank');
  clinic = await server.party('operator', 'Clinic');
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const proofOf = (by: TestParty, request: Id<'request'>) =>
  by.client.call(gatewayRecord.proof, { params: { request } });

const close = () => closeIntervals(server.services, { everyMs: 0 });

const judge = (proof: object) => judgeProof(server, proof);

const acts = async () =>
  await server.services.database.read((r) =>
    r.rows(sql<{ content: string }>`select content from journal.entry where act = ${intervalAct}`),
  );

test('GAT-40 GAT-41 GAT-42 each side proves each request, and learns nothing of the requests of others', async () => {
  const of = (party: TestParty, developer: TestParty) =>
    requestRow({ party: party.id, developer: developer.id, marks: ['prompts-alike'] });
  const own = [of(bank, lab), of(bank, lab), of(bank, lab)];
  const others = Array.from({ length: 40 }, (_, i) => of(clinic, i % 2 === 0 ? lab : otherLab));
  const [first = expect.fail('expected a request')] = own;
  const { id } = first;
  expect((await storeRequests(server, [first, ...others, ...own])).size).toBe(43);
  expect((await storeRequests(server, own)).size).toBe(0);
  expect(await codeOf(proofOf(bank, id))).toBe('not-yet-signed');
  expect(await close()).toBe(1);
  expect(await codeOf(proofOf(bank, id))).toBe('not-yet-signed');
  await signed(server);
  for (const row of own) {
    const proof = await proofOf(bank, row.id);
    expect(judge(proof)).toBe('holds');
    expect([proof.group.size, proof.interval.proof.length]).toEqual([3, 10]);
    const told = JSON.stringify(proof);
    for (const hidden of [row.model, row.upstream ?? '', 'prompts-alike', clinic.id, otherLab.id]) {
      expect(told).not.toContain(hidden);
    }
  }
  const proof = await proofOf(lab, id);
  expect(judge(proof)).toBe('holds');
  expect(proof.inside?.content).toEqual({
    marks: ['prompts-alike'],
    model: first.model,
    process: 'gateway-1',
    upstream: first.upstream,
  });
  expect(judge({ ...proof, request: { ...proof.request, status: 500 } })).toBe('request-changed');
  for (const stranger of [otherLab, clinic]) {
    expect(await codeOf(proofOf(stranger, id))).toBe('not-found');
  }
  const [act = expect.fail('expected an act'), ...more] = await acts();
  expect(more).toEqual([]);
  expect(Object.keys(JSON.parse(act.content).data).toSorted()).toEqual(['places', 'root']);
});

test('GAT-42 what comes in while an interval closes is in the next, and several servers close one', async () => {
  const before = (await acts()).length;
  expect(await close()).toBe(0);
  const first = requestRow({ party: bank.id, developer: lab.id });
  const later = requestRow({ party: bank.id, developer: lab.id });
  await storeRequests(server, [first]);
  const closed = await Promise.all([close(), close(), close()]);
  expect(closed.reduce((sum, n) => sum + n)).toBe(1);
  await storeRequests(server, [later]);
  // Another server's beat, too early.
  expect(await closeIntervals(server.services)).toBe(0);
  server.clock.set(addMilliseconds(server.clock.now(), 60_000));
  expect(await closeIntervals(server.services)).toBe(1);
  expect((await acts()).length).toBe(before + 2);
  await signed(server);
  for (const { id } of [first, later]) {
    const proof = await proofOf(bank, id);
    expect([judge(proof), proof.group.size]).toEqual(['holds', 1]);
  }
});

test('GAT-43 lists are of the own side alone, by pages and by key', async () => {
  const rows = Array.from({ length: 5 }, (_, i) =>
    requestRow({
      party: clinic.id,
      developer: otherLab.id,
      endedAt: addMilliseconds(server.clock.now(), i),
    }),
  );
  await storeRequests(server, rows);
  const newest = rows.map(({ id }) => id).toReversed();
  const list = (by: TestParty, query: object) =>
    by.client.call(gatewayRecord.requests, { query: gatewayRecord.requests.query.parse(query) });
  const page = await list(clinic, { limit: 2 });
  expect(page.items.map(({ id, inside }) => [id, inside])).toEqual([
    [newest[0], null],
    [newest[1], null],
  ]);
  const next = await list(clinic, { limit: 2, after: page.next ?? undefined });
  expect(next.items.map(({ id }) => id)).toEqual(newest.slice(2, 4));
  const [row = expect.fail('expected a request')] = rows;
  const ofLab = await list(otherLab, { side: 'developer', gkey: row.key });
  expect(ofLab.items).toMatchObject([{ id: row.id, inside: { model: row.model, marks: [] } }]);
  expect((await list(bank, { gkey: row.key })).items).toEqual([]);
  expect((await list(lab, { side: 'developer', gkey: row.key })).items).toEqual([]);
  const params = { request: row.id };
  expect(await codeOf(bank.client.call(gatewayRecord.request, { params }))).toBe('not-found');
  expect(await clinic.client.call(gatewayRecord.request, { params })).toMatchObject({
    settled: row.settled,
    party: { id: clinic.id },
    bodies: [],
  });
});

test('GAT-44 bodies are kept for those whom the terms name: on the disk nobody else can read them', async () => {
  const identity = await generateX25519Identity();
  const row = requestRow({ party: bank.id, developer: lab.id });
  await storeRequests(server, [row]);
  const failures: unknown[] = [];
  const keeper = openBodyKeeper({ ...server.services, failed: (error) => failures.push(error) });
  const said = 'The prompt that must not be read.';
  const kept = {
    id: row.id,
    recipients: [await identityToRecipient(identity)],
    request: utf8(said),
    response: new Uint8Array(8 * 1024 * 1024 + 1),
  };
  expect(keeper.keep(kept)).toBe(true);
  await keeper.stored();
  expect(failures).toEqual([]);
  const params = { request: row.id, side: 'request' as const };
  const bytes = await lab.client.download(gatewayRecord.body, { params });
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  expect(await decrypter.decrypt(bytes, 'text')).toBe(said);
  const response = { ...params, side: 'response' as const };
  expect(await codeOf(lab.client.download(gatewayRecord.body, { params: response }))).toBe(
    'not-found',
  );
  expect(await codeOf(clinic.client.download(gatewayRecord.body, { params }))).toBe('not-found');
  const shown = await bank.client.call(gatewayRecord.request, { params: { request: row.id } });
  expect(shown.bodies).toEqual(['request']);
  for (const [file, bytes] of await filesIn(server)) expect(bytes.includes(said), file).toBe(false);
});

test('GAT-40 the command line checks the same file, and whose body it was', async () => {
  const folder = await mkdtemp(path.join(scratch, 'breakwater-proof-'));
  await close();
  const body = utf8('{"model":"harbor-1"}');
  const row = requestRow({ party: bank.id, developer: lab.id, requestDigest: digestOf(body) });
  await storeRequests(server, [row]);
  await close();
  await signed(server);
  const at = (name: string) => path.join(folder, name);
  await writeFile(at('proof.json'), JSON.stringify(await proofOf(bank, row.id)));
  await writeFile(at('body.json'), body);
  await writeFile(at('keys'), logKeysText(server.services.signer, server.services.logOrigin));
  const check = (...more: string[]) =>
    runCli(['gateway', 'check', at('proof.json'), '--key', at('keys'), '--json', ...more]);
  const good = await check('--request', at('body.json'));
  expect([good.code, good.json()]).toMatchObject([
    0,
    { holds: true, bodies: [{ side: 'request', same: true }], among: 1 },
  ]);
  expect((await check('--response', at('body.json'))).code).toBe(1);
  await writeFile(at('proof.json'), JSON.stringify({ ...(await proofOf(bank, row.id)), salt: '' }));
  expect((await check()).code).toBe(2);
  await rm(folder, { recursive: true });
});
