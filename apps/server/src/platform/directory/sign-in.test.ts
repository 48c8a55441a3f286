import { directory, session } from '@breakwater/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from '../../../test/harness.ts';

let server: TestServer;
let finder: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  finder = await server.party('finder', 'Finders');
});
afterAll(async () => await server[Symbol.asyncDispose]());

test('a person joins by a link and is known by its cookie', async () => {
  const person = await server.signIn(finder, 'Ada');
  const me = await person.client.call(directory.whoAmI);
  expect([me.party.id, me.member?.name, me.member?.manages]).toEqual([finder.id, 'Ada', true]);
  const { items } = await person.client.call(session.list);
  expect(items).toMatchObject([{ id: person.session, current: true, how: 'link' }]);
});
