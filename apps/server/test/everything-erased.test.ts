import { fillPath, operations, record } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { openWorld, type World } from './world.ts';

/** What people and their tools wrote: each stands on some page, until it is erased. */
const secrets = [
  'Overflow',
  'Told at length',
  'Thank you',
  'A finder',
  '+b\n',
  'It is ours',
  '+1 555 0100',
  'It is down',
];

test('when every piece of content was erased, every page still answers and shows none of it', async () => {
  await using world = await openWorld();
  const { server } = world;
  const before = await pagesOf(world);
  expect(secrets.filter((secret) => !before.some((page) => page.includes(secret)))).toEqual([]);
  const { rows } = await server.services.database.raw(
    'select id from content.item where erased_at is null',
  );
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    await server.administrator.call(record.erase, {
      params: { content: String(row['id']) as never }, // an id of ours, from a row
      body: { reason: 'all of it must go' },
    });
  }
  const after = await pagesOf(world);
  expect(server.errors).toEqual([]);
  for (const secret of secrets) {
    expect(after.filter((page) => page.includes(secret))).toEqual([]);
  }
});

/** What everybody who takes part is answered on every page there is. */
async function pagesOf({ server, insiders, ids }: World): Promise<readonly string[]> {
  const pages: string[] = [];
  // A stream does not end by itself.
  for (const operation of operations.filter((o) => o.method === 'GET' && o.stream !== true)) {
    for (const [role, party] of Object.entries(insiders)) {
      if (!operation.callers.some((caller) => caller === role)) continue;
      const path = fillPath(operation.path, ids);
      const answer = await server.send({ method: 'GET', path, key: party.key });
      const text = await answer.text();
      expect([operation.id, role, answer.status]).toEqual([
        operation.id,
        role,
        expect.toSatisfy((status: number) => status < 500),
      ]);
      // An advisory is public by decision and stays.
      if (!operation.id.startsWith('distribute.')) pages.push(text);
    }
  }
  return pages;
}
