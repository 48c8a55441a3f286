import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Json, utf8 } from '@breakwater/kernel';
import {
  appendEntries,
  commit,
  edgeRoot,
  emptyEdge,
  formatDisclosure,
  formatVerifierKey,
  signCheckpoint,
  verifierKey,
} from '@breakwater/log';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../../test/run-cli.ts';

const vectors = path.resolve(import.meta.dirname, '../../../../packages/log/vectors/tessera/log');
/** The published verifier key of Tessera's test log. */
const vkey = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';

let folder = '';
let log = '';
const at = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-cli-'));
  log = at('log');
  await cp(vectors, log, { recursive: true });
});
afterEach(async () => await rm(folder, { recursive: true }));

test('a log of others holds, and its checkpoint is saved for the next time', async () => {
  const first = await runCli(['log', 'check', log, '--key', vkey, '--save', at('saved')]);
  expect(first.code).toBe(0);
  expect(first.out).toContain('entries      15 signed, 15 proven');
  expect(await readFile(at('saved'))).toEqual(await readFile(path.join(log, 'checkpoint')));

  const again = await runCli(['log', 'check', log, '--key', vkey, '--save', at('saved')]);
  expect(again.code).toBe(2);
  expect(again.err).toContain(`add --since ${at('saved')}`);
  const more = ['--since', at('saved'), '--save', at('saved')];
  const next = await runCli(['log', 'check', log, '--key', vkey, ...more]);
  expect([next.code, next.err]).toEqual([
    0,
    `checkpoint saved to ${at('saved')}; next time give it with --since\n`,
  ]);
});

test('the step since an earlier checkpoint', async () => {
  const since = path.join(vectors, 'checkpoint.7');
  const words = ['log', 'check', log, '--key', vkey, '--since', since, '--json'];
  const { code, json } = await runCli(words);
  expect(code).toBe(0);
  expect(json()).toMatchObject({ holds: true, step: true, entriesProven: 15, findings: [] });
});

test('a log that went back is named, and nothing is saved', async () => {
  const since = path.join(vectors, 'checkpoint');
  await cp(path.join(vectors, 'checkpoint.7'), path.join(log, 'checkpoint'));
  const more = ['--since', since, '--save', at('saved'), '--json'];
  const { code, json } = await runCli(['log', 'check', log, '--key', vkey, ...more]);
  expect(code).toBe(1);
  expect(json()).toMatchObject({ findings: [{ code: 'checkpoint-rolled-back' }] });
  await expect(readFile(at('saved'))).rejects.toThrow('ENOENT');
});

test('one flipped bit is named with its file and place', async () => {
  const tile = path.join(log, 'tile/0/000.p/15');
  const bytes = await readFile(tile);
  bytes[32 * 4] = (bytes[32 * 4] ?? 0) ^ 1;
  await writeFile(tile, bytes);
  const { code, out } = await runCli(['log', 'check', log, '--key', vkey]);
  expect(code).toBe(1);
  expect(out).toContain('DOES NOT HOLD log');
  expect(out).toContain('wrong        tile/0/000.p/15 at 4: tile-changed');
});

test('keys: a file of them, a wrong one, none', async () => {
  await writeFile(at('keys.txt'), `# of the log\n${vkey}\n`);
  expect((await runCli(['log', 'check', log, '--key', at('keys.txt')])).code).toBe(0);
  const other = formatVerifierKey(verifierKey('example.com/log/testdata', new Uint8Array(32)));
  const wrong = await runCli(['log', 'check', log, '--key', other, '--json']);
  expect(wrong.code).toBe(1);
  expect(wrong.json()).toMatchObject({ findings: [{ code: 'checkpoint-signature' }] });
  const none = await runCli(['log', 'check', log, '--json']);
  expect(none.code).toBe(2);
  expect(none.json()).toMatchObject({ refusal: { code: 'key-missing' } });
});

test('neither a log nor an entry is wrong usage', async () => {
  const { code, err } = await runCli(['log', 'check', '--key', vkey]);
  expect(code).toBe(2);
  expect(err).toContain('nothing-to-check');
});

describe('over HTTP', () => {
  let server: Server;
  let address = '';

  beforeEach(async () => {
    server = createServer((request, response) => {
      const file = path.join(log, (request.url ?? '').replace('/log/', ''));
      readFile(file).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('no port was bound');
    address = `http://127.0.0.1:${bound.port}/log`;
  });
  afterEach(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  test('a key from the server itself is used, and said to prove little', async () => {
    await writeFile(path.join(log, 'keys'), `${vkey}\n`);
    const { code, err, json } = await runCli(['log', 'check', `${address}/`, '--json']);
    expect(code).toBe(0);
    expect(json()).toMatchObject({ holds: true, keyFromServer: true, entriesProven: 15 });
    expect(err).toContain('proves only that the log agrees with itself');
    expect(err).toContain(vkey);
  });

  test('a given key is trusted alone', async () => {
    const { code, err } = await runCli(['log', 'check', address, '--key', vkey]);
    expect([code, err]).toEqual([0, '']);
  });

  test('a server that does not answer is another thing than a log that does not hold', async () => {
    const gone = address.replace(/:\d+/, ':9');
    const { code, err } = await runCli(['log', 'check', gone, '--key', vkey]);
    expect(code).toBe(4);
    expect(err).toContain('server-unreachable');
  });
});

describe('one disclosed entry', () => {
  const content: Json = { act: 'case.opened', text: 'hello' };

  /** A log of one entry, that entry disclosed, and its key. */
  async function disclosed() {
    const { privateKey, publicKey } = await crypto.subtle.generateKey('Ed25519', true, [
      'sign',
      'verify',
    ]);
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
    const key = verifierKey('breakwater.test/log', raw);
    const salt = new Uint8Array(32).fill(7);
    const root = edgeRoot(appendEntries(emptyEdge, [commit(salt, content)]).edge);
    const checkpoint = await signCheckpoint(
      { origin: 'breakwater.test/log', size: 1, root, extensions: [] },
      [
        {
          key,
          sign: async (message) =>
            new Uint8Array(
              await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(message)),
            ),
        },
      ],
    );
    const file = formatDisclosure({
      salt,
      content,
      index: 0,
      proof: [],
      checkpoint: utf8(checkpoint),
    });
    await writeFile(at('entry.json'), file);
    return { file, vkey: formatVerifierKey(key) };
  }

  test('holds offline', async () => {
    const given = await disclosed();
    const words = ['log', 'check', '--entry', at('entry.json'), '--key', given.vkey, '--json'];
    const { code, json } = await runCli(words);
    expect(code).toBe(0);
    expect(json()).toMatchObject({ checked: 'entry', holds: true, entry: { index: 0, content } });
  });

  test('does not hold with one changed word', async () => {
    const given = await disclosed();
    await writeFile(at('entry.json'), given.file.replace('hello', 'hallo'));
    const words = ['log', 'check', '--entry', at('entry.json'), '--key', given.vkey, '--json'];
    const { code, json } = await runCli(words);
    expect(code).toBe(1);
    expect(json()).toMatchObject({ holds: false, findings: [{ code: 'entry-changed' }] });
  });
});
