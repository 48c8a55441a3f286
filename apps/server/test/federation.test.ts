import { collect, wishes } from '@breakwater/contract';
import { findingHash, writeRecord } from '@breakwater/formats/interchange';
import { parseInstant } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { morning, startTestServer, type TestServer } from './harness.ts';
import { nothingWished } from './wishing.ts';

const repository = 'https://github.com/acme/lib';
const salt = 'a salt that members share';
const contact = 'security@clearinghouse.example';
const at = parseInstant('2026-02-01T12:00:00Z') ?? morning;

const optout = { kind: 'optout', repository, requestedAt: at, reason: 'Leave us alone.' } as const;
const route = {
  kind: 'route',
  repository: 'https://github.com/acme/other',
  channel: 'security@acme.example',
  verifiedAt: at,
} as const;
const certificate = {
  kind: 'certificate',
  repository,
  advisory: 'GHSA-aaaa-bbbb-cccc',
  advisoryUrl: null,
  status: 'fixed',
  commit: null,
  auditedAt: at,
} as const;
const records = [
  { path: 'optout/a.json', record: writeRecord(optout) },
  { path: 'route/a.json', record: writeRecord(route) },
  { path: 'certificate/a.json', record: writeRecord(certificate) },
  { path: 'certificate/b.json', record: writeRecord({ ...certificate, status: 'bypass' }) },
  { path: 'claim/a.json', record: writeRecord({ kind: 'claim', hash: 'ab'.repeat(32), contact }) },
  { path: 'README', record: { hello: 'there' } },
];
/** A copy that a caller may own. */
const files = () =>
  records.map(({ path, record }) => ({
    path,
    record: z.record(z.string(), z.unknown()).parse(record),
  }));

test('DCF-61 opt-outs, routes and clean certificates of a peer are taken in, once', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator', 'The coordinator');
  const finder = await server.party('finder');
  const body = { feed: 'Peer', records: files() };
  const taken = await coordinator.client.call(wishes.importRecords, { body });
  expect(taken).toMatchObject({ added: 3, changed: 0, unchanged: 0 });
  expect(taken.notUnderstood.map(({ where, code }) => [where, code])).toEqual([
    ['certificate/b.json', 'not-for-everybody'],
    ['claim/a.json', 'not-for-everybody'],
    ['README', 'record-malformed'],
  ]);
  const again = await coordinator.client.call(wishes.importRecords, { body });
  expect(again).toMatchObject({ added: 0, changed: 0, unchanged: 3 });
  const about = async (target: string) =>
    await finder.client.call(wishes.wishes, { query: { target } });
  expect(await about(repository)).toMatchObject({
    items: [
      {
        source: { form: 'federation', from: 'Peer', by: { name: 'The coordinator' } },
        state: 'held',
        optOut: { since: at, words: 'Leave us alone.' },
      },
    ],
    audits: [{ repository, advisory: certificate.advisory, at, from: 'Peer' }],
  });
  expect(await about(route.repository)).toMatchObject({
    items: [{ optOut: null, channels: [{ kind: 'mail', address: route.channel }] }],
  });
  // What a person withdrew here does not come back by the same record.
  const [optedOut] = (await about(repository)).items;
  if (optedOut === undefined) throw new Error('expected the opt-out');
  await coordinator.client.call(wishes.withdrawWishes, {
    params: { wishes: optedOut.id },
    body: { reason: 'Its owner told us otherwise.' },
  });
  expect(await coordinator.client.call(wishes.importRecords, { body })).toMatchObject({ added: 0 });
  expect((await about(repository)).items).toEqual([]);
  // What came from a peer does not go out again.
  const given = await server.send({ method: 'GET', path: '/v1/federation/records' });
  expect(await given.json()).toEqual({ items: [] });
  expect(server.errors).toEqual([]);
});

