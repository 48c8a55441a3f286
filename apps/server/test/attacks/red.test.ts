import {
  collect,
  coordinate,
  correlate,
  owner,
  record,
  validate,
  verify,
} from '@breakwater/contract';
import type { Id, Tlp } from '@breakwater/kernel';
import { toBase64, utf8 } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from '../harness.ts';
import { type Script, scriptedProving } from '../proving.ts';
import { idle, later, until } from '../world.ts';

const script: Script = { validation: 'reproduced', patch: 'verified', fault: null };
const scripted = scriptedProving(script);

let server: TestServer;
let coordinator: TestParty;
let finder: TestParty;
beforeAll(async () => {
  server = await startTestServer({
    proving: {
      ...scripted,
      /** With reasons that name the proofs, as the real judgement does. */
      async verify(wish) {
        const result = await scripted.verify(wish);
        if (!result.ok) return result;
        const reasons = wish.proofs.map(({ name }) => ({
          code: 'proof-still-fires' as const,
          text: `${name} on the patched build: fired in secret_function`,
        }));
        const judgement = { ...result.value.judgement, reasons };
        return { ok: true, value: { ...result.value, judgement } };
      },
    },
  });
  coordinator = await server.party('coordinator');
  finder = await server.party('finder');
  const recipe = toBase64(utf8(JSON.stringify({ package: 'pkg:deb/debian/cjson' })));
  await coordinator.client.call(validate.addRecipe, {
    body: { name: 'cjson', files: { 'recipe.json': recipe } },
  });
});
afterAll(async () => await server[Symbol.asyncDispose]());

async function handIn(by: TestParty, given: { marking: Tlp; title: string; cve: string }) {
  const { marking, title, cve } = given;
  const sent = await by.client.call(collect.submit, {
    body: {
      kind: 'native',
      package: 'pkg:deb/debian/cjson',
      version: '1.7.15-1',
      recipe: 'cjson',
      title,
      marking,
      description: 'Told at length',
      identifiers: [cve],
      proof: toBase64(utf8(title)),
    },
  });
  if (sent.case === null) throw new Error('expected a case');
  return { case: sent.case, finding: sent.finding };
}

const diff = toBase64(utf8('--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n'));

test('VIS-4 an owner learns of a RED proof by no door that tells how its patch fared', async () => {
  const maintainer = await server.party('owner');
  const cve = 'CVE-2026-7001';
  const seen = await handIn(finder, { marking: 'AMBER', title: 'For the owner', cve });
  const params = { case: seen.case };
  await until(async () => {
    const { stage } = await coordinator.client.call(coordinate.get, { params });
    expect(stage).toBe('reproduced');
  });
  await coordinator.client.call(coordinate.inviteOwner, { params, body: { party: maintainer.id } });
  const other = await server.party('finder');
  const red = await handIn(other, { marking: 'RED', title: 'For nobody else', cve });
  expect(red.case).toBe(seen.case);
  await idle(server);
  await maintainer.client.call(verify.propose, { params, body: { title: 'Fix', diff } });
  await idle(server);
  // One batch takes sixteen entries, and there are more.
  for (let batches = 0; batches < 4; batches++) {
    await server.services.sequencer.tick();
    server.clock.set(later(server.clock, 86_400_000));
  }

  const { items } = await maintainer.client.call(verify.list, { params });
  expect(items[0]?.verification?.matrix.map((row) => row.finding)).toEqual([seen.finding]);
  const told = [JSON.stringify(items)];
  const reached = new Set<string>();
  const { items: acts } = await maintainer.client.call(record.timeline, { params });
  expect(acts.map((each) => each.act)).toContain('verify.concluded');
  for (const { entry } of acts) {
    const disclosed = await maintainer.client.call(record.disclose, {
      params: { entry: entry as Id<'entry'> },
    });
    told.push(JSON.stringify(disclosed.content));
  }
  for (const id of told.join('\n').match(/(?:content|attestation)_[0-9a-z]{26}/g) ?? []) {
    const kind = id.startsWith('content') ? 'contents' : 'attestations';
    const path = `/v1/${kind}/${id}`;
    const answer = await server.send({ method: 'GET', path, key: maintainer.key });
    if (answer.status === 200) reached.add(await answer.text());
  }
  const everything = [...told, ...reached].join('\n');
  const decoded = everything.replace(/"payload":\s*"([^"]+)"/g, (_, payload: string) =>
    Buffer.from(payload, 'base64').toString(),
  );
  expect(decoded).not.toContain(red.finding);
  expect(decoded).not.toContain('For nobody else');
  const secret = await coordinator.client.call(collect.get, { params: { finding: red.finding } });
  for (const { sha256 } of secret.contents) expect(decoded).not.toContain(sha256);
  expect(decoded).not.toContain('"proofs":2');
  // The coordinator still has all of it.
  const whole = await coordinator.client.call(verify.list, { params });
  const attestation = whole.items[0]?.verification?.attestation;
  expect(whole.items[0]?.verification?.matrix).toHaveLength(2);
  const path = `/v1/attestations/${attestation}`;
  expect((await server.send({ method: 'GET', path, key: coordinator.key })).status).toBe(200);
  expect(server.errors).toEqual([]);
});

