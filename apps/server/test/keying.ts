import { type Body, earlyAccess, gateway, type KeyLimits, partners } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { KeyBook } from '../src/slices/frontier/gateway/index.ts';
import { keyBookOf } from '../src/slices/index.ts';
import { acceptAll, type Engaged, openWindow } from './accessing.ts';
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
  server: TestServer,
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
