import { createHash } from 'node:crypto';
import {
  directory,
  earlyAccess,
  engage,
  gateway,
  type KeyLimits,
  partners,
  record,
} from '@breakwater/contract';
import { addMilliseconds, type Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../src/platform/clock/clock.ts';
import type { KeyBook } from '../src/slices/frontier/gateway/index.ts';
import { engageModel, openWindow, signTerms } from './accessing.ts';
import { type SignedIn, startTestServer, type TestParty, type TestServer } from './harness.ts';
import {
  allotmentBody,
  bookOf,
  giveOut,
  grantIn,
  issueTo,
  partnerIn,
  roomyLimits,
  storeRequest,
  upstreamBody,
} from './keying.ts';
import { tierBody } from './partnering.ts';
import { codeOf } from './refusals.ts';

let server: TestServer;
let developer: TestParty;
let liaison: TestParty;
let agency: TestParty;
let stranger: TestParty;
let person: SignedIn;
let book: KeyBook;
beforeAll(async () => {
  server = await startTestServer();
  developer = await server.party('developer', 'Lab');
  liaison = await server.party('liaison', 'Liaison');
  agency = await server.party('finder', 'Agency');
  stranger = await server.party('developer', 'Else');
  person = await server.signIn(agency, 'Dana');
  book = bookOf(server);
  await liaison.client.call(partners.publishCriteria, { body: { why: 'we begin with these' } });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const sha256 = (text: string) => createHash('sha256').update(text).digest();
const admit = async (secret: string) => await book.admit(sha256(secret));
const keyOf = async (gkey: Id<'gkey'>, by: TestParty | SignedIn = person) =>
  await by.client.call(gateway.key, { params: { gkey } });

/** A model with a window, a person inside, an endpoint, and what is allotted. */
async function opened(more: Parameters<typeof giveOut>[2] = {}) {
  const engaged = await engageModel({ developer, liaison });
  const { window, grant } = await grantIn(engaged, person);
  const upstream = await giveOut(developer, { model: engaged.model, scope: window }, more);
  return { engaged, window, grant, upstream };
}

/** What changed since, as processes are told. */
async function changesOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await book.lastChange();
  await act();
  const changes = await book.changesSince(before);
  expect(changes.map(({ seq }) => seq)).toEqual(changes.map((_, i) => before + i + 1));
  return changes.map(({ kind, id }) => `${kind} ${id}`);
}

test('GAT-5 GAT-6 a key of an active grant is shown once, kept as a hash, and opens the model', async () => {
  const { engaged, window, grant, upstream } = await opened();
  const [offer] = (await person.client.call(gateway.offers)).items.filter(
    ({ standsOn }) => standsOn === grant,
  );
  expect(offer).toMatchObject({
    of: window,
    gives: 'raw-access',
    names: ['lagoon', 'lagoon-3'],
    speaks: ['openai'],
    left: roomyLimits,
    keysLeft: 5,
  });
  const idempotencyKey = 'one-and-the-same';
  const body = { standsOn: grant, name: 'analysis machine' };
  const made = await person.client.call(gateway.issue, { body, idempotencyKey });
  expect(made.secret).toMatch(/^bwg_[A-Za-z0-9_-]{43}$/);
  expect(made.until).toBe(offer?.until);
  expect(await codeOf(person.client.call(gateway.issue, { body, idempotencyKey }))).toBe(
    'shown-before',
  );
  const rows = await server.services.database.raw(
    `select to_jsonb(k)::text as text from gateway.key k
     union all select response::text from platform.idempotency`,
  );
  expect(JSON.stringify(rows.rows)).not.toContain(made.secret.slice(4));
  const admitted = await admit(made.secret);
  const { kind, baseUrl, modelName, contextTokens, outputMax, concurrent, prices } = upstreamBody;
  expect(admitted).toMatchObject({
    key: made.key,
    party: agency.id,
    holder: person.member,
    grant: { kind: 'early-access', id: grant, window },
    gives: 'raw-access',
    model: engaged.model,
    developer: developer.id,
    names: ['lagoon', 'lagoon-3'],
    limits: roomyLimits,
    goodUntil: made.until,
    proof: { kind: 'none' },
    keeps: 'nothing',
    usageInStreams: 'as-asked',
  });
  const [endpoint] = admitted?.upstreams ?? [];
  expect(endpoint).toMatchObject({
    ...{ id: upstream, kind, baseUrl, modelName, contextTokens, outputMax, concurrent, prices },
  });
  expect(await server.services.content.getText(endpoint?.secret ?? newId('content'))).toBe(
    upstreamBody.secret,
  );
  expect(await admit(`bwg_${'A'.repeat(43)}`)).toBeNull();
  expect(await keyOf(made.key)).toMatchObject({
    active: true,
    missing: [],
    model: null,
    speaks: ['openai'],
    holder: { id: person.member, name: 'Dana' },
  });
  expect((await keyOf(made.key, developer)).model).toBe(engaged.model);
});

test('GAT-1 GAT-2 an endpoint’s secret is in no answer and no log, and is erased when it is used no more', async () => {
  const { engaged, upstream, grant } = await opened();
  const { secret } = await issueTo(person, grant);
  const before = (await admit(secret))?.upstreams[0]?.secret ?? newId('content');
  const listed = await developer.client.call(gateway.upstreams);
  const entries = await server.services.database.raw('select * from journal.entry');
  expect(JSON.stringify([listed, entries.rows])).not.toContain('sk-upstream');
  expect(await codeOf(developer.client.call(record.content, { params: { content: before } }))).toBe(
    'not-permitted',
  );
  const params = { upstream };
  const { secret: _, ...kept } = upstreamBody;
  await developer.client.call(gateway.reviseUpstream, {
    params,
    body: { ...kept, modelName: 'lagoon-4' },
  });
  expect((await admit(secret))?.upstreams[0]).toMatchObject({
    modelName: 'lagoon-4',
    secret: before,
  });
  const stale = { ...kept, ifRevision: 1 };
  expect(await codeOf(developer.client.call(gateway.reviseUpstream, { params, body: stale }))).toBe(
    'changed-since',
  );
  await developer.client.call(gateway.reviseUpstream, { params, body: upstreamBody });
  expect(await server.services.content.getText(before)).toBeNull();
  const changes = await changesOf(() =>
    developer.client.call(gateway.removeUpstream, { params, body: {} }),
  );
  expect(changes).toEqual([`model ${engaged.model}`]);
  expect(await admit(secret)).toBeNull();
  expect(await codeOf(developer.client.call(gateway.removeUpstream, { params, body: {} }))).toBe(
    'already-removed',
  );
  for (const baseUrl of [
    'http://models.example.org',
    'https://u:p@models.example.org',
    'file:///',
  ]) {
    const body = { ...upstreamBody, baseUrl };
    const wish = { params: { model: engaged.model }, body };
    expect(await codeOf(developer.client.call(gateway.addUpstream, wish))).toBe('input-malformed');
  }
});

test('GAT-3 GAT-11 whoever is of neither side learns of nothing by asking, and by trying neither', async () => {
  const { engaged, window, grant, upstream } = await opened();
  const { key } = await issueTo(person, grant);
  const nothing = newId('gkey');
  const tries = (of: Parameters<typeof stranger.client.call>[0], body: object, params: object) =>
    stranger.client.call(of, { params, body } as never); // tried with whatever ids
  const refused = [
    [gateway.addUpstream, upstreamBody, { model: engaged.model }, { model: newId('model') }],
    [gateway.reviseUpstream, upstreamBody, { upstream }, { upstream: newId('upstream') }],
    [gateway.allot, allotmentBody, { scope: window }, { scope: newId('window') }],
    [gateway.endKey, {}, { gkey: key }, { gkey: nothing }],
  ] as const;
  for (const [operation, body, there, absent] of refused) {
    const said = [];
    for (const params of [there, absent]) {
      const problem = await tries(operation, body, params).catch((error: unknown) => error);
      said.push(JSON.stringify(problem));
    }
    expect(said[0]).toBe(said[1]);
    expect(said[0]).toContain('not-found');
  }
  for (const of of [key, person.member, agency.id, window, engaged.model, newId('tier')]) {
    const body = { of, reason: 'to look whether it is there' };
    expect(await codeOf(stranger.client.call(gateway.cut, { body }))).toBe('not-found');
  }
  for (const listed of [
    gateway.keys,
    gateway.cuts,
    gateway.upstreams,
    gateway.allotments,
  ] as const) {
    expect((await stranger.client.call(listed)).items).toEqual([]);
  }
  expect((await stranger.client.call(gateway.traffic)).items).toEqual([]);
  const foreign = { body: { standsOn: grant, name: 'mine' } };
  expect(await codeOf(stranger.client.call(gateway.issue, foreign))).toBe('not-found');
  const other = await server.signIn(agency, 'Robin');
  expect(await codeOf(issueTo(other, grant))).toBe('person-alone');
  expect(await codeOf(agency.client.call(gateway.issue, foreign))).toBe('person-alone');
});

test('GAT-8 keys of one grant share what its developer stated, also where that is less afterwards', async () => {
  const { window, grant } = await opened();
  const half: KeyLimits = {
    outputTokensMax: 1_000,
    concurrency: 4,
    minute: { requests: 40 },
    day: { inputTokens: 500_000, outputTokens: 100_000 },
    grant: { costMicros: 30_000_000 },
    currency: 'USD',
  };
  const first = await issueTo(person, grant, { limits: half });
  expect(first.limits).toEqual(half);
  server.clock.set(addMilliseconds(server.clock.now(), 1));
  const beyond = { ...half, concurrency: 7 };
  expect(await codeOf(issueTo(person, grant, { limits: beyond }))).toBe('beyond-allotment');
  const euro = { ...half, currency: 'EUR' };
  expect(await codeOf(issueTo(person, grant, { limits: euro }))).toBe('currency-differs');
  const rest = await issueTo(person, grant);
  expect(rest.limits).toEqual({
    outputTokensMax: 4_000,
    concurrency: 6,
    minute: { requests: 20 },
    day: { inputTokens: 500_000, outputTokens: 100_000 },
    grant: { costMicros: 20_000_000 },
    currency: 'USD',
  });
  expect(await codeOf(issueTo(person, grant))).toBe('nothing-left');
  const less = { ...roomyLimits, minute: { requests: 50 }, grant: { costMicros: 10_000_000 } };
  const changes = await changesOf(() =>
    developer.client.call(gateway.allot, {
      params: { scope: window },
      body: { ...allotmentBody, limits: less },
    }),
  );
  expect(changes).toEqual([`window ${window}`]);
  expect((await admit(first.secret))?.limits.minute).toEqual({ requests: 40 });
  expect((await admit(rest.secret))?.limits.minute).toEqual({ requests: 10 });
  expect((await admit(first.secret))?.limits.grant).toEqual({ costMicros: 10_000_000 });
  expect((await admit(rest.secret))?.limits.grant).toEqual({ costMicros: 0 });
});

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
  expect(gone).toEqual([`holder ${nurse.member}`]);
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

/** A request of which a process lost the figures, with what it counts for. */
async function storeLost(of: Parameters<typeof storeRequest>[1]): Promise<Id<'request'>> {
  const settled = { inputTokens: 1_000, outputTokens: 4_000, costMicros: 63_000 };
  const figures = { figures: 'lost', reserved: settled, settled, currency: 'USD' } as const;
  const id = await storeRequest(server, of, figures);
  const at = server.clock.now();
  await server.services.database.write(async (tx) => {
    const spent = { requests: 1, ...settled };
    for (const [span, from] of [
      ['day', `${at.slice(0, 10)}T00:00:00Z`],
      ['grant', at],
    ] as const) {
      for (const [kind, used] of Object.entries(spent)) {
        await tx.run(sql`
          insert into gateway.meter (key, span, from_at, kind, most, used, leased)
          values (${of.key}, ${span}, ${from}, ${kind}, null, ${used}, 0)`);
      }
    }
  });
  return id;
}

test('GAT-13 GAT-14 usage stands against quota; what was lost is corrected by an act of its developer', async () => {
  const { engaged, grant, upstream } = await opened();
  const { key } = await issueTo(person, grant);
  const request = await storeLost({
    ...{ key, holder: person.member, party: agency.id, developer: developer.id },
    ...{ standsOn: grant, model: engaged.model, upstream, marks: [] },
  });
  const usage = async () => await person.client.call(gateway.usage, { params: { gkey: key } });
  expect((await usage()).spent).toEqual({
    requests: 1,
    inputTokens: 1_000,
    outputTokens: 4_000,
    costMicros: 63_000,
  });
  const minute = (await usage()).lines.find(({ span }) => span === 'minute');
  expect(minute).toMatchObject({ kind: 'requests', limit: 60, spent: 0, left: 60 });
  expect(Date.parse(minute?.renewsAt ?? '') % 60_000).toBe(0);
  const params = { request };
  const body = { inputTokens: 1_000, outputTokens: 400, reason: 'our own log says so' };
  const correct = (by: TestParty, wish = body) =>
    by.client.call(gateway.correct, { params, body: wish });
  expect(await codeOf(correct(stranger))).toBe('not-found');
  expect(await codeOf(correct(developer, { ...body, outputTokens: 4_001 }))).toBe('beyond-settled');
  expect(await correct(developer)).toEqual({ request, costMicros: 9_000 });
  expect((await usage()).spent).toEqual({
    requests: 1,
    inputTokens: 1_000,
    outputTokens: 400,
    costMicros: 9_000,
  });
  expect(await codeOf(correct(developer, { ...body, outputTokens: 401 }))).toBe('beyond-settled');
  for (const side of [agency, developer]) {
    const { items } = await side.client.call(gateway.corrections, { params });
    expect(items).toMatchObject([{ outputTokens: 400, reason: 'our own log says so' }]);
  }
  expect(await codeOf(stranger.client.call(gateway.corrections, { params }))).toBe('not-found');
  for (const side of [agency, developer]) {
    const { items } = await side.client.call(gateway.traffic, { query: { gkey: key } });
    expect(items).toMatchObject([
      { key, model: 'lagoon', requests: 1, outputTokens: 400, currency: 'USD' },
    ]);
  }
});
