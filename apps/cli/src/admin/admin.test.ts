import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Answers, fakeServer, problem } from '../../test/fake-server.ts';
import { runCli } from '../../test/run-cli.ts';

const id = (kind: string) => `${kind}_${'0'.repeat(26)}`;

let folder = '';
const at = (name: string) => path.join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-cli-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

const serve = (answers: Answers) => fakeServer(answers, at('admin.sock'));
const admin = (...words: string[]) => runCli(['admin', ...words], { dataDirectory: folder });

test('one command adds a party and prints its key once', async () => {
  const key = { id: id('key'), key: 'bw_secret', expiresAt: null };
  await using server = await serve({
    'POST /v1/parties': [200, { id: id('party') }],
    [`POST /v1/parties/${id('party')}/keys`]: [200, key],
  });
  const scope = ['--scope', 'collect.submit, collect.list'];
  const made = await admin('key', '--name', 'Acme', '--role', 'finder', ...scope, '--json');
  expect([made.code, made.json()]).toEqual([0, { party: id('party'), ...key }]);
  expect(made.err).toContain('shown this once');
  expect(server.seen.map(({ body }) => body)).toEqual([
    { name: 'Acme', role: 'finder' },
    { label: 'made at the terminal', scope: ['collect.submit', 'collect.list'] },
  ]);
});

test('a link for a member, into a party, for a new one; alone, for a new coordinator', async () => {
  const link = {
    link: 'http://localhost:8420/sign-in#secret',
    expiresAt: '2026-12-01T00:00:00.000Z',
  };
  await using server = await serve({ 'POST /v1/links': [200, link] });
  const made = await admin('link', '--json');
  expect([made.code, made.json()]).toEqual([0, link]);
  expect(made.err).toContain('works once');
  for (const words of [
    ['--name', 'Acme', '--role', 'owner'],
    ['--party', id('party')],
    ['--member', id('member')],
  ]) {
    expect((await admin('link', ...words)).code).toBe(0);
  }
  expect(server.seen.map(({ body }) => body)).toEqual([
    { newParty: { role: 'coordinator' } },
    { newParty: { role: 'owner', name: 'Acme' } },
    { party: id('party') },
    { member: id('member') },
  ]);
});

test('the members of a party, and the end of one', async () => {
  await using server = await serve({
    [`GET /v1/members?limit=50&party=${id('party')}`]: [200, { items: [], next: null }],
    [`POST /v1/members/${id('member')}/remove`]: [200, { member: id('member') }],
  });
  expect((await admin('member', 'list', '--party', id('party'))).code).toBe(0);
  expect((await admin('member', 'remove', id('member'))).code).toBe(0);
  expect(server.seen).toHaveLength(2);
});

test('a key for a party that is there, and the end of one', async () => {
  const key = { id: id('key'), key: 'bw_secret', expiresAt: null };
  await using server = await serve({
    [`POST /v1/parties/${id('party')}/keys`]: [200, key],
    [`POST /v1/keys/${id('key')}/revoke`]: [200, { id: id('key') }],
  });
  const until = ['--expires', '2026-12-31T17:00:00-05:00'];
  expect((await admin('key', 'add', '--party', id('party'), '--label', 'ci', ...until)).code).toBe(
    0,
  );
  expect((await admin('key', 'revoke', id('key'))).code).toBe(0);
  expect(server.seen[0]?.body).toEqual({ label: 'ci', expiresAt: '2026-12-31T17:00:00-05:00' });
});

test.each([
  ['as it is', (text: string) => Buffer.from(text)],
  ['compressed', (text: string) => gzipSync(text)],
])('a feed %s', async (_, pack) => {
  await using server = await serve({ 'POST /v1/feeds/epss': [200, { entries: 1, date: null }] });
  await writeFile(at('epss.csv'), pack('cve,epss,percentile\n'));
  expect((await admin('feed', 'epss', at('epss.csv'))).code).toBe(0);
  expect(server.seen[0]?.body).toEqual({ text: 'cve,epss,percentile\n' });
});

test('a backup of the keys: a new file, for its owner alone', async () => {
  await using _ = await serve({ 'GET /admin/keys': [200, { keys: ['private'] }] });
  const backup = await admin('keys', 'backup', '--out', at('backup.json'));
  expect(backup.code).toBe(0);
  expect(backup.out).not.toContain('private');
  expect((await stat(at('backup.json'))).mode & 0o777).toBe(0o600);
  expect(await readFile(at('backup.json'), 'utf8')).toBe('{"keys":["private"]}');
  const again = await admin('keys', 'backup', '--out', at('backup.json'));
  expect(again.code).toBe(2);
  expect(again.err).toContain('it is there already');
});

test('a key is rotated, or the server says why not', async () => {
  const rotated = { use: 'log', key: '00ff', createdAt: '2026-11-21T00:00:00.000Z' };
  await using server = await serve({
    'POST /admin/keys/rotate?use=log': [200, rotated],
    'POST /admin/keys/rotate?use=tea': [400, problem(400, 'input-malformed')],
  });
  const done = await admin('keys', 'rotate', 'log', '--json');
  expect([done.code, done.json()]).toEqual([0, rotated]);
  expect((await admin('keys', 'rotate', 'tea')).code).toBe(2);
  expect(String(server.seen[0]?.idempotencyKey).length).toBeGreaterThanOrEqual(8);
});

test('dead letters, and one tried again', async () => {
  const letter = '8f14e45f-ceea-467f-a9d3-3c8a1e2b5d10';
  await using server = await serve({
    'GET /v1/dead-letters': [200, { items: [] }],
    [`POST /v1/dead-letters/${letter}/replay`]: [200, { id: letter }],
  });
  expect((await admin('dead-letters')).code).toBe(0);
  expect((await admin('dead-letters', 'replay', letter)).code).toBe(0);
  expect(server.seen.length).toBe(2);
});

test('without a server one sentence says to start it', async () => {
  const { code, err } = await admin('party', 'list');
  expect(code).toBe(4);
  expect(err).toContain('start it with npm start');
});

test('half a party is refused', async () => {
  const { code, err } = await admin('key', '--name', 'Acme');
  expect(code).toBe(2);
  expect(err).toContain('--name and --role of a new party');
});
