import { type Body, engage, terms } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { digestOfText } from '../../apps/server/test/engaging.ts';
import { later } from '../../apps/server/test/world.ts';
import type { EngageStep } from './history.ts';
import { actorOf, keep, type Scene, sentence } from './scene.ts';
import { type Answer, textOfAll } from './twin.ts';

const dayMs = 86_400_000;

/** What developers open, state and end, and what outsiders read of engagements. */
export async function performEngage(scene: Scene, step: EngageStep): Promise<Answer | null> {
  if (step.act === 'engage') return await open(scene, step);
  if (step.act === 'look-at-engagements') return await lookAtEngagements(scene);
  const own = scene.deeds[step.side].things.filter(({ kind }) => kind === 'engagement');
  const engagement = parseId('engagement', own[step.pick % Math.max(1, own.length)]?.id ?? '');
  if (engagement === null) return null;
  const params = { engagement };
  const by = actorOf(scene, step.side);
  switch (step.act) {
    case 'state-dates': {
      const partners = later(scene.twin.server.clock, (step.pick % 50) * dayMs);
      return await by('developer', engage.stateDates, {
        params,
        body: { partners, general: null },
      });
    }
    case 'come-to-terms':
      return await comeToTerms(scene, step, engagement);
    case 'let-see':
      return await letSee(scene, step, engagement);
    case 'end-engagement': {
      const end = step.pick % 2 === 0 ? engage.leave : engage.release;
      return await by('developer', end, { params, body: {} });
    }
  }
}

async function open(scene: Scene, step: EngageStep): Promise<Answer> {
  const own = scene.deeds[step.side];
  const words = sentence(step);
  const body: Body<typeof engage.open> = {
    codename: words,
    wants: (['inquiry', 'early-access', 'both'] as const)[step.pick % 3] ?? 'both',
    zone: 'America/New_York',
    openWeight: step.pick % 5 === 0,
    hosting: words,
    contacts: words,
    endpoints: [{ url: 'https://models.example/v1', name: words }],
    government: scene.twin.crews[step.side].liaison.id,
    seers: [],
  };
  const answer = await actorOf(scene, step.side)('developer', engage.open, { body });
  keep(own, 'model', answer);
  return keep(own, 'engagement', answer);
}

/** The liaison proposes; both sign what it says. */
async function comeToTerms(
  scene: Scene,
  step: EngageStep,
  engagement: Id<'engagement'>,
): Promise<Answer> {
  const by = actorOf(scene, step.side);
  const text = `${sentence(step)}, ${scene.deeds[step.side].things.length}`;
  const kind = (['use', 'nondisclosure', 'agreement'] as const)[step.pick % 3] ?? 'use';
  const body = { kind, text };
  const proposed = await by('liaison', terms.propose, { params: { engagement }, body });
  keep(scene.deeds[step.side], 'terms', proposed);
  if (proposed.status !== 200) return proposed;
  const said = JSON.parse(proposed.body) as { readonly terms: string };
  const signed = { name: text, title: 'Counsel', digest: digestOfText(text) };
  const params = { engagement, terms: said.terms };
  return textOfAll([
    await by('liaison', terms.sign, { params, body: signed }),
    await by('developer', terms.sign, { params, body: signed }),
  ]);
}

/** Lets the other side's official see all of it, and takes it back before anybody looks. */
async function letSee(
  { twin }: Scene,
  { side }: EngageStep,
  engagement: Id<'engagement'>,
): Promise<null> {
  const { developer } = twin.crews[side];
  const { official } = twin.crews[side === 'hidden' ? 'outside' : 'hidden'];
  const params = { engagement };
  const seers = [{ party: official.id, level: 'all' as const }];
  await twin.act(developer, engage.alterSharing, { params, body: { seers } });
  await twin.act(developer, engage.alterSharing, { params, body: { seers: [] } });
  return null;
}

/** Reads everything there is to list, as each of those who may. */
async function lookAtEngagements({ twin, deeds }: Scene): Promise<Answer> {
  const own = deeds.outside.things.find(({ kind }) => kind === 'engagement');
  const paths = [
    '/v1/engagements',
    '/v1/models',
    ...(own === undefined ? [] : [`/v1/engagements/${own.id}`, `/v1/engagements/${own.id}/acts`]),
  ];
  const answers: Answer[] = [];
  for (const watcher of ['developer', 'liaison', 'official'] as const) {
    for (const path of paths) answers.push(await twin.look(watcher, { method: 'GET', path }));
  }
  return textOfAll(answers);
}
