import { directory as contract } from '@breakwater/contract';
import {
  addMilliseconds,
  type Id,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@breakwater/kernel';
import { sql } from 'kysely';
import { pageFrom, parseCursor } from '../../page.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import type { Transaction } from '../database/database.ts';
import { findRole, mayGive, roleUnknown, widerRole } from '../policy/roles.ts';
import {
  insertInvitation,
  invitationsBy,
  invitationView,
  type NewInvitation,
  revokeInvitation,
  stateOf,
} from './invitations.ts';
import { findInvitation } from './joining.ts';
import { insertLink } from './links.ts';
import { lives } from './lives.ts';
import { findMember, managing } from './members.ts';
import { makeSecret } from './secret.ts';
import { linkTo } from './site.ts';

type Invite = Call<typeof contract.invite>;

/** Invitations, and the links that the administrator hands out. */
export function invitationRoutes(services: Services): readonly Route[] {
  const { database, execute, content, site } = services;
  return [
    route(contract.invite, async (call) => {
      const { body, actor, envelope } = call;
      if (body.party !== undefined && body.newParty !== undefined) return refuse(ambiguous);
      const { secret, hash } = makeSecret();
      const email =
        body.email === undefined ? null : await content.putText(body.email, 'address.txt');
      const name =
        body.newParty === undefined ? null : await content.putText(body.newParty.name, 'name.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const into = await mayInvite(tx, call);
        if (!into.ok) return into;
        const made = await insertInvitation(tx, {
          into: 'role' in into.value ? { role: into.value.role, name } : into.value,
          manages: body.manages || into.value.first,
          email,
          by: actor.id,
          hash,
          now,
        });
        return ok({
          events: [made.event],
          contents: made.contents,
          response: { invitation: made.id, expiresAt: made.expiresAt },
        });
      });
      if (!executed.ok) return executed;
      if (executed.value.replayed) return refuse(shownBefore);
      return ok({ ...executed.value.response, link: linkTo(site(), secret) });
    }),
    route(contract.listInvitations, async (call) => {
      const { query, actor, now } = call;
      const found = await database.read(async (r) => {
        const allowed = mayInviteParties(call) ? null : await managing(r, call);
        if (allowed?.ok === false) return allowed;
        const by = actor.id === 'administrator' ? null : actor.id;
        const page = { after: parseCursor(query.after), limit: query.limit + 1 };
        return ok(await invitationsBy(r, by, page));
      });
      if (!found.ok) return found;
      const items = await Promise.all(found.value.map((row) => invitationView(content, row, now)));
      return ok(pageFrom(found.value, query.limit, items));
    }),
    route(contract.revokeInvitation, async (call) => {
      const { params, actor, envelope } = call;
      const executed = await execute(envelope, async (tx, now) => {
        const row = await findInvitation(tx, params.invitation);
        const own = actor.id === 'administrator' || row?.by_party === actor.id;
        if (row === null || !own) return notFound('an invitation of yours');
        const allowed = mayInviteParties(call) ? null : await managing(tx, call);
        if (allowed?.ok === false) return allowed;
        if (stateOf(row, now) !== 'open') return refuse(closed);
        const { event, jobs } = await revokeInvitation(tx, row, now);
        return ok({ events: [event], jobs, response: { invitation: row.id } });
      });
      return responseOf(executed);
    }),
    route(contract.makeLink, async ({ body, actor, envelope }) => {
      const { member, party, newParty } = body;
      if ([member, party, newParty].filter((wish) => wish !== undefined).length !== 1) {
        return refuse(linkAmbiguous);
      }
      const { secret, hash } = makeSecret();
      const given = newParty?.name;
      const name = given === undefined ? null : await content.putText(given, 'name.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const rest = { email: null, manages: true, by: actor.id, hash, now };
        if (member !== undefined) return await memberLink(tx, member, rest);
        if (party !== undefined && !(await isThere(tx, party))) return notFound('a party');
        if (newParty !== undefined && (await findRole(tx, newParty.role)) === null) {
          return refuse(roleUnknown(newParty.role));
        }
        const into = party === undefined ? { role: newParty?.role ?? '', name } : { party };
        const { event, contents, expiresAt } = await insertInvitation(tx, { ...rest, into });
        return ok({ events: [event], contents, response: { expiresAt } });
      });
      if (!executed.ok) return executed;
      if (executed.value.replayed) return refuse(shownBefore);
      return ok({ ...executed.value.response, link: linkTo(site(), secret) });
    }),
  ];
}

