import { directory } from '@breakwater/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstLink } from '../../src/platform/directory/first-link.ts';
import { startTestServer, type TestServer } from '../harness.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());

async function preview(link: string): Promise<number> {
  const token = link.split('#')[1];
  const body = JSON.stringify({ token });
  return (await server.send({ method: 'POST', path: '/v1/session/preview', body })).status;
}

test('DIR-1 the link in the output of the first start opens nothing once a coordinator is there', async () => {
  const link = await firstLink(server.services);
  if (link === null) throw new Error('expected a link');
  expect(await preview(link)).toBe(200);
  await server.party('coordinator');
  expect(await preview(link)).toBe(403);
});

test('DIR-1 whoever may add parties gives none a sight that it has not itself', async () => {
  const permissions = ['directory.add-party', 'directory.invite', 'directory.list-parties'];
  await server.administrator.call(directory.addRole, {
    body: { name: 'desk', title: 'Lets people in', permissions, principals: [] },
  });
  await server.administrator.call(directory.addRole, {
    body: { name: 'deputy', title: 'Sees', permissions, principals: ['coordinators'] },
  });
  const { client } = await server.party('desk');
  for (const role of ['coordinator', 'deputy']) {
    const body = { name: 'Mine', role };
    await expect(client.call(directory.addParty, { body })).rejects.toMatchObject({
      problem: { code: 'not-permitted' },
    });
    await expect(
      client.call(directory.invite, { body: { newParty: body, manages: true } }),
    ).rejects.toMatchObject({ problem: { code: 'not-permitted' } });
  }
  const waiting = { name: 'Not moved in yet', role: 'coordinator' };
  const { id: party } = await server.administrator.call(directory.addParty, { body: waiting });
  await expect(
    client.call(directory.invite, { body: { party, manages: true } }),
  ).rejects.toMatchObject({ problem: { code: 'not-found' } });
  await client.call(directory.addParty, { body: { name: 'A finder', role: 'finder' } });
  await client.call(directory.invite, {
    body: { newParty: { name: 'An owner', role: 'owner' }, manages: true },
  });
  const coordinator = await server.party('coordinator');
  await coordinator.client.call(directory.addParty, { body: { name: 'Two', role: 'coordinator' } });
});
