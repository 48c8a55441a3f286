import { request } from 'node:http';
import path from 'node:path';
import type { Instant } from '@breakwater/kernel';
import { checkLog, formatVerifierKey } from '@breakwater/log';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logVerifierKeys } from '../src/platform/journal/log-keys.ts';
import { startTestServer, type TestServer } from './harness.ts';

/** Later than the cadence of the log. */
const laterOn = '2026-03-03T12:00:00.000Z' as Instant; // spelled as kernel writes instants

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => await server[Symbol.asyncDispose]());

/** A request over the administrator's socket. */
function ask(method: string, url: string, key?: string): Promise<{ status: number; text: string }> {
  const socketPath = path.join(server.dataDirectory, 'admin.sock');
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path: url, method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
      );
    });
    call.on('error', reject);
    call.end();
  });
}

const keysOf = (use: 'log' | 'attestation') =>
  server.services.signer.publicKeys(use).map(({ id }) => id);

test('rotation makes one key, writes one entry, and is carried out once for one request', async () => {
  const [first] = keysOf('attestation');
  server.clock.set(laterOn);
  const done = await ask('POST', '/admin/keys/rotate?use=attestation', 'rotate-it-now');
  expect(done.status).toBe(200);
  const again = await ask('POST', '/admin/keys/rotate?use=attestation', 'rotate-it-now');
  expect([again.status, JSON.parse(again.text)]).toEqual([200, JSON.parse(done.text)]);
  const second = server.services.signer.current('attestation').id;
  expect(JSON.parse(done.text)).toMatchObject({ use: 'attestation', key: second });
  expect(keysOf('attestation')).toEqual([first, second]);
  expect(keysOf('log').length).toBe(1);
  const entries = await server.services.database.read((reader) =>
    reader.rows(
      sql<{ actor: string; content: string }>`
        select actor, content from journal.entry where act = 'signer.rotated'`,
    ),
  );
  expect(entries.map(({ actor }) => actor)).toEqual(['administrator']);
  expect(entries[0]?.content).toContain(`"data":{"key":"${second}","use":"attestation"}`);
});

test('a reader who knows only the log key before the rotation can follow', async () => {
  const { sequencer, signer, logOrigin } = server.services;
  await sequencer.tick();
  const since = sequencer.checkpoint();
  if (since === null) throw new Error('a tick signs a checkpoint');
  server.clock.set(laterOn);
  expect((await ask('POST', '/admin/keys/rotate?use=log', 'rotate-it-now')).status).toBe(200);
  await sequencer.tick();
  const vkeys = logVerifierKeys(signer, logOrigin).map(formatVerifierKey);
  expect(vkeys.length).toBe(2);
  for (const vkey of vkeys) {
    const report = await checkLog({
      fetchFile: (name) => sequencer.fetchFile(name),
      vkeys: [vkey],
      // The new key did not sign the checkpoint of before; the old one signed both.
      ...(vkey === vkeys[0] ? { since } : {}),
    });
    expect([vkey, report.findings]).toEqual([vkey, []]);
  }
});

test('another use, no use and a missing idempotency key are refused', async () => {
  const key = 'rotate-it-now';
  for (const [url, given, code] of [
    ['/admin/keys/rotate?use=tea', key, 'input-malformed'],
    ['/admin/keys/rotate', key, 'input-malformed'],
    ['/admin/keys/rotate?use=log', undefined, 'idempotency-key-missing'],
  ] as const) {
    const { status, text } = await ask('POST', url, given);
    expect([status, JSON.parse(text)]).toMatchObject([400, { code }]);
  }
  expect([keysOf('log').length, keysOf('attestation').length]).toEqual([1, 1]);
});

test('nobody but the administrator sees that there is a backup or a rotation', async () => {
  const { key } = await server.party('coordinator');
  for (const [method, url] of [
    ['GET', '/admin/keys'],
    ['POST', '/admin/keys/rotate?use=log'],
  ] as const) {
    expect((await server.send({ method, path: url, key })).status).toBe(404);
    expect((await server.send({ method, path: url })).status).toBe(404);
  }
  expect(keysOf('log').length).toBe(1);
  const backup = await ask('GET', '/admin/keys');
  expect(JSON.parse(backup.text)).toMatchObject({ format: 'breakwater-key-backup/1' });
});
