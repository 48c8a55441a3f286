import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createClient, type PrecheckEpoch, precheck } from '@breakwater/contract';
import { formatVerifierKey } from '@breakwater/log';
import { precheckKeys } from '@breakwater/precheck';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logVerifierKeys } from '../../apps/server/src/platform/journal/log-keys.ts';
import { askFor, openPrecheck } from '../../apps/server/test/asker.ts';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../apps/server/test/harness.ts';
import { addRecipe, handIn } from '../journeys/story.ts';

const folder = path.join(import.meta.dirname, 'go-precheck');
const script = path.join(import.meta.dirname, 'python/check_precheck_keys.py');
/** Go is installed and its modules can be had. */
const hasGo = spawnSync('go', ['mod', 'download'], { cwd: folder }).status === 0;
const hasPython = spawnSync('python3', ['--version']).status === 0;

let server: TestServer;
let asker: TestParty;
let epoch: PrecheckEpoch;
beforeAll(async () => {
  // The log's files are served beside the web client, of which nothing is needed.
  server = await startTestServer({ webDirectory: import.meta.dirname });
  await addRecipe(await server.party('coordinator'));
  asker = await server.party('finder', 'The one who asks');
  await handIn(await server.party('finder'), { title: 'Overflow', where: 'parse_string' });
  epoch = await openPrecheck(server);
});
afterAll(async () => await server[Symbol.asyncDispose]());

/** Not the synchronous one: the server that it speaks to is in this process. */
async function said(command: string, args: readonly string[], input: object) {
  const child = spawn(command, [...args], { cwd: folder });
  child.stdin.end(JSON.stringify(input));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { out, err };
}

describe.skipIf(!hasGo)('asked by github.com/cloudflare/circl/oprf (needs go)', () => {
  test('a key that is known here gives its handle, the others none', async () => {
    const place = (name: string) => ({
      package: 'pkg:deb/debian/cjson',
      weakness: 'CWE-125',
      location: { path: 'cJSON.c', function: name },
    });
    const known = place('parse_string');
    const sought = [place('parse_number'), known].flatMap(precheckKeys);
    const keys = sought.filter((key) => key.use !== 'hold');
    const { out, err } = await said('go', ['run', '.'], {
      server: server.address,
      apiKey: asker.key,
      keys,
    });
    expect(err).toBe('');
    const handles: unknown = JSON.parse(out);
    expect(handles).toEqual(['', '', '', expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/)]);
    // Ours gets the same handles from the same server.
    const ours = await askFor(asker, epoch, known);
    expect((handles as string[]).filter((each) => each !== '')).toEqual(ours); // held above
    // The handle is good: it leads to whoever has it.
    const [handle = ''] = (handles as string[]).filter((each) => each !== ''); // held above
    const { knock } = await asker.client.call(precheck.knock, { body: { handle } });
    expect(knock).toMatch(/^knock_/);
  });
});

describe.skipIf(!hasPython)('keys held against the log in Python (needs python3)', () => {
  const check = async (keys: object) => {
    const { signer, logOrigin } = server.services;
    const logKey = logVerifierKeys(signer, logOrigin).map(formatVerifierKey).at(-1);
    return await said('python3', [script], { keys, logKey });
  };

  test('from the address of a server alone: its keys, and the whole log', async () => {
    const told = await said('python3', [script], { server: server.address });
    expect(told).toEqual({ out: `holds ${epoch.epoch}\n`, err: '' });
  });

  test('every key that is offered holds; one with another size, time or key does not', async () => {
    const keys = await createClient({ baseUrl: server.address }).call(precheck.precheckKeys);
    expect(await check(keys)).toEqual({ out: `holds ${epoch.epoch}\n`, err: '' });
    const other = Buffer.alloc(32, 7).toString('base64');
    for (const changed of [
      { prefixBits: 24 },
      { until: '2027-01-01T00:00:00.000Z' },
      { publicKey: other },
      { commitment: { ...epoch.commitment, salt: other } },
      { commitment: { ...epoch.commitment, index: epoch.commitment.index + 1 } },
    ]) {
      const { out } = await check({ epochs: [{ ...epoch, ...changed }] });
      expect(out).toMatch(/^does not hold/);
    }
  });
});
