import { engage, terms, termsKinds } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holds } from './accessing.ts';
import { signed } from './designating.ts';
import { digestOfText, openEngagement } from './engaging.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { codeOf } from './refusals.ts';
import { idle, later } from './world.ts';

let server: TestServer;
let lab: TestParty;
let liaison: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  lab = await server.party('developer', 'Lab');
  liaison = await server.party('liaison', 'Liaison office');
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const open = (more: Readonly<Record<string, unknown>> = {}) =>
  openEngagement(lab, { government: liaison.id, ...more });

async function sign(by: TestParty, engagement: Id<'engagement'>, id: Id<'terms'>, text: string) {
  return await by.client.call(terms.sign, {
    params: { engagement, terms: id },
    body: { name: 'Sam Doe', title: 'Counsel', digest: digestOfText(text) },
  });
}

test('ENG-9 versions, redlines and two signatures, each by the digest of what was read', async () => {
  const { engagement } = await open();
  const params = { engagement };
  const propose = async (by: TestParty, text: string) =>
    await by.client.call(terms.propose, { params, body: { kind: 'use', text } });
  const [one, two] = ['Use it for defense alone.', 'Use it for defense and research alone.'];
  const first = await propose(liaison, one);
  expect([first.version, first.digest]).toEqual([1, digestOfText(one)]);
  expect(await codeOf(propose(lab, one))).toBe('same-text');
  expect(await codeOf(sign(liaison, engagement, first.terms, two))).toBe('digest-differs');
  expect(await sign(liaison, engagement, first.terms, one)).toMatchObject({ inForce: false });
  expect(await codeOf(sign(liaison, engagement, first.terms, one))).toBe('already-signed');
  const second = await propose(lab, two);
  expect(second.version).toBe(2);
  expect(await codeOf(sign(lab, engagement, first.terms, one))).toBe('terms-superseded');
  const at = { engagement, terms: second.terms };
  expect(await liaison.client.call(terms.redline, { params: at })).toEqual({
    from: first.terms,
    to: second.terms,
    parts: [
      { change: 'same', text: 'Use it for defense ' },
      { change: 'added', text: 'and research ' },
      { change: 'same', text: 'alone.' },
    ],
  });
  await sign(lab, engagement, second.terms, two);
  expect(await sign(liaison, engagement, second.terms, two)).toMatchObject({ inForce: true });
  const third = await propose(liaison, one);
  const { items } = await lab.client.call(terms.list, { params });
  expect(
    items.map(({ id, version, inForce, signatures, supersededAt }) => [
      id,
      version,
      inForce,
      signatures.map(({ side, name, title }) => [side, name, title].join(' ')),
      supersededAt !== null,
    ]),
  ).toEqual([
    [third.terms, 3, false, [], false],
    [second.terms, 2, true, ['developer Sam Doe Counsel', 'government Sam Doe Counsel'], false],
    [first.terms, 1, false, ['government Sam Doe Counsel'], true],
  ]);
  const read = await lab.client.call(terms.get, { params: { engagement, terms: first.terms } });
  expect(read.text).toBe(one);
  const official = await server.party('official', 'Reader of terms');
  await lab.client.call(engage.alterSharing, {
    params,
    body: { seers: [{ party: official.id, level: 'detail' }] },
  });
  expect((await official.client.call(terms.get, { params: at })).text).toBe(two);
  const second2 = await server.party('liaison', 'Another office');
  await lab.client.call(engage.alterSharing, {
    params,
    body: { seers: [{ party: second2.id, level: 'detail' }] },
  });
  expect(await codeOf(sign(second2, engagement, third.terms, one))).toBe('neither-side');
  const other = await open();
  const elsewhere = { engagement: other.engagement, terms: second.terms };
  expect(await codeOf(lab.client.call(terms.get, { params: elsewhere }))).toBe('not-found');
});

test('ENG-9 what was proposed and signed stands in the log, and a foreign eye can check it', async () => {
  const { engagement } = await open();
  const params = { engagement };
  const text = 'Nothing is told to others.';
  server.clock.set(later(server.clock, 1_000));
  const { terms: id } = await liaison.client.call(terms.propose, {
    params,
    body: { kind: 'nondisclosure', text },
  });
  server.clock.set(later(server.clock, 1_000));
  await sign(lab, engagement, id, text);
  await signed(server);
  const { items } = await lab.client.call(engage.acts, { params });
  expect(items.map(({ act }) => act)).toEqual([
    'engage.opened',
    'engage.terms-proposed',
    'engage.terms-signed',
  ]);
  const entry = items[2]?.entry ?? expect.fail();
  const proof = await liaison.client.call(engage.actProof, { params: { engagement, entry } });
  expect(holds(server, proof)).toBe(true);
  expect(proof.content).toMatchObject({
    actor: lab.id,
    data: { terms: id, side: 'developer', digest: digestOfText(text) },
  });
  expect(JSON.stringify(proof.content)).not.toContain('Sam Doe');
  const elsewhere = await open();
  const wrong = { engagement: elsewhere.engagement, entry };
  expect(await codeOf(lab.client.call(engage.actProof, { params: wrong }))).toBe('not-found');
});

test('ENG-11 the page says what each side owes', async () => {
  const { engagement } = await open({ wants: 'early-access' });
  const params = { engagement };
  const owed = async () => {
    const { owed: each } = await lab.client.call(engage.get, { params });
    return each.map(({ what, side, kind }) => [what, side, kind].join(' '));
  };
  expect(await owed()).toEqual([
    'state-dates developer ',
    ...termsKinds.map((kind) => `propose-terms government ${kind}`),
  ]);
  const body = { kind: 'confidentiality' as const, text: 'Keep it.' };
  const { terms: id } = await lab.client.call(terms.propose, { params, body });
  await sign(lab, engagement, id, body.text);
  expect((await owed())[1]).toBe('sign-terms government confidentiality');
});

test('ENG-12 who left erases what it wrote; terms and signatures stay', async () => {
  const { engagement } = await open({ codename: 'Gone', hosting: 'Here' });
  const params = { engagement };
  const text = 'Kept for both.';
  const { terms: id } = await lab.client.call(terms.propose, {
    params,
    body: { kind: 'agreement', text },
  });
  await sign(lab, engagement, id, text);
  expect(await codeOf(lab.client.call(engage.erase, { params, body: {} }))).toBe('not-left');
  await lab.client.call(engage.leave, { params, body: {} });
  expect(await lab.client.call(engage.erase, { params, body: {} })).toEqual({
    engagement,
    erased: 2,
  });
  await idle(server);
  const view = await lab.client.call(engage.get, { params });
  expect([view.codename, view.hosting]).toEqual([null, null]);
  const kept = await liaison.client.call(terms.get, { params: { engagement, terms: id } });
  expect([kept.text, kept.signatures[0]?.name]).toEqual([text, 'Sam Doe']);
});
