import { createClient, directory, session } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/harness.ts';
import { later } from '../../../test/world.ts';
import { sweepDirectory } from './sweep.ts';

const day = 24 * 60 * 60 * 1_000;

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => await server[Symbol.asyncDispose]());

async function counts() {
  const tables = ['link', 'challenge', 'session', 'departure'].map((name) => `directory.${name}`);
  const found: Record<string, number> = {};
  for (const table of [...tables, 'platform.idempotency']) {
    const only = table === 'platform.idempotency' ? "where key like 'public %'" : '';
    const { rows } = await server.services.database.raw(`select count(*) n from ${table} ${only}`);
    found[table] = Number(rows[0]?.['n']);
  }
  return found;
}

test('what opens nothing any more goes, with its texts; what does stays', async () => {
  const party = await server.party('finder', 'Gone');
  const person = await server.signIn(party);
  await createClient({ baseUrl: server.address }).call(session.passkeyOptions);
  await person.client.call(directory.invite, {
    body: { email: 'never@example.org', manages: false },
  });
  await person.client.call(directory.leave, { body: { confirm: 'Gone' } });
  const { rows } = await server.services.database.raw(
    `select device_content as id from directory.session union all
     select unnest(contents) from directory.departure`,
  );
  const before = await counts();
  await sweepDirectory(server.services);
  expect(await counts()).toEqual(before);
  server.clock.set(later(server.clock, 38 * day));
  const staying = await server.signIn(await server.party('owner'));
  await sweepDirectory(server.services);
  expect(await counts()).toEqual({
    'directory.link': 1,
    'directory.challenge': 0,
    'directory.session': 1,
    'directory.departure': 0,
    'platform.idempotency': 1,
  });
  expect(rows).toHaveLength(2);
  for (const { id } of rows) {
    expect(await server.services.content.get(id as Id<'content'>)).toBeNull(); // a content column
  }
  expect((await staying.fetch('/v1/me')).status).toBe(200);
});