test('DCF-62 what was said here of whole repositories goes out: opt-outs, and routes of the others', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const state = async (body: { target: string; optOut?: { words: string | null } }) => {
    const channels = [{ kind: 'mail' as const, address: 'security@acme.example' }];
    await coordinator.client.call(wishes.stateWishes, {
      body: { ...nothingWished, channels, ...body },
    });
  };
  await state({ target: repository, optOut: { words: 'No, thank you.' } });
  await state({ target: route.repository });
  await state({ target: 'repo:github.com/acme/*' });
  await state({ target: 'repo:github.com/acme/third#src' });
  await state({ target: 'pkg:npm/acme' });
  const { items } = await coordinator.client.call(wishes.records, {});
  expect(items.map(({ record }) => record)).toEqual([
    writeRecord({ ...optout, requestedAt: morning, reason: 'No, thank you.' }),
    writeRecord({ ...route, verifiedAt: morning }),
  ]);
  expect(server.errors).toEqual([]);
});

const located = {
  kind: 'native' as const,
  version: '1.0.0',
  title: 'Reads beyond the end',
  description: 'It does.',
  weakness: 'CWE-125',
  location: { path: 'src/parse.c', line: 4 },
  marking: 'AMBER' as const,
  identifiers: [],
};
const hashOf = (name: string) =>
  findingHash(salt, {
    repository: `https://github.com/acme/${name}`,
    subPath: '',
    location: 'src/parse.c:99',
    weaknesses: 'cwe-125',
  });
const ask = async (server: TestServer, body: string) =>
  await server.send({ method: 'POST', path: '/claim-check', body });

test('DCF-64 the claim check answers as documented, of no finding that is RED', async () => {
  const settings = {
    BREAKWATER_FEDERATION_SALT: salt,
    BREAKWATER_FEDERATION_CONTACT: contact,
  };
  await using server = await startTestServer({ settings });
  const finder = await server.party('finder');
  const submit = async (body: object) =>
    await finder.client.call(collect.submit, {
      body: { package: 'pkg:github/acme/lib', ...located, ...body },
    });
  await submit({});
  await submit({ package: 'pkg:github/acme/red', marking: 'RED' });
  await submit({ package: 'pkg:golang/github.com/acme/named' });
  await submit({ package: 'pkg:npm/nowhere' });
  const answer = async (name: string) => {
    const answered = await ask(server, JSON.stringify({ hash: hashOf(name) }));
    return [answered.status, await answered.json()];
  };
  expect(await answer('lib')).toEqual([200, { match: true, contact }]);
  expect(await answer('named')).toEqual([200, { match: true, contact }]);
  expect(await answer('red')).toEqual([200, { match: false }]);
  expect(await answer('other')).toEqual([200, { match: false }]);
  for (const body of ['', '{', '{"hash":"ab"}', JSON.stringify({ hash: 'A'.repeat(64) })]) {
    expect((await ask(server, body)).status).toBe(400);
  }
  expect((await ask(server, `"${'a'.repeat(2_000)}"`)).status).toBe(400);
  expect((await server.send({ method: 'GET', path: '/claim-check' })).status).toBe(404);
  expect(server.errors).toEqual([]);
});

test('DCF-64 who tries names out is held off', async () => {
  const settings = {
    BREAKWATER_FEDERATION_SALT: salt,
    BREAKWATER_FEDERATION_CONTACT: contact,
  };
  await using server = await startTestServer({ settings });
  const statuses: number[] = [];
  for (let n = 0; n < 100; n += 1) {
    statuses.push((await ask(server, JSON.stringify({ hash: hashOf(`lib${n}`) }))).status);
  }
  expect(statuses.filter((status) => status === 200).length).toBeLessThan(70);
  expect(statuses.at(-1)).toBe(429);
});

test('DCF-64 outside a federation it looks as if there was no such door', async () => {
  await using server = await startTestServer();
  const [here, nowhere] = [
    await ask(server, JSON.stringify({ hash: hashOf('lib') })),
    await server.send({ method: 'POST', path: '/no-such-door', body: '{}' }),
  ];
  const shown = async (response: Response) => [response.status, await response.text()];
  const [first, second] = [await shown(here), await shown(nowhere)];
  expect(first).toEqual([404, String(second[1]).replaceAll('/no-such-door', '/claim-check')]);
});

test('DCF-64 a salt without a contact stops the start', async () => {
  const settings = { BREAKWATER_FEDERATION_SALT: salt };
  await expect(startTestServer({ settings })).rejects.toThrow('BREAKWATER_FEDERATION_CONTACT');
});
