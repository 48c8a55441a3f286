import type { engage as contract } from '@breakwater/contract';
import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { newId } from '../../../platform/clock/clock.ts';
import { partyOf } from '../../../platform/commands/audience.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { type Call, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { decide } from './decide.ts';
import { entryOf, keep } from './keep.ts';
import { liaisons, unknownAmong } from './party-store.ts';
import { contentsOf, idsOf, putSaid } from './said.ts';
import { insertSaid, isOwnModel } from './store.ts';

type Open = Call<typeof contract.open>;
type Opened = { engagement: Id<'engagement'>; model: Id<'model'> };

/** ENG-2: opens an engagement by the developer's own statement. */
export async function open(
  services: Services,
  { actor, body, envelope }: Open,
): Promise<Result<Opened>> {
  const developer = partyOf(actor);
  const said = await putSaid(services.content, body);
  const executed = await services.execute<Opened>(envelope, async (tx, now) => {
    const found = await lookUp(tx, developer, body);
    if (!found.ok) return found;
    const { model, government } = found.value;
    const engagement = newId('engagement');
    const { wants, zone, openWeight, seers, dates = null } = body;
    const stated = { developer, government, wants, zone, openWeight, dates, seers };
    const command = { act: 'open', engagement, model, ...stated } as const;
    const decided = decide(null, command, { now, side: 'developer' });
    if (!decided.ok) return decided;
    for (const event of decided.value) await keep(tx, { id: engagement, developer }, event);
    await insertSaid(tx, engagement, idsOf(said));
    const texts = Object.fromEntries(idsOf(said));
    return ok({
      events: decided.value.map((event) =>
        entryOf(engagement, event, event.act === 'engage.opened' ? texts : {}),
      ),
      contents: contentsOf(said, engagement),
      response: { engagement, model },
    });
  });
  return responseOf(executed);
}

/** Whom it engages, and on which model. */
async function lookUp(
  tx: Transaction,
  developer: Id<'party'>,
  { model, government, seers }: Open['body'],
): Promise<Result<{ model: Id<'model'>; government: Id<'party'> }>> {
  if (model !== undefined && !(await isOwnModel(tx, developer, model))) return refuse(noSuchModel);
  const known = await liaisons(tx);
  const [only, ...others] = known;
  const engaged = government ?? (others.length === 0 ? only : undefined);
  if (engaged === undefined) return refuse(liaisonUnclear(known.length));
  if (!known.includes(engaged)) return refuse(noSuchParty);
  const unknown = await unknownAmong(
    tx,
    seers.map(({ party }) => party),
  );
  if (unknown.length > 0) return refuse(noSuchParty);
  return ok({ model: model ?? newId('model'), government: engaged });
}

export const noSuchModel = {
  code: 'no-such-model',
  expected: 'a model of yours',
  got: 'none with this id',
  todo: 'take the id from your models, or leave it out where it is another model',
} as const;
export const noSuchParty = {
  code: 'no-such-party',
  expected: 'ids of parties here that may look at engagements',
  got: 'one that is none',
  todo: 'ask the party for its id, or the administrator for its role',
} as const;

function liaisonUnclear(count: number) {
  return {
    code: 'liaison-unclear',
    expected: 'whom you engage, where the installation has not exactly one party of liaisons',
    got: `none named, and ${count} such parties here`,
    todo: count === 0 ? 'ask the administrator to add one' : 'name one of them: see the liaisons',
    pointer: '/government',
  } as const;
}
