import { type Body, type Client, createClient, partners } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { TestParty, TestServer } from './harness.ts';

/** A tier that anybody may apply for, under criteria that were published. */
export interface Offered {
  readonly developer: TestParty;
  readonly liaison: TestParty;
  readonly tier: Id<'tier'>;
}

export const tierBody: Body<typeof partners.openTier> = {
  name: 'Harbor',
  about: 'Looks through what you run and tells what is wrong',
  gives: ['raw-access', 'outputs'],
  terms: 'What it finds is for defense alone.',
  from: null,
  until: null,
  partnershipDays: 365,
  reviewDays: 180,
  takesApplications: true,
  modelTold: 'Codename Lagoon, third of its kind',
  model: null,
};

/** Publishes criteria and offers a tier. */
export async function offerTier(
  developer: TestParty,
  liaison: TestParty,
  tier: Partial<typeof tierBody> = {},
): Promise<Offered> {
  await liaison.client.call(partners.publishCriteria, { body: { why: 'we begin with these' } });
  const body = { ...tierBody, ...tier };
  const made = await developer.client.call(partners.openTier, { body });
  return { developer, liaison, tier: made.tier };
}

export const ruralHospital = {
  organization: 'Rural Hospital of the Plains',
  purpose: 'We have two people for 300 machines and want to know which to mend first.',
  contacts: [{ name: 'Night watch', phone: '+1 555 0100' }],
  meets: [{ criterion: 'contact', how: 'The night watch answers within the hour' }],
  asks: 'outputs',
  sector: 'healthcare',
  size: '50-249',
  region: 'NE',
  criteriaVersion: 1,
} as const;

/** A browser that nobody signed in to. */
export function nobody(server: TestServer): Client {
  return createClient({ baseUrl: server.address });
}

/** Applies, and answers with the application and the secret of its link. */
export async function applyFor(
  client: Client,
  tier: Id<'tier'>,
  more: Partial<Body<typeof partners.apply>> = {},
) {
  const { contacts, meets, ...rest } = ruralHospital;
  const body = { ...rest, contacts: [...contacts], meets: [...meets], tier, ...more };
  const applied = await client.call(partners.apply, { body });
  return { ...applied, token: new URL(applied.link).hash.slice(1) };
}

/** The criteria that apply to outputs, found met, or the first of them not. */
export async function findingsOf(
  client: Client,
  met = true,
  asks: 'outputs' | 'raw-access' = 'outputs',
) {
  const { criteria } = await client.call(partners.criteria);
  const ids = criteria.filter((each) => each.appliesTo.includes(asks)).map(({ id }) => id);
  return ids.map((criterion, i) => ({ criterion, met: met || i > 0, why: 'as it is written' }));
}

/** States that there is no interest, and turns the key of that person's side. */
export async function turnKey(
  client: Client,
  application: Id<'application'>,
  verdict: 'accept' | 'decline' = 'accept',
) {
  const params = { application };
  await client.call(partners.stateInterest, { params, body: { conflicted: false } });
  const { asks } = await client.call(partners.application, { params });
  const findings = await findingsOf(client, verdict === 'accept', asks);
  const body = { verdict, findings, reason: 'by the criteria, one by one' };
  return await client.call(partners.decide, { params, body });
}

/** Where a test has nothing to go on with. */
export function fail(message: string): never {
  throw new Error(message);
}
