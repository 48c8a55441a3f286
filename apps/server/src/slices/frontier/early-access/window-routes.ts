import { earlyAccess as contract, type Output } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { newId } from '../../../platform/clock/clock.ts';
import { levels, partyOf, sealed } from '../../../platform/commands/audience.ts';
import { levelOf, setAudience } from '../../../platform/commands/visibility.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { decideOn, loadAccess, sideOf } from './access.ts';
import { grantsOf } from './grant-store.ts';
import { entriesOf, keep, showWindow, sidesAudience } from './keep.ts';
import { membersAmong } from './member-store.ts';
import type { RouteNeeds } from './needs.ts';
import { refusals } from './refusals.ts';
import {
  findPlan,
  findWindow,
  insertPlan,
  insertWindow,
  listWindows,
  plansOf,
  type WindowRow,
} from './store.ts';
import { daysView, planView, type WindowOf, windowView } from './views.ts';

/** One engagement has so many plans at most. */
const plansMax = 100;

/** The operations on plans and windows. */
export function windowRoutes(services: Services, needs: RouteNeeds): readonly Route[] {
  const { database } = services;
  return [
    route(contract.statePlan, (call) => statePlan(services, needs, call)),
    route(contract.plans, async ({ params, actor }) => {
      const rows = await database.read(async (r) => {
        const engagement = await needs.engagementOf(r, params.engagement);
        const isSide = engagement !== null && isSideOf(engagement, actor.id);
        return isSide ? await plansOf(r, [params.engagement]) : [];
      });
      return ok({ items: await Promise.all(rows.map((row) => planView(services, row))) });
    }),
    route(contract.plan, async ({ params }) => {
      const row = await database.read((r) => findPlan(r, params.plan));
      return row === null ? notFound('a plan') : ok(await planView(services, row));
    }),
    route(contract.days, async ({ params, now, actor }) => {
      const loaded = await database.read((r) => loadAccess(r, needs, params.engagement));
      if (loaded === null) return notFound('an engagement');
      if (!isSideOf(loaded.engagement, actor.id)) return refuse(refusals.sidesAlone);
      return ok(daysView(loaded, now));
    }),
    route(contract.openWindow, (call) => openWindow(services, needs, call)),
    route(contract.windows, async ({ query, actor, now }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const { engagement } = query;
      const rows = await database.read((r) => listWindows(r, { actor, engagement }, page));
      const items = [];
      for (const row of rows.slice(0, query.limit)) {
        const level = await database.read((r) => levelOf(r, row.id, actor));
        items.push(await viewOf(services, needs, { row, level, now }));
      }
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(contract.window, async ({ params, level, now }) => {
      const row = await database.read((r) => findWindow(r, params.window));
      return row === null
        ? notFound('a window')
        : ok(await viewOf(services, needs, { row, level, now }));
    }),
    route(contract.shorten, async (call) => {
      const { ends } = call.body;
      const done = await alter(services, needs, { call, act: { act: 'shorten', ends } });
      if (!done.ok) return done;
      return ok({ window: done.value.id, ends: done.value.ended_at ?? done.value.ends });
    }),
    route(contract.end, async (call) => {
      const done = await alter(services, needs, { call, act: { act: 'end' } });
      if (!done.ok) return done;
      return ok({ window: done.value.id, endedAt: done.value.ended_at ?? done.value.ends });
    }),
    route(contract.acts, async ({ params, actor, level }) =>
      ok({ items: await needs.actsOn(params.window, { actor, level }) }),
    ),
    route(contract.actProof, async ({ params, actor }) =>
      needs.proofOf({ entry: params.entry, subject: params.window }, actor),
    ),
  ];
}

function isSideOf(
  { developer, government }: { readonly developer: string; readonly government: string },
  party: string,
): boolean {
  return party === developer || party === government;
}

type Planned = Output<typeof contract.statePlan>;

/** EAR-1: stated by the Government, before there is a window; it does not change. */
async function statePlan(
  services: Services,
  needs: RouteNeeds,
  { actor, body, params, member, envelope }: Call<typeof contract.statePlan>,
): Promise<Result<Planned>> {
  const { personsMax, returnWithinDays, ...texts } = body;
  const put = (text: string, name: string) => services.content.putText(text, `${name}.txt`);
  const objectives = await put(texts.objectives, 'objectives');
  const who = await put(texts.who, 'who');
  const outputs = await put(texts.outputs, 'outputs');
  const afterwards = await put(texts.afterwards, 'afterwards');
  const executed = await services.execute<Planned>(envelope, async (tx, now) => {
    const loaded = await loadAccess(tx, needs, params.engagement);
    if (loaded === null) return notFound('an engagement');
    const { engagement, access } = loaded;
    const own = access.plans.filter((plan) => plan.engagement === engagement.id);
    if (own.length >= plansMax) return refuse(refusals.tooManyPlans);
    const id = newId('plan');
    const plan = { id, engagement: engagement.id, personsMax, returnWithinDays };
    const by = sideOf(engagement, actor.id, member);
    const made = decideOn(loaded, { act: 'state-plan', plan }, { by, now });
    if (!made.ok) return made;
    await insertPlan(tx, {
      id,
      engagement: engagement.id,
      party: partyOf(actor),
      objectives_content: objectives.id,
      who_content: who.id,
      outputs_content: outputs.id,
      afterwards_content: afterwards.id,
      persons_max: personsMax,
      return_days: returnWithinDays,
      at: now,
    });
    await setAudience(tx, id, sidesAudience(engagement));
    const ids = { objectives: objectives.id, who: who.id, outputs: outputs.id };
    const refs = [objectives, who, outputs, afterwards];
    return ok({
      events: entriesOf(made.value.events, [], { ...ids, afterwards: afterwards.id }),
      contents: refs.map((ref) => ({ ref, subject: id, level: sealed })),
      response: { plan: id },
    });
  });
  return responseOf(executed);
}

type Opened = Output<typeof contract.openWindow>;

/** EAR-3: opened by the developer, for a plan that stands. */
async function openWindow(
  services: Services,
  needs: RouteNeeds,
  { actor, body, params, member, envelope }: Call<typeof contract.openWindow>,
): Promise<Result<Opened>> {
  const executed = await services.execute<Opened>(envelope, async (tx, now) => {
    const loaded = await loadAccess(tx, needs, params.engagement);
    if (loaded === null) return notFound('an engagement');
    const { engagement, access } = loaded;
    const id = newId('window');
    const by = sideOf(engagement, actor.id, member);
    const { plan, begins = now, ends = null } = body;
    const wish = { act: 'open-window', window: id, plan, begins, ends } as const;
    const made = decideOn(loaded, wish, { by, now });
    if (!made.ok) return made;
    const [event] = made.value.events;
    if (event?.act !== 'early-access.window-opened') throw new Error('expected a window');
    const { because, window } = event;
    const stands = { zone: window.zone, begins: window.begins, ends: window.ends, because };
    await insertWindow(tx, {
      id,
      engagement: engagement.id,
      plan,
      opened_at: now,
      ...stands,
    });
    await showWindow(tx, id, engagement);
    return ok({
      events: entriesOf(made.value.events, access.grants),
      response: { window: id, begins: window.begins, ends: window.ends, because },
    });
  });
  return responseOf(executed);
}

type Alteration = Call<typeof contract.shorten> | Call<typeof contract.end>;

/** EAR-5: the window as it is after it was shortened or ended. */
async function alter(
  services: Services,
  needs: RouteNeeds,
  wish: {
    readonly call: Alteration;
    readonly act: { readonly act: 'end' } | { readonly act: 'shorten'; readonly ends: Ends };
  },
): Promise<Result<Pick<WindowRow, 'id' | 'ends' | 'ended_at'>>> {
  const { actor, params, member, envelope } = wish.call;
  const { window } = params;
  const executed = await services.execute<Pick<WindowRow, 'id' | 'ends' | 'ended_at'>>(
    envelope,
    async (tx, now) => {
      const row = await findWindow(tx, window);
      const loaded = row === null ? null : await loadAccess(tx, needs, row.engagement);
      if (loaded === null) return notFound('a window');
      const by = sideOf(loaded.engagement, actor.id, member);
      const made = decideOn(loaded, { ...wish.act, window }, { by, now });
      if (!made.ok) return made;
      const { events } = made.value;
      for (const event of events) await keep(tx, event, { by: actor.id, at: now });
      const after = await findWindow(tx, window);
      if (after === null) throw new Error('expected the window that was altered');
      const { id, ends, ended_at } = after;
      return ok({
        events: entriesOf(events, loaded.access.grants),
        response: { id, ends, ended_at },
      });
    },
  );
  return responseOf(executed);
}

type Ends = WindowRow['ends'];

/** A window as a reader of `level` sees it. */
async function viewOf(
  services: Services,
  needs: RouteNeeds,
  of: { readonly row: WindowRow; readonly level: number; readonly now: Ends },
) {
  const { row, level, now } = of;
  const { grants, ...found } = await services.database.read((r) => surroundingsOf(r, needs, row));
  const shown: WindowOf = { ...found, grants, level: Math.min(level, levels.all), now };
  return await windowView(services, row, shown);
}

/** What a window is shown with. */
export async function surroundingsOf(reader: Reader, needs: RouteNeeds, row: WindowRow) {
  const engagement = await needs.engagementOf(reader, row.engagement);
  const plan = await findPlan(reader, row.plan);
  if (engagement === null || plan === null) throw new Error('expected what a window stands on');
  const grants = await grantsOf(reader, [row.id]);
  const ids = grants.flatMap(({ member, person }) => [member, person]);
  const members = await membersAmong(reader, ids);
  return { engagement, plan, grants, members };
}
