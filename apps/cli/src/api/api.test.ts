import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeServer, problem } from '../../test/fake-server.ts';
import { runCli } from '../../test/run-cli.ts';

const id = (kind: string) => `${kind}_${'0'.repeat(26)}`;

let folder = '';
const at = (name: string) => path.join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-cli-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

const accepted = {
  finding: id('finding'),
  standing: 'new',
  case: id('case'),
  joinedBy: [],
  advisory: null,
};

test('submit crash sends the report, the input and the key, and nothing it was not told', async () => {
  await using server = await fakeServer({ 'POST /v1/findings': [200, accepted] });
  await writeFile(at('report'), 'boom\n');
  await writeFile(at('poc'), new Uint8Array([0, 255]));
  const files = ['--report', at('report'), '--input', at('poc')];
  const about = ['--package', 'pkg:npm/flat', '--version', '5.0.0', '--title', 'it breaks'];
  const words = ['submit', 'crash', ...files, ...about, '--idempotency-key', 'first-try', '--json'];
  const { code, json } = await runCli(words, { server: server.address, key: 'bw_k' });
  expect([code, json()]).toEqual([0, accepted]);
  expect(server.seen).toEqual([
    {
      method: 'POST',
      url: '/v1/findings',
      authorization: 'Bearer bw_k',
      idempotencyKey: 'first-try',
      body: {
        kind: 'crash',
        package: 'pkg:npm/flat',
        version: '5.0.0',
        title: 'it breaks',
        report: 'boom\n',
        input: 'AP8=',
      },
    },
  ]);
});

test.each([
  ['a file', ['--file', 'request.json']],
  ['a body that names it', ['--body', '@request.json']],
  ['a body as it is', null],
])('a derived command takes the request from %s', async (_, words) => {
  await using server = await fakeServer({ 'POST /v1/findings': [200, accepted] });
  const request = {
    kind: 'native',
    package: 'pkg:npm/a',
    version: '1',
    title: 't',
    description: 'd',
  };
  await writeFile(at('request.json'), JSON.stringify(request));
  const given = words?.map((word) => word.replace('request.json', at('request.json')));
  const more = given ?? ['--body', JSON.stringify(request)];
  const { code } = await runCli(['collect', 'submit', ...more, '--server', server.address]);
  expect(code).toBe(0);
  expect(server.seen.map(({ body }) => body)).toEqual([request]);
  expect(String(server.seen[0]?.idempotencyKey).length).toBeGreaterThanOrEqual(8);
});

test('fields of a request are options, files among them are encoded', async () => {
  const url = `/v1/cases/${id('case')}/patches`;
  const answer = { patch: id('patch'), verification: id('verification') };
  await using server = await fakeServer({ [`POST ${url}`]: [200, answer] });
  await writeFile(at('fix.diff'), '--- a\n');
  const options = ['--title', 'fix', '--diff', at('fix.diff')];
  const derived = ['verify', 'propose', id('case'), ...options];
  expect((await runCli(derived, { server: server.address })).code).toBe(0);
  const comfortable = ['patch', 'propose', id('case'), at('fix.diff'), '--title', 'fix'];
  expect((await runCli(comfortable, { server: server.address })).code).toBe(0);
  const body = { title: 'fix', diff: Buffer.from('--- a\n').toString('base64') };
  expect(server.seen.map((each) => each.body)).toEqual([body, body]);
});

test('a page, and how to go on', async () => {
  const item = {
    id: 'x_BW-2026-00000000',
    summary: 'a\u001b[2Jb',
    publishedAt: '2026-11-20T00:00:00.000Z',
    aliases: [],
    affected: [],
    osv: '/v1/advisories/x_BW-2026-00000000',
  };
  const page = { items: [item], next: 'cursor-2' };
  await using server = await fakeServer({
    'GET /v1/advisories?after=cursor-1&limit=1': [200, page],
  });
  const words = ['distribute', 'list-advisories', '--after', 'cursor-1', '--limit', '1'];
  const { code, out, err } = await runCli(words, { server: server.address });
  expect(code).toBe(0);
  expect(out).toContain('summary        a\\u001b[2Jb');
  expect(err).toBe('there is more: add --after cursor-2\n');
});

test('a file goes where it is told, and never over another', async () => {
  const url = `GET /v1/patches/${id('patch')}/file`;
  await using server = await fakeServer({ [url]: [200, Buffer.from('--- a\n+++ b\n')] });
  const words = ['verify', 'file', id('patch')];
  expect((await runCli(words, { server: server.address })).out).toBe('--- a\n+++ b\n');
  const out = ['--out', at('fix.diff')];
  expect((await runCli([...words, ...out], { server: server.address })).code).toBe(0);
  expect(await readFile(at('fix.diff'), 'utf8')).toBe('--- a\n+++ b\n');
  expect((await runCli([...words, ...out], { server: server.address })).code).toBe(2);
});

