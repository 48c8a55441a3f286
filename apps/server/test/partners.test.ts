import { directory, earlyAccess, partners, record } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engageModel, openWindow } from './accessing.ts';
import { type SignedIn, startTestServer, type TestParty, type TestServer } from './harness.ts';
import {
  applyFor,
  fail,
  findingsOf,
  nobody,
  type Offered,
  offerTier,
  ruralHospital,
  tierBody,
  turnKey,
} from './partnering.ts';
import { codeOf } from './refusals.ts';
import { idle, later } from './world.ts';

const dayMs = 24 * 60 * 60 * 1_000;
let server: TestServer;
let offered: Offered;
let stranger: TestParty;
/** Two persons of each side: an appeal needs others than who decided. */
let government: readonly [SignedIn, SignedIn];
let developers: readonly [SignedIn, SignedIn];
beforeAll(async () => {
  server = await startTestServer();
  const developer = await server.party('developer', 'Ocean Models');
  const liaison = await server.party('liaison', 'Framework Office');
  stranger = await server.party('operator', 'Stranger');
  expect(await codeOf(applyFor(stranger.client, (await bareTier(developer)).tier))).toBe(
    'criteria-not-published',
  );
  offered = await offerTier(developer, liaison);
  await arrive();
});
/** Sessions end where a test moves the clock far: others come. */
async function arrive(): Promise<void> {
  const { developer, liaison } = offered;
  government = [await server.signIn(liaison, 'Ada'), await server.signIn(liaison, 'Bea')];
  developers = [await server.signIn(developer, 'Dan'), await server.signIn(developer, 'Eve')];
}
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const bareTier = async (of: TestParty) =>
  await of.client.call(partners.openTier, { body: { ...tierBody, name: 'Bare' } });
const bothTurn = async (
  application: Parameters<typeof turnKey>[1],
  verdict: 'accept' | 'decline' = 'accept',
  who: 0 | 1 = 0,
) => {
  expect((await turnKey(government[who].client, application, verdict)).answer).toBe(null);
  return (await turnKey(developers[who].client, application, verdict)).answer;
};
const open = async (token: string) => await nobody(server).call(partners.open, { body: { token } });

test('PAR-1 PAR-2 the draft is told as one; what was published stays, version by version', async () => {
  const anybody = nobody(server);
  const draft = await anybody.call(partners.criteria, { query: { version: 0 } });
  const first = await anybody.call(partners.criteria, { query: { version: 1 } });
  expect([draft.draft, draft.version, first.draft, first.why]).toEqual([
    true,
    0,
    false,
    'we begin with these',
  ]);
  expect(first.criteria).toEqual(draft.criteria);
  expect(await codeOf(anybody.call(partners.criteria, { query: { version: 7 } }))).toBe(
    'not-found',
  );
  const publish = (criteria: typeof first.criteria, why = 'better words') =>
    offered.liaison.client.call(partners.publishCriteria, { body: { criteria, why } });
  const [one] = first.criteria;
  if (one === undefined) throw new Error('expected a criterion');
  expect(await codeOf(publish([one, one]))).toBe('criterion-twice');
  expect(await codeOf(publish([{ ...one, appliesTo: ['outputs'] }]))).toBe('criteria-incomplete');
  expect(await codeOf(publish([one], 'TOP SECRET//NOFORN'))).toBe('classified-text');
});

