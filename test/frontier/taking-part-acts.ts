import { designate, earlyAccess, engage, partners, suites } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { expect } from 'vitest';
import { acceptAll, engageModel, openWindow } from '../../apps/server/test/accessing.ts';
import {
  anyRule,
  determine,
  openEngagementOf,
  openFileOf,
} from '../../apps/server/test/designating.ts';
import type { sealSuite } from '../../apps/server/test/evaluating.ts';
import type { SignedIn, TestParty, TestServer } from '../../apps/server/test/harness.ts';
import { applyFor, offerTier, turnKey } from '../../apps/server/test/partnering.ts';
import { later } from '../../apps/server/test/world.ts';

/** Who is on both servers; `joining` take part in the framework on one of them. */
export const roles = {
  coordinator: 'coordinator',
  joiningFinder: 'finder',
  otherFinder: 'finder',
  joiningOwner: 'owner',
  otherOwner: 'owner',
  joiningOperator: 'operator',
  otherOperator: 'operator',
  auditor: 'auditor',
  evaluator: 'evaluator',
  joiningDeveloper: 'developer',
  otherDeveloper: 'developer',
  liaison: 'liaison',
  official: 'official',
} as const;
export type Name = keyof typeof roles;
export const names = Object.keys(roles) as Name[]; // its own keys

export interface World {
  readonly server: TestServer;
  readonly parties: Readonly<Record<Name, TestParty>>;
  readonly person: SignedIn;
  /** What every party was told, by what it asked, with chance taken out. */
  readonly told: Map<string, string>;
}

/** Lists are in the order of time: no two things are of the same millisecond. */
export function tick(server: TestServer): void {
  server.clock.set(later(server.clock, 1_000));
}

/** The whole framework, up to its end; each party that joins takes part in what it can. */
export async function takePart({ server, parties, person }: World): Promise<void> {
  const { joiningDeveloper: developer, joiningOperator, liaison } = parties;
  const engaged = await engageModel({ developer, liaison });
  const params = { engagement: engaged.engagement };
  const first = await openWindow(engaged);
  const ends = later(server.clock, 86_400_000);
  await developer.client.call(earlyAccess.shorten, {
    params: { window: first.window },
    body: { ends },
  });
  const { grant } = await liaison.client.call(earlyAccess.addPerson, {
    params: { window: first.window },
    body: { member: person.member },
  });
  await acceptAll(person, grant);
  const { use } = await person.client.call(earlyAccess.beginUse, {
    params: { grant },
    body: { purpose: 'To see what it can do.' },
  });
  await person.client.call(earlyAccess.use, { params: { use }, body: { calls: 1 } });
  const second = await openWindow(engaged);
  await developer.client.call(earlyAccess.end, { params: { window: second.window }, body: {} });
  await developer.client.call(engage.stateDates, {
    params,
    body: { partners: ends, general: null },
  });
  const { tier } = await offerTier(developer, liaison);
  const { application } = await applyFor(joiningOperator.client, tier);
  for (const side of [liaison, developer]) await turnKey(side.client, application);
  expect((await joiningOperator.client.call(partners.partnerships)).items).toHaveLength(1);
  await openFileOf(parties, params);
  await developer.client.call(engage.release, { params, body: {} });
  await developer.client.call(engage.leave, { params, body: {} });
}

export type Suite = Awaited<ReturnType<typeof sealSuite>>;

/** A rule on a suite that both servers have; it is in the log before any run. */
export async function registerRule({ parties }: World, { suite }: Suite): Promise<Id<'rule'>> {
  const { liaison, evaluator } = parties;
  const sealed = await evaluator.client.call(suites.suite, { params: { suite } });
  const document = { ...anyRule, suite: sealed.commitment };
  const body = { document, seers: [evaluator.id] };
  return (await liaison.client.call(designate.registerRule, { body })).rule;
}

/** A model is evaluated by a run and determined to be covered; its developer is told, and more. */
export async function beDesignated(
  { server, parties }: World,
  { rule, run }: { readonly rule: Id<'rule'>; readonly run: Id<'run'> },
): Promise<void> {
  const { joiningDeveloper: developer, liaison, official, evaluator } = parties;
  const cast = { server, developer, liaison, official, evaluator };
  const { engagement } = await openEngagementOf(cast);
  const file = await openFileOf(cast, { engagement, rule });
  const params = { file };
  await evaluator.client.call(designate.attachRun, { params, body: { run } });
  const { evaluation } = await official.client.call(designate.evaluate, { params, body: {} });
  await liaison.client.call(designate.tell, {
    params,
    body: { evaluation, parts: ['outcome', 'estimate'] },
  });
  await official.client.call(designate.dissent, { params, body: { text: 'I differ.' } });
  const date = server.clock.now().slice(0, 10);
  const determination = await determine(cast, file, { date });
  await official.client.call(designate.reExamine, {
    params: { determination },
    body: { seers: [] },
  });
}
