import { type Body, partners } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { findingsOf, offerTier, ruralHospital } from '../../apps/server/test/partnering.ts';
import type { PartnersStep, Side } from './history.ts';
import { actorOf, keep, type Scene, sentence } from './scene.ts';
import { type Answer, type Twin, textOfAll } from './twin.ts';

/** A tier of each side's developer, on both servers: what is offered is public. */
const tiersOf = new WeakMap<Twin, Readonly<Record<Side, Id<'tier'>>>>();

export async function furnishPartners(twin: Twin): Promise<void> {
  const { outside, hidden } = twin.crews;
  const offer = async (crew: typeof outside, name: string) =>
    (await offerTier(crew.developer, outside.liaison, { name })).tier;
  const one = await offer(outside, 'One');
  // Another hour for the second: of one hour, chance says which stands first.
  await twin.settle();
  tiersOf.set(twin, { outside: one, hidden: await offer(hidden, 'Other') });
}

/**
 * Who applies, what is asked and added, and a key that is turned. The hidden side's are never
 * answered: what a quarter comes to is public (D-99). Liaisons see every application (D-95), so
 * that nobody looks as one.
 */
export async function performPartners(scene: Scene, step: PartnersStep): Promise<Answer | null> {
  if (step.act === 'apply') return await apply(scene, step);
  if (step.act === 'look-at-partners') return await lookAtPartners(scene);
  const own = scene.deeds[step.side].things.filter(({ kind }) => kind === 'application');
  const application = parseId('application', own[step.pick % Math.max(1, own.length)]?.id ?? '');
  if (application === null) return null;
  const params = { application };
  const by = actorOf(scene, step.side);
  switch (step.pick % 4) {
    case 0:
      return await by('liaison', partners.ask, { params, body: { text: sentence(step) } });
    case 1:
      return await by('operator', partners.add, { params, body: { text: sentence(step) } });
    case 2:
      return await by('operator', partners.withdraw, { params, body: {} });
    default:
      return await turn(scene, step, application);
  }
}

async function apply(scene: Scene, step: PartnersStep): Promise<Answer> {
  const tiers = tiersOf.get(scene.twin);
  if (tiers === undefined) throw new Error('expected a furnished twin');
  // Also of the other side's tier: what the hidden side applied for must not show there.
  const tier = tiers[step.side === 'hidden' || step.pick % 2 === 0 ? 'hidden' : 'outside'];
  const body: Body<typeof partners.apply> = {
    ...ruralHospital,
    contacts: [...ruralHospital.contacts],
    meets: [...ruralHospital.meets],
    organization: sentence(step),
    purpose: sentence(step),
    criteriaVersion: 2,
    tier,
  };
  const answer = await actorOf(scene, step.side)('operator', partners.apply, { body });
  keep(scene.deeds[step.side], 'application', answer);
  // Each of the two servers listens at a port of its own, which stands in the link.
  const headers = answer.headers.filter(([name]) => name !== 'content-length');
  return { ...answer, headers, body: answer.body.replace(/localhost:\d+/, 'localhost') };
}

/** The Government's key alone, so that no answer comes of it. */
async function turn(
  scene: Scene,
  step: PartnersStep,
  application: Id<'application'>,
): Promise<Answer> {
  const by = actorOf(scene, step.side);
  const params = { application };
  const findings = await findingsOf(scene.twin.crews.outside.liaison.client);
  const body = { verdict: 'accept' as const, findings, reason: sentence(step) };
  return textOfAll([
    await by('liaison', partners.stateInterest, { params, body: { conflicted: false } }),
    await by('liaison', partners.decide, { params, body }),
  ]);
}

/** Reads everything there is to list, as each of those who may. */
async function lookAtPartners({ twin }: Scene): Promise<Answer> {
  const paths = ['criteria', 'tiers', 'fairness', 'applications', 'partnerships'];
  const answers: Answer[] = [];
  for (const watcher of ['operator', 'developer', 'evaluator'] as const) {
    for (const path of paths) {
      answers.push(await twin.look(watcher, { method: 'GET', path: `/v1/partners/${path}` }));
    }
  }
  return textOfAll(answers);
}
