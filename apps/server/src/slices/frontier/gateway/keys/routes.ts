import { gateway as contract, type GatewayOffer, type Output } from '@breakwater/contract';
import { type Id, type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { allotmentWords } from '../allotments/routes.ts';
import { findAllotment } from '../allotments/store.ts';
import { noteChanges, touched } from '../changes.ts';
import type { GatewayNeeds } from '../needs.ts';
import { type Stand, standOf } from '../stand.ts';
import { upstreamsOf } from '../upstreams/store.ts';
import { issueKey } from './issue.ts';
import { dealtOn, lookAt, overAt } from './look.ts';
import { refusals } from './refusals.ts';
import { findKey, listKeys, markEnded } from './store.ts';
import { keyView, speaksOf } from './views.ts';

/** Keys, and what they may be made on. */
export function keyRoutes(services: Services, needs: GatewayNeeds): readonly Route[] {
  const { database, content } = services;
  const ports = { content, needs };
  return [
    route(contract.offers, (call) => offers(services, needs, call)),
    route(contract.issue, (call) => issueKey(services, needs, call)),
    route(contract.keys, async ({ actor, query, now }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const as = { now, reader: actor.id };
      const looks = await database.read(async (r) => {
        const rows = await listKeys(r, { actor, of: query.of }, page);
        const found = [];
        for (const key of rows) found.push(await lookAt(r, ports, { key, now }));
        return found;
      });
      const items = looks.slice(0, query.limit).map((look) => keyView(services, look, as));
      const rows = looks.map(({ key }) => key);
      return ok(pageFrom(rows, query.limit, await Promise.all(items)));
    }),
    route(contract.key, async ({ params, actor, now }) => {
      const look = await database.read(async (r) => {
        const key = await findKey(r, params.gkey);
        return key === null ? null : await lookAt(r, ports, { key, now });
      });
      if (look === null) return notFound('a key');
      return ok(await keyView(services, look, { now, reader: actor.id }));
    }),
    route(contract.endKey, (call) => endKey(services, call)),
  ];
}

type Ended = Output<typeof contract.endKey>;

/** GAT-7: for good; its developer cuts it off instead. */
async function endKey(
  services: Services,
  { actor, params, member, envelope }: Call<typeof contract.endKey>,
): Promise<Result<Ended>> {
  const executed = await services.execute<Ended>(envelope, async (tx, now) => {
    const key = await findKey(tx, params.gkey);
    if (key === null) return notFound('a key');
    if (key.party !== actor.id) return refuse(refusals.holderAlone);
    if (key.ended_at !== null) return refuse(refusals.alreadyEnded);
    await markEnded(tx, key.id, { at: now, by: member });
    await noteChanges(tx, [touched(key.id)], now);
    return ok({
      events: [{ act: 'gateway.key-ended', subject: key.id, data: { key: key.id } }],
      response: { key: key.id, endedAt: now },
    });
  });
  return responseOf(executed);
}

/** What the caller may have keys on now: active, its own, and allotted to. */
async function offers(
  services: Services,
  needs: GatewayNeeds,
  { actor, member, now }: Call<typeof contract.offers>,
): Promise<Result<Output<typeof contract.offers>>> {
  const found = await services.database.read(async (reader) => {
    const of = { party: actor.id, member: member ?? '' };
    const ids = [
      ...(member === null ? [] : await needs.grantsOfMember(reader, of)),
      ...(await needs.partnershipsOf(reader, actor.id)),
    ];
    return await offeredOn(reader, needs, { ids, now });
  });
  const items = found.map(async ({ stand, allotment, dealt, upstreams }): Promise<GatewayOffer> => {
    const standing = dealt.keys.filter((key) => overAt(key, now) === null).length;
    return {
      ...(await allotmentWords(services, allotment)),
      standsOn: stand.id,
      of: stand.scope,
      developer: await services.directory.refOf(stand.developer),
      gives: stand.gives,
      speaks: speaksOf(upstreams),
      limits: allotment.limits,
      left: dealt.left.concurrency === 0 ? null : dealt.left,
      keysLeft: Math.max(0, allotment.keys_max - standing),
      demandsProof: allotment.demands_proof,
      until: stand.until,
    };
  });
  return ok({ items: await Promise.all(items), address: services.gatewayUrl });
}

async function offeredOn(
  reader: Reader,
  needs: GatewayNeeds,
  { ids, now }: { readonly ids: readonly (Id<'grant'> | Id<'partner'>)[]; readonly now: Instant },
) {
  const found = [];
  for (const id of ids) {
    const stand: Stand | null = await standOf(reader, needs, { id, now });
    const allotment = stand?.isActive === true ? await findAllotment(reader, stand.scope) : null;
    if (stand === null || allotment === null) continue;
    const dealt = await dealtOn(reader, { stand: id, allotted: allotment.limits, now });
    const upstreams = await upstreamsOf(reader, stand.model);
    found.push({ stand, allotment, dealt, upstreams });
  }
  return found;
}
