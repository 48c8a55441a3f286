import { gateway } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { engageModel } from '../../apps/server/test/accessing.ts';
import type { SignedIn } from '../../apps/server/test/harness.ts';
import { giveOut, grantIn, issueTo, storeRequest } from '../../apps/server/test/keying.ts';
import type { GatewayStep, Side } from './history.ts';
import { actorOf, keep, type Scene, sentence } from './scene.ts';
import { type Answer, type Crew, type Twin, textOfAll } from './twin.ts';

/** A model of each side that is given out through the gateway, with a person who has a grant. */
interface GivenOut {
  readonly person: SignedIn;
  readonly grant: Id<'grant'>;
  readonly model: Id<'model'>;
  readonly upstream: Id<'upstream'>;
}

const given = new WeakMap<Twin, Readonly<Record<Side, GivenOut>>>();

/** On both servers alike: what the hidden side then does with it is on one. */
export async function furnishGateway(twin: Twin): Promise<void> {
  const giveOutOf = async (crew: Crew, name: string): Promise<GivenOut> => {
    const { developer, liaison, evaluator } = crew;
    const engaged = await engageModel({ developer, liaison });
    const person = await twin.server.signIn(evaluator, name);
    const { window, grant } = await grantIn(engaged, person);
    const upstream = await giveOut(developer, { model: engaged.model, scope: window });
    return { person, grant, model: engaged.model, upstream };
  };
  const outside = await giveOutOf(twin.crews.outside, 'Lee');
  given.set(twin, { outside, hidden: await giveOutOf(twin.crews.hidden, 'Ash') });
}

/** Makes keys, calls by them, cuts off and ends; and what outsiders read of it. */
export async function performGateway(scene: Scene, step: GatewayStep): Promise<Answer | null> {
  if (step.act === 'look-at-gateway') return await lookAtGateway(scene);
  const key = pickedKey(scene, step);
  const own = scene.deeds[step.side];
  const by = actorOf(scene, step.side);
  const reason = sentence(step);
  switch (step.pick % 5) {
    case 0:
      return key && (await by('evaluator', gateway.endKey, { params: { gkey: key }, body: {} }));
    case 1: {
      const body = { of: key ?? scene.twin.crews[step.side].evaluator.id, reason };
      return keep(own, 'cut', await by('developer', gateway.cut, { body }));
    }
    case 2: {
      const cut = own.things.findLast(({ kind }) => kind === 'cut')?.id;
      if (cut === undefined) return null;
      return await by('developer', gateway.lift, { params: { cut }, body: {} });
    }
    default:
      if (key === null) await issue(scene, step);
      else await call(scene, step, key);
      return null;
  }
}

/** As a person who signed in; the secret is chance, and compared with nothing. */
async function issue({ twin, deeds }: Scene, step: GatewayStep): Promise<void> {
  const of = given.get(twin)?.[step.side];
  if (of === undefined) throw new Error('expected a furnished twin');
  // Refused on both where the window is over, or another key has everything.
  const made = await issueTo(of.person, of.grant, { name: sentence(step) }).catch(() => null);
  if (made !== null) deeds[step.side].things.push({ kind: 'gkey', id: made.key });
}

async function call({ twin, deeds }: Scene, { side }: GatewayStep, key: Id<'gkey'>): Promise<void> {
  const of = given.get(twin)?.[side];
  if (of === undefined) throw new Error('expected a furnished twin');
  const { developer, evaluator } = twin.crews[side];
  const request = await storeRequest(twin.server, {
    ...{ key, holder: of.person.member, party: evaluator.id, developer: developer.id },
    ...{ standsOn: of.grant, model: of.model, upstream: of.upstream, marks: ['canary-in-answer'] },
  });
  deeds[side].things.push({ kind: 'request', id: request });
}

function pickedKey({ deeds }: Scene, { side, pick }: GatewayStep): Id<'gkey'> | null {
  const own = deeds[side].things.filter(({ kind }) => kind === 'gkey');
  return (own[pick % Math.max(1, own.length)]?.id ?? null) as Id<'gkey'> | null; // kept from an answer
}

/** Reads everything there is to list, as each of those who may. */
async function lookAtGateway({ twin }: Scene): Promise<Answer> {
  const paths = ['keys', 'offers', 'cuts', 'traffic', 'requests', 'jobs'];
  const ofDevelopers = ['upstreams', 'allotments', 'incidents', 'canaries', 'templates'];
  const answers: Answer[] = [];
  for (const watcher of ['developer', 'liaison', 'evaluator', 'finder', 'operator'] as const) {
    const all = watcher === 'developer' ? [...paths, ...ofDevelopers] : paths;
    for (const path of all) {
      answers.push(await twin.look(watcher, { method: 'GET', path: `/v1/gateway/${path}` }));
    }
  }
  return textOfAll(answers);
}
