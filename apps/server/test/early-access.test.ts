import { collect, earlyAccess, engage, protections } from '@breakwater/contract';
import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  acceptAll,
  addService,
  type Engaged,
  engageModel,
  holds,
  openWindow,
  signTerms,
} from './accessing.ts';
import { type SignedIn, startTestServer, type TestParty, type TestServer } from './harness.ts';
import { codeOf } from './refusals.ts';

let server: TestServer;
let developer: TestParty;
let liaison: TestParty;
let agency: TestParty;
let person: SignedIn;
/** In which nothing is left, released or dated: windows of it may lie on the same days. */
let shared: Engaged;
beforeAll(async () => {
  server = await startTestServer();
  developer = await server.party('developer', 'Lab');
  liaison = await server.party('liaison', 'Liaison');
  agency = await server.party('finder', 'Agency');
  person = await server.signIn(agency, 'Dana');
  shared = await engageModel({ developer, liaison });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

/** An open window with a person inside, all six accepted. */
async function inside(
  engaged = shared,
): Promise<{ engaged: Engaged; window: Id<'window'>; grant: Id<'grant'>; ends: Instant }> {
  const { window, ends } = await openWindow(engaged);
  const grant = await add(window);
  await acceptAll(person, grant);
  return { engaged, window, grant, ends };
}

const add = async (window: Id<'window'>, body = { member: person.member }) =>
  (await liaison.client.call(earlyAccess.addPerson, { params: { window }, body })).grant;

const begin = async (grant: Id<'grant'>, by = person) =>
  await by.client.call(earlyAccess.beginUse, {
    params: { grant },
    body: { purpose: 'Look for heap bugs in libmspack.' },
  });

const ask = (use: Id<'use'>, calls = 1) =>
  person.client.call(earlyAccess.use, { params: { use }, body: { calls } });

test('EAR-8 EAR-9 EAR-10 a grant opens when all six are accepted by the person, each by itself, in the version in force', async () => {
  const { window, ends } = await openWindow(shared, { personsMax: 1 });
  const grant = await add(window);
  const params = { grant };
  expect(await codeOf(add(window))).toBe('already-added');
  const other = await server.signIn(agency, 'Robin');
  expect(await codeOf(add(window, { member: other.member }))).toBe('persons-full');
  const { items } = await person.client.call(earlyAccess.grantTerms, { params });
  expect(items.map(({ text }) => text)).toEqual(protections.map((kind) => `Terms of ${kind}.`));
  const accept = (by: SignedIn, { protection, terms }: (typeof items)[number]) =>
    by.client.call(earlyAccess.accept, {
      params,
      body: { protection, terms: terms ?? expect.fail('expected terms') },
    });
  const [first = expect.fail('expected six')] = items;
  expect(await codeOf(accept(other, first))).toBe('person-alone');
  for (const [at, item] of items.entries()) {
    expect(await codeOf(begin(grant))).toBe('not-active');
    expect(await accept(person, item)).toEqual({ grant, active: at === 5 });
  }
  const { use, until } = await begin(grant);
  expect(until).toBe(ends);
  expect((await ask(use)).until).toBe(ends);
  await signTerms(shared, 'use', 'Terms of use, altered.');
  expect(await codeOf(ask(use))).toBe('not-active');
  const view = await person.client.call(earlyAccess.grant, { params });
  expect(view).toMatchObject({
    active: false,
    missing: [{ what: 'not-accepted', protection: 'use' }],
  });
  await acceptAll(person, grant);
  expect((await ask(use, 7)).until).toBe(ends);
  await person.client.call(earlyAccess.endUse, { params: { use }, body: { calls: 7 } });
  expect(await codeOf(ask(use))).toBe('use-ended');
  const list = await developer.client.call(earlyAccess.accessList, { params: { window } });
  expect(list.items).toMatchObject([
    { id: grant, member: { name: 'Dana' }, active: true, uses: 1, calls: 7, owed: null },
  ]);
});

test('EAR-11 revocation holds with its commit, and a service answers to its person', async () => {
  const { window, grant } = await inside();
  const service = await addService(server, { party: agency.id, by: person });
  const serving = { member: service.member, person: person.member };
  expect(await codeOf(add(window, { member: service.member }))).toBe('person-needed');
  const bound = await add(window, serving);
  await acceptAll(person, bound);
  const { use } = await service.client.call(earlyAccess.beginUse, {
    params: { grant: bound },
    body: { purpose: 'A run of the suite.' },
  });
  const wish = { params: { use }, body: { calls: 1 } };
  await service.client.call(earlyAccess.use, wish);
  expect(
    await codeOf(
      service.client.call(earlyAccess.accept, {
        params: { grant: bound },
        body: { protection: 'use', terms: (await termsOf(bound)).use },
      }),
    ),
  ).toBe('person-alone');
  await developer.client.call(earlyAccess.revoke, { params: { grant: bound }, body: {} });
  expect(await codeOf(service.client.call(earlyAccess.use, wish))).toBe('not-active');
  const { use: own } = await begin(grant);
  await ask(own);
  await person.client.call(earlyAccess.revoke, { params: { grant }, body: {} });
  expect(await codeOf(ask(own))).toBe('not-active');
  expect(await codeOf(begin(grant))).toBe('not-active');
});

const termsOf = async (grant: Id<'grant'>) => {
  const { items } = await person.client.call(earlyAccess.grantTerms, { params: { grant } });
  const of = items.map(({ protection, terms }) => [protection, terms] as const);
  return Object.fromEntries(of) as Record<(typeof protections)[number], Id<'terms'>>; // all six are in force
};

test('EAR-7 EAR-14 leaving ends, revokes and opens what is owed, with the same act', async () => {
  const { engaged, window, grant } = await inside(await engageModel({ developer, liaison }));
  const { engagement } = engaged;
  const { use } = await begin(grant);
  const attest = (how: 'destroyed' | 'kept-by-law') =>
    person.client.call(earlyAccess.attest, {
      params: { grant },
      body: { how, statement: 'As the plan says.' },
    });
  expect(await codeOf(attest('destroyed'))).toBe('access-goes-on');
  await developer.client.call(engage.leave, { params: { engagement }, body: {} });
  expect(await codeOf(ask(use))).toBe('not-active');
  const now = server.clock.now();
  const shown = async () => {
    const list = await developer.client.call(earlyAccess.accessList, { params: { window } });
    return list.items[0] ?? expect.fail('expected a grant');
  };
  const dueAt = addMilliseconds(now, 10 * 86_400_000);
  const owed = { since: now, dueAt, stated: null };
  expect(await shown()).toMatchObject({ revokedAt: now, active: false, owed });
  const page = await developer.client.call(engage.get, { params: { engagement } });
  expect(page.owed).toEqual([
    { what: 'end-windows', side: 'developer', about: window, kind: null, since: now, doneAt: now },
    { what: 'cut-keys', side: 'government', about: grant, kind: null, since: now, doneAt: now },
    {
      what: 'return-or-destroy',
      side: 'government',
      about: grant,
      kind: null,
      since: now,
      doneAt: null,
    },
    {
      what: 'attest-return',
      side: 'government',
      about: grant,
      kind: null,
      since: now,
      doneAt: null,
    },
  ]);
  await attest('kept-by-law');
  expect((await shown()).owed).toEqual({ ...owed, stated: 'kept-by-law' });
  await attest('destroyed');
  expect(await shown()).toMatchObject({
    owed: null,
    attestation: { how: 'destroyed', statement: 'As the plan says.' },
  });
  expect(await codeOf(attest('destroyed'))).toBe('already-attested');
});

test('EAR-12 EAR-13 what is taken out is recorded, and a finding keeps its own handling', async () => {
  const { window, grant } = await inside();
  const { use } = await begin(grant);
  const params = { use };
  const taken = {
    what: 'A crash input',
    digest: `sha256:${'ab'.repeat(32)}`,
    bytes: 12,
    to: 'The clearinghouse',
    purpose: 'To have it validated.',
  };
  const { export: id } = await person.client.call(earlyAccess.recordExport, {
    params,
    body: taken,
  });
  const exports = await developer.client.call(earlyAccess.exports, { params: { grant } });
  expect(exports.items).toMatchObject([{ id, ...taken, member: { name: 'Dana' } }]);
  const marked = { ...taken, purpose: 'TOP SECRET//SI//NOFORN' };
  expect(await codeOf(person.client.call(earlyAccess.recordExport, { params, body: marked }))).toBe(
    'classified-text',
  );
  const { finding } = await agency.client.call(collect.submit, {
    body: {
      kind: 'native',
      title: 'Heap overflow',
      description: 'It writes beyond the end.',
      package: 'pkg:deb/debian/libmspack',
      version: '1.0',
      marking: 'AMBER',
      identifiers: [],
    },
  });
  const link = (by: SignedIn, of: Id<'finding'>) =>
    by.client.call(earlyAccess.linkFinding, { params, body: { finding: of } });
  await link(person, finding);
  const uses = async (by: TestParty) =>
    (await by.client.call(earlyAccess.uses, { params: { grant } })).items;
  expect(await uses(agency)).toMatchObject([{ id: use, findings: [finding] }]);
  // Neither side sees the finding, and so none that there is one.
  for (const side of [developer, liaison]) {
    expect(await uses(side)).toMatchObject([{ id: use, findings: [] }]);
    const acts = await side.client.call(earlyAccess.acts, { params: { window } });
    expect(acts.items.map(({ act }) => act)).not.toContain('early-access.finding-linked');
  }
});

test('EAR-15 whoever takes no part is told of nothing, coordinators with them', async () => {
  const { engaged, window, grant } = await inside();
  const { use } = await begin(grant);
  const { engagement } = engaged;
  const { items } = await liaison.client.call(earlyAccess.plans, { params: { engagement } });
  const plan = items[0]?.id ?? expect.fail('expected a plan');
  const paths = [
    `/v1/plans/${plan}`,
    `/v1/windows/${window}`,
    `/v1/windows/${window}/grants`,
    `/v1/windows/${window}/acts`,
    `/v1/grants/${grant}`,
    `/v1/grants/${grant}/terms`,
    `/v1/grants/${grant}/uses`,
    `/v1/grants/${grant}/exports`,
    `/v1/engagements/${engagement}/plans`,
    `/v1/engagements/${engagement}/days`,
  ];
  const seenBy = async (party: TestParty) => {
    const seen: string[] = [];
    for (const path of paths) {
      const answer = await server.send({ method: 'GET', path, key: party.key });
      await answer.arrayBuffer();
      if (answer.status === 200) seen.push(path);
    }
    return seen;
  };
  expect(await seenBy(developer)).toEqual(paths);
  expect(await seenBy(liaison)).toEqual(paths);
  const inner = [1, 4, 5, 6, 7].map((at) => paths[at]);
  expect(await seenBy(agency)).toEqual(inner);
  const shown = await agency.client.call(earlyAccess.window, { params: { window } });
  expect(shown).toMatchObject({ plan: null, inside: null });
  for (const role of ['developer', 'liaison', 'official', 'evaluator', 'finder', 'coordinator']) {
    const stranger = await server.party(role, 'Stranger');
    expect([role, await seenBy(stranger)]).toEqual([role, []]);
    if (role === 'coordinator') continue;
    const windows = await stranger.client.call(earlyAccess.windows);
    const grants = await stranger.client.call(earlyAccess.grants);
    expect([windows.items, grants.items]).toEqual([[], []]);
    const asked = stranger.client.call(earlyAccess.use, { params: { use }, body: { calls: 1 } });
    expect(await codeOf(asked)).toBe('not-found');
  }
});

test('EAR-6 EAR-10 it expires by the clock alone, for a session that goes on too', async () => {
  const minute = addMilliseconds(server.clock.now(), 60_000);
  const { window, ends } = await openWindow(shared, { ends: minute });
  const grant = await add(window);
  await acceptAll(person, grant);
  const { use } = await begin(grant);
  server.clock.set(addMilliseconds(ends, -1));
  expect(await ask(use)).toEqual({ until: ends, asOf: server.clock.now() });
  server.clock.set(ends);
  expect(await codeOf(ask(use))).toBe('not-active');
  const view = await person.client.call(earlyAccess.grant, { params: { grant } });
  expect(view).toMatchObject({
    active: false,
    until: null,
    missing: [{ what: 'window-over', protection: null }],
    owed: { since: ends },
  });
});

test('EAR-16 each act is in the log, to be checked by anybody who is shown it', async () => {
  const { window } = await inside();
  await developer.client.call(earlyAccess.end, { params: { window }, body: {} });
  const acts = async () =>
    (await developer.client.call(earlyAccess.acts, { params: { window } })).items;
  // One batch a day, of so many entries: those of the tests before come first.
  for (let i = 0; i < 60 && (await acts()).some(({ index }) => index === null); i++) {
    server.clock.set(addMilliseconds(server.clock.now(), 86_400_000));
    await server.services.sequencer.tick();
  }
  const items = await acts();
  // All at one instant, by this clock.
  expect(items.map(({ act }) => act).toSorted()).toEqual([
    'early-access.person-added',
    ...protections.map(() => 'early-access.protection-accepted'),
    'early-access.window-ended',
    'early-access.window-opened',
  ]);
  for (const { entry } of items) {
    const proof = await developer.client.call(earlyAccess.actProof, { params: { window, entry } });
    expect(holds(server, proof)).toBe(true);
  }
});