test('VIS-4 a queue brings no owner into a case that is RED by the time its turn comes', async () => {
  const maintainer = await server.party('owner');
  const pause = { until: null, zone: null };
  const pace = { capacityPerWeek: null, urgent: false };
  await maintainer.client.call(owner.setPace, { body: { ...pace, pause } });
  const red = await handIn(finder, { marking: 'RED', title: 'Red title', cve: 'CVE-2026-7002' });
  const open = await handIn(finder, { marking: 'AMBER', title: 'Plain', cve: 'CVE-2026-7003' });
  await idle(server);
  const params = { case: open.case };
  const invited = await coordinator.client.call(coordinate.inviteOwner, {
    params,
    body: { party: maintainer.id, reason: 'it should know' },
  });
  expect(invited.outcome).toBe('waits');
  await coordinator.client.call(correlate.merge, {
    params,
    body: { into: red.case, reason: 'one defect' },
  });
  await maintainer.client.call(owner.setPace, { body: { ...pace, pause: null } });
  await idle(server);
  const inbox = await maintainer.client.call(owner.inbox);
  expect(inbox.items).toEqual([]);
  const answer = await server.send({
    method: 'GET',
    path: `/v1/cases/${red.case}`,
    key: maintainer.key,
  });
  expect(answer.status).toBe(404);
  expect(server.errors).toEqual([]);
});

test('VIS-4 an owner reads of no finding it sees that it joined a RED one', async () => {
  const maintainer = await server.party('owner');
  const cve = 'CVE-2026-7004';
  const red = await handIn(finder, { marking: 'RED', title: 'Came first', cve });
  const other = await server.party('finder');
  const seen = await handIn(other, { marking: 'AMBER', title: 'Came second', cve });
  const params = { case: seen.case };
  const { join } = await coordinator.client.call(correlate.split, {
    params,
    body: { findings: [red.finding], reason: 'so that the owner can be asked' },
  });
  const body = { party: maintainer.id, reason: 'it should know' };
  await coordinator.client.call(coordinate.inviteOwner, { params, body });
  await coordinator.client.call(correlate.undo, { params: { join }, body: { reason: 'one bug' } });
  const { members } = await maintainer.client.call(correlate.findings, { params });
  expect(members).toMatchObject([{ finding: { id: seen.finding }, by: 'opened', evidence: [] }]);
  const whole = await coordinator.client.call(correlate.findings, { params });
  expect(whole.members.map(({ by }) => by).toSorted()).toEqual(['exact-identity', 'undo']);
});

test('VIS-4 once a RED finding is split off, what stays is called by what the owner may see', async () => {
  const maintainer = await server.party('owner');
  const cve = 'CVE-2026-7005';
  const red = await handIn(finder, { marking: 'RED', title: 'Named by the RED one', cve });
  const other = await server.party('finder');
  const seen = await handIn(other, { marking: 'AMBER', title: 'Named by the other', cve });
  expect(seen.case).toBe(red.case);
  const params = { case: red.case };
  const titleFor = async (who: TestParty, id: Id<'case'>) =>
    (await who.client.call(coordinate.get, { params: { case: id } })).title;
  expect(await titleFor(coordinator, red.case)).toBe('Named by the RED one');
  const split = await coordinator.client.call(correlate.split, {
    params,
    body: { findings: [red.finding], reason: 'so that the owner can be asked' },
  });
  if (split.case === null) throw new Error('expected a new case');
  expect(await titleFor(coordinator, split.case)).toBe('Named by the RED one');
  const body = { party: maintainer.id, reason: 'it should know' };
  await coordinator.client.call(coordinate.inviteOwner, { params, body });
  expect(await titleFor(maintainer, red.case)).toBe('Named by the other');
  const told = [
    await maintainer.client.call(coordinate.list, { query: {} }),
    await maintainer.client.call(owner.inbox),
    await maintainer.client.call(record.timeline, { params }),
    await maintainer.client.call(correlate.findings, { params }),
  ];
  expect(JSON.stringify(told)).not.toContain('Named by the RED one');
  expect(JSON.stringify(told)).not.toContain(red.finding);
});
