import { directory, distribute, helpers } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { openWorld } from '../world.ts';

test('DIS-14 a helper reads no card of an operator that left: not by link, and not as a party', async () => {
  await using world = await openWorld();
  const { server, insiders, strangers, ids } = world;
  const { operator } = insiders;
  const params = { notice: ids['notice'] as never }; // an id of this kind, from the world
  const { link } = await operator.client.call(helpers.delegate, { params, body: { name: 'Firm' } });
  const helper = strangers.operator;
  await operator.client.call(helpers.delegate, { params, body: { party: helper.id } });
  const token = link?.split('#')[1] ?? '';
  const openHelp = async () => {
    const body = JSON.stringify({ token });
    const headers = { 'idempotency-key': crypto.randomUUID() };
    return (await server.send({ method: 'POST', path: '/v1/help', body, headers })).status;
  };
  expect(await openHelp()).toBe(200);
  expect((await helper.client.call(distribute.listNotices)).items).toHaveLength(1);
  const person = await server.signIn(operator);
  const me = await person.client.call(directory.whoAmI);
  await person.client.call(directory.leave, { body: { confirm: me.party.name } });
  expect(await openHelp()).toBe(403);
  expect((await helper.client.call(distribute.listNotices)).items).toEqual([]);
  const path = `/v1/notices/${ids['notice']}`;
  expect((await server.send({ method: 'GET', path, key: helper.key })).status).toBe(404);
});
