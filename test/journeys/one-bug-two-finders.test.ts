import { collect, coordinate, correlate, distribute, record, verify } from '@breakwater/contract';
import { toBase64, utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { startTestServer } from '../../apps/server/test/harness.ts';
import { addRecipe, at, caseOf, expectHealthy, handIn, validated } from './story.ts';

test('two finders report one bug: one case, both credited, neither sees the other', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const ada = await server.party('finder', 'Ada Lab');
  const bo = await server.party('finder', 'Bo Lab');
  await addRecipe(coordinator);

  const first = await handIn(ada, { title: 'Heap overflow read by Ada' });
  server.clock.set(at('2026-03-02T09:30:00Z'));
  const second = await handIn(bo, { title: 'Out of bounds read by Bo' });
  expect([first.standing, second.standing]).toEqual(['new', 'joined']);
  expect(second.case).toBe(first.case);
  expect(second.joinedBy).toEqual(['location-and-weakness']);
  const caseId = caseOf(first);
  await validated(coordinator, caseId, 2);

  // COO-5, law 9: each sees the case as if its own finding were the only one.
  const seen = async (who: typeof ada) => {
    const { client } = who;
    const one = await client.call(coordinate.get, { params: { case: caseId } });
    const list = await client.call(coordinate.list);
    const members = await client.call(correlate.findings, { params: { case: caseId } });
    const findings = await client.call(collect.list);
    const parties = await client.call(coordinate.participants, { params: { case: caseId } });
    const acts = await client.call(record.timeline, { params: { case: caseId } });
    return { one, list: list.items, members, findings: findings.items, parties, acts };
  };
  const byAda = await seen(ada);
  const byBo = await seen(bo);
  expect(byAda.one).toMatchObject({
    title: 'Heap overflow read by Ada',
    openedAt: '2026-03-01T08:00:00.000Z',
    findings: null,
    level: 'summary',
    stage: 'reproduced',
  });
  expect(byBo.one).toMatchObject({
    title: 'Out of bounds read by Bo',
    openedAt: '2026-03-02T09:30:00.000Z',
    findings: null,
  });
  for (const [mine, other, view] of [
    ['Ada', 'Bo', byAda],
    ['Bo', 'Ada', byBo],
  ] as const) {
    const text = JSON.stringify(view);
    expect(text).toContain(mine);
    expect(text).not.toContain(`by ${other}`);
    expect(text).not.toContain(`${other} Lab`);
    expect(view.members.members).toHaveLength(1);
    expect(view.members.joins).toEqual([]);
    expect(view.findings).toHaveLength(1);
    expect(view.parties.items.map((p) => p.as)).toEqual(['finder']);
    expect(view.acts.items).toEqual([]);
  }

  // VER-4: who proposes a patch learns its verdict, not how many proofs there are.
  const diff = '--- a/cJSON.c\n+++ b/cJSON.c\n@@ -1 +1 @@\n-a\n+b\n';
  await ada.client.call(verify.propose, {
    params: { case: caseId },
    body: { title: 'Check the length', diff: toBase64(utf8(diff)) },
  });
  const patches = await ada.client.call(verify.list, { params: { case: caseId } });
  expect(patches.items[0]?.verification?.matrix).toEqual([]);

  const { advisory } = await coordinator.client.call(distribute.publish, {
    params: { case: caseId },
    body: {
      summary: 'Out-of-bounds read in cJSON',
      details: 'A crafted document reads past its end.',
      affected: [
        {
          ecosystem: 'Debian:12',
          package: 'cjson',
          introduced: '0',
          fixed: '1.7.18-1',
          binaries: [],
        },
      ],
      aliases: [],
      references: [],
      creditFinders: true,
    },
  });
  const osv = new TextDecoder().decode(
    await ada.client.download(distribute.advisory, { params: { advisory } }),
  );
  expect(JSON.parse(osv).credits).toEqual([
    { name: 'Ada Lab', type: 'FINDER' },
    { name: 'Bo Lab', type: 'FINDER' },
  ]);

  const third = await handIn(await server.party('finder', 'Cy'), { title: 'The same again' });
  expect([third.standing, third.advisory]).toEqual(['known-fixed', advisory]);
  expectHealthy(server);
});
