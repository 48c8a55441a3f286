import { distribute, verify, wishes } from '@breakwater/contract';
import { parseRecord } from '@breakwater/formats/interchange';
import { toBase64, utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { startTestServer } from '../../apps/server/test/harness.ts';
import { nothingWished } from '../../apps/server/test/wishing.ts';
import {
  addRecipe,
  advisory,
  caseOf,
  eventually,
  expectHealthy,
  handIn,
  validated,
} from './story.ts';

test('DCF-63 a verified fix goes out as a certificate once it is published, and not when its owner opted out', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  await addRecipe(coordinator);
  const caseId = caseOf(await handIn(await server.party('finder'), { title: 'Overflow' }));
  await validated(coordinator, caseId);
  const diff = toBase64(utf8('--- a/cJSON.c\n+++ b/cJSON.c\n@@ -1 +1 @@\n-a\n+b\n'));
  const params = { case: caseId };
  const body = { title: 'Check the length', diff };
  const { patch } = await coordinator.client.call(verify.propose, { params, body });
  await eventually(async () => {
    const { items } = await coordinator.client.call(verify.list, { params });
    expect(items[0]?.verification?.verdict).toBe('verified');
  });
  const given = async () =>
    (await coordinator.client.call(wishes.records, {})).items.map(({ record }) => {
      const parsed = parseRecord(record);
      if (!parsed.ok) throw new Error(parsed.refusal.got);
      return parsed.value;
    });
  expect(await given()).toEqual([]);
  const commit = 'ab'.repeat(20);
  const repository = 'https://github.com/davegamble/cjson';
  const { advisory: id } = await coordinator.client.call(distribute.publish, {
    params,
    body: {
      ...advisory,
      aliases: ['CVE-2026-1000'],
      references: [{ type: 'FIX', url: `https://github.com/DaveGamble/cJSON/commit/${commit}` }],
      patch,
    },
  });
  expect(await given()).toEqual([
    {
      kind: 'certificate',
      repository,
      advisory: 'CVE-2026-1000',
      advisoryUrl: `${server.services.site().url}/v1/advisories/${id}`,
      status: 'fixed',
      commit,
      auditedAt: server.clock.now(),
    },
  ]);
  await coordinator.client.call(wishes.stateWishes, {
    body: { ...nothingWished, target: repository, optOut: { words: null } },
  });
  expect((await given()).map(({ kind }) => kind)).toEqual(['optout']);
  expectHealthy(server);
});
