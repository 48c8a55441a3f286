import {
  type Body,
  earlyAccess,
  gateway,
  gatewayIncidents,
  gatewayJobs,
  type KeyLimits,
  partners,
} from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { type Clock, newId } from '../src/platform/clock/clock.ts';
import type { KeyBook } from '../src/slices/frontier/gateway/index.ts';
import { closeIntervals } from '../src/slices/frontier/gateway/record/close.ts';
import type { RequestRow } from '../src/slices/frontier/gateway/record/request-row.ts';
import { insertBodies, insertRequests } from '../src/slices/frontier/gateway/record/store.ts';
import { raiseIncidents } from '../src/slices/frontier/gateway/watch/raise.ts';
import { keyBookOf } from '../src/slices/index.ts';
import { acceptAll, type Engaged, engageModel, openWindow } from './accessing.ts';
import type { SignedIn, TestParty, TestServer } from './harness.ts';
import { applyFor, fail, tierBody, turnKey } from './partnering.ts';

export const upstreamBody: Body<typeof gateway.addUpstream> = {
  kind: 'openai',
  baseUrl: 'https://models.example.org/lagoon',
  modelName: 'lagoon-3-preview',
  contextTokens: 200_000,
  outputMax: 8_000,
  concurrent: 64,
  prices: { currency: 'USD', inputMicros: 3_000_000, outputMicros: 15_000_000 },
  place: 0,
  secret: 'sk-upstream-secret-that-nobody-sees',
};

export const roomyLimits: KeyLimits = {
  outputTokensMax: 4_000,
  concurrency: 10,
  minute: { requests: 60 },
  day: { inputTokens: 1_000_000, outputTokens: 200_000 },
  grant: { costMicros: 50_000_000 },
  currency: 'USD',
};

export const allotmentBody: Body<typeof gateway.allot> = {
  names: ['lagoon', 'lagoon-3'],
  limits: roomyLimits,
  keysMax: 5,
  demandsProof: false,
  keepsFor: [],
};

/** Adds an endpoint for a model, and allots to a window or tier. */
export async function giveOut(
  developer: TestParty,
  to: { readonly model: Id<'model'>; readonly scope: Id<'window'> | Id<'tier'> },
  more: {
    readonly upstream?: Partial<typeof upstreamBody>;
    readonly allotment?: Partial<typeof allotmentBody>;
  } = {},
): Promise<Id<'upstream'>> {
  const { upstream } = await developer.client.call(gateway.addUpstream, {
    params: { model: to.model },
    body: { ...upstreamBody, ...more.upstream },
  });
  await developer.client.call(gateway.allot, {
    params: { scope: to.scope },
    body: { ...allotmentBody, ...more.allotment },
  });
  return upstream;
}

/** A window that is open, with a person inside for whom every protection is accepted. */
export async function grantIn(
  engaged: Engaged,
  person: SignedIn,
): Promise<{ readonly window: Id<'window'>; readonly grant: Id<'grant'> }> {
  const { window } = await openWindow(engaged);
  const { grant } = await engaged.liaison.client.call(earlyAccess.addPerson, {
    params: { window },
    body: { member: person.member },
  });
  await acceptAll(person, grant);
  return { window, grant };
}

/** A partnership of a party in a tier on a model, its terms accepted. */
export async function partnerIn(
  server: { readonly clock: Pick<Clock, 'now'> },
  who: Pick<Engaged, 'developer' | 'liaison' | 'model'> & {
    readonly applicant: TestParty;
    readonly asks: 'raw-access' | 'outputs';
  },
): Promise<{ readonly tier: Id<'tier'>; readonly partner: Id<'partner'> }> {
  const { developer, liaison, model, applicant, asks } = who;
  const from = server.clock.now();
  const { tier } = await developer.client.call(partners.openTier, {
    body: { ...tierBody, from, model },
  });
  const { application } = await applyFor(applicant.client, tier, { asks });
  for (const side of [liaison, developer]) await turnKey(side.client, application);
  const params = { application };
  const { partnership } = await applicant.client.call(partners.application, { params });
  if (partnership === null) return fail('expected a partnership');
  await applicant.client.call(partners.acceptTerms, {
    params: { partner: partnership.id },
    body: { terms: partnership.terms },
  });
  return { tier, partner: partnership.id };
}

