import { coordinate, record } from '@breakwater/contract';
import { checkEntry, formatVerifierKey, parseDisclosure } from '@breakwater/log';
import { expect, test } from 'vitest';
import { logVerifierKeys } from '../../apps/server/src/platform/journal/log-keys.ts';
import { startTestServer } from '../../apps/server/test/harness.ts';
import {
  addRecipe,
  at,
  caseOf,
  eventually,
  expectHealthy,
  handIn,
  refusalOf,
  validated,
} from './story.ts';

test('whoever sees an act may take its proof away, and check it without the server', async () => {
  const server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const finder = await server.party('finder', 'Ada Lab');
  const owner = await server.party('owner');
  await addRecipe(coordinator);
  const caseId = caseOf(await handIn(finder, { title: 'Overflow' }));
  const params = { case: caseId };
  await validated(coordinator, caseId);
  await coordinator.client.call(coordinate.inviteOwner, { params, body: { party: owner.id } });
  await coordinator.client.call(coordinate.setEmbargo, {
    params,
    body: { endsAt: at('2026-04-01T00:00:00Z'), zone: 'UTC' },
  });
  const actsOf = async (who: typeof owner) =>
    (await who.client.call(record.timeline, { params })).items.map((entry) => entry.act);

  // REC-2, REC-4: each sees what its level reaches; nobody but coordinators who handed it in.
  const forOwners = [
    'coordinate.embargo-set',
    'coordinate.owner-invited',
    'validate.concluded',
    'validate.requested',
  ];
  expect((await actsOf(owner)).sort()).toEqual(forOwners);
  expect((await actsOf(coordinator)).sort()).toEqual(['correlate.opened', ...forOwners].sort());
  expect(await actsOf(finder)).toEqual(['coordinate.embargo-set']);
  const byOwner = JSON.stringify([
    await owner.client.call(record.timeline, { params }),
    await owner.client.call(coordinate.participants, { params }),
  ]);
  expect(byOwner).not.toContain('Ada Lab');
  expect(byOwner).not.toContain(finder.id);

  const all = await coordinator.client.call(record.timeline, { params });
  const entryOf = (act: string) => all.items.find((item) => item.act === act)?.entry;
  const opened = entryOf('correlate.opened');
  const embargo = entryOf('coordinate.embargo-set');
  if (opened === undefined || embargo === undefined) throw new Error('expected entries');
  const take = (who: typeof owner, entry: typeof opened) =>
    who.client.call(record.disclose, { params: { entry } });
  expect(await refusalOf(take(finder, embargo))).toBe('not-yet-signed');
  await server.services.sequencer.tick();
  expect(await refusalOf(take(owner, opened))).toBe('not-found');

  const disclosed = await take(finder, embargo);
  const file = new TextEncoder().encode(JSON.stringify(disclosed));
  const vkeys = logVerifierKeys(server.services.signer, server.services.logOrigin).map(
    formatVerifierKey,
  );
  await server[Symbol.asyncDispose]();

  // REC-3: from here on there is no server.
  expect(checkEntry(file, vkeys)).toMatchObject({ holds: true, findings: [] });
  expect(disclosed.content).toMatchObject({
    act: 'coordinate.embargo-set',
    data: { endsAt: '2026-04-01T00:00:00.000Z', zone: 'UTC' },
  });
  const forged = { ...disclosed, content: { ...disclosed.content, act: 'coordinate.said' } };
  expect(checkEntry(new TextEncoder().encode(JSON.stringify(forged)), vkeys).holds).toBe(false);
  expect(parseDisclosure(file).ok).toBe(true);
  expectHealthy(server);
});

test('work that failed for good is seen by a person, who has it tried again', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const finder = await server.party('finder');
  await addRecipe(coordinator);
  server.script.fault = 'the disk is full';
  const caseId = caseOf(await handIn(finder, { title: 'Overflow' }));
  const letters = () => coordinator.client.call(record.deadLetters);
  const letter = await eventually(async () => {
    await server.services.database.raw(
      "update pgboss.job set start_after = now() where state = 'retry'",
    );
    const { items } = await letters();
    expect(items).toHaveLength(1);
    return items[0];
  });
  expect(letter).toMatchObject({ job: 'validate.run', error: 'the disk is full' });
  expect(letter?.subject).toMatch(/^validation_/);

  server.script.fault = null;
  const again = () =>
    coordinator.client.call(record.replay, {
      params: { id: letter?.id ?? '' },
      idempotencyKey: 'try-it-again',
    });
  await again();
  await validated(coordinator, caseId);
  // The same request again is the same act, though the letter is gone.
  expect(await again()).toEqual({ id: letter?.id });
  expect((await letters()).items).toEqual([]);
  const other = coordinator.client.call(record.replay, { params: { id: letter?.id ?? '' } });
  expect(await refusalOf(other)).toBe('not-found');
  const { rows } = await server.services.database.raw(
    "select count(*) as n from journal.entry where act = 'record.replayed'",
  );
  expect(rows).toEqual([{ n: 1 }]);
});
