import { gateway as contract, type Output } from '@breakwater/contract';
import { type Id, ok, parseId, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { newId } from '../../../../platform/clock/clock.ts';
import { levels, partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { setAudience } from '../../../../platform/commands/visibility.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { noteChanges, touched } from '../changes.ts';
import { findHolder } from '../keys/holder-store.ts';
import { findKey, hasKeyOf } from '../keys/store.ts';
import { cutView } from '../keys/views.ts';
import type { GatewayNeeds } from '../needs.ts';
import { behindOf } from '../stand.ts';
import { type CutSubject, cutsOn, findCut, insertCut, listCuts, markLifted } from './store.ts';

/** Cut-offs: each is one act, and holds for keys that are issued afterwards as well. */
export function cutRoutes(services: Services, needs: GatewayNeeds): readonly Route[] {
  return [
    route(contract.cut, (call) => cut(services, needs, call)),
    route(contract.cuts, async ({ actor, query }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await services.database.read((r) => listCuts(r, actor.id, page));
      const items = rows.slice(0, query.limit).map((row) => cutView(services, row));
      return ok(pageFrom(rows, query.limit, await Promise.all(items)));
    }),
    route(contract.lift, (call) => lift(services, call)),
  ];
}

type Done = Output<typeof contract.cut>;

/** GAT-10: at once, with its reason; from this commit on, in every process within a second. */
async function cut(
  services: Services,
  needs: GatewayNeeds,
  { actor, body, member, envelope }: Call<typeof contract.cut>,
): Promise<Result<Done>> {
  const reason = await services.content.putText(body.reason, 'reason.txt');
  const executed = await services.execute<Done>(envelope, async (tx, now) => {
    const party = partyOf(actor);
    if (!(await isTheirs(tx, needs, { of: body.of, party }))) {
      return notFound('a key, or what keys of yours or on models of yours stand on,');
    }
    if ((await cutsOn(tx, [body.of], [party])).length > 0) return refuse(alreadyCut);
    const id = newId('cut');
    const change = touched(body.of);
    await insertCut(tx, {
      ...{ id, party, subject: body.of, kind: change.kind },
      by_member: member,
      reason_content: reason.id,
      at: now,
    });
    await setAudience(tx, id, [{ principal: party, level: levels.all }]);
    await noteChanges(tx, [change], now);
    const data = { cut: id, kind: change.kind, of: body.of, reason: reason.id };
    return ok({
      events: [{ act: 'gateway.cut', subject: id, data }],
      contents: [{ ref: reason, subject: id, level: sealed }],
      response: { cut: id, at: now },
    });
  });
  return responseOf(executed);
}

type Lifted = Output<typeof contract.lift>;

async function lift(
  services: Services,
  { actor, params, member, envelope }: Call<typeof contract.lift>,
): Promise<Result<Lifted>> {
  const executed = await services.execute<Lifted>(envelope, async (tx, now) => {
    const row = await findCut(tx, params.cut);
    if (row === null || row.party !== actor.id) return notFound('a cut-off');
    if (row.lifted_at !== null) return refuse(alreadyLifted);
    await markLifted(tx, row.id, { at: now, by: member });
    await noteChanges(tx, [touched(row.subject)], now);
    const data = { cut: row.id, of: row.subject };
    return ok({
      events: [{ act: 'gateway.cut-lifted', subject: row.id, data }],
      response: { cut: row.id, liftedAt: now },
    });
  });
  return responseOf(executed);
}

/**
 * GAT-11: a developer cuts off what is on its own models, a party its own keys and persons, and
 * neither learns by trying whether there is anything else.
 */
async function isTheirs(
  reader: Reader,
  needs: GatewayNeeds,
  { of, party }: { readonly of: CutSubject; readonly party: Id<'party'> },
): Promise<boolean> {
  if (parseId('gkey', of) !== null) {
    const key = await findKey(reader, of);
    return key?.party === party || key?.developer === party;
  }
  if (parseId('member', of) !== null || parseId('party', of) !== null) {
    const own = of === party || (await findHolder(reader, of))?.party === party;
    return own || (await hasKeyOf(reader, { developer: party, of }));
  }
  if (parseId('model', of) !== null) return (await needs.developerOf(reader, of)) === party;
  return (await behindOf(reader, needs, of))?.developer === party;
}

const alreadyCut = {
  code: 'already-cut',
  expected: 'something that you did not cut off',
  got: 'something that you did',
  todo: 'nothing: it is cut off until you lift that',
} as const;
const alreadyLifted = {
  code: 'already-lifted',
  expected: 'a cut-off that stands',
  got: 'one that was lifted',
  todo: 'nothing',
} as const;