/** Makes a key, as a person who signed in. */
export async function issueTo(
  person: SignedIn,
  standsOn: Id<'grant'> | Id<'partner'>,
  more: Partial<Body<typeof gateway.issue>> = {},
) {
  return await person.client.call(gateway.issue, {
    body: { standsOn, name: 'analysis machine', ...more },
  });
}

/** The book of keys as a process of the gateway has it. */
export function bookOf(server: TestServer): KeyBook {
  return keyBookOf(server.services);
}

export const templateBody: Body<typeof gatewayJobs.stateTemplate> = {
  name: 'Explain an alert',
  purpose: 'Says in plain words what an alert means and what to do first.',
  fields: [{ name: 'alert', about: 'The alert as it came', charsMax: 10_000 }],
  outputTokensMax: 500,
  instructions: 'Explain the alert to somebody who is no expert.',
};

/** One of each that the gateway is made of, on a model of its own. */
export async function gatewayIn(
  server: TestServer,
  who: Record<'developer' | 'liaison' | 'evaluator', TestParty>,
): Promise<Record<GatewayThing, string>> {
  const { developer, liaison, evaluator } = who;
  const engaged = await engageModel({ developer, liaison });
  const person = await server.signIn(evaluator, 'Robin');
  const { window: scope, grant } = await grantIn(engaged, person);
  const { model } = engaged;
  const upstream = await giveOut(developer, { model, scope });
  const { key: gkey } = await issueTo(person, grant);
  const body = { of: scope, reason: 'for the night' };
  const { cut } = await developer.client.call(gateway.cut, { body });
  await developer.client.call(gateway.lift, { params: { cut }, body: {} });
  const request = await storeRequest(server, {
    ...{ key: gkey, holder: person.member, party: evaluator.id, developer: developer.id },
    ...{ standsOn: grant, model, upstream, marks: ['canary-in-answer'] },
  });
  const kept = await server.services.content.putText('sealed', 'request.age');
  const bodyKept = { request, side: 'request', content: kept.id, bytes: kept.size } as const;
  await server.services.database.write((tx) => insertBodies(tx, [bodyKept]));
  await closeIntervals(server.services, { everyMs: 0 });
  await raiseIncidents(server.services);
  const { items } = await developer.client.call(gatewayIncidents.incidents, { query: {} });
  const incident = items[0]?.id ?? fail('expected an incident');
  const stated = await developer.client.call(gatewayJobs.stateTemplate, {
    params: { scope },
    body: templateBody,
  });
  const { job } = await person.client.call(gatewayJobs.submitJob, {
    params: { gkey },
    body: { template: stated.template, inputs: { alert: 'a login at night' } },
  });
  return { model, scope, upstream, gkey, cut, request, incident, template: stated.template, job };
}

type GatewayThing =
  | 'model'
  | 'scope'
  | 'upstream'
  | 'gkey'
  | 'cut'
  | 'request'
  | 'incident'
  | 'template'
  | 'job';

/** What a process of the gateway stores of one request. */
export async function storeRequest(
  server: TestServer,
  of: Pick<
    RequestRow,
    'key' | 'holder' | 'party' | 'developer' | 'standsOn' | 'model' | 'upstream' | 'marks'
  >,
  more: Partial<RequestRow> = {},
): Promise<Id<'request'>> {
  const at = server.clock.now();
  const counts = { inputTokens: 9, outputTokens: 9, costMicros: 0 };
  const row: RequestRow = {
    ...of,
    ...{ id: newId('request'), process: 'p1', startedAt: at, endedAt: at, path: 'chat' },
    ...{ job: null, stream: true, status: 200, figures: 'upstream' },
    ...{ reserved: counts, settled: counts, currency: null },
    requestDigest: `sha256:${'0'.repeat(64)}`,
    responseDigest: null,
    salt: 'ab'.repeat(32),
    ...more,
  };
  await server.services.database.write((tx) => insertRequests(tx, [row]));
  return row.id;
}
