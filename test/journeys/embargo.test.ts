import { coordinate, distribute } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { startTestServer } from '../../apps/server/test/harness.ts';
import {
  addRecipe,
  advisory,
  at,
  caseOf,
  eventually,
  expectHealthy,
  handIn,
  refusalOf,
} from './story.ts';

test('an embargo ends at its hour, not before, and holds back the advisory until then', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const finder = await server.party('finder');
  await addRecipe(coordinator);
  const caseId = caseOf(await handIn(finder, { title: 'Overflow' }));
  const params = { case: caseId };
  const { client } = coordinator;
  const setTo = (endsAt: string) =>
    client.call(coordinate.setEmbargo, {
      params,
      body: { endsAt: at(endsAt), zone: 'America/New_York' },
    });

  await setTo('2026-03-02T12:00:00-05:00');
  await setTo('2026-03-05T12:00:00-05:00');
  const publish = () => client.call(distribute.publish, { params, body: advisory });
  expect(await refusalOf(publish())).toBe('embargoed');

  // COO-9: an hour that was moved ends nothing.
  server.clock.set(at('2026-03-02T17:00:00Z'));
  await eventually(async () => expect(await open(server)).toBe(1));
  expect(await refusalOf(publish())).toBe('embargoed');

  server.clock.set(at('2026-03-05T17:00:00Z'));
  await eventually(async () => {
    const { embargo } = await finder.client.call(coordinate.get, { params });
    expect(embargo).toEqual({
      state: 'ended',
      endedAt: '2026-03-05T17:00:00.000Z',
      because: 'time',
    });
  });
  expect(await refusalOf(setTo('2026-03-09T12:00:00-05:00'))).toBe('embargo-ended');
  await publish();
  expect(await refusalOf(publish())).toBe('already-published');
  expectHealthy(server);
});

/** How many hours are still being waited for. */
async function open(server: Awaited<ReturnType<typeof startTestServer>>): Promise<number> {
  const { rows } = await server.services.database.raw(
    "select count(*) as n from pgboss.job where name = 'coordinate.embargo-hour' and state <> 'completed'",
  );
  return Number(rows[0]?.['n']);
}

test('an embargo ends at once when the matter is public, whoever of the two says so', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const owner = await server.party('owner');
  const finder = await server.party('finder');
  await addRecipe(coordinator);
  const params = { case: caseOf(await handIn(finder, { title: 'Overflow' })) };
  await coordinator.client.call(coordinate.inviteOwner, {
    params,
    body: { party: owner.id, reason: 'the list already talks about it' },
  });
  await coordinator.client.call(coordinate.setEmbargo, {
    params,
    body: { endsAt: at('2026-05-01T00:00:00Z'), zone: 'UTC' },
  });
  const ended = await owner.client.call(coordinate.endEmbargo, {
    params,
    body: { reason: 'someone posted it' },
  });
  expect(ended.embargo).toMatchObject({ state: 'ended', because: 'public' });
  await coordinator.client.call(distribute.publish, { params, body: advisory });
  expectHealthy(server);
});
