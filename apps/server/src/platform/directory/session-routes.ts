import { session as contract } from '@breakwater/contract';
import { ok, refuse } from '@breakwater/kernel';
import { notFound, type Route, responseOf, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import { signedIn } from './members.ts';
import { endSessions, liveSessions } from './sessions.ts';

/** A person's own sessions: seen as a list, cut at once. */
export function sessionRoutes(services: Services): readonly Route[] {
  const { database, execute, content } = services;
  return [
    route(contract.list, async (call) => {
      const found = await database.read(async (r) => {
        const me = await signedIn(r, call);
        return me.ok ? ok(await liveSessions(r, me.value.id, call.now)) : me;
      });
      if (!found.ok) return found;
      const items = found.value.map(async (row) => ({
        id: row.id,
        current: row.id === call.session,
        startedAt: row.started_at,
        lastSeenAt: row.last_seen_at,
        endsAt: row.ends_at,
        how: row.how,
        device: (await content.getText(row.device_content)) ?? '(erased)',
      }));
      return ok({ items: await Promise.all(items) });
    }),
    route(contract.cut, async (call) => {
      const { session: wanted, others } = call.body;
      if ((wanted === undefined) === (others !== true)) return refuse(cutAmbiguous);
      const executed = await execute(call.envelope, async (tx, now) => {
        const me = await signedIn(tx, call);
        if (!me.ok) return me;
        const live = (await liveSessions(tx, me.value.id, now)).map((row) => row.id);
        const chosen = live.filter((id) =>
          wanted === undefined ? id !== me.value.session : id === wanted,
        );
        if (wanted !== undefined && chosen.length === 0) return notFound('a session of yours');
        const cut = await endSessions(tx, chosen, now);
        const events = chosen.map((id) => ({
          act: 'session.cut',
          subject: me.value.id,
          data: { member: me.value.id, session: id },
        }));
        return ok({ events, response: { cut } });
      });
      return responseOf(executed);
    }),
  ];
}

const cutAmbiguous = {
  code: 'cut-ambiguous',
  expected: 'either session, the id of one, or others: true',
  got: 'both or neither',
  todo: 'say which sessions shall end',
} as const;