/** By role, with a key as well as signed in: the administrator and coordinators bring parties in. */
function mayInviteParties({ permissions }: Pick<Invite, 'permissions'>): boolean {
  return permissions.includes('directory.add-party');
}

type Into = ({ readonly party: Id<'party'> } | { readonly role: string }) & {
  /** Nobody is there yet: who comes first must be able to bring in the second. */
  readonly first: boolean;
};

/** Where the caller may invite into; another's party is not there for it. */
async function mayInvite(tx: Transaction, call: Invite): Promise<Result<Into>> {
  const { body, actor } = call;
  if (body.newParty !== undefined) {
    if (!mayInviteParties(call)) return refuse(ownPartyOnly);
    const { role } = body.newParty;
    const row = await findRole(tx, role);
    if (row === null) return refuse(roleUnknown(role));
    return mayGive(actor, row) ? ok({ role, first: true }) : refuse(widerRole);
  }
  if (body.party === undefined || body.party === actor.id) {
    const me = await managing(tx, call);
    return me.ok ? ok({ party: me.value.party, first: false }) : me;
  }
  if (!mayInviteParties(call) || !(await isThere(tx, body.party))) return notFound('a party');
  const role = await roleHeldBy(tx, body.party);
  if (role === null || !mayGive(actor, role)) return notFound('a party');
  const first = await isEmpty(tx, body.party);
  // Otherwise a coordinator could bring itself in among people whose things it may not see.
  if (actor.id !== 'administrator' && !first) return refuse(ownPartyOnly);
  return ok({ party: body.party, first });
}

async function isThere(tx: Transaction, party: Id<'party'>): Promise<boolean> {
  const row = await tx.row(sql<{ id: string }>`
    select id from directory.party where id = ${party} and left_at is null`);
  return row !== null;
}

async function roleHeldBy(tx: Transaction, party: Id<'party'>) {
  const row = await tx.row(sql<{ role: string }>`
    select role from directory.party where id = ${party}`);
  return row === null ? null : await findRole(tx, row.role);
}

/** Whether nobody ever acted for the party: no member and no key, of today or of before. */
async function isEmpty(tx: Transaction, party: Id<'party'>): Promise<boolean> {
  const row = await tx.row(sql<{ used: boolean }>`
    select exists (select 1 from directory.member where party = ${party})
        or exists (select 1 from directory.api_key where party = ${party}) as used`);
  return row?.used === false;
}

async function memberLink(
  tx: Transaction,
  id: Id<'member'>,
  { hash, now }: Pick<NewInvitation, 'hash' | 'now'>,
) {
  const member = await findMember(tx, id);
  if (member?.kind !== 'person') return notFound('a person who is a member');
  const expiresAt = addMilliseconds(now, lives.handedLink);
  await insertLink(tx, hash, { member: id, invitation: null, madeAt: now, expiresAt });
  const event = { act: 'session.link-made', subject: id, data: { member: id } };
  return ok({ events: [event], response: { expiresAt } });
}

const ambiguous: Refusal = {
  code: 'invitation-ambiguous',
  expected: 'party, newParty or neither',
  got: 'both',
  todo: 'say into which one',
};
const ownPartyOnly: Refusal = {
  code: 'not-permitted',
  expected: 'an invitation into your own party, or as a coordinator to a party without members',
  got: 'an invitation elsewhere',
  todo: 'ask the coordinator, or a managing member of that party',
};
const closed: Refusal = {
  code: 'invitation-closed',
  expected: 'an invitation that is open',
  got: 'one that was accepted, revoked or has expired',
  todo: 'nothing is left to revoke; remove the member if one joined by it',
};
const linkAmbiguous: Refusal = {
  code: 'link-ambiguous',
  expected: 'one of member, party and newParty',
  got: 'none or several',
  todo: 'say whom the link is for',
};
const shownBefore: Refusal = {
  code: 'idempotency-key-reused',
  expected: 'a new Idempotency-Key for a new link',
  got: 'one whose link was made and shown before',
  todo: 'a link is shown once: make another',
};
