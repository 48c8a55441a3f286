import { coordinate, type Output } from '@breakwater/contract';
import { isZone, type Json, ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { newId } from '../../../platform/clock/clock.ts';
import { levels } from '../../../platform/commands/audience.ts';
import { stale, tellChange } from '../../../platform/commands/revision.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { decideEndEmbargo, decideInvite, decideSetEmbargo } from './decide.ts';
import { type ListNeeds, listRoutes } from './list/routes.ts';
import { lookAgain } from './owner/hand-over.ts';
import { type OwnerNeeds, ownerRoutes } from './owner/routes.ts';
import { handedOverIn, paceOf, waitingFor } from './owner/store.ts';
import { answersAsOwner, insertMessage, listMessages, participantsOf, roomState } from './store.ts';
import { casesSeen } from './views.ts';

/** What the rooms ask of other slices; bound in slices/index.ts. */
export interface CoordinateNeeds extends ListNeeds, OwnerNeeds {}

/** The operations of this slice. */
export function coordinateRoutes(services: Services, needs: CoordinateNeeds): readonly Route[] {
  const { database, execute, content, directory } = services;
  return [
    ...listRoutes(services, needs),
    ...ownerRoutes(services, needs),
    route(coordinate.get, async ({ params, actor }) => {
      const [view] = await casesSeen(services, needs, { ids: [params.case], actor });
      return view === undefined ? notFound('a case') : ok(view);
    }),
    route(coordinate.participants, async ({ params, actor, level }) => {
      const rows = await database.read((r) => participantsOf(r, params.case));
      const seen = rows.filter(
        (p) => level >= levels.all || p.role === 'owner' || p.party === actor.id,
      );
      const items = await Promise.all(
        seen.map(async (p) => ({
          party: await directory.refOf(p.party),
          as: p.role,
          since: p.since,
          reason:
            p.reason_content === null || level < levels.all
              ? null
              : await content.getText(p.reason_content),
        })),
      );
      return ok({ items });
    }),
    route(coordinate.inviteOwner, (call) => inviteOwner(services, needs, call)),
    route(coordinate.messages, async ({ params, query, level }) => {
      if (level < levels.detail) return ok({ items: [], next: null });
      const after = parseCursor(query.after);
      const rows = await database.read((r) =>
        listMessages(r, params.case, { after, limit: query.limit }),
      );
      const items = await Promise.all(
        rows.map(async (m) => ({
          id: m.id,
          author: await directory.refOf(m.author),
          at: m.at,
          text: await content.getText(m.text_content),
        })),
      );
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(coordinate.say, async ({ params, body, envelope, actor }) => {
      const text = await content.putText(body.text, 'message.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const room = await roomState(tx, params.case);
        if (room === null) return notFound('a case');
        if (room.mergedInto !== null) return refuse(caseMerged);
        const id = newId('message');
        await insertMessage(tx, params.case, {
          id,
          author: actor.id,
          text_content: text.id,
          at: now,
        });
        const event = {
          act: 'coordinate.said',
          subject: params.case,
          data: {
            message: id,
            content: text.id,
            commitment: Buffer.from(text.commitment).toString('hex'),
          },
        };
        const contents = [{ ref: text, subject: params.case, level: levels.detail }];
        return ok({ events: [event], contents, response: { message: id } });
      });
      return responseOf(executed);
    }),
    route(coordinate.setEmbargo, async ({ params, body, envelope, actor }) => {
      const executed = await execute(envelope, async (tx, now) => {
        const room = await roomState(tx, params.case);
        if (room === null) return notFound('a case');
        const changed = stale(body.ifRevision, room.revision);
        if (changed !== null) return refuse(changed);
        const decided = decideSetEmbargo(room, { ...body, zoneKnown: isZone(body.zone) }, now);
        if (!decided.ok) return decided;
        const embargo = { state: 'until' as const, endsAt: body.endsAt, zone: body.zone };
        return ok({ events: [decided.value], response: { embargo } });
      });
      return responseOf(await tellChange(services, executed, { subject: params.case, actor }));
    }),
    route(coordinate.endEmbargo, async ({ params, body, envelope, actor }) => {
      const reason = await content.putText(body.reason, 'reason.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const room = await roomState(tx, params.case);
        if (room === null) return notFound('a case');
        const changed = stale(body.ifRevision, room.revision);
        if (changed !== null) return refuse(changed);
        const decided = decideEndEmbargo(room, reason.id);
        if (!decided.ok) return decided;
        const contents = [{ ref: reason, subject: params.case, level: levels.detail }];
        const embargo = { state: 'ended' as const, endedAt: now, because: 'public' as const };
        return ok({ events: [decided.value], contents, response: { embargo } });
      });
      return responseOf(await tellChange(services, executed, { subject: params.case, actor }));
    }),
  ];
}

/** Brings the owner in at once, or into the queue of those that wait for its pace. */
async function inviteOwner(
  services: Services,
  needs: CoordinateNeeds,
  { params, body, envelope, actor }: Call<typeof coordinate.inviteOwner>,
): Promise<Result<Output<typeof coordinate.inviteOwner>>> {
  const reason =
    body.reason === undefined ? null : await services.content.putText(body.reason, 'reason.txt');
  const { party } = body;
  type Answer = Json & Output<typeof coordinate.inviteOwner>;
  const executed = await services.execute<Answer>(envelope, async (tx, now) => {
    const room = await roomState(tx, params.case);
    if (room === null) return notFound('a case');
    const changed = stale(body.ifRevision, room.revision);
    if (changed !== null) return refuse(changed);
    const waiting = await waitingFor(tx, party);
    const pace = await paceOf(tx, party);
    const handedOver = await handedOverIn(tx, party, now);
    const priority = (await needs.priorities(tx, [params.case])).get(params.case);
    const facts = {
      reason: reason?.id ?? null,
      reproduced: await needs.isReproduced(tx, params.case),
      now,
      urgent: body.urgent ?? false,
      exploited: priority?.exploited ?? false,
      pace,
      handedOver,
      waiting: waiting.map((row) => row.case_id),
    };
    const answers = await answersAsOwner(tx, party);
    const decided = decideInvite(room, { party, answers }, facts);
    if (!decided.ok) return decided;
    const contents =
      reason === null ? [] : [{ ref: reason, subject: params.case, level: levels.all }];
    const waits = decided.value.act === 'coordinate.owner-queued';
    return ok({
      events: [decided.value],
      contents,
      jobs: waits ? lookAgain(party, pace, { handedOver, now }) : [],
      response: { case: params.case, outcome: waits ? 'waits' : 'handed-over' },
    });
  });
  return responseOf(await tellChange(services, executed, { subject: params.case, actor }));
}

const caseMerged = {
  code: 'case-merged',
  expected: 'a case that stands for itself',
  got: 'one that was joined into another',
  todo: 'write in the case it was joined into',
} as const;
