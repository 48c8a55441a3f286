import { coordinate, directory, record } from '@breakwater/contract';
import { fromUtf8 } from '@breakwater/kernel';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SignedIn } from '../../../test/harness.ts';
import { idle, openWorld, type World } from '../../../test/world.ts';

let world: World;
const people = new Map<string, SignedIn>();
beforeAll(async () => {
  world = await openWorld();
  for (const [role, party] of Object.entries(world.insiders)) {
    people.set(role, await world.server.signIn(party, `A person of the ${role}`));
  }
});
afterAll(async () => await world[Symbol.asyncDispose]());

function person(role: string): SignedIn {
  const found = people.get(role);
  if (found === undefined) throw new Error(`nobody signed in for the ${role}`);
  return found;
}

const refused = (code: string) => ({ problem: { code } });
const open = (zip: Uint8Array) => {
  const files = unzipSync(zip);
  return {
    names: Object.keys(files).toSorted(),
    text: (name: string) => fromUtf8(files[name] ?? new Uint8Array()),
  };
};
/** Paths with what is random in them taken out. */
const forms = (names: readonly string[]) => [
  ...new Set(names.map((name) => name.replace(/_[0-9a-hjkmnp-tv-z]{26}/g, '')).toSorted()),
];

async function leave(role: string, confirm: string) {
  const left = await person(role).client.call(directory.leave, { body: { confirm } });
  await idle(world.server);
  return left;
}

const fetchExport = (token: string) =>
  world.server.send({
    method: 'POST',
    path: '/v1/export/fetch',
    body: JSON.stringify({ token }),
  });

describe('DIR-30 the export of a party', () => {
  test('holds what a finder handed in, byte for byte', async () => {
    const { names, text } = open(await person('finder').client.download(directory.exportOwn));
    expect(forms(names)).toEqual([
      'README.txt',
      'cases/case/case.json',
      'cases/case/timeline.json',
      'contents/content/facts.json',
      'contents/content/proof.bin',
      'contents/content/submission.json',
      'contents/content/title.txt',
      'credit.json',
      'findings/finding.json',
      'members.json',
      'party.json',
    ]);
    const submission = names.find((name) => name.endsWith('submission.json')) ?? '';
    expect(text(submission)).toContain('Told at length');
    expect(text(names.find((name) => name.endsWith('proof.bin')) ?? '')).toBe('proof');
    expect(JSON.parse(text(`findings/${world.ids['finding']}.json`))).toMatchObject({
      title: 'Overflow',
      identifiers: ['CVE-2026-1000'],
    });
  });

  test('holds what an owner wrote and proposed, and not who reported', async () => {
    const { names, text } = open(await person('owner').client.download(directory.exportOwn));
    expect(forms(names)).toEqual(expect.arrayContaining(['patches/patch.diff', 'log/entry.json']));
    const messages = JSON.parse(text(`cases/${world.ids['case']}/messages.json`));
    expect(messages).toMatchObject([{ text: 'Thank you' }]);
    expect(names.map(text).join('')).not.toContain(world.insiders.finder.id);
  });

  test("holds an operator's inventory as it was uploaded, and its notices", async () => {
    const { names, text } = open(await person('operator').client.download(directory.exportOwn));
    const { inventory, notice } = world.ids;
    expect(text(`contents/${inventory}/inventory`)).toContain('1.7.15-1  amd64  JSON');
    expect(names).toContain(`notices/${notice}.json`);
  });

  test('holds what an evaluator sealed, and the runs it brought', async () => {
    const { names, text } = open(await person('evaluator').client.download(directory.exportOwn));
    expect(forms(names)).toEqual([
      'README.txt',
      'determinations/determination.json',
      'grants/grant-uses.json',
      'grants/grant.json',
      'members.json',
      'party.json',
      'runs/run-samples.json',
      'runs/run.json',
      'suites/suite.json',
      'suites/suite/item.json',
      'windows/window.json',
    ]);
    const run = JSON.parse(text(`runs/${world.ids['run']}.json`));
    expect(run).toMatchObject({ state: 'taken-in', figures: { samples: 4 } });
  });

  test("of a coordinator leaves out what is the clearinghouse's", async () => {
    const { names } = open(await person('coordinator').client.download(directory.exportOwn));
    expect(forms(names)).toEqual(['README.txt', 'credit.json', 'members.json', 'party.json']);
  });

  test('is for members who manage, not for keys', async () => {
    await expect(world.insiders.finder.client.download(directory.exportOwn)).rejects.toMatchObject(
      refused('managing-member-needed'),
    );
  });
});

describe('DIR-31 leaving is one act', () => {
  test('that must be meant, and the last coordinator cannot', async () => {
    await expect(leave('owner', 'another name')).rejects.toMatchObject(
      refused('confirmation-differs'),
    );
    const { administrator } = world.server;
    const { items } = await administrator.call(directory.listParties);
    expect(items.some((party) => party.id === world.insiders.owner.id)).toBe(true);
    expect((await person('owner').fetch('/v1/me')).status).toBe(200);
  });

  test('that cuts off everybody and gives the cases of an owner back', async () => {
    const { owner, coordinator } = world.insiders;
    const params = { case: world.ids['case'] as never }; // an id of the world
    const invited = await person('owner').client.call(directory.invite, {
      body: { manages: false },
    });
    const { exportToken } = await leave('owner', 'A owner');
    expect((await person('owner').fetch('/v1/me')).status).toBe(401);
    expect(
      (await world.server.send({ method: 'GET', path: '/v1/me', key: owner.key })).status,
    ).toBe(401);
    await expect(world.server.redeem(invited.link, { name: 'Too late' })).rejects.toMatchObject(
      refused('link-not-valid'),
    );
    const { items } = await coordinator.client.call(coordinate.participants, { params });
    expect(items.map((p) => p.as)).not.toContain('owner');
    const timeline = await coordinator.client.call(record.timeline, { params });
    expect(timeline.items.map((entry) => entry.act)).toContain('coordinate.owner-left');
    const { rows } = await world.server.services.database.raw(
      `select party from platform.visibility where party = '${owner.id}' and subject like 'case_%'`,
    );
    expect(rows).toEqual([]);

    const [first, second] = await Promise.all([fetchExport(exportToken), fetchExport(exportToken)]);
    const good = [first, second].filter((answer) => answer.status === 200);
    expect(good).toHaveLength(1);
    const zip = new Uint8Array((await good[0]?.arrayBuffer()) ?? new ArrayBuffer());
    expect(open(zip).text(`cases/${world.ids['case']}/messages.json`)).toContain('Thank you');
    const again = await fetchExport(exportToken);
    const never = await fetchExport('A'.repeat(43));
    expect([again.status, await again.text()]).toEqual([never.status, await never.text()]);
    expect(again.status).toBe(403);
  });

  test('that a coordinator may do while another stays', async () => {
    const { coordinator } = world.insiders;
    await leave('coordinator', 'A coordinator');
    const key = coordinator.key;
    expect((await world.server.send({ method: 'GET', path: '/v1/me', key })).status).toBe(401);
    const last = await world.server.signIn(world.strangers.coordinator);
    await expect(
      last.client.call(directory.leave, { body: { confirm: 'Stranger' } }),
    ).rejects.toMatchObject(refused('last-coordinator'));
    expect((await last.fetch('/v1/me')).status).toBe(200);
  });

  test('nothing of all this was logged as a fault of ours', () => {
    expect(world.server.errors).toEqual([]);
  });
});
