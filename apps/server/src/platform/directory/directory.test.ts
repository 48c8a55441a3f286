import { randomUUID } from 'node:crypto';
import { directory, record } from '@breakwater/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from '../../../test/harness.ts';

let server: TestServer;
let finder: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  finder = await server.party('finder');
});
afterAll(async () => await server[Symbol.asyncDispose]());

type Now = Parameters<TestServer['clock']['set']>[0];

describe('keys of the directory', () => {
  const whoAmI = (key: string) => server.send({ method: 'GET', path: '/v1/me', key });

  test('unknown, malformed, revoked and expired keys look alike', async () => {
    const { administrator } = server;
    const { id } = await administrator.call(directory.addParty, {
      body: { name: 'Keyed', role: 'finder' },
    });
    const add = (expiresAt?: Now) =>
      administrator.call(directory.addKey, {
        params: { party: id },
        body: { label: 'k', ...(expiresAt === undefined ? {} : { expiresAt }) },
      });
    const revoked = await add();
    const expiring = await add('2026-06-01T00:00:00.000Z' as Now);
    expect((await whoAmI(revoked.key)).status).toBe(200);
    expect((await whoAmI(expiring.key)).status).toBe(200);
    await administrator.call(directory.revokeKey, { params: { key: revoked.id } });
    server.clock.set('2026-06-01T00:00:00.000Z' as Now);
    const answers = [];
    for (const key of [revoked.key, expiring.key, `bw_${'0'.repeat(43)}`, 'bw_', 'x']) {
      const answer = await whoAmI(key);
      answers.push([answer.status, await answer.text()].join(' '));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^401 /);
  });

  test('a key with a scope may call what is in it and nothing else', async () => {
    const { key } = await server.administrator.call(directory.addKey, {
      params: { party: finder.id },
      body: { label: 'narrow', scope: ['collect.list'] },
    });
    expect((await server.send({ method: 'GET', path: '/v1/findings', key })).status).toBe(200);
    expect((await server.send({ method: 'GET', path: '/v1/cases', key })).status).toBe(403);
  });

  test('an API key is stored as a hash alone, and shown once', async () => {
    const wish = {
      params: { party: finder.id },
      body: { label: 'once' },
      idempotencyKey: randomUUID(),
    };
    const { key } = await server.administrator.call(directory.addKey, wish);
    const { rows } = await server.services.database.raw(
      `select (select string_agg(k::text, '') from directory.api_key k) ||
              (select string_agg(i::text, '') from platform.idempotency i) ||
              (select string_agg(e::text, '') from journal.entry e) as everything`,
    );
    expect(String(rows[0]?.['everything'])).not.toContain(key.slice(3));
    await expect(server.administrator.call(directory.addKey, wish)).rejects.toMatchObject({
      problem: { code: 'idempotency-key-reused' },
    });
  });

  test('an erased name is gone from the next answer on', async () => {
    const named = await server.party('finder', 'Known Name');
    const me = () => named.client.call(directory.whoAmI);
    expect((await me()).party.name).toBe('Known Name');
    expect(await server.services.directory.nameOf(named.id)).toBe('Known Name');
    const { rows } = await server.services.database.raw(
      `select name_content from directory.party where id = '${named.id}'`,
    );
    await server.administrator.call(record.erase, {
      params: { content: String(rows[0]?.['name_content']) as never }, // an id of ours, from a row
      body: { reason: 'asked for it' },
    });
    expect((await me()).party.name).toBe('(erased)');
    expect(await server.services.directory.nameOf(named.id)).toBe('(erased)');
  });
});

test('parties are listed by role, page by page, and one is found by its id', async () => {
  const coordinator = await server.party('coordinator');
  const owners = [await server.party('owner', 'One'), await server.party('owner', 'Two')];
  await server.party('auditor', 'Another');
  const list = (query: {
    role?: string;
    party?: typeof finder.id;
    limit?: number;
    after?: string;
  }) => coordinator.client.call(directory.listParties, { query });
  const first = await list({ role: 'owner', limit: 1 });
  const second = await list({ role: 'owner', limit: 1, after: first.next ?? '' });
  expect([...first.items, ...second.items].map(({ id }) => id).toSorted()).toEqual(
    owners.map(({ id }) => id).toSorted(),
  );
  expect(second.next).toBeNull();
  expect((await list({ party: finder.id })).items).toMatchObject([{ id: finder.id }]);
});
