import {
  type Client,
  createClient,
  type Disclosure,
  directory,
  earlyAccess,
  engage,
  protections,
  terms,
} from '@breakwater/contract';
import { fromBase64, type Id, type Instant, utf8 } from '@breakwater/kernel';
import { checkDisclosure } from '@breakwater/log';
import { logVerifierKeys } from '../src/platform/journal/log-keys.ts';
import type { SignedIn, TestParty, TestServer } from './harness.ts';

/** Both sides of an engagement, and what stands in it. */
export interface Engaged {
  readonly developer: TestParty;
  readonly liaison: TestParty;
  readonly engagement: Id<'engagement'>;
  readonly model: Id<'model'>;
}

interface Opening {
  readonly developer: TestParty;
  readonly liaison: TestParty;
  readonly zone?: string;
  readonly partners?: Instant;
  readonly model?: Id<'model'>;
  /** Whether both sides sign the six protections; left out: they do. */
  readonly signed?: boolean;
}

/** Opens an engagement whose six protections both sides signed. */
export async function engageModel(opening: Opening): Promise<Engaged> {
  const { developer, liaison, zone = 'America/New_York', partners, model, signed } = opening;
  const opened = await developer.client.call(engage.open, {
    body: {
      codename: 'Bluefin',
      wants: 'both',
      zone,
      openWeight: false,
      government: liaison.id,
      endpoints: [],
      seers: [],
      ...(partners === undefined ? {} : { dates: { partners, general: null } }),
      ...(model === undefined ? {} : { model }),
    },
  });
  const { engagement } = opened;
  const kinds = signed === false ? [] : protections;
  for (const kind of kinds) await signTerms({ developer, liaison, engagement }, kind);
  return { developer, liaison, engagement, model: opened.model };
}

/** A new version of the terms of one protection, signed by both. */
export async function signTerms(
  { developer, liaison, engagement }: Omit<Engaged, 'model'>,
  kind: (typeof protections)[number],
  text = `Terms of ${kind}.`,
): Promise<Id<'terms'>> {
  const proposed = await liaison.client.call(terms.propose, {
    params: { engagement },
    body: { kind, text },
  });
  for (const side of [developer, liaison]) {
    await side.client.call(terms.sign, {
      params: { engagement, terms: proposed.terms },
      body: { name: 'A Person', title: 'Counsel', digest: proposed.digest },
    });
  }
  return proposed.terms;
}

/** A plan of the Government, with room for so many. */
export async function statePlan(
  { liaison, engagement }: Pick<Engaged, 'liaison' | 'engagement'>,
  personsMax = 3,
): Promise<Id<'plan'>> {
  const { plan } = await liaison.client.call(earlyAccess.statePlan, {
    params: { engagement },
    body: {
      objectives: 'Find what the model finds in our own software.',
      who: 'Two evaluators and their service.',
      outputs: 'Findings to the clearinghouse, and one assessment.',
      afterwards: 'Everything is destroyed, and each person attests it.',
      personsMax,
      returnWithinDays: 10,
    },
  });
  return plan;
}

/** Opens a window as its developer. */
export async function openWindow(
  engaged: Engaged,
  wish: { readonly begins?: Instant; readonly ends?: Instant; readonly personsMax?: number } = {},
) {
  const { personsMax, ...times } = wish;
  const plan = await statePlan(engaged, personsMax);
  return await engaged.developer.client.call(earlyAccess.openWindow, {
    params: { engagement: engaged.engagement },
    body: { plan, ...times },
  });
}

/** A service of a party with a key of its own. */
export async function addService(
  server: TestServer,
  { party, by }: { readonly party: Id<'party'>; readonly by: SignedIn },
): Promise<{ readonly member: Id<'member'>; readonly key: string; readonly client: Client }> {
  const { id: member } = await by.client.call(directory.addService, {
    body: { name: 'Evaluator' },
  });
  const { key } = await by.client.call(directory.addKey, {
    params: { party },
    body: { label: 'evaluator', member },
  });
  return { member, key, client: createClient({ baseUrl: server.address, key }) };
}

/** Accepts every protection that has terms, as the person. */
export async function acceptAll(
  person: Pick<SignedIn, 'client'>,
  grant: Id<'grant'>,
): Promise<void> {
  const params = { grant };
  const { items } = await person.client.call(earlyAccess.grantTerms, { params });
  for (const { protection, terms: version } of items) {
    if (version === null) continue;
    await person.client.call(earlyAccess.accept, { params, body: { protection, terms: version } });
  }
}

/** One of each that early access is made of. */
export async function accessIn(
  server: TestServer,
  who: Record<'developer' | 'liaison' | 'evaluator', TestParty>,
): Promise<Record<'plan' | 'window' | 'grant' | 'use' | 'windowOpening', string>> {
  const { developer, liaison, evaluator } = who;
  const engaged = await engageModel({ developer, liaison });
  const { window } = await openWindow(engaged);
  const person = await server.signIn(evaluator, 'Dana');
  const { grant } = await liaison.client.call(earlyAccess.addPerson, {
    params: { window },
    body: { member: person.member },
  });
  await acceptAll(person, grant);
  const { use } = await person.client.call(earlyAccess.beginUse, {
    params: { grant },
    body: { purpose: 'To see what it can do.' },
  });
  const { plan } = await developer.client.call(earlyAccess.window, { params: { window } });
  const acts = await developer.client.call(earlyAccess.acts, { params: { window } });
  return { plan: plan ?? '', window, grant, use, windowOpening: acts.items[0]?.entry ?? '' };
}

/** Whether an act that somebody was shown is in the log, by our own checker and nothing of the server. */
export function holds(server: TestServer, shown: Disclosure): boolean {
  const disclosure = {
    salt: fromBase64(shown.salt) ?? new Uint8Array(),
    content: JSON.parse(JSON.stringify(shown.content)),
    index: shown.index,
    proof: shown.proof.map((hash) => fromBase64(hash) ?? new Uint8Array()),
    checkpoint: utf8(shown.checkpoint),
  };
  const { signer, logOrigin } = server.services;
  return checkDisclosure(disclosure, logVerifierKeys(signer, logOrigin)).ok;
}
