import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/platform/clock/clock.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';

let server: TestServer;
let finder: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  finder = await server.party('finder');
});
afterAll(async () => await server[Symbol.asyncDispose]());

/** Every item that lies in the store and every key, beside those that rows hold. */
async function kept() {
  const { rows } = await server.database.database.raw('select id from content.item');
  const filesIn = async (name: string) =>
    (await readdir(path.join(server.dataDirectory, name), { recursive: true }))
      .map((file) => path.basename(file))
      .filter((file) => file.startsWith('content_'))
      .sort();
  return {
    held: rows.map((row) => String(row['id'])).sort(),
    files: await filesIn('content'),
    keys: await filesIn('keys/content'),
  };
}

async function send(given: { path: string; body: unknown; key?: string; idempotency?: string }) {
  const answer = await server.send({
    method: 'POST',
    path: given.path,
    key: given.key ?? finder.key,
    body: JSON.stringify(given.body),
    headers: { 'idempotency-key': given.idempotency ?? randomUUID() },
  });
  return answer.status;
}

const finding = {
  kind: 'native',
  package: 'pkg:npm/ini',
  version: '1.0.0',
  title: 'T',
  description: 'What only one copy may say',
};

describe('what a request brings is kept once, or not at all (REC-5)', () => {
  test('a request that is sent again leaves no second copy, which nobody could erase', async () => {
    const idempotency = randomUUID();
    for (let i = 0; i < 3; i++) {
      expect(await send({ path: '/v1/findings', body: finding, idempotency })).toBe(200);
    }
    const { held, files, keys } = await kept();
    expect(held.length).toBeGreaterThan(2);
    expect([files, keys]).toEqual([held, held]);
  });

  test('a request that is refused leaves nothing', async () => {
    const before = await kept();
    const owner = await server.party('owner');
    const path = `/v1/cases/${newId('case')}/messages`;
    expect(await send({ path, body: { text: 'hello' }, key: owner.key })).toBe(404);
    const reused = randomUUID();
    expect(await send({ path: '/v1/findings', body: finding, idempotency: reused })).toBe(200);
    const other = { ...finding, title: 'Another' };
    expect(await send({ path: '/v1/findings', body: other, idempotency: reused })).toBe(409);
    const { held, files, keys } = await kept();
    expect(held.length).toBeGreaterThan(before.held.length);
    expect([files, keys]).toEqual([held, held]);
  });
});
