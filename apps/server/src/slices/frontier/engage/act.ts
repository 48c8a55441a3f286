import type { Operation } from '@breakwater/contract';
import type { Id, Instant, Result } from '@breakwater/kernel';
import { ok } from '@breakwater/kernel';
import type { Transaction } from '../../../platform/database/database.ts';
import { type Call, notFound, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { decide } from './decide.ts';
import { entryOf, keep } from './keep.ts';
import type { Command, Engagement } from './model.ts';
import { contentsOf, idsOf, type PutTexts } from './said.ts';
import { sideOf } from './side.ts';
import { findEngagement, insertSaid } from './store.ts';

type Act = Exclude<Command, { act: 'open' | 'propose-terms' | 'sign-terms' }>;

/** What was done, and to which model. */
export type Acted = { engagement: Id<'engagement'>; model: Id<'model'>; at: Instant };

/**
 * Carries out what a developer does in its engagement: the one way from a call to `decide` and from
 * there to rows and log, in one transaction.
 *
 * @param how.command what is asked, once the engagement is known; it may look up facts, or refuse.
 */
export async function act(
  services: Services,
  call: Pick<Call<Operation>, 'actor' | 'envelope'> & {
    readonly params: { readonly engagement: Id<'engagement'> };
  },
  how: {
    readonly said?: PutTexts;
    command(tx: Transaction, engagement: Engagement): Promise<Result<Act>>;
  },
): Promise<Result<Acted>> {
  const { said = new Map() } = how;
  const executed = await services.execute<Acted>(call.envelope, async (tx, now) => {
    const engagement = await findEngagement(tx, call.params.engagement);
    if (engagement === null) return notFound('an engagement');
    const command = await how.command(tx, engagement);
    if (!command.ok) return command;
    const side = sideOf(engagement, call.actor.id);
    const decided = decide(engagement, command.value, { now, side });
    if (!decided.ok) return decided;
    for (const event of decided.value) await keep(tx, engagement, event);
    await insertSaid(tx, engagement.id, idsOf(said));
    const texts = Object.fromEntries(idsOf(said));
    const stated = decided.value.find((event) => event.act === 'engage.model-stated');
    return ok({
      events: decided.value.map((event) => entryOf(engagement.id, event, texts)),
      contents: contentsOf(said, engagement.id),
      response: { engagement: engagement.id, model: stated?.model ?? engagement.model, at: now },
    });
  });
  return responseOf(executed);
}
