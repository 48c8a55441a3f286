import { partners as contract, partnerDays } from '@breakwater/contract';
import {
  addMilliseconds,
  type Id,
  type Instant,
  ok,
  type Result,
  refuse,
} from '@breakwater/kernel';
import { z } from 'zod';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { newId } from '../../../../platform/clock/clock.ts';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { hashOf } from '../../../../platform/directory/secret.ts';
import { type Call, type Route, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { linkAt, tokenFor } from '../link.ts';
import { personOf, sideOf } from '../sides.ts';
import { findTier } from '../tier/store.ts';
import { tierWords } from '../tier/views.ts';
import { countNominations, insertNomination, nominationsOf } from './store.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** Of one party in a day. */
const perDayMax = 200;
const Kept = z.object({ organization: z.string(), reason: z.string() });

/** PAR-13: either side may bring somebody in; what is asked of it is what is asked of everybody. */
export function nominationRoutes(services: Services): readonly Route[] {
  const { database, content } = services;
  return [
    route(contract.nominate, (call) => nominate(services, call)),
    route(contract.nominations, async (call) => {
      const { query } = call;
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await database.read((r) => nominationsOf(r, partyOf(call.actor), page));
      const items = await Promise.all(
        rows.map(async (row) => {
          const text = await content.getText(row.content);
          const words = text === null ? null : Kept.parse(JSON.parse(text));
          const tier = await database.read((r) => findTier(r, row.tier));
          const tierName = tier === null ? null : ((await tierWords(services, tier))?.name ?? null);
          return {
            id: row.id,
            tier: row.tier,
            tierName,
            side: row.side,
            organization: words?.organization ?? null,
            reason: words?.reason ?? null,
            at: row.at,
            expiresAt: row.expires_at,
            used: row.application !== null,
          };
        }),
      );
      return ok(pageFrom(rows, query.limit, items));
    }),
  ];
}

/** No program writes to whom is nominated: the link is handed over by who nominates (law 4). */
async function nominate(
  services: Services,
  call: Call<typeof contract.nominate>,
): Promise<Result<{ nomination: Id<'nomination'>; link: string; expiresAt: Instant }>> {
  const { body, envelope } = call;
  const { organization, reason } = body;
  const words = await services.content.putText(
    JSON.stringify({ organization, reason }),
    'nomination.json',
  );
  const id = newId('nomination');
  const executed = await services.execute(envelope, async (tx, now) => {
    const tier = await findTier(tx, body.tier);
    const side = tier === null ? null : sideOf(call, tier.developer);
    const isOpen = tier?.takes_applications === true;
    if (tier === null || side === null || !isOpen) return refuse(noSuchTier);
    const party = partyOf(call.actor);
    const today = await countNominations(tx, party, addMilliseconds(now, -dayMs));
    if (today >= perDayMax) return refuse(tooMany);
    const row = {
      id,
      tier: tier.id,
      side,
      party,
      member: personOf(call),
      content: words.id,
      at: now,
      expires_at: addMilliseconds(now, partnerDays.nomination * dayMs),
      application: null,
    };
    await insertNomination(tx, row, hashOf(tokenFor(services, id)));
    const data = { nomination: id, tier: tier.id, side, member: row.member };
    return ok({
      events: [{ act: 'partners.nominated', subject: id, data }],
      contents: [{ ref: words, subject: id, level: sealed }],
      response: { nomination: id, expiresAt: row.expires_at },
    });
  });
  if (!executed.ok) return executed;
  const { response } = executed.value;
  const token = tokenFor(services, response.nomination);
  return ok({ ...response, link: linkAt(services.site(), 'apply', token) });
}

const noSuchTier = {
  code: 'no-such-tier',
  expected: 'a tier that takes applications; for a developer, one of its own',
  got: 'another',
  todo: 'see partners.tiers',
  pointer: '/tier',
} as const;
const tooMany = {
  code: 'too-many-nominations',
  expected: `at most ${perDayMax} nominations of a party in a day`,
  got: 'one more',
  todo: 'come back tomorrow',
} as const;