test('an advisory is read in the format and version that is asked for', async () => {
  const advisory = 'x_BW-2026-00000000';
  await using server = await fakeServer({
    [`GET /v1/advisories/${advisory}?format=csaf&version=1`]: [200, Buffer.from('{"csaf":1}\n')],
    [`GET /v1/advisories/${advisory}?format=osv`]: [200, Buffer.from('{"osv":1}\n')],
  });
  const read = async (...more: string[]) =>
    (await runCli(['advisory', advisory, ...more], { server: server.address })).out;
  expect(await read('--format', 'csaf', '--version', '1')).toBe('{"csaf":1}\n');
  expect(await read()).toBe('{"osv":1}\n');
  const wrong = await runCli(['advisory', advisory, '--format', 'stix'], {
    server: server.address,
  });
  expect(wrong.code).toBe(2);
});

test('a refusal of the server is told in its words', async () => {
  const refused = problem(403, 'not-permitted');
  await using server = await fakeServer({ 'GET /v1/cases?limit=50': [403, refused] });
  const words = ['coordinate', 'list', '--limit', '50', '--json'];
  const { code, json, err } = await runCli(words, { server: server.address });
  expect(code).toBe(2);
  expect(json()).toEqual({
    refusal: {
      code: 'not-permitted',
      expected: 'another thing',
      got: 'this one',
      todo: 'change it',
    },
  });
  expect(err).toContain('to do       change it');
});

test.each([
  ['an id of another kind', ['coordinate', 'get', id('finding')], 'input-malformed', 2],
  ['a request that lacks a field', ['collect', 'submit', '--body', '{}'], 'input-malformed', 2],
  ['a request that is not JSON', ['collect', 'submit', '--body', '{'], 'json-malformed', 2],
  ['an outcome there is not', ['receipt', id('notice'), 'fixed'], 'input-malformed', 2],
  ['a key over plain HTTP', ['notices', '--server', 'http://example.com'], 'address-refused', 2],
  ['nobody there', ['notices', '--server', 'http://127.0.0.1:9'], 'server-unreachable', 4],
])('%s is refused before anything is sent', async (_, words, refused, exit) => {
  await using server = await fakeServer({});
  const { code, json } = await runCli([...words, '--json'], { server: server.address });
  expect([code, json()]).toMatchObject([exit, { refusal: { code: refused } }]);
  expect(server.seen).toEqual([]);
});

test('an answer in another form is no answer', async () => {
  await using server = await fakeServer({ 'GET /v1/me': [200, { hello: 1 }] });
  const words = ['directory', 'who-am-i', '--json'];
  const { code, json } = await runCli(words, { server: server.address });
  expect([code, json()]).toMatchObject([2, { refusal: { code: 'answer-malformed' } }]);
});

test('a case shows what this caller may see and is silent about the rest', async () => {
  const base = `/v1/cases/${id('case')}`;
  const summary = {
    id: id('case'),
    title: 'a bug',
    package: 'pkg:npm/flat',
    version: '5.0.0',
    recipe: null,
    stage: 'received',
    openedAt: '2026-11-20T00:00:00.000Z',
    embargo: { state: 'until', endsAt: '2026-12-01T17:00:00.000Z', zone: 'Europe/Berlin' },
    findings: null,
    report: null,
    level: 'summary',
    mergedInto: null,
    advisory: null,
    revision: null,
    changedAt: '2026-11-20T00:00:00.000Z',
    waitingFor: 'coordinator',
    due: null,
  };
  const hidden = [403, problem(403, 'not-permitted')] as const;
  await using server = await fakeServer({
    [`GET ${base}`]: [200, summary],
    [`GET ${base}/findings`]: hidden,
    [`GET ${base}/validations`]: [200, { items: [] }],
    [`GET ${base}/score`]: hidden,
    [`GET ${base}/patches`]: hidden,
    [`GET ${base}/timeline`]: hidden,
  });
  const { code, out } = await runCli(['case', id('case')], { server: server.address });
  expect(code).toBe(0);
  expect(out).toBe(`a bug
  case       ${id('case')}
  package    pkg:npm/flat 5.0.0
  stage      received, opened 2026-11-20T00:00:00.000Z
  embargo    until 2026-12-01T17:00:00.000Z (Europe/Berlin)
`);
});
