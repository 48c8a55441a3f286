import { directory } from '@breakwater/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/harness.ts';
import { firstLink } from './first-link.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => await server[Symbol.asyncDispose]());

test('DIR-29 each start gives a link for the first coordinator and spoils the one before', async () => {
  await server.party('owner');
  const first = await firstLink(server.services);
  const second = await firstLink(server.services);
  if (first === null || second === null) throw new Error('expected links');
  const wish = { name: 'Ada', partyName: 'Coordination' };
  await expect(server.redeem(first, wish)).rejects.toMatchObject({
    problem: { code: 'link-not-valid' },
  });
  const ada = await server.redeem(second, wish);
  const me = await ada.client.call(directory.whoAmI);
  expect([me.party.name, me.party.role]).toEqual(['Coordination', 'coordinator']);
  expect(await firstLink(server.services)).toBeNull();
});

test('DIR-29 a coordinating party that has but a key is one, too', async () => {
  await server.party('coordinator');
  expect(await firstLink(server.services)).toBeNull();
});
