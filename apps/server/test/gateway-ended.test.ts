import { directory, earlyAccess, engage, gateway, partners } from '@breakwater/contract';
import { addMilliseconds, type Id } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../src/platform/clock/clock.ts';
import { engageModel, openWindow, signTerms } from './accessing.ts';
import type { SignedIn, TestParty, TestServer } from './harness.ts';
import { type KeyWorld, openKeyWorld } from './key-world.ts';
import { allotmentBody, giveOut, issueTo, partnerIn } from './keying.ts';
import { tierBody } from './partnering.ts';
import { codeOf } from './refusals.ts';

// What keeps a key from opening anything: a cut-off, the end of what it stands on, its own hour.
let world: KeyWorld;
let server: TestServer;
let developer: TestParty;
let liaison: TestParty;
let agency: TestParty;
let person: SignedIn;
beforeAll(async () => {
  world = await openKeyWorld();
  ({ server, developer, liaison, agency, person } = world);
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await world[Symbol.asyncDispose]();
});

const admit: KeyWorld['admit'] = (...given) => world.admit(...given);
const keyOf: KeyWorld['keyOf'] = (...given) => world.keyOf(...given);
const opened: KeyWorld['opened'] = (...given) => world.opened(...given);
const changesOf: KeyWorld['changesOf'] = (...given) => world.changesOf(...given);

test('GAT-10 one act cuts off a key, person, party, window or model, and taking it back undoes it', async () => {
  const { engaged, window, grant } = await opened();
  const { key, secret } = await issueTo(person, grant);
  const subjects = [
    [key, `key ${key}`],
    [person.member, `holder ${person.member}`],
    [agency.id, `party ${agency.id}`],
    [window, `window ${window}`],
    [engaged.model, `model ${engaged.model}`],
  ] as const;
  for (const [of, told] of subjects) {
    const body = { of, reason: 'somebody else holds the key' };
    const cuts: Id<'cut'>[] = [];
    const changes = await changesOf(async () => {
      cuts.push((await developer.client.call(gateway.cut, { body })).cut);
    });
    expect(changes).toEqual([told]);
    expect(await admit(secret)).toBeNull();
    expect(await keyOf(key)).toMatchObject({
      active: false,
      missing: ['cut-off'],
      cuts: [{ of, by: { id: developer.id }, reason: 'somebody else holds the key' }],
    });
    expect(await codeOf(developer.client.call(gateway.cut, { body }))).toBe('already-cut');
    const params = { cut: cuts[0] ?? newId('cut') };
    expect(await codeOf(agency.client.call(gateway.lift, { params, body: {} }))).toBe('not-found');
    expect(
      await changesOf(() => developer.client.call(gateway.lift, { params, body: {} })),
    ).toEqual([told]);
    expect(await admit(secret)).not.toBeNull();
    expect(await codeOf(developer.client.call(gateway.lift, { params, body: {} }))).toBe(
      'already-lifted',
    );
  }
  // A party cuts off its own, and nothing beyond its own.
  for (const of of [window, engaged.model, developer.id]) {
    const body = { of, reason: 'we do not trust it' };
    expect(await codeOf(agency.client.call(gateway.cut, { body }))).toBe('not-found');
  }
  const body = { of: person.member, reason: 'the laptop is gone' };
  await agency.client.call(gateway.cut, { body });
  expect(await admit(secret)).toBeNull();
  const own = await agency.client.call(gateway.cuts);
  expect(own.items.map(({ of }) => of)).toEqual([person.member]);
  const { cut } = { cut: own.items[0]?.id ?? newId('cut') };
  await agency.client.call(gateway.lift, { params: { cut }, body: {} });
  const listed = await developer.client.call(gateway.cuts, { query: { limit: 2 } });
  expect(listed.items).toHaveLength(2);
  expect(listed.next).not.toBeNull();
});

test('GAT-9 what ends a grant ends its keys in the same act, and every process is told', async () => {
  const { engaged, window, grant } = await opened();
  const { key, secret } = await issueTo(person, grant);
  const params = { window };
  const newer = await changesOf(() => signTerms(engaged, 'use', 'Newer terms of use.'));
  expect(newer).toContain(`window ${window}`);
  expect((await keyOf(key)).missing).toEqual(['grant-not-active']);
  const { items } = await person.client.call(earlyAccess.grantTerms, { params: { grant } });
  const terms = items.find(({ protection }) => protection === 'use')?.terms ?? newId('terms');
  const accepted = await changesOf(() =>
    person.client.call(earlyAccess.accept, {
      params: { grant },
      body: { protection: 'use', terms },
    }),
  );
  expect(accepted).toEqual([`grant ${grant}`]);
  expect(await admit(secret)).not.toBeNull();
  const revoked = await changesOf(() =>
    liaison.client.call(earlyAccess.revoke, { params: { grant }, body: {} }),
  );
  expect(revoked).toEqual([`grant ${grant}`]);
  expect(await admit(secret)).toBeNull();

  const next = await opened();
  const other = await issueTo(person, next.grant);
  const ended = await changesOf(() =>
    developer.client.call(earlyAccess.end, { params: { window: next.window }, body: {} }),
  );
  expect(ended).toEqual([`window ${next.window}`, `model ${next.engaged.model}`]);
  expect(await admit(other.secret)).toBeNull();

  const third = await opened();
  const last = await issueTo(person, third.grant);
  const left = await changesOf(() =>
    developer.client.call(engage.leave, {
      params: { engagement: third.engaged.engagement },
      body: {},
    }),
  );
  expect(left).toEqual([`model ${third.engaged.model}`, `window ${third.window}`]);
  expect(await admit(last.secret)).toBeNull();
  expect(params.window).toBe(window);
});

