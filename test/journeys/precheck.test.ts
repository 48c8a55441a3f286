import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { precheck } from '@breakwater/contract';
import { formatVerifierKey } from '@breakwater/log';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../apps/cli/test/run-cli.ts';
import { logVerifierKeys } from '../../apps/server/src/platform/journal/log-keys.ts';
import { openPrecheck } from '../../apps/server/test/asker.ts';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../apps/server/test/harness.ts';
import { addRecipe, expectHealthy, handIn } from './story.ts';

let server: TestServer;
let coordinator: TestParty;
let holder: TestParty;
let asker: TestParty;
let folder: string;
let logKey: string;
beforeAll(async () => {
  server = await startTestServer({ settings: { BREAKWATER_PRECHECK_ELEMENTS_PER_DAY: '64' } });
  coordinator = await server.party('coordinator');
  await addRecipe(coordinator);
  asker = await server.party('finder', 'The one who asks');
  holder = await server.party('finder', 'The one who has it');
  await handIn(holder, { title: 'Overflow', where: 'parse_string' });
  await openPrecheck(server);
  const { signer, logOrigin } = server.services;
  logKey = logVerifierKeys(signer, logOrigin).map(formatVerifierKey).at(-1) ?? '';
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-precheck-'));
});
afterAll(async () => {
  expectHealthy(server);
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function prechecks(name: string, text: string, words: readonly string[] = []) {
  const file = path.join(folder, name);
  await writeFile(file, text);
  const at = { server: server.address, key: asker.key };
  const log = words.includes('--log-key') ? [] : ['--log-key', logKey];
  return await runCli(['precheck', file, ...words, ...log], at);
}

const result = (name: string, cwe: string) => ({
  ruleId: 'r',
  message: { text: 'Something' },
  locations: [
    {
      physicalLocation: { artifactLocation: { uri: 'cJSON.c' }, region: { startLine: 3 } },
      logicalLocations: [{ name, kind: 'function' }],
    },
  ],
  taxa: [{ toolComponent: { name: 'CWE' }, id: cwe }],
});
const sarif = JSON.stringify({
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'scan' } },
      results: [
        result('parse_string', '787'),
        result('parse_number', '787'),
        { message: { text: 'Nowhere' } },
      ],
    },
  ],
});
const about = ['--package', 'pkg:deb/debian/cjson'];

test('DCF-70: a SARIF log is asked for result by result, and what was told is said', async () => {
  const { code, out, err } = await prechecks('scan.sarif', sarif, about);
  expect(err).toBe('to talk to whoever has it: breakwater deconflict knock --handle <handle>\n');
  expect(
    out.replace(/handle {7}\S+/, 'handle       …').replace(/key {12}[0-9a-f]+/, 'key            …'),
  ).toBe(
    `known          /runs/0/results/0
  function     pkg:deb/debian/cjson | out-of-bounds | cJSON.c:parse_string | crashed
  function     pkg:deb/debian/cjson | out-of-bounds | cJSON.c:parse_string | reported
  handle       …
not known      /runs/0/results/1
  function     pkg:deb/debian/cjson | out-of-bounds | cJSON.c:parse_number | crashed
  function     pkg:deb/debian/cjson | out-of-bounds | cJSON.c:parse_number | reported
not checkable  /runs/0/results/2: it names no weakness (CWE)
key            …, which the log commits to, until 2026-03-15T08:00:00.000Z
told           the server: that you asked, in 1 requests; the limits count 8 elements for each
told           the server: nothing of what was asked, since every request asks for all there is
not told       the file, its findings, and the texts above: they stayed here
`,
  );
  expect(code).toBe(1);
});

