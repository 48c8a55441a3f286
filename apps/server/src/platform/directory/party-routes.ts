import {
  directory as contract,
  type Me,
  type Operation,
  type Party,
  session,
} from '@breakwater/contract';
import { type Id, type Instant, ok, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import { pageFrom, parseCursor } from '../../page.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import { newId } from '../clock/clock.ts';
import { findRole, mayGive, roleUnknown, widerRole } from '../policy/roles.ts';
import { erasedName, findMember, memberView } from './members.ts';

interface PartyRow {
  readonly id: Id<'party'>;
  readonly role: string;
  readonly name_content: Id<'content'>;
  readonly created_at: Instant;
}

/** Parties: who takes part. */
export function partyRoutes(services: Services): readonly Route[] {
  const { database, execute, content } = services;
  const view = (row: PartyRow) => partyView(content, row);
  return [
    route(contract.addParty, async ({ body, actor, envelope }) => {
      const name = await content.putText(body.name, 'name.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const role = await findRole(tx, body.role);
        if (role === null) return refuse(roleUnknown(body.role));
        if (!mayGive(actor, role)) return refuse(widerRole);
        const id = newId('party');
        await tx.run(sql`
          insert into directory.party (id, role, name_content, created_at)
          values (${id}, ${body.role}, ${name.id}, ${now})`);
        const event = {
          act: 'directory.party-added',
          subject: id,
          data: { party: id, role: body.role },
        };
        return ok({
          events: [event],
          contents: [{ ref: name, subject: id, level: 1 }],
          response: { id },
        });
      });
      return responseOf(executed);
    }),
    route(contract.listParties, async ({ query }) => {
      const after = parseCursor(query.after);
      const beyond =
        after === null
          ? sql``
          : sql`and (created_at, id) < (select created_at, id from directory.party where id = ${after})`;
      const ofRole = query.role === undefined ? sql`` : sql`and role = ${query.role}`;
      const one = query.party === undefined ? sql`` : sql`and id = ${query.party}`;
      const rows = await database.read((r) =>
        r.rows(sql<PartyRow>`
          select id, role, name_content, created_at from directory.party
          where left_at is null ${ofRole} ${one} ${beyond}
          order by created_at desc, id desc limit ${query.limit + 1}`),
      );
      return ok(pageFrom(rows, query.limit, await Promise.all(rows.map(view))));
    }),
    route(contract.whoAmI, async (call) => {
      const me = await meOf(services, call);
      return me === null ? notFound('a party') : ok(me);
    }),
    route(session.current, async (call) =>
      ok({ me: call.anonymous ? null : await meOf(services, call) }),
    ),
  ];
}

async function partyView(content: Services['content'], row: PartyRow): Promise<Party> {
  return {
    id: row.id,
    name: (await content.getText(row.name_content)) ?? erasedName,
    role: row.role,
    createdAt: row.created_at,
  };
}

/** Whoever calls, as it is shown to itself; null where its party is gone. */
async function meOf(
  { database, content }: Services,
  { actor, member, permissions }: Pick<Call<Operation>, 'actor' | 'member' | 'permissions'>,
): Promise<Me | null> {
  const found = await database.read(async (r) => ({
    party: await r.row(sql<PartyRow>`
      select id, role, name_content, created_at from directory.party where id = ${actor.id}`),
    member: member === null ? null : await findMember(r, member),
  }));
  if (found.party === null) return null;
  return {
    party: await partyView(content, found.party),
    member: found.member === null ? null : await memberView(content, found.member, true),
    permissions: [...permissions],
  };
}
