import { type Body, earlyAccess } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import type { SignedIn } from '../../apps/server/test/harness.ts';
import { later } from '../../apps/server/test/world.ts';
import type { AccessStep, Side } from './history.ts';
import { performEngage } from './perform-engage.ts';
import { actorOf, keep, type Scene, sentence } from './scene.ts';
import { type Answer, type Twin, textOfAll } from './twin.ts';

const dayMs = 86_400_000;

/** A person of each side's evaluator, who may be let in. */
const people = new WeakMap<Twin, Readonly<Record<Side, SignedIn>>>();

export async function furnishPeople(twin: Twin): Promise<void> {
  const { outside, hidden } = twin.crews;
  people.set(twin, {
    outside: await twin.server.signIn(outside.evaluator, 'Dana'),
    hidden: await twin.server.signIn(hidden.evaluator, 'Robin'),
  });
}

/** What is planned and opened, who is let in, and what outsiders read of it. */
export async function performAccess(scene: Scene, step: AccessStep): Promise<Answer | null> {
  switch (step.act) {
    case 'open-window':
      return await open(scene, step);
    case 'work-in-window':
      return await work(scene, step);
    case 'look-at-windows':
      return await look(scene);
  }
}

async function open(scene: Scene, step: AccessStep): Promise<Answer | null> {
  const own = scene.deeds[step.side];
  const isFirst = picked(scene, step, 'engagement') === null;
  // Most histories are too short for one to have been opened before.
  const engaged = isFirst ? await performEngage(scene, { ...step, act: 'engage' }) : null;
  const engagement = parseId('engagement', picked(scene, step, 'engagement') ?? '');
  if (engagement === null) return engaged;
  const params = { engagement };
  const by = actorOf(scene, step.side);
  const words = sentence(step);
  const body: Body<typeof earlyAccess.statePlan> = {
    ...{ objectives: words, who: words, outputs: words, afterwards: words },
    ...{ personsMax: 2, returnWithinDays: 1 },
  };
  const planned = keep(own, 'plan', await by('liaison', earlyAccess.statePlan, { params, body }));
  const plan = own.things.findLast(({ kind }) => kind === 'plan')?.id;
  if (planned.status !== 200 || plan === undefined) return planned;
  const ends = later(scene.twin.server.clock, (step.pick % 20) * dayMs + 1);
  const wish = { plan: plan as Id<'plan'>, ends }; // kept from an answer
  const opened = await by('developer', earlyAccess.openWindow, { params, body: wish });
  return keep(own, 'window', opened);
}

/** Lets a person in, shortens, revokes or ends. */
async function work(scene: Scene, step: AccessStep): Promise<Answer | null> {
  const own = scene.deeds[step.side];
  const window = picked(scene, step, 'window');
  const person = people.get(scene.twin)?.[step.side];
  if (window === null || person === undefined) return null;
  const by = actorOf(scene, step.side);
  const params = { window };
  const ends = later(scene.twin.server.clock, dayMs);
  const grant = picked(scene, step, 'grant');
  switch (step.pick % 4) {
    case 0:
      return await by('developer', earlyAccess.shorten, { params, body: { ends } });
    case 1:
      return await by('developer', earlyAccess.end, { params, body: {} });
    case 2:
      if (grant === null) return null;
      return await by('developer', earlyAccess.revoke, { params: { grant }, body: {} });
    default: {
      const body = { member: person.member };
      return keep(own, 'grant', await by('liaison', earlyAccess.addPerson, { params, body }));
    }
  }
}

/** Reads everything there is to list, as each of those who may. */
async function look({ twin, deeds }: Scene): Promise<Answer> {
  const own = deeds.outside.things.find(({ kind }) => kind === 'window')?.id;
  const paths = [
    '/v1/windows',
    '/v1/grants',
    ...(own === undefined ? [] : [`/v1/windows/${own}`, `/v1/windows/${own}/grants`]),
  ];
  const answers: Answer[] = [];
  for (const watcher of ['developer', 'liaison', 'official', 'evaluator', 'finder'] as const) {
    for (const path of paths) answers.push(await twin.look(watcher, { method: 'GET', path }));
  }
  return textOfAll(answers);
}

function picked({ deeds }: Scene, { side, pick }: AccessStep, of: string): string | null {
  const own = deeds[side].things.filter(({ kind }) => kind === of);
  return own[pick % Math.max(1, own.length)]?.id ?? null;
}
