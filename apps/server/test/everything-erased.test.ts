import { fillPath, operations, record } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { openWorld } from './world.ts';

test('when every piece of content was erased, every page still answers and shows none of it', async () => {
  await using world = await openWorld();
  const { server, insiders, ids } = world;
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
  const answers: string[] = [];
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
      if (!operation.id.startsWith('distribute.')) answers.push(text);
    }
  }
  expect(server.errors).toEqual([]);
  for (const secret of [
    'Overflow',
    'Told at length',
    'Thank you',
    'proof of',
    'A finder',
    '+b\n',
  ]) {
    expect(answers.filter((text) => text.includes(secret))).toEqual([]);
  }
});
