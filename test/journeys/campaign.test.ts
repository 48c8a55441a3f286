import { collect, discover } from '@breakwater/contract';
import { readCrash } from '@breakwater/correlation';
import { digestOf, ok, utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { startTestServer } from '../../apps/server/test/harness.ts';
import { scriptedProving } from '../../apps/server/test/proving.ts';
import { addRecipe, eventually, expectHealthy, refusalOf, validated } from './story.ts';

const report = `==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000011 at pc 0x1
READ of size 1 at 0x602000000011 thread T0
    #0 0x1 in parse_string /src/cJSON.c:786:10
    #1 0x2 in parse_value /src/cJSON.c:1300:5
`;

test('DSC-2 what a campaign finds is handed in like a reporter would, once however often it runs', async () => {
  const scripted = scriptedProving({ validation: 'reproduced', patch: 'verified', fault: null });
  const crash = readCrash(report);
  if (!crash.ok) throw new Error(crash.refusal.got);
  const bytes = utf8('the input');
  const campaign = {
    kind: 'campaign' as const,
    recipe: {
      digest: digestOf(bytes),
      title: 't',
      package: 'pkg:deb/debian/cjson',
      identifiers: [],
    },
    version: '1.7.15-1',
    outcome: 'found' as const,
    reason: 'a crash was found',
    found: [{ name: 'crash-1', digest: digestOf(bytes), bytes }],
    crash: crash.value,
    signature: 'heap-buffer-overflow in parse_string',
    output: { digest: digestOf(bytes), bytes: report.length, truncated: false, text: report },
    report,
    build: null,
    failure: null,
    ending: null,
    wallMs: 1,
    executions: 4_321,
    sandbox: scripted.capabilities,
  };
  await using server = await startTestServer({
    proving: { ...scripted, fuzz: async () => ok(campaign) },
  });
  const coordinator = await server.party('coordinator');
  const finder = await server.party('finder');
  await addRecipe(coordinator);
  const start = (name: string) =>
    coordinator.client.call(discover.start, { body: { recipe: name, seconds: 10 } });
  expect(await refusalOf(start('none'))).toBe('recipe-unknown');
  const { campaign: id } = await start('cjson');
  const ended = await eventually(async () => {
    const now = await coordinator.client.call(discover.get, { params: { campaign: id } });
    expect(now.status).toBe('finished');
    return now;
  });
  expect(ended).toMatchObject({ executions: 4_321, crashes: 1, detail: 'a crash was found' });
  const [finding] = (await coordinator.client.call(collect.list)).items;
  expect(ended.findings).toEqual([finding?.id]);
  expect(finding).toMatchObject({ kind: 'crash', reporter: { id: coordinator.id } });
  if (!finding?.case) throw new Error('expected a case');
  await validated(coordinator, finding.case);

  // A reporter who finds the same joins its case, and sees nothing of the campaign.
  const same = await finder.client.call(collect.submit, {
    body: {
      kind: 'crash',
      package: 'pkg:deb/debian/cjson',
      version: '1.7.15-1',
      title: 'mine',
      marking: 'AMBER',
      report,
      input: 'AA==',
    },
  });
  expect([same.case, same.standing, same.joinedBy]).toEqual([
    finding.case,
    'joined',
    ['crash-signature'],
  ]);

  // DSC-3: the server died between handing in and noting the end, and the work is delivered again.
  await server.services.database.raw(
    "update discover.campaign set ended_at = null, status = 'running', findings = '{}'",
  );
  await server.services.database.raw(
    "update pgboss.job set state = 'created', started_on = null, completed_on = null where name = 'discover.run'",
  );
  await eventually(async () => {
    const { rows } = await server.services.database.raw(
      "select count(*) as n from pgboss.job where state <> 'completed'",
    );
    expect(rows).toEqual([{ n: 0 }]);
  });
  expect((await coordinator.client.call(collect.list)).items).toHaveLength(2);
  expectHealthy(server);
});
