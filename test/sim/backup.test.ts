import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { collect, record } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../apps/cli/test/run-cli.ts';
import { type Caller, createCaller } from '../../demo/driver/calls.ts';
import { addPerson } from '../../demo/driver/people.ts';
import { type ServerProcess, startServer } from '../../demo/driver/server.ts';
import { findPostgres, withPostgres } from '../../tools/postgres.ts';
import { freePort } from './free-port.ts';

// docs/operate/backup.md tells what is done here.

// Servers start and stop here many times; on a busy machine that takes minutes.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

let root: string;
let servers: ServerProcess[];
let recipient: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'bw-backup-'));
  servers = [];
  const identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  await writeFile(at('identity'), `# for a test\n${identity}\n`);
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  await rm(root, { recursive: true, force: true });
});

const at = (...names: string[]) => path.join(root, ...names);

async function serve(name: string, environment: Record<string, string> = {}) {
  const server = await startServer({
    dataDirectory: at(name),
    port: await freePort(),
    environment: { DATABASE_URL: undefined, BREAKWATER_LOG_CADENCE_SECONDS: '0.2', ...environment },
  });
  servers.push(server);
  return server;
}

interface Told {
  readonly finder: Caller;
  readonly key: string;
  readonly finding: Id<'finding'>;
}

async function tell(server: ServerProcess, title: string): Promise<Told> {
  const person = await addPerson(server, 'A finder', 'finder');
  const { finding } = await person.write(title, collect.submit, {
    body: {
      kind: 'native' as const,
      package: 'pkg:npm/flat',
      version: '5.0.0',
      title,
      marking: 'AMBER+STRICT' as const,
      description: `${title}, at length`,
      identifiers: [],
    },
  });
  return { finder: createCaller(server, person.key), key: person.key, finding };
}

/** A checkpoint that is newer than what was told, kept as an auditor would. */
async function saveCheckpoint(server: ServerProcess, name: string): Promise<string> {
  const read = async () => await (await fetch(`${server.address}/log/checkpoint`)).text();
  const before = sizeOf(await read());
  await vi.waitFor(async () => expect(sizeOf(await read())).toBeGreaterThan(before), {
    timeout: 30_000,
    interval: 100,
  });
  await writeFile(at(name), await read());
  return at(name);
}

function sizeOf(checkpoint: string): number {
  return Number(checkpoint.split('\n')[1] ?? '0') || 0;
}

async function cli(words: readonly string[], name: string) {
  const run = await runCli([...words, '--json'], { dataDirectory: at(name) });
  return { code: run.code, err: run.err, answer: run.json() };
}

const backup = async (from: string, to: string) =>
  await cli(
    ['backup', '--out', at(to), '--keys-out', at(`${to}.age`), '--recipient', recipient],
    from,
  );
const restore = async (from: string, to: string, ...more: string[]) =>
  await cli(
    ['restore', at(from), '--keys', at(`${from}.age`), '--identity', at('identity'), ...more],
    to,
  );

async function titleOf(server: ServerProcess, told: Told): Promise<string> {
  const caller = createCaller(server, told.key);
  return (await caller.read(collect.get, { params: { finding: told.finding } })).title;
}

async function contentOf(server: ServerProcess, told: Told): Promise<Id<'content'>> {
  const caller = createCaller(server, told.key);
  const { contents } = await caller.read(collect.get, { params: { finding: told.finding } });
  const title = contents.find(({ name }) => name === 'title.txt');
  if (title === undefined) throw new Error('expected the title among the contents');
  return title.content;
}

async function erase(name: string, content: string): Promise<void> {
  const words = ['admin', 'erase', content, '--reason', 'as the law asks'];
  expect(await cli(words, name)).toMatchObject({ code: 0 });
}

test('a running server is backed up, restored elsewhere, and goes on where it was', async () => {
  const first = await serve('first');
  const told = await tell(first, 'Told before');
  const seen = await saveCheckpoint(first, 'seen');
  const done = await backup('first', 'backup');
  expect(done).toMatchObject({ code: 0, answer: { engine: 'embedded', erasures: 0 } });
  // It worked on, and works on.
  const later = await tell(first, 'Told after the backup');
  expect(await titleOf(first, later)).toBe('Told after the backup');
  await first.stop();

  const restored = await restore('backup', 'elsewhere', '--since', seen);
  expect(restored).toMatchObject({
    code: 0,
    answer: { unreadable: 0, checkedSince: true, erasedSince: [] },
  });
  const second = await serve('elsewhere');
  expect(await titleOf(second, told)).toBe('Told before');
  await saveCheckpoint(second, 'seen-there');
  const check = await runCli([
    'log',
    'check',
    at('elsewhere/log'),
    '--since',
    seen,
    '--key',
    await keyOf(second),
  ]);
  expect({ code: check.code, out: check.out }).toMatchObject({ code: 0 });
});

