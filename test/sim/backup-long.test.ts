import { spawn } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Id } from '@breakwater/kernel';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ServerProcess } from '../../demo/driver/server.ts';
import {
  at,
  backup,
  cli,
  erase,
  nothingLeft,
  recipient,
  restore,
  saveCheckpoint,
  serve,
  stoppedServer,
  type Told,
  tell,
  titleOf,
  useScene,
} from './backup-scene.ts';

// docs/operate/backup.md tells what is done here; the essential part is in backup.test.ts.

// Each of these starts several servers.
const long = process.env['BREAKWATER_LONG'] === '1';
beforeEach(({ skip }) => skip(!long, 'done in the long form: npm run test:sim'));
useScene();

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
  let content: Id<'content'>;
  beforeEach(async () => {
    ({ told, content } = await stoppedServer());
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

  test('killed at any moment, a restoration leaves no data directory, and is done again', async () => {
    for (const after of ['checking', 'copying', 'bringing up the database']) {
      await killWhenItSays(after);
      expect(await readdir(at('.'))).not.toContain('elsewhere');
    }
    expect(await restore('backup', 'elsewhere')).toMatchObject({ code: 0 });
    expect(await readdir(at('.'))).not.toContain('elsewhere.restoring');
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
      const words = [
        'backup',
        '--out',
        at(out),
        '--keys-out',
        at(keys),
        '--recipient',
        recipient(),
      ];
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