test('a handle leads to a knock, a knock to an agreement, and both know each other', async () => {
  const { json } = await prechecks('scan.sarif', sarif, [...about, '--json']);
  const { rows } = json() as { rows: { keys: { handle: string | null }[] }[] };
  const handle = rows.flatMap((row) => row.keys).find((key) => key.handle !== null)?.handle ?? '';
  const at = { server: server.address, key: asker.key };
  const knocked = await runCli(['deconflict', 'knock', '--handle', handle, '--json'], at);
  expect([knocked.code, knocked.err]).toEqual([0, '']);
  const { sent } = await asker.client.call(precheck.knocks);
  expect(sent).toMatchObject([{ state: 'waiting', with: [] }]);
  const there = { server: server.address, key: holder.key };
  const read = await runCli(['deconflict', 'knocks', '--json'], there);
  expect(read.json()).toMatchObject({ received: [{ knock: sent[0]?.knock, from: null }] });
  const words = ['deconflict', 'answer-knock', sent[0]?.knock ?? '', '--agree', 'yes', '--json'];
  const agreed = await runCli(words, there);
  expect([agreed.code, agreed.err]).toEqual([0, '']);
  expect(agreed.json()).toMatchObject({ from: { name: 'The one who asks' } });
  const own = await runCli(['deconflict', 'knocks', '--json'], at);
  expect(own.json()).toMatchObject({
    sent: [{ state: 'agreed', with: [{ name: 'The one who has it' }] }],
  });
});

test('a crash report, our own form and a list of it are asked for; a lone crash names its package', async () => {
  const crash = [
    '==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602 at pc 0x1',
    'READ of size 1 at 0x602 thread T0',
    '    #0 0x4a in parse_string /src/cjson/cJSON.c:786:5',
    '    #1 0x4b in parse_value /src/cjson/cJSON.c:1316:9',
  ].join('\n');
  const known = await prechecks('crash.log', crash, [...about, '--json']);
  expect(known.json()).toMatchObject({
    rows: [
      {
        answer: 'known',
        keys: [
          { granularity: 'crash-state', handle: null },
          { granularity: 'function', handle: expect.any(String) },
        ],
      },
    ],
  });
  const alone = await prechecks('crash.log', crash);
  expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('--package')]);
  const finding = {
    kind: 'native',
    package: 'pkg:deb/debian/cjson',
    version: '1',
    title: 'Overflow',
    description: 'At length',
    weakness: 'CWE-121',
    location: { path: 'cJSON.c', function: 'parse_string' },
  };
  const one = await prechecks('finding.json', JSON.stringify(finding), ['--json']);
  expect(one.json()).toMatchObject({ rows: [{ where: '/', answer: 'known' }] });
  const many = JSON.stringify({
    findings: [{ finding }, { finding: { ...finding, weakness: 'CWE-79' } }],
  });
  const both = await prechecks('findings.json', many, ['--json']);
  expect(both.json()).toMatchObject({ rows: [{ answer: 'known' }, { answer: 'unknown' }] });
});

test('with --dry-run nothing is sent', async () => {
  const { code, err, out } = await prechecks('scan.sarif', sarif, [...about, '--dry-run']);
  expect([code, err]).toEqual([0, 'nothing was sent\n']);
  expect(out).toContain('not asked      /runs/0/results/0: nothing was sent');
});

test('a key that the log of another does not commit to is not asked under', async () => {
  const vkey = 'other.example/log+1b2f4c52+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh';
  const { code, err } = await prechecks('scan.sarif', sarif, [...about, '--log-key', vkey]);
  expect(code).toBe(2);
  expect(err).not.toContain('known');
});

test('DCF-78: a dictionary of 10,000 functions is stopped; the coordinator reads who tried', async () => {
  const guesser = await server.party('finder', 'The one who guesses');
  const file = path.join(folder, 'dictionary.sarif');
  const names = Array.from({ length: 10_000 }, (_, i) => `function_${i}`);
  const results = names.map((name) => result(name, '787'));
  const run = { tool: { driver: { name: 'a dictionary' } }, results };
  await writeFile(file, JSON.stringify({ version: '2.1.0', runs: [run] }));
  const words = ['precheck', file, ...about, '--log-key', logKey, '--json'];
  const told = await runCli(words, { server: server.address, key: guesser.key });
  const { rows, requests, stopped } = told.json() as {
    rows: { answer: string }[];
    requests: number;
    stopped: { code: string };
  };
  // Each is sought in two forms: four of them fit a request.
  expect([requests, stopped.code]).toEqual([9, 'precheck-limit']);
  const answers = Map.groupBy(rows, (row) => row.answer);
  expect([...answers].map(([answer, all]) => [answer, all.length])).toEqual([
    ['unknown', 32],
    ['not-asked', 9_968],
  ]);
  const at = { server: server.address, key: coordinator.key };
  const seen = await runCli(['deconflict', 'precheck-use', '--json'], at);
  expect(seen.json()).toMatchObject({
    items: [{ party: { name: 'The one who guesses' }, evaluations: 64, refused: 1 }, {}],
  });
});
