import { partners as contract } from '@breakwater/contract';
import { digestOf, type Id, ok, type Result, refuse, utf8 } from '@breakwater/kernel';
import { newId } from '../../../../platform/clock/clock.ts';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { stale } from '../../../../platform/commands/revision.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import type { PartnersNeeds } from '../needs.ts';
import { decideDates } from './decide.ts';
import {
  findTier,
  insertTier,
  offeredTiers,
  type TierRow,
  tiersMax,
  tiersOf,
  updateTier,
} from './store.ts';
import { ownTierView, type TierWords, tierView } from './views.ts';

/** What developers offer to partners, under public names. */
export function tierRoutes(services: Services, needs: PartnersNeeds): readonly Route[] {
  const { database } = services;
  return [
    route(contract.tiers, async () => {
      const rows = await database.read((r) => offeredTiers(r));
      return ok({ items: await Promise.all(rows.map((row) => tierView(services, row))) });
    }),
    route(contract.ownTiers, async ({ actor }) => {
      const rows = await database.read((r) => tiersOf(r, actor.id));
      return ok({ items: await Promise.all(rows.map((row) => ownTierView(services, row))) });
    }),
    route(contract.openTier, (call) => putTier(services, needs, { call, tier: null })),
    route(contract.reviseTier, (call) =>
      putTier(services, needs, { call, tier: call.params.tier, ifRevision: call.body.ifRevision }),
    ),
  ];
}

interface Wish {
  readonly call: Call<typeof contract.openTier> | Call<typeof contract.reviseTier>;
  /** null: a new one. */
  readonly tier: Id<'tier'> | null;
  readonly ifRevision?: number | undefined;
}

/** PAR-3: whole, so that nothing of before stays that nobody looked at. */
async function putTier(
  services: Services,
  needs: PartnersNeeds,
  { call, tier, ifRevision }: Wish,
): Promise<Result<{ tier: Id<'tier'> }>> {
  const { body, envelope } = call;
  const developer = partyOf(call.actor);
  const { name, about, terms } = body;
  const kept: TierWords = { name, about, terms };
  const words = await services.content.putText(JSON.stringify(kept), 'tier.json');
  const told =
    body.modelTold === null ? null : await services.content.putText(body.modelTold, 'told.txt');
  const executed = await services.execute(envelope, async (tx, now) => {
    const before = tier === null ? null : await findTier(tx, tier);
    if (tier !== null && before?.developer !== developer) return notFound('a tier of yours');
    const changed = before === null ? null : stale(ifRevision, before.revision);
    if (changed !== null) return refuse(changed);
    const owner = body.model === null ? developer : await needs.developerOf(tx, body.model);
    if (owner !== developer) return refuse(noSuchModel);
    // What stands already is not asked about again: terms can be mended while a window is open.
    const isAsBefore = before?.model === body.model && before?.from_at === body.from;
    const window =
      body.model === null || isAsBefore ? null : await needs.windowOf(tx, body.model, now);
    const dated = decideDates(body, window);
    if (!dated.ok) return dated;
    const digest = digestOf(utf8(terms));
    const version = before === null ? 1 : before.terms_version;
    const row: TierRow = {
      id: before?.id ?? newId('tier'),
      developer,
      content: words.id,
      gives: [...new Set(body.gives)],
      terms_version: before === null || before.terms_digest === digest ? version : version + 1,
      terms_digest: digest,
      from_at: body.from,
      until_at: body.until,
      partnership_days: body.partnershipDays,
      review_days: body.reviewDays,
      takes_applications: body.takesApplications,
      told_content: told?.id ?? null,
      model: body.model,
      at: before?.at ?? now,
      revision: 1,
    };
    if (before !== null) await updateTier(tx, row);
    else if ((await tiersOf(tx, developer)).length >= tiersMax) return refuse(tooManyTiers);
    else await insertTier(tx, row);
    const data = { tier: row.id, termsVersion: row.terms_version, terms: digest };
    const act = before === null ? 'partners.tier-opened' : 'partners.tier-revised';
    return ok({
      events: [{ act, subject: row.id, data: { ...data, from: row.from_at, until: row.until_at } }],
      contents: [words, ...(told === null ? [] : [told])].map((ref) => ({
        ref,
        subject: row.id,
        level: sealed,
      })),
      response: { tier: row.id },
    });
  });
  return responseOf(executed);
}

const noSuchModel = {
  code: 'no-such-model',
  expected: 'a model of yours',
  got: 'another id',
  todo: 'see engage.models for yours, or leave it out',
  pointer: '/model',
} as const;
const tooManyTiers = {
  code: 'too-many-tiers',
  expected: `at most ${tiersMax} tiers of one developer`,
  got: 'one more',
  todo: 'revise one that takes no applications any more',
} as const;