async function keyOf(server: ServerProcess): Promise<string> {
  return (await (await fetch(`${server.address}/log/key`)).text()).trim();
}

test('no session and no link of before the backup opens what was restored', async () => {
  const first = await serve('first');
  const ask = async (server: ServerProcess, path: string, body: object) =>
    await fetch(`${server.address}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'idempotency-key': crypto.randomUUID(), 'sec-fetch-site': 'same-origin' },
    });
  const linked = async () => {
    const made = await cli(['admin', 'link'], 'first');
    const token = /#([A-Za-z0-9_-]{43})/.exec(JSON.stringify(made.answer))?.[1];
    if (token === undefined) throw new Error(`expected a link, got ${made.err}`);
    return token;
  };
  const spent = await linked();
  const open = await linked();
  const person = { name: 'Ada', partyName: 'Desk' };
  const signedIn = await ask(first, '/v1/session/redeem', { token: spent, ...person });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const whoAmI = async (server: ServerProcess) =>
    (await fetch(`${server.address}/v1/me`, { headers: { cookie } })).status;
  expect(await whoAmI(first)).toBe(200);
  expect(await backup('first', 'backup')).toMatchObject({ code: 0 });
  expect((await ask(first, '/v1/session/preview', { token: open })).status).toBe(200);
  await first.stop();
  expect(await restore('backup', 'elsewhere')).toMatchObject({ code: 0 });
  const second = await serve('elsewhere');
  expect(await whoAmI(second)).toBe(401);
  expect((await ask(second, '/v1/session/preview', { token: open })).status).toBe(403);
});

describe('of a stopped server', () => {
  let told: Told;
  let erased: Told;
  let content: Id<'content'>;
  beforeEach(async () => {
    const first = await serve('first');
    told = await tell(first, 'Told before');
    erased = await tell(first, 'To be erased');
    content = await contentOf(first, erased);
    await saveCheckpoint(first, 'seen');
    await first.stop();
    expect(await backup('first', 'backup')).toMatchObject({ code: 0 });
  });

  test('no key and no text of it is in the backup; the keys are encrypted', async () => {
    const names = await readdir(at('backup'), { recursive: true });
    expect(names.filter((name) => name.includes('keys') || name.includes('signing'))).toEqual([]);
    const sealed = await readFile(at('backup.age'));
    expect(sealed.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    const keys = await readdir(at('first/keys/content'), { recursive: true, withFileTypes: true });
    const secrets = await Promise.all(
      keys.filter((e) => e.isFile()).map((e) => readFile(path.join(e.parentPath, e.name))),
    );
    const parts = await Promise.all(
      names.map((name) => readFile(at('backup', name)).catch(() => Buffer.alloc(0))),
    );
    const leaked = [...parts, sealed].some((part) => secrets.some((key) => part.includes(key)));
    expect({ secrets: secrets.length > 5, leaked }).toEqual({ secrets: true, leaked: false });
    expect(parts.some((part) => part.includes('Told before'))).toBe(false);
  });

  test('what was erased after the backup stays erased, by the list of a later one', async () => {
    const first = await serve('first');
    await erase('first', content);
    await first.stop();
    expect(await backup('first', 'later')).toMatchObject({ code: 0, answer: { erasures: 1 } });
    const list = at('later/erasures.ndjson');
    expect(await restore('backup', 'elsewhere', '--erasures', list)).toMatchObject({
      code: 0,
      answer: { erasedBefore: 0, erasedSince: [content], unreadable: 0 },
    });
    for (const place of ['content', 'keys/content']) {
      const names = await readdir(at('elsewhere', place), { recursive: true });
      expect(names.filter((name) => name.endsWith(content))).toEqual([]);
    }
    const second = await serve('elsewhere');
    expect(await titleOf(second, erased)).toBe('(erased)');
    expect(await titleOf(second, told)).toBe('Told before');
    await expect(
      createCaller(second, erased.key).read(record.content, { params: { content } }),
    ).rejects.toThrow();
  });

  test('older keys are refused for a newer backup, and never bring back what it knows as erased', async () => {
    const first = await serve('first');
    await erase('first', content);
    const late = await tell(first, 'Told late');
    await first.stop();
    await backup('first', 'later');
    await cp(at('later.age'), at('kept.age'));
    await cp(at('backup.age'), at('later.age'));
    expect(await restore('later', 'elsewhere')).toMatchObject({
      code: 2,
      answer: { refusal: { code: 'keys-of-another-backup' } },
    });
    const forced = await restore('later', 'elsewhere', '--other-keys');
    expect(forced).toMatchObject({ code: 0, answer: { erasedBefore: 1 } });
    const { unreadable } = forced.answer as { unreadable: number }; // the report, as matched above
    expect(unreadable).toBeGreaterThan(0);
    const keys = await readdir(at('elsewhere/keys/content'), { recursive: true });
    expect(keys.filter((name) => name.endsWith(content))).toEqual([]);
    const second = await serve('elsewhere');
    expect(await titleOf(second, told)).toBe('Told before');
    expect(await titleOf(second, late)).toBe('(erased)');
  });

  test('an old backup does not continue a later checkpoint', async () => {
    const first = await serve('first');
    await tell(first, 'Told after');
    const seen = await saveCheckpoint(first, 'later-seen');
    await first.stop();
    expect(await restore('backup', 'elsewhere', '--since', seen)).toMatchObject({
      code: 2,
      answer: { refusal: { code: 'log-does-not-hold' } },
    });
    expect(await nothingLeft()).toEqual([]);
  });

  const spoilers: Readonly<Record<string, () => Promise<void>>> = {
    'a flipped byte in the database': async () => {
      await flip(await aFile('database', 'PG_VERSION'));
    },
    'a flipped byte in content': async () => await flip(await aFile('content', '')),
    'a flipped byte in the log': async () => await flip(at('backup/log/checkpoint')),
    'a flipped byte in the list': async () => await flip(at('backup/files.ndjson')),
    'a content file that is missing': async () => await rm(await aFile('content', '')),
    'a manifest that is missing': async () => await rm(at('backup/manifest.json')),
    'a file cut short': async () => await truncate(await aFile('content', ''), 10),
    'a file that was added': async () => await writeFile(at('backup/content/more'), 'x'),
    'keys with a flipped byte': async () => await flip(at('backup.age')),
    'keys cut short': async () => await truncate(at('backup.age'), 300),
  };
  test('a backup that was touched is refused, whatever was touched, and nothing is restored', async () => {
    for (const [what, spoil] of Object.entries(spoilers)) {
      await cp(at('backup'), at('whole'), { recursive: true });
      await cp(at('backup.age'), at('whole.age'));
      await spoil();
      const refused = await restore('backup', 'elsewhere');
      const { refusal } = refused.answer as { refusal?: { code: string } }; // a refusal, as asked below
      expect([what, refused.code, refusal?.code]).toEqual([
        what,
        2,
        what.startsWith('keys') ? 'keys-unreadable' : 'backup-damaged',
      ]);
      expect(await nothingLeft()).toEqual([]);
      await rm(at('backup'), { recursive: true });
      await cp(at('whole'), at('backup'), { recursive: true });
      await cp(at('whole.age'), at('backup.age'));
    }
    expect(await restore('backup', 'elsewhere')).toMatchObject({ code: 0 });
  });

  test('killed at any moment, a restoration leaves no data directory, and is done again', async () => {
    for (const after of ['checking', 'copying', 'bringing up the database']) {
      await killWhenItSays(after);
      expect(await readdir(root)).not.toContain('elsewhere');
    }
    expect(await restore('backup', 'elsewhere')).toMatchObject({ code: 0 });
    expect(await readdir(root)).not.toContain('elsewhere.restoring');
  });

  test('a full place, a place inside, and keys beside what they open are refused', async () => {
    expect(await restore('backup', 'first')).toMatchObject({
      answer: { refusal: { code: 'place-not-empty' } },
    });
    for (const [out, keys] of [
      ['backup', 'new.age'],
      ['new', 'new/keys.age'],
      ['first/backup', 'new.age'],
      ['new', 'first/keys.age'],
    ] as const) {
      const words = ['backup', '--out', at(out), '--keys-out', at(keys), '--recipient', recipient];
      expect(await cli(words, 'first')).toMatchObject({
        code: 2,
        answer: { refusal: { code: 'backup-place-unusable' } },
      });
    }
  });

  test('a passphrase opens what it closed, and no other does', async () => {
    await writeFile(at('passphrase'), 'correct horse battery\n');
    await writeFile(at('other'), 'correct horse batterz\n');
    await writeFile(at('short'), 'short\n');
    const words = (file: string) => [
      ...['backup', '--out', at('sealed'), '--keys-out', at('sealed.age')],
      ...['--passphrase-file', at(file)],
    ];
    expect(await cli(words('short'), 'first')).toMatchObject({
      answer: { refusal: { code: 'passphrase-unusable' } },
    });
    expect(await cli(words('passphrase'), 'first')).toMatchObject({ code: 0 });
    const open = async (file: string) =>
      await cli(
        ['restore', at('sealed'), '--keys', at('sealed.age'), '--passphrase-file', at(file)],
        'elsewhere',
      );
    expect(await open('other')).toMatchObject({ answer: { refusal: { code: 'keys-unreadable' } } });
    expect(await open('passphrase')).toMatchObject({ code: 0 });
  });
});

async function aFile(folder: string, ending: string): Promise<string> {
  const entries = await readdir(at('backup', folder), { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => entry.isFile() && entry.name.endsWith(ending));
  if (found === undefined) throw new Error(`no file in ${folder}`);
  return path.join(found.parentPath, found.name);
}

async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

async function nothingLeft(): Promise<string[]> {
  return (await readdir(root)).filter((name) => name.startsWith('elsewhere'));
}

/** Starts the restoring program itself, and kills it, and the database it started, at that word. */
async function killWhenItSays(word: string): Promise<void> {
  const task = {
    act: 'restore',
    dataDirectory: at('elsewhere'),
    folder: at('backup'),
    keysFile: at('backup.age'),
    identityFile: at('identity'),
    erasureLists: [],
    since: null,
    otherKeys: false,
  };
  const program = path.resolve(import.meta.dirname, '../../apps/server/src/backup-process.ts');
  const { DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  });
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(word)) child.kill('SIGKILL');
    });
    child.once('close', () => resolve());
  });
  expect(child.signalCode).toBe('SIGKILL');
}

const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';

test('PostgreSQL: backed up while it works, restored into an empty database, the log continued', async ({
  skip,
}) => {
  const found = findPostgres();
  if ('missing' in found) skip(found.missing);
  skip(!onPostgres && process.env['BREAKWATER_LONG'] !== '1', 'done in the run on PostgreSQL');
  if ('missing' in found) return;
  await withPostgres(async ({ url }) => {
    const first = await serve('first', { DATABASE_URL: url });
    const told = await tell(first, 'Told before');
    const erased = await tell(first, 'To be erased');
    const content = await contentOf(first, erased);
    const seen = await saveCheckpoint(first, 'seen');
    vi.stubEnv('DATABASE_URL', url);
    try {
      expect(await backup('first', 'backup')).toMatchObject({
        code: 0,
        answer: { engine: 'postgresql' },
      });
      await erase('first', content);
      await backup('first', 'later');
      await first.stop();
      expect(await restore('backup', 'elsewhere')).toMatchObject({
        answer: { refusal: { code: 'place-not-empty' } },
      });
      const words = [url, '--command=create database restored'];
      await promisify(execFile)(path.join(found.bin, 'psql'), words);
      const empty = url.replace('/postgres?', '/restored?');
      vi.stubEnv('DATABASE_URL', empty);
      const list = at('later/erasures.ndjson');
      const done = await restore('backup', 'elsewhere', '--since', seen, '--erasures', list);
      expect(done).toMatchObject({
        code: 0,
        answer: { checkedSince: true, erasedSince: [content], unreadable: 0 },
      });
      const second = await serve('elsewhere', { DATABASE_URL: empty });
      expect(await titleOf(second, told)).toBe('Told before');
      expect(await titleOf(second, erased)).toBe('(erased)');
      await saveCheckpoint(second, 'seen-there');
      await second.stop();
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
