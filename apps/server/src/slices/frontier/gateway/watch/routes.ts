import { gatewayIncidents as contract, type Output } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import type { GatewayNeeds } from '../needs.ts';
import { canariesOfDeveloper, countCanaries, putCanary, removeCanary } from './canary-store.ts';
import { findIncident, listIncidents, markClosed } from './incident-store.ts';
import { incidentViews } from './incident-views.ts';
import { canariesMax, refusals } from './refusals.ts';

/** What the watch asks of others. */
type WatchNeeds = Pick<GatewayNeeds, 'developerOf'>;

/** The operations on incidents and canaries; each developer reads and writes its own alone. */
export function watchRoutes(services: Services, needs: WatchNeeds): readonly Route[] {
  const { database } = services;
  return [
    route(contract.incidents, async ({ actor, query }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const of = {
        developer: actor.id,
        open: query.open === undefined ? null : query.open === 'yes',
      };
      const rows = await database.read((r) => listIncidents(r, of, page));
      const items = await incidentViews(services, rows.slice(0, query.limit));
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(contract.incident, async ({ actor, params }) => {
      const row = await database.read((r) => findIncident(r, params.incident, actor.id));
      const [view] = row === null ? [] : await incidentViews(services, [row]);
      return view === undefined ? notFound('an incident') : ok(view);
    }),
    route(contract.closeIncident, (call) => close(services, call)),
    route(contract.addCanary, (call) => addCanary(services, needs, call)),
    route(contract.removeCanary, (call) => dropCanary(services, call)),
    route(contract.canaries, async ({ actor }) => {
      const rows = await database.read((r) => canariesOfDeveloper(r, actor.id));
      const items = rows.map(({ model, digest, at }) => ({ model, digest, addedAt: at }));
      return ok({ items });
    }),
  ];
}

type Closed = Output<typeof contract.closeIncident>;

/** GAT-63: closed by its developer with what it came to; nothing follows from it by itself. */
async function close(
  services: Services,
  { actor, body, params, envelope }: Call<typeof contract.closeIncident>,
): Promise<Result<Closed>> {
  const reason = await services.content.putText(body.reason, 'reason.txt');
  const { incident } = params;
  const executed = await services.execute<Closed>(envelope, async (tx, now) => {
    const row = await findIncident(tx, incident, actor.id);
    if (row === null) return notFound('an incident');
    if (row.closed_at !== null) return refuse(refusals.alreadyClosed);
    const how = { at: now, as: body.as, content: reason.id, by: partyOf(actor) };
    await markClosed(tx, incident, how);
    const data = { incident, as: body.as, reason: reason.id };
    return ok({
      events: [{ act: 'gateway.incident-closed', subject: incident, data }],
      contents: [{ ref: reason, subject: incident, level: sealed }],
      response: { incident: row.id, closedAt: now },
    });
  });
  return responseOf(executed);
}

type Added = Output<typeof contract.addCanary>;

async function addCanary(
  services: Services,
  needs: WatchNeeds,
  { actor, body, envelope }: Call<typeof contract.addCanary>,
): Promise<Result<Added>> {
  const { model, digest } = body;
  const executed = await services.execute<Added>(envelope, async (tx, now) => {
    if ((await needs.developerOf(tx, model)) !== actor.id) return notFound('a model');
    if ((await countCanaries(tx, model)) >= canariesMax) return refuse(refusals.tooManyCanaries);
    await putCanary(tx, { model, digest, developer: partyOf(actor), at: now });
    const data = { model, digest };
    return ok({
      events: [{ act: 'gateway.canary-added', subject: model, data }],
      response: data,
    });
  });
  return responseOf(executed);
}

async function dropCanary(
  services: Services,
  { actor, body, envelope }: Call<typeof contract.removeCanary>,
): Promise<Result<Added>> {
  const { model, digest } = body;
  const executed = await services.execute<Added>(envelope, async (tx, now) => {
    const removed = await removeCanary(tx, {
      ...{ model, digest, at: now },
      developer: partyOf(actor),
    });
    if (removed === 0) return refuse(refusals.noSuchCanary);
    const data = { model, digest };
    return ok({
      events: [{ act: 'gateway.canary-removed', subject: model, data }],
      response: data,
    });
  });
  return responseOf(executed);
}