test('GAT-5 GAT-9 a key of a partnership hangs on its tier, its terms and the Government’s window', async () => {
  const engaged = await engageModel({ developer, liaison });
  const { model } = engaged;
  const bank = await server.party('operator', 'Bank');
  const clerk = await server.signIn(bank, 'Ada');
  const who = { developer, liaison, model, applicant: bank, asks: 'raw-access' } as const;
  const { tier, partner } = await partnerIn(server, who);
  expect(await codeOf(issueTo(clerk, partner))).toBe('nothing-allotted');
  await giveOut(developer, { model, scope: tier });
  const { key, secret, until } = await issueTo(clerk, partner);
  expect(await admit(secret)).toMatchObject({
    grant: { kind: 'partner', tier, partner },
    holder: clerk.member,
    gives: 'raw-access',
  });
  // The window of the Government is before its partners, and ends what is under way.
  const opening = await changesOf(() => openWindow(engaged));
  expect(opening).toEqual([expect.stringMatching(/^window /), `model ${model}`]);
  expect(await admit(secret)).toBeNull();
  const { items } = await developer.client.call(earlyAccess.windows, {
    query: { engagement: engaged.engagement },
  });
  const window = items[0]?.id ?? newId('window');
  await developer.client.call(earlyAccess.end, { params: { window }, body: {} });
  expect((await admit(secret))?.goodUntil).toBe(until);
  const closing = server.clock.now();
  const from = addMilliseconds(closing, -1_000);
  const closed = { ...tierBody, from, until: addMilliseconds(closing, 60_000), model };
  const revised = await changesOf(() =>
    developer.client.call(partners.reviseTier, { params: { tier }, body: closed }),
  );
  expect(revised).toEqual([`tier ${tier}`]);
  expect((await admit(secret))?.goodUntil).toBe(closed.until);
  const left = await changesOf(() =>
    bank.client.call(partners.leave, { params: { partner }, body: {} }),
  );
  expect(left).toEqual([`partner ${partner}`]);
  expect((await keyOf(key, bank)).missing).toEqual(['grant-not-active']);
  const asked = { ...who, applicant: await server.party('operator', 'Clinic'), asks: 'outputs' };
  const clinic = await partnerIn(server, { ...asked, asks: 'outputs' });
  const nurse = await server.signIn(asked.applicant, 'Kim');
  await developer.client.call(gateway.allot, {
    params: { scope: clinic.tier },
    body: allotmentBody,
  });
  const job = await issueTo(nurse, clinic.partner);
  expect((await admit(job.secret))?.gives).toBe('outputs');
  const gone = await changesOf(async () => {
    await server.administrator.call(directory.removeMember, { params: { member: nurse.member } });
  });
  expect(gone).toEqual([`party ${asked.applicant.id}`]);
  expect(await admit(job.secret)).toBeNull();
});

test('GAT-7 a key ends at its own hour, by the clock alone; a highest tier demands a key pair', async () => {
  const { grant } = await opened({ allotment: { demandsProof: true } });
  expect(await codeOf(issueTo(person, grant))).toBe('proof-demanded');
  const thumbprint = 'A'.repeat(43);
  const until = addMilliseconds(server.clock.now(), 60_000);
  const made = await issueTo(person, grant, { proof: { kind: 'dpop', thumbprint }, until });
  expect(made.until).toBe(until);
  expect((await admit(made.secret))?.proof).toEqual({ kind: 'dpop', thumbprint });
  server.clock.set(until);
  expect((await keyOf(made.key)).missing).toEqual(['expired']);
  expect(await admit(made.secret)).toBeNull();
  expect(await codeOf(issueTo(person, grant, { until, proof: { kind: 'mtls', thumbprint } }))).toBe(
    'already-over',
  );
  const { window, grant: other } = await opened();
  const plain = await issueTo(person, other);
  await developer.client.call(gateway.allot, {
    params: { scope: window },
    body: { ...allotmentBody, demandsProof: true },
  });
  expect((await keyOf(plain.key)).missing).toEqual(['proof-demanded']);
  expect(await admit(plain.secret)).toBeNull();
  const ending = { params: { gkey: plain.key }, body: {} };
  expect(await codeOf(developer.client.call(gateway.endKey, ending))).toBe('holder-alone');
  expect(await changesOf(() => agency.client.call(gateway.endKey, ending))).toEqual([
    `key ${plain.key}`,
  ]);
  expect(await codeOf(agency.client.call(gateway.endKey, ending))).toBe('already-ended');
});
