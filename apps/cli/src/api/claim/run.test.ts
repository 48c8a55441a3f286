import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claims } from '@breakwater/contract';
import { toInstant } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../../../server/test/harness.ts';

// The command as it is typed, with a process of its own: what it starts and stops is what counts.

let server: TestServer;
let finder: TestParty;
let coordinator: TestParty;
let folder = '';
beforeAll(async () => {
  server = await startTestServer({ at: toInstant(new Date()) });
  finder = await server.party('finder');
  coordinator = await server.party('coordinator');
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-run-'));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const main = path.join(import.meta.dirname, '../../main.ts');

function claimRun(...words: string[]) {
  const child = spawn(process.execPath, [main, 'claim', 'run', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      BREAKWATER_SERVER: server.address,
      BREAKWATER_KEY: finder.key,
      CLOUD_TOKEN: 'a secret of whoever types',
      CORPUS: '/corpus',
      LC_ALL: 'C',
    },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => err.push(part));
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({
      code: Number(code),
      out: Buffer.concat(out).toString(),
      err: Buffer.concat(err).toString(),
    })),
  };
}

/** Waits until the command has written its file; what ended instead is told. */
async function written(file: string, { ended }: ReturnType<typeof claimRun>): Promise<void> {
  let over: unknown;
  void ended.then((how) => {
    over = how;
  });
  const isThere = () =>
    access(file).then(
      () => true,
      () => false,
    );
  while (!(await isThere())) {
    if (over !== undefined) throw new Error(JSON.stringify(over));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A process that was killed and that nobody waited for is still listed, as a zombie. */
async function runs(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ' Z ');
  return !status.includes(') Z ') && status !== ' Z ';
}

async function heldOne() {
  const [claim] = await held();
  if (claim === undefined) throw new Error('expected a claim that is held');
  return { claim: claim.id };
}

const held = async () => (await finder.client.call(claims.list)).items;
/** Says that it runs, and runs until it is told to end; so does what it starts. */
const endless = (file: string) => [
  'sh',
  '-c',
  `sleep 300 & echo $! > ${file}.part; mv ${file}.part ${file}; wait`,
];

test('the command is told its claim, its exit code comes back, and what it covered is recorded', async () => {
  const words = [
    'pkg:npm/clean',
    '--clean',
    '0,3',
    '--',
    'sh',
    '-c',
    'echo "under $BREAKWATER_CLAIM"; exit 3',
  ];
  const { code, out, err } = await claimRun(...words).ended;
  expect(code).toBe(3);
  expect(out).toMatch(/^under claim_[0-9a-z]{26}\n$/);
  expect(err).toContain('granted');
  expect(err).toContain('given back as looked at, nothing found');
  expect(await held()).toEqual([]);
  const map = await finder.client.call(claims.map, { body: { target: 'pkg:npm/clean', days: 1 } });
  expect(map.items.map(({ outcome }) => outcome)).toEqual(['nothing-found']);
});

test('the command gets neither the key nor another secret, but what it needs and what was named', async () => {
  const { code, out, err } = await claimRun(
    ...['pkg:npm/bare', '--pass-env', 'CORPUS', '--pass-env', 'NOT_THERE', '--', 'env'],
  ).ended;
  expect([code, err]).toEqual([0, expect.stringContaining('granted')]);
  const variables = Object.fromEntries(
    out
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect(variables).toEqual({
    PATH: process.env['PATH'],
    HOME: folder,
    LC_ALL: 'C',
    CORPUS: '/corpus',
    BREAKWATER_CLAIM: expect.stringMatching(/^claim_/),
  });
});

test('an exit code that nobody named is not taken for nothing found', async () => {
  const { code, err } = await claimRun('pkg:npm/unsaid', '--', 'true').ended;
  expect(code).toBe(0);
  expect(err).toContain('given back as not finished');
  expect(err).toContain('--clean 0');
});

test('with --json standard output is one document, and what the command prints stands beside', async () => {
  const { code, out, err } = await claimRun(
    'pkg:npm/doc',
    '--json',
    '--found',
    '77',
    '--',
    'sh',
    '-c',
    'echo hello; exit 77',
  ).ended;
  expect(code).toBe(77);
  expect(JSON.parse(out)).toMatchObject({
    exit: 77,
    signal: null,
    lost: null,
    outcome: 'findings',
    coverage: 1,
  });
  expect(err).toContain('hello\n');
});

test('a claim that a coordinator ends stops the command and all it started, and says why', async () => {
  const file = path.join(folder, 'overridden');
  const run = claimRun('pkg:npm/overridden', '--', ...endless(file));
  await written(file, run);
  await coordinator.client.call(claims.override, {
    params: await heldOne(),
    body: { reason: 'Exploited already: hands off.' },
  });
  const { code, err } = await run.ended;
  expect(code).toBe(7);
  expect(err).toContain('CLAIM LOST: a coordinator ended it');
  expect(err).toContain('Exploited already: hands off.');
  const pid = Number(await readFile(file, 'utf8'));
  while (await runs(pid)) await new Promise((resolve) => setImmediate(resolve));
});

test('a command that will not end is killed', async () => {
  const file = path.join(folder, 'stubborn');
  const script = path.join(folder, 'stubborn.sh');
  await writeFile(script, `trap '' TERM INT; touch ${file}; while :; do sleep 0.1; done`);
  const run = claimRun('pkg:npm/stubborn', '--grace', '0', '--', 'sh', script);
  await written(file, run);
  await finder.client.call(claims.release, {
    params: await heldOne(),
    body: { covered: [] },
  });
  const { code, err } = await run.ended;
  expect([code, err]).toEqual([7, expect.stringContaining('it was given back')]);
});

test('Ctrl-C ends the command, and the claim is given back', async () => {
  const file = path.join(folder, 'interrupted');
  const run = claimRun('pkg:npm/interrupted', '--', ...endless(file));
  await written(file, run);
  run.child.kill('SIGINT');
  expect((await run.ended).code).toBe(130);
  expect(await held()).toEqual([]);
});

test('a conflict starts nothing', async () => {
  const other = await server.party('finder');
  const scope = {
    targets: ['pkg:npm/taken'],
    places: [],
    except: [],
    methods: ['static' as const],
    weaknesses: [],
    exceptWeaknesses: [],
  };
  const until = toInstant(new Date(Date.now() + 3_600_000));
  await other.client.call(claims.claim, { body: { scope, sharing: 'alone', until, listed: true } });
  const file = path.join(folder, 'never');
  const { code, out, err } = await claimRun('pkg:npm/taken', '--', 'touch', file).ended;
  expect([code, out, err]).toEqual([6, '', expect.stringContaining('conflict until')]);
  await expect(access(file)).rejects.toThrow('ENOENT');
});

test('a claim that one has is held and kept', async () => {
  const { claim } = await finder.client.call(claims.claim, {
    body: {
      scope: {
        targets: ['pkg:npm/kept'],
        places: [],
        except: [],
        methods: ['read'],
        weaknesses: [],
        exceptWeaknesses: [],
      },
      sharing: 'beside',
      until: toInstant(new Date(Date.now() + 3_600_000)),
      listed: true,
    },
  });
  const { code, err } = await claimRun('--claim', claim ?? '', '--', 'true').ended;
  expect([code, err]).toEqual([0, expect.stringContaining('is still yours')]);
  const [kept] = await held();
  expect(kept).toMatchObject({ id: claim, usedAt: expect.any(String) });
});

test.each([
  ['no command', ['pkg:npm/a'], 'command-missing'],
  ['a command there is not', ['pkg:npm/b', '--', 'no-such-command-here'], 'command-not-started'],
  ['a claim and targets', ['pkg:npm/c', '--claim', 'claim_x', '--', 'true'], 'option-malformed'],
])('refused, with nothing held: %s', async (_, words, code) => {
  const before = await held();
  const { code: exit, out } = await claimRun('--json', ...words).ended;
  expect([exit, JSON.parse(out)]).toMatchObject([2, { refusal: { code } }]);
  expect(await held()).toEqual(before);
});
