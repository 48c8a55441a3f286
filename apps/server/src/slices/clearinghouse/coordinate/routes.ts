import { type Case, coordinate } from '@breakwater/contract';
import { type Id, type Instant, ok, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { newId } from '../../../platform/clock/clock.ts';
import { levels } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { levelOf } from '../../../platform/commands/visibility.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { decideEndEmbargo, decideInvite, decideSetEmbargo } from './decide.ts';
import {
  embargoOf,
  findRoom,
  insertMessage,
  listMessages,
  listRooms,
  participantsOf,
  roleOf,
  roomState,
  type SeenRoom,
  stageOf,
} from './store.ts';

/** What the rooms ask of other slices; bound in slices/index.ts. */
export interface CoordinateNeeds {
  /** Whether a finding that is in the case now was reproduced. */
  isReproduced(reader: Reader, caseId: string): Promise<boolean>;
  /** The reader's own newest finding in each case, for whoever may know no other. */
  ownFindings(
    reader: Reader,
    cases: readonly string[],
    actor: Actor,
  ): Promise<ReadonlyMap<string, OwnFinding>>;
  countFindings(reader: Reader, cases: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

interface OwnFinding {
  readonly title: Id<'content'>;
  readonly receivedAt: Instant;
  readonly version: string;
}

const levelNames = ['summary', 'detail', 'all'] as const;

/** The operations of this slice. */
export function coordinateRoutes(services: Services, needs: CoordinateNeeds): readonly Route[] {
  const { database, execute, content, directory } = services;
  return [
    route(coordinate.list, async ({ query, actor }) => {
      const after = parseCursor(query.after);
      const rows = await database.read((r) => listRooms(r, actor, { after, limit: query.limit }));
      const items = await caseViews(services, needs, { rows, actor });
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(coordinate.get, async ({ params, actor }) => {
      const row = await database.read((r) => findRoom(r, params.case, actor));
      const rows = row === null ? [] : [row];
      const [view] = await caseViews(services, needs, { rows, actor });
      return view === undefined ? notFound('a case') : ok(view);
    }),
    route(coordinate.participants, async ({ params, actor }) => {
      const level = await database.read((r) => levelOf(r, params.case, actor));
      if (level === 0) return notFound('a case');
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
    route(coordinate.inviteOwner, async ({ params, body, envelope }) => {
      const reason =
        body.reason === undefined ? null : await content.putText(body.reason, 'reason.txt');
      const executed = await execute(envelope, async (tx) => {
        const room = await roomState(tx, params.case);
        if (room === null) return notFound('a case');
        const role = await roleOf(tx, body.party);
        const decided = decideInvite(
          room,
          { party: body.party, role },
          { reason: reason?.id ?? null, reproduced: await needs.isReproduced(tx, params.case) },
        );
        if (!decided.ok) return decided;
        const contents =
          reason === null ? [] : [{ ref: reason, subject: params.case, level: levels.all }];
        return ok({ events: [decided.value], contents, response: { case: params.case } });
      });
      return responseOf(executed);
    }),
    route(coordinate.messages, async ({ params, query, actor }) => {
      const level = await database.read((r) => levelOf(r, params.case, actor));
      if (level < levels.detail)
        return level === 0 ? notFound('a case') : ok({ items: [], next: null });
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
        const level = await levelOf(tx, params.case, actor);
        const room = await roomState(tx, params.case);
        if (room === null || level < levels.detail) return notFound('a case room');
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
    route(coordinate.setEmbargo, async ({ params, body, envelope }) => {
      const executed = await execute(envelope, async (tx, now) => {
        const room = await roomState(tx, params.case);
        if (room === null) return notFound('a case');
        const decided = decideSetEmbargo(room, { ...body, zoneKnown: isZone(body.zone) }, now);
        if (!decided.ok) return decided;
        const embargo = { state: 'until' as const, endsAt: body.endsAt, zone: body.zone };
        return ok({ events: [decided.value], response: { embargo } });
      });
      return responseOf(executed);
    }),
    route(coordinate.endEmbargo, async ({ params, body, envelope, actor }) => {
      const reason = await content.putText(body.reason, 'reason.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const room = await roomState(tx, params.case);
        const level = await levelOf(tx, params.case, actor);
        if (room === null || level < levels.detail) return notFound('a case');
        const decided = decideEndEmbargo(room, reason.id);
        if (!decided.ok) return decided;
        const contents = [{ ref: reason, subject: params.case, level: levels.detail }];
        const embargo = { state: 'ended' as const, endedAt: now, because: 'public' as const };
        return ok({ events: [decided.value], contents, response: { embargo } });
      });
      return responseOf(executed);
    }),
  ];
}

const none: ReadonlyMap<string, never> = new Map<string, never>();

/** Cases at the reader's level, with what other slices know of them asked for all at once. */
async function caseViews(
  services: Services,
  needs: CoordinateNeeds,
  { rows, actor }: { readonly rows: readonly SeenRoom[]; readonly actor: Actor },
): Promise<Case[]> {
  const { database } = services;
  const idsOf = (some: readonly SeenRoom[]) => some.map((row) => row.id);
  const full = idsOf(rows.filter((row) => row.level >= levels.detail));
  const bare = idsOf(rows.filter((row) => row.level < levels.detail));
  const [counts, own] = await Promise.all([
    full.length === 0 ? none : database.read((r) => needs.countFindings(r, full)),
    bare.length === 0 ? none : database.read((r) => needs.ownFindings(r, bare, actor)),
  ]);
  return await Promise.all(
    rows.map((row) =>
      caseView(services, row, { own: own.get(row.id) ?? null, count: counts.get(row.id) ?? 0 }),
    ),
  );
}

/**
 * A case at the reader's level. Whoever sees the summary alone gets title, version and opening
 * time of the own finding: those of the case would tell what others reported, and when.
 */
async function caseView(
  services: Services,
  row: SeenRoom,
  { own, count }: { readonly own: OwnFinding | null; readonly count: number },
): Promise<Case> {
  const { content } = services;
  const title = await content.getText(own?.title ?? row.title_content);
  return {
    id: row.id,
    title: title ?? '(erased)',
    package: row.package,
    version: own?.version ?? row.version,
    recipe: row.level >= levels.detail ? row.recipe : null,
    stage: stageOf(row),
    openedAt: own?.receivedAt ?? row.opened_at,
    embargo: embargoOf(row),
    findings: row.level >= levels.detail ? count : null,
    level: levelNames[row.level - 1] ?? 'summary',
    mergedInto: row.merged_into,
    advisory: row.advisory,
  };
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const caseMerged = {
  code: 'case-merged',
  expected: 'a case that stands for itself',
  got: 'one that was joined into another',
  todo: 'write in the case it was joined into',
} as const;
