import { engage as contract } from '@breakwater/contract';
import { ok, type Result, refuse, utf8 } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { forget } from '../../../platform/directory/forget.ts';
import { type Call, fileRoute, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { type Acted, act } from './act.ts';
import { beforeYouJoin } from './before/before.ts';
import { packOf } from './before/pack.ts';
import type { EngageNeeds } from './needs.ts';
import { noSuchModel, noSuchParty, open } from './open.ts';
import { owedBefore } from './owed.ts';
import { liaisons, unknownAmong } from './party-store.ts';
import { refusals } from './refusals.ts';
import { putSaid, readSaid } from './said.ts';
import {
  allSaid,
  findEngagement,
  findRow,
  isOwnModel,
  listDates,
  listModels,
  listRows,
  newestSaid,
  seersOf,
} from './store.ts';
import { engagementView, summaries } from './views.ts';

/** The operations by which a developer engages the Government, and ends it. */
export function engagementRoutes(services: Services, needs: EngageNeeds): readonly Route[] {
  const { clock, openWeight } = services;
  return [
    ...readingRoutes(services, needs),
    route(contract.open, (call) => open(services, call)),
    route(contract.stateDates, async (call) => {
      const command = { act: 'state-dates', ...call.body } as const;
      return await done(act(services, call, { command: async () => ok(command) }));
    }),
    route(contract.stateModel, (call) => stateModel(services, call)),
    route(contract.alterSharing, (call) => alterSharing(services, call)),
    route(contract.leave, async (call) => {
      const acted = await act(services, call, { command: async () => ok({ act: 'leave' }) });
      return await withOwed(services, needs, acted);
    }),
    route(contract.release, async (call) => {
      const acted = await act(services, call, { command: async () => ok({ act: 'release' }) });
      return await withOwed(services, needs, acted);
    }),
    route(contract.erase, (call) => erase(services, call)),
    route(contract.before, async () => ok(beforeYouJoin(clock.now(), openWeight))),
    fileRoute(contract.beforePack, async () => {
      const pack = packOf(beforeYouJoin(clock.now(), openWeight));
      return ok({ bytes: utf8(pack), fileName: 'before-you-join.html' });
    }),
  ];
}

function readingRoutes(services: Services, needs: EngageNeeds): readonly Route[] {
  const { database, directory, content } = services;
  return [
    route(contract.list, async ({ query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await database.read((r) => listRows(r, actor, page));
      return ok(pageFrom(rows, query.limit, await summaries(services, rows)));
    }),
    route(contract.get, async ({ params, actor, level }) => {
      const asked = { id: params.engagement, actor, level };
      const view = await engagementView(services, needs, asked);
      return view === null ? notFound('an engagement') : ok(view);
    }),
    route(contract.models, async ({ query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const { rows, said } = await database.read(async (r) => {
        const found = await listModels(r, actor.id, page);
        const ids = found.flatMap(({ engagements }) => engagements);
        return { rows: found, said: await newestSaid(r, ids) };
      });
      const models = rows.map(async ({ id, engagements }) => {
        const named = engagements.map(async (engagement) => {
          const own = said.filter((each) => each.engagement === engagement);
          return (await readSaid(content, own)).codename;
        });
        const codenames = (await Promise.all(named)).flatMap((codename) => codename ?? []);
        return { id, codenames: [...new Set(codenames)], engagements };
      });
      return ok(pageFrom(rows, query.limit, await Promise.all(models)));
    }),
    route(contract.liaisons, async () => {
      const parties = await database.read(liaisons);
      const named = await Promise.all(parties.map((id) => directory.refOf(id)));
      return ok({ items: named.toSorted((a, b) => (a.name < b.name ? -1 : 1)) });
    }),
    route(contract.dates, async ({ params, query }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await database.read((r) => listDates(r, params.engagement, page));
      const items = rows.map(({ partners, general, statedAt }) => ({
        partners,
        general,
        statedAt,
      }));
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(contract.sharing, async ({ params }) => {
      const { row, seers } = await database.read(async (r) => ({
        row: await findRow(r, params.engagement),
        seers: await seersOf(r, params.engagement),
      }));
      if (row === null) return notFound('an engagement');
      const all = [{ party: row.developer, level: 'all' as const }, ...seers];
      const items = all.map(async ({ party, level }) => ({
        party: await directory.refOf(party),
        level,
      }));
      return ok({ items: await Promise.all(items) });
    }),
    route(contract.acts, async ({ params, actor, level }) =>
      ok({ items: await needs.actsOn(params.engagement, { actor, level }) }),
    ),
    route(
      contract.actProof,
      async ({ params: { engagement: subject, entry }, actor }) =>
        await needs.proofOf({ entry, subject }, actor),
    ),
  ];
}

async function done(acting: Promise<Result<Acted>>) {
  const acted = await acting;
  return acted.ok ? ok({ engagement: acted.value.engagement }) : acted;
}

/** ENG-5: another name, place or endpoint; or that the model is one of before. */
async function stateModel(services: Services, call: Call<typeof contract.stateModel>) {
  const { body, actor } = call;
  const said = await putSaid(services.content, body);
  const acted = await act(services, call, {
    said,
    async command(tx, engagement) {
      const { sameAs = null, openWeight = engagement.openWeight } = body;
      if (sameAs !== null && !(await isOwnModel(tx, actor.id, sameAs))) return refuse(noSuchModel);
      return ok({ act: 'state-model', sameAs, openWeight });
    },
  });
  if (!acted.ok) return acted;
  const { engagement, model } = acted.value;
  return ok({ engagement, model });
}

async function alterSharing(services: Services, call: Call<typeof contract.alterSharing>) {
  const { seers } = call.body;
  const parties = seers.map(({ party }) => party);
  return await done(
    act(services, call, {
      async command(tx, { government }) {
        const unknown = await unknownAmong(tx, parties);
        const others = unknown.filter((party) => party !== government);
        return others.length > 0 ? refuse(noSuchParty) : ok({ act: 'alter-sharing', seers });
      },
    }),
  );
}

/** ENG-8: what ended by the act stands when it is answered; both sides read the same list. */
async function withOwed(
  { database, clock }: Services,
  needs: Pick<EngageNeeds, 'owedOfAccess'>,
  acted: Result<Acted>,
) {
  if (!acted.ok) return acted;
  const { engagement: id, at } = acted.value;
  const owed = await database.read(async (r) => {
    const engagement = await findEngagement(r, id);
    const before = engagement === null ? [] : owedBefore(engagement);
    return [...before, ...(await needs.owedOfAccess(r, id, clock.now()))];
  });
  return ok({ engagement: id, at, owed });
}

type Erased = { engagement: Acted['engagement']; erased: number };

/** ENG-12: what the developer wrote goes; terms, signatures and the log stay. */
async function erase(
  services: Services,
  { actor, params, envelope }: Call<typeof contract.erase>,
): Promise<Result<Erased>> {
  const { engagement } = params;
  const executed = await services.execute<Erased>(envelope, async (tx, now) => {
    const row = await findRow(tx, engagement);
    if (row === null) return notFound('an engagement');
    if (row.developer !== actor.id) return refuse(refusals.developerAlone);
    if (row.left_at === null) return refuse(refusals.notLeft);
    const contents = (await allSaid(tx, engagement)).map(({ content }) => content);
    const jobs = await forget(tx, contents, now);
    const event = { act: 'engage.erased', subject: engagement, data: { engagement, contents } };
    return ok({ events: [event], jobs, response: { engagement, erased: contents.length } });
  });
  return responseOf(executed);
}
