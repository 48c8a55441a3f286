import { distribute, verify } from '@breakwater/contract';
import { toBase64, utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { startTestServer } from '../../apps/server/test/harness.ts';
import {
  addRecipe,
  advisory,
  caseOf,
  eventually,
  expectHealthy,
  handIn,
  refusalOf,
  validated,
} from './story.ts';

const diff = '--- a/cJSON.c\n+++ b/cJSON.c\n@@ -1 +1 @@\n-a\n+b\n';

function packageList(version: string): string {
  return toBase64(utf8(`ii  libcjson1:amd64  ${version}  amd64  Ultralightweight JSON parser\n`));
}

test('who runs an affected version gets one card with the verified patch, and reports it done', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const finder = await server.party('finder');
  const clinic = await server.party('operator', 'Clinic');
  const bank = await server.party('operator', 'Bank');
  await addRecipe(coordinator);
  const caseId = caseOf(await handIn(finder, { title: 'Overflow' }));
  const params = { case: caseId };
  await validated(coordinator, caseId);

  const add = async (who: typeof clinic, name: string, version: string) =>
    await who.client.call(distribute.addInventory, {
      body: { name, file: packageList(version), debianRelease: '12' },
    });
  await add(clinic, 'reception desk', '1.7.15-1');
  await add(bank, 'teller', '1.7.18-3');

  // VER-2, law 3: a refused patch goes out with no advisory.
  const propose = async (title: string) =>
    await coordinator.client.call(verify.propose, {
      params,
      body: { title, diff: toBase64(utf8(diff)) },
    });
  const concluded = async (patch: string) =>
    await eventually(async () => {
      const { items } = await coordinator.client.call(verify.list, { params });
      const verdict = items.find((p) => p.id === patch)?.verification?.verdict;
      expect(verdict).toEqual(expect.any(String));
      return verdict;
    });
  server.script.patch = 'refused';
  const wrong = await propose('Looks right');
  expect(await concluded(wrong.patch)).toBe('refused');
  const publish = (patch: typeof wrong.patch) =>
    coordinator.client.call(distribute.publish, { params, body: { ...advisory, patch } });
  expect(await refusalOf(publish(wrong.patch))).toBe('patch-not-verified');
  server.script.patch = 'verified';
  const right = await propose('Checks the length');
  expect(await concluded(right.patch)).toBe('verified');
  await publish(right.patch);

  const notice = await eventually(async () => {
    const { items } = await clinic.client.call(distribute.listNotices);
    expect(items).toHaveLength(1);
    return items[0];
  });
  expect(notice?.card).toMatchObject({
    headline: 'Update libcjson1 on reception desk',
    patch: { id: right.patch },
    where: [{ component: 'libcjson1', version: '1.7.15-1', fixed: '1.7.18-1' }],
  });
  expect(notice?.card.steps.map((s) => s.command)).toContain(
    'sudo apt-get install --only-upgrade libcjson1',
  );
  // The card carries the fix itself: whoever gets it can download the patch.
  const file = await clinic.client.download(verify.file, { params: { patch: right.patch } });
  expect(new TextDecoder().decode(file)).toBe(diff);

  // A later inventory is matched against what is published already.
  await add(bank, 'vault', '1.7.15-1');
  await eventually(async () => {
    const { items } = await bank.client.call(distribute.listNotices);
    expect(items.map((n) => n.inventory.name)).toEqual(['vault']);
  });

  const id = notice?.id;
  if (id === undefined) throw new Error('expected a notice');
  const receipt = (outcome: 'done' | 'helper', who = clinic) =>
    who.client.call(distribute.receipt, { params: { notice: id }, body: { outcome } });
  expect(await refusalOf(receipt('done', bank))).toBe('not-found');
  await receipt('helper');
  await receipt('done');
  expect(await refusalOf(receipt('done'))).toBe('already-receipted');
  const exposure = await coordinator.client.call(distribute.exposure, { params });
  expect(exposure).toMatchObject({ inventories: 3, affected: 2, done: 1, helper: 0 });
  expectHealthy(server);
});
