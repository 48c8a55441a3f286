import { owner, type Waiting } from '@breakwater/contract';
import { type Id, isZone, ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { levels, partyOf } from '../../../../platform/commands/audience.ts';
import type { Actor, Envelope, Event, NewContent } from '../../../../platform/commands/commands.ts';
import { stale, tellChange } from '../../../../platform/commands/revision.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { answersAsOwner } from '../store.ts';
import { type CaseNeeds, casesSeen } from '../views.ts';
import {
  decideAcknowledge,
  decideClose,
  decideReopen,
  decideSetPace,
  decideVerdict,
  type StandingState,
} from './decide.ts';
import { type HandOverNeeds, lookAgain, waitingCases } from './hand-over.ts';
import { inOrder, unscored } from './pace.ts';
import { handedOverIn, inboxOf, paceOf, standingState, standingsOf, waitingFor } from './store.ts';
import { paceView, standingView } from './views.ts';

/** What the owner's side asks of other slices; bound in slices/index.ts. */
export interface OwnerNeeds extends CaseNeeds, HandOverNeeds {}

/** The operations by which an owner takes cases in, and by which coordinators see its pace. */
export function ownerRoutes(services: Services, needs: OwnerNeeds): readonly Route[] {
  const { database } = services;
  return [
    route(owner.pace, async ({ actor, now }) => ok(await paceView(services, partyOf(actor), now))),
    route(owner.setPace, (call) => setPace(services, call)),
    route(owner.waiting, async ({ actor }) => {
      const rows = await database.read((r) => waitingFor(r, actor.id));
      return ok({ waiting: rows.length });
    }),
    route(owner.paceOf, async ({ params, now }) => {
      const answers = await database.read((r) => answersAsOwner(r, params.party));
      if (!answers) return notFound('an owner');
      return ok(await paceView(services, params.party, now));
    }),
    route(owner.queue, (call) => queue(services, needs, call)),
    route(owner.takeBack, (call) => takeBack(services, call)),
    route(owner.inbox, (call) => inbox(services, needs, call)),
    route(owner.standing, async ({ params, level }) => {
      const rows = await database.read((r) => standingsOf(r, params.case));
      return ok({
        items: await Promise.all(rows.map((row) => standingView(services, row, level))),
      });
    }),
    route(owner.acknowledge, (call) => onStanding(services, call, decideAcknowledge)),
    route(owner.giveVerdict, async (call) => {
      const words = await services.content.putText(call.body.words, 'verdict.txt');
      const wish = { is: call.body.is, words: words.id };
      const contents = [{ ref: words, subject: call.params.case, level: levels.detail }];
      return await onStanding(services, call, (state) => decideVerdict(state, wish), contents);
    }),
    route(owner.close, (call) => onStanding(services, call, decideClose)),
    route(owner.reopen, (call) => onStanding(services, call, decideReopen)),
  ];
}

async function setPace(
  services: Services,
  { actor, body, envelope }: Call<typeof owner.setPace>,
): Promise<Result<{ revision: number }>> {
  const { capacityPerWeek, pause, urgent } = body;
  const executed = await services.execute<{ revision: number }>(envelope, async (tx, now) => {
    const { revision } = await paceOf(tx, actor.id);
    const changed = stale(body.ifRevision, revision);
    if (changed !== null) return refuse(changed);
    const wish = { capacityPerWeek, pause, urgent };
    const zoneKnown = pause?.zone != null && isZone(pause.zone);
    const decided = decideSetPace(actor.id, wish, { zoneKnown, now });
    if (!decided.ok) return decided;
    const handedOver = await handedOverIn(tx, actor.id, now);
    // Asked for also where nothing waits: that nothing does is no answer to give by a missing job.
    const jobs = lookAgain(actor.id, { ...wish, revision }, { handedOver, now });
    return ok({ events: [decided.value], jobs, response: { revision: revision + 1 } });
  });
  return responseOf(executed);
}

async function queue(
  services: Services,
  needs: OwnerNeeds,
  { query, actor }: Call<typeof owner.queue>,
): Promise<Result<{ items: Waiting[] }>> {
  const { database, directory } = services;
  const cases = await database.read(async (reader) => {
    const rows = await waitingFor(reader, query.owner ?? null);
    const owners = Map.groupBy(rows, (row) => row.owner);
    const sorted = await Promise.all(
      [...owners].map(async ([party, list]) =>
        inOrder(await waitingCases(reader, needs, list)).map((each, i) => ({
          ...each,
          party,
          position: i + 1,
        })),
      ),
    );
    return sorted.flat().filter((each) => query.case === undefined || each.case === query.case);
  });
  const seen = await casesSeen(services, needs, { ids: cases.map((c) => c.case), actor });
  const byId = new Map(seen.map((view) => [String(view.id), view]));
  const items = await Promise.all(
    cases.map(async ({ case: id, party, position, since, priority }) => {
      const view = byId.get(id);
      if (view === undefined) return null;
      const { title, package: purl, embargo } = view;
      const by = await directory.refOf(party);
      return {
        case: view.id,
        title,
        package: purl,
        owner: by,
        position,
        since,
        ...priority,
        embargo,
      };
    }),
  );
  return ok({ items: items.filter((item) => item !== null) });
}

async function takeBack(
  services: Services,
  { params, body, envelope }: Call<typeof owner.takeBack>,
): Promise<Result<{ case: Id<'case'> }>> {
  const reason = await services.content.putText(body.reason, 'reason.txt');
  const executed = await services.execute(envelope, async (tx) => {
    const rows = await waitingFor(tx, body.party);
    if (!rows.some((row) => row.case_id === params.case)) return refuse(notWaiting);
    const data = { party: body.party, because: 'taken-back', reason: reason.id };
    return ok({
      events: [{ act: 'coordinate.owner-dropped', subject: params.case, data }],
      contents: [{ ref: reason, subject: params.case, level: levels.all }],
      response: { case: params.case },
    });
  });
  return responseOf(executed);
}

async function inbox(
  services: Services,
  needs: OwnerNeeds,
  { query, actor }: Call<typeof owner.inbox>,
) {
  const { database } = services;
  const page = { after: parseCursor(query.after), limit: query.limit };
  const closed = query.state === 'closed';
  const rows = await database.read((r) => inboxOf(r, actor, { ...page, closed }));
  const shown = rows.slice(0, query.limit);
  const ids = shown.map((row) => row.case_id);
  const views = await casesSeen(services, needs, { ids, actor });
  const priorities = await database.read((r) => needs.priorities(r, ids));
  const byId = new Map(shown.map((row) => [row.case_id, row]));
  const items = await Promise.all(
    views.map(async (view) => {
      const row = byId.get(view.id);
      if (row === undefined) throw new Error(`${view.id} was not asked for`);
      const standing = await standingView(services, row, levels.detail);
      return { case: view, standing, ...(priorities.get(view.id) ?? unscored) };
    }),
  );
  const keyed = rows.map((row) => ({ id: row.case_id }));
  return ok(pageFrom(keyed, query.limit, items));
}

interface OnStanding {
  readonly actor: Actor;
  readonly envelope: Envelope;
  readonly params: { readonly case: Id<'case'> };
  readonly body: { readonly ifRevision?: number | undefined };
}

/** An act of an owner on where it stands in a case. */
async function onStanding(
  services: Services,
  { actor, envelope, params, body }: OnStanding,
  decide: (state: StandingState) => Result<Event>,
  contents: readonly NewContent[] = [],
): Promise<Result<{ revision: number }>> {
  const executed = await services.execute<{ revision: number }>(envelope, async (tx) => {
    const state = await standingState(tx, params.case, actor.id);
    if (state === null) return notFound('a case');
    const changed = stale(body.ifRevision, state.revision);
    if (changed !== null) return refuse(changed);
    const decided = decide(state);
    if (!decided.ok) return decided;
    return ok({ events: [decided.value], contents, response: { revision: state.revision + 1 } });
  });
  return responseOf(await tellChange(services, executed, { subject: params.case, actor }));
}

const notWaiting = {
  code: 'not-waiting',
  expected: 'a case that waits for the pace of this owner',
  got: 'one that does not',
  todo: 'look at the queue: it may have been handed over',
} as const;