test('PAR-5 PAR-14 a rural hospital applies without an account, comes back by its link, and is told', async () => {
  const phone = nobody(server);
  const applied = await applyFor(phone, offered.tier, { mail: 'desk@hospital.example' });
  await idle(server);
  expect(applied.link).toMatch(/^http:\/\/localhost:\d+\/partners\/application#[\w-]{43}$/);
  expect(server.mails.at(-1)?.raw).toContain(applied.link);
  expect(server.mails.at(-1)?.raw).not.toContain('Hospital');
  const seen = await open(applied.token);
  expect([seen.standing, seen.words?.organization, seen.can]).toEqual([
    'waiting',
    ruralHospital.organization,
    ['add', 'withdraw'],
  ]);
  expect(seen.promisedBy).toBe(later(server.clock, 30 * dayMs));

  const params = { application: applied.application };
  await government[0].client.call(partners.ask, { params, body: { text: 'Who installs fixes?' } });
  expect((await open(applied.token)).asked).toBe(true);
  const answer = { params, body: { text: 'Our helper does', token: applied.token } };
  await phone.call(partners.add, answer);
  expect((await open(applied.token)).said.map(({ by, text }) => [by, text])).toEqual([
    ['government', 'Who installs fixes?'],
    ['applicant', 'Our helper does'],
  ]);
  expect(await codeOf(phone.call(partners.add, { params, body: { text: 'x' } }))).toBe('not-found');
  const wrong = { text: 'x', token: 'A'.repeat(43) };
  expect(await codeOf(phone.call(partners.add, { params, body: wrong }))).toBe('link-not-valid');
  expect(await codeOf(open('A'.repeat(43)))).toBe('link-not-valid');
  await phone.call(partners.withdraw, { params, body: { token: applied.token } });
  expect((await open(applied.token)).standing).toBe('withdrawn');
  expect(await codeOf(phone.call(partners.add, answer))).toBe('application-over');
});

test('PAR-5 a phone that lost the answer sends the same again and gets the same link', async () => {
  const body = JSON.stringify({ ...ruralHospital, tier: offered.tier });
  const send = async () => {
    const headers = {
      'idempotency-key': 'phone-lost-its-answer',
      'content-type': 'application/json',
    };
    const path = '/v1/partners/applications';
    return await (await server.send({ method: 'POST', path, body, headers })).json();
  };
  const [first, second] = [await send(), await send()];
  expect(second).toEqual(first);
  const { rows } = await server.services.database.raw(
    `select response::text as kept from platform.idempotency where key like '%phone-lost%'`,
  );
  expect(JSON.stringify(rows)).not.toContain(new URL(first.link).hash.slice(1));
});

test('PAR-6 to PAR-11 two keys, each by a person without an interest, who did not nominate', async () => {
  const nominated = await government[0].client.call(partners.nominate, {
    body: { tier: offered.tier, organization: 'Water Works', reason: 'they asked us' },
  });
  const applicant = await server.party('operator', 'Water Works');
  const { application } = await applyFor(applicant.client, offered.tier, {
    nomination: new URL(nominated.link).hash.slice(1),
    sector: 'water',
  });
  const params = { application };
  const [ada, bea] = government;
  const decide = async (who: SignedIn, met = true, verdict: 'accept' | 'decline' = 'accept') =>
    who.client.call(partners.decide, {
      params,
      body: { verdict, findings: await findingsOf(who.client, met), reason: 'one by one' },
    });
  const state = (who: SignedIn, conflicted: boolean) =>
    who.client.call(partners.stateInterest, { params, body: { conflicted } });

  await state(ada, false);
  expect(await codeOf(decide(ada))).toBe('nominated-yourself');
  expect(await codeOf(decide(bea))).toBe('interest-not-stated');
  await state(bea, false);
  expect(await codeOf(decide(bea, false, 'accept'))).toBe('verdict-differs');
  expect(await codeOf(decide(bea, true, 'decline'))).toBe('verdict-differs');
  const short = { verdict: 'accept', findings: [{ criterion: 'contact', met: true }] } as const;
  const body = { ...short, findings: [...short.findings], reason: 'enough' };
  expect(await codeOf(bea.client.call(partners.decide, { params, body }))).toBe('criteria-missed');
  expect((await decide(bea)).answer).toBe(null);
  expect(await codeOf(decide(bea))).toBe('key-turned');
  expect(await codeOf(decide(ada))).toBe('nominated-yourself');

  const [dan, eve] = developers;
  await state(dan, true);
  expect(await codeOf(decide(dan))).toBe('interest-conflicts');
  await state(dan, false);
  expect(await codeOf(decide(dan))).toBe('interest-conflicts');
  const view = await eve.client.call(partners.application, { params });
  expect([view.keys, view.as, view.nominatedBy]).toEqual([[], 'developer', 'government']);
  expect((await applicant.client.call(partners.application, { params })).keys).toEqual([]);
  await state(eve, false);
  expect((await decide(eve)).answer).toBe('accept');
  const told = await applicant.client.call(partners.application, { params });
  expect(told.keys.map(({ side, verdict }) => [side, verdict])).toEqual([
    ['government', 'accept'],
    ['developer', 'accept'],
  ]);
  expect([told.standing, told.can]).toEqual(['accepted', ['accept-terms', 'leave']]);
  expect(told.partnership?.grant).toEqual({
    active: false,
    missing: ['not-begun', 'terms-not-accepted'],
  });
});

test('PAR-8 nobody learns of another’s application, nor decides on its own', async () => {
  const applicant = await server.party('finder', 'Applicant');
  const helper = await server.party('operator', 'Helper');
  const { application } = await applyFor(applicant.client, offered.tier, { helper: helper.id });
  const params = { application };
  const other = await server.party('developer', 'Other Models');
  for (const party of [stranger, other, await server.party('coordinator', 'Coordinator')]) {
    expect(await codeOf(party.client.call(partners.application, { params }))).toBe('not-found');
    expect((await party.client.call(partners.applications)).items).toEqual([]);
    expect((await party.client.call(partners.partnerships)).items).toEqual([]);
  }
  const helping = await helper.client.call(partners.applications);
  expect(helping.items.map(({ as }) => as)).toEqual(['helper']);
  await helper.client.call(partners.add, { params, body: { text: 'I help them' } });
  expect(await codeOf(applyFor(applicant.client, offered.tier))).toBe('already-applied');
  expect(await codeOf(applyFor(offered.developer.client, offered.tier))).toBe('own-tier');
  const office = await server.party('liaison', 'Another Office');
  const own = await applyFor(office.client, offered.tier);
  expect(await codeOf(turnKey(office.client, own.application))).toBe('own-application');
  // The log holds it under an id, and hands none of its texts to anybody.
  const texts = await server.services.database.raw(
    `select i.id from content.item i join partners.application a on a.words_content = i.id
     where a.id = '${application}'`,
  );
  const content = String(texts.rows[0]?.['id']) as never; // an id of ours, from a row
  for (const party of [applicant, offered.liaison, offered.developer, stranger]) {
    const code = await codeOf(party.client.call(record.content, { params: { content } }));
    expect(['not-found', 'not-permitted']).toContain(code);
  }
});

test('PAR-12 declined with reasons, appealed once, decided by others, and late is told', async () => {
  const { application, token } = await applyFor(nobody(server), offered.tier);
  const params = { application };
  const appeal = () =>
    nobody(server).call(partners.appeal, { params, body: { reason: 'You misread us', token } });
  expect(await codeOf(appeal())).toBe('not-declined');
  server.clock.set(later(server.clock, 31 * dayMs));
  await arrive();
  expect((await open(token)).late).toBe(true);
  expect(await bothTurn(application, 'decline')).toBe('decline');
  const told = await open(token);
  expect([told.standing, told.late, told.can]).toEqual(['declined', true, ['appeal']]);
  expect(told.keys[0]?.findings?.filter(({ met }) => !met)).toMatchObject([
    { criterion: 'defends' },
  ]);
  await appeal();
  expect(await codeOf(appeal())).toBe('already-appealed');
  expect(await codeOf(turnKey(government[0].client, application))).toBe('decided-before');
  expect(await codeOf(turnKey(developers[0].client, application))).toBe('decided-before');
  expect(await bothTurn(application, 'accept', 1)).toBe('accept');
  expect((await open(token)).standing).toBe('accepted');
  expect(await codeOf(appeal())).toBe('already-appealed');

  const other = await applyFor(nobody(server), offered.tier);
  await bothTurn(other.application, 'decline');
  server.clock.set(later(server.clock, 30 * dayMs));
  const late = {
    params: { application: other.application },
    body: { reason: 'too late', token: other.token },
  };
  expect(await codeOf(nobody(server).call(partners.appeal, late))).toBe('appeal-over');
});

test('PAR-15 to PAR-17 a grant by terms and dates; what is behind the tier; review, leaving, renewal', async () => {
  const { developer, liaison } = offered;
  await arrive();
  const from = later(server.clock, dayMs);
  const until = later(server.clock, 300 * dayMs);
  const dated = { ...tierBody, name: 'Dated', from, until };
  const { tier } = await developer.client.call(partners.openTier, { body: dated });
  const applicant = await server.party('operator', 'Bank');
  const applied = await applyFor(applicant.client, tier, { asks: 'raw-access' });
  await bothTurn(applied.application);
  const mine = async () =>
    (await applicant.client.call(partners.partnerships)).items[0] ?? fail('no partnership');
  const first = await mine();
  expect([first.modelTold, first.grant.missing]).toEqual([
    null,
    ['not-begun', 'terms-not-accepted'],
  ]);
  const params = { partner: first.id };
  const accept = (terms: typeof first.terms) =>
    applicant.client.call(partners.acceptTerms, { params, body: { terms } });
  expect(await codeOf(accept(`sha256:${'0'.repeat(64)}`))).toBe('terms-changed');
  await accept(first.terms);
  server.clock.set(from);
  expect(await mine()).toMatchObject({
    modelTold: 'Codename Lagoon, third of its kind',
    grant: { active: true, missing: [] },
  });
  const office = await liaison.client.call(partners.partnerships);
  expect(office.items.find(({ id }) => id === first.id)?.modelTold).toBe(null);

  const revise = { ...dated, terms: 'Other terms' };
  await developer.client.call(partners.reviseTier, { params: { tier }, body: revise });
  expect((await mine()).grant.missing).toEqual(['terms-not-accepted']);
  await accept((await mine()).terms);
  const review = async (outcome: 'stays' | 'ends', met: boolean) =>
    liaison.client.call(partners.review, {
      params,
      body: {
        outcome,
        findings: await findingsOf(liaison.client, met, 'raw-access'),
        reason: 'looked',
      },
    });
  expect(await codeOf(review('ends', true))).toBe('verdict-differs');
  await review('stays', true);
  expect((await mine()).reviewedAt).toBe(from);
  server.clock.set(until);
  expect((await mine()).grant.missing).toEqual(['tier-over']);

  const renewal = await applyFor(applicant.client, tier, { asks: 'raw-access', renews: first.id });
  expect(await codeOf(applyFor(stranger.client, tier, { renews: first.id }))).toBe(
    'no-such-partnership',
  );
  await applicant.client.call(partners.withdraw, {
    params: { application: renewal.application },
    body: {},
  });
  await applicant.client.call(partners.leave, { params, body: {} });
  expect((await mine()).ended?.by).toBe('partner');
  expect(await codeOf(review('ends', false))).toBe('partnership-over');
});

test('PAR-4 PAR-15 a tier’s access lies outside the window, and a partner is told of none', async () => {
  await arrive();
  const engaged = await engageModel({ ...offered, partners: later(server.clock, 20 * dayMs) });
  const { window } = await openWindow(engaged);
  const { ends } = await offered.developer.client.call(earlyAccess.window, { params: { window } });
  const offer = (from: Instant, model = engaged.model) =>
    offered.developer.client.call(partners.openTier, { body: { ...tierBody, from, model } });
  const other = await server.party('developer', 'Else');
  const theirs = { body: { ...tierBody, model: engaged.model } };
  expect(await codeOf(other.client.call(partners.openTier, theirs))).toBe('no-such-model');
  expect(await codeOf(offer(server.clock.now()))).toBe('window-open');
  const { tier } = await offer(ends);
  const begun = { params: { tier }, body: { ...tierBody, from: server.clock.now(), model: null } };
  // What its developer says of a model later holds from then on: it takes its word back at once.
  await offered.developer.client.call(partners.reviseTier, begun);
  const { application, token } = await applyFor(nobody(server), tier);
  await bothTurn(application);
  const { partnership } = await open(token);
  if (partnership === null) return fail('no partnership');
  const body = { terms: partnership.terms, token };
  const params = { partner: partnership.id };
  await nobody(server).call(partners.acceptTerms, { params, body });
  expect((await open(token)).partnership?.grant).toEqual({ active: true, missing: [] });
  const revised = { ...begun.body, from: ends, model: engaged.model };
  await offered.developer.client.call(partners.reviseTier, { params: { tier }, body: revised });
  const told = await open(token);
  expect(told.partnership?.grant).toEqual({ active: false, missing: ['not-begun'] });
  expect(JSON.stringify(told)).not.toContain(engaged.model);
  expect(JSON.stringify(told)).not.toContain('window');
  // Nothing stands before its developer: it ends the window, and begins this very moment.
  await offered.developer.client.call(earlyAccess.end, { params: { window }, body: {} });
  const now = { ...revised, from: server.clock.now() };
  await offered.developer.client.call(partners.reviseTier, { params: { tier }, body: now });
  expect((await open(token)).partnership?.grant.active).toBe(true);
});

test('PAR-16 who leaves the installation leaves what it applied for', async () => {
  await arrive();
  const leaver = await server.party('operator', 'Leaver');
  const { application } = await applyFor(leaver.client, offered.tier);
  const person = await server.signIn(leaver);
  await person.client.call(directory.leave, { body: { confirm: 'Leaver' } });
  const params = { application };
  const left = await offered.liaison.client.call(partners.application, { params });
  expect([left.standing, left.can]).toEqual(['withdrawn', []]);
});

test('PAR-18 PAR-20 figures of a quarter that is over, the same for all, and none of it after', async () => {
  const figures = async (quarter?: string) =>
    await nobody(server).call(partners.fairness, {
      query: quarter === undefined ? {} : { quarter },
    });
  const start = '2028-01-05T00:00:00.000Z' as Instant; // spelled as kernel writes instants
  server.clock.set(start);
  await arrive();
  for (let i = 0; i < 6; i++) {
    const { application } = await applyFor(nobody(server), offered.tier, {
      sector: i === 0 ? 'energy' : 'healthcare',
    });
    await bothTurn(application);
  }
  expect(await codeOf(figures('2028-Q1'))).toBe('not-found');
  server.clock.set('2028-04-01T00:00:00.000Z' as Instant); // as above
  const told = await figures();
  expect([told.quarter, told.total]).toEqual([
    '2028-Q1',
    {
      group: null,
      groups: 0,
      applications: 6,
      accepted: null,
      declined: null,
      appealed: null,
      late: 0,
      daysMedian: 0,
    },
  ]);
  // One of energy beside five of healthcare: the total would tell it, so both are told together.
  expect(
    told.sectors.map(({ group, groups, applications }) => [group, groups, applications]),
  ).toEqual([[null, 17, 6]]);
  await arrive();
  await bothTurn((await applyFor(nobody(server), offered.tier)).application);
  expect(await figures('2028-Q1')).toEqual(told);
});
