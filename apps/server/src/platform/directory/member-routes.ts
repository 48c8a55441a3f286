import { directory as contract } from '@breakwater/contract';
import { type Id, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import { pageFrom, parseCursor } from '../../page.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import { seesAllWork } from '../commands/audience.ts';
import type { Reader, Transaction } from '../database/database.ts';
import { forget } from './forget.ts';
import {
  blindOf,
  cutMember,
  findMember,
  insertMember,
  type MemberRow,
  managing,
  membersOf,
  memberView,
  signedIn,
} from './members.ts';
import { waysIn } from './ways-in.ts';

/** The people and services of a party. */
export function memberRoutes(services: Services): readonly Route[] {
  const { database, execute, content } = services;
  return [
    route(contract.listMembers, async (call) => {
      const { query, actor } = call;
      const any = actor.id === 'administrator' || seesAllWork(actor);
      const own = actor.id.startsWith('party_') ? actor.id : null;
      const party = query.party ?? own;
      if (party === null || (!any && party !== own)) return notFound('a party');
      const page = { after: parseCursor(query.after), limit: query.limit + 1 };
      const found = await database.read(async (r) => ({
        // Its id came in as one of a party, or is the caller's own.
        rows: await membersOf(r, party as Id<'party'>, page),
        manages: party === own && (await managing(r, call)).ok,
      }));
      const all = actor.id === 'administrator' || found.manages;
      const items = await Promise.all(
        found.rows.map((row) => memberView(content, row, all || row.id === call.member)),
      );
      return ok(pageFrom(found.rows, query.limit, items));
    }),
    route(contract.removeMember, async (call) => {
      const executed = await execute(call.envelope, async (tx, now) => {
        const target = await mayChange(tx, call, call.params.member);
        if (!target.ok) return target;
        const { id, party } = target.value;
        if (call.actor.id !== 'administrator' && (await isLastManaging(tx, target.value))) {
          return refuse(lastManaging);
        }
        const texts = await cutMember(tx, id, now);
        const jobs = await forget(tx, texts, now);
        const event = {
          act: 'directory.member-removed',
          subject: party,
          data: { party, member: id },
        };
        return ok({ events: [event], jobs, response: { member: id } });
      });
      return responseOf(executed);
    }),
    route(contract.changeMember, async (call) => {
      const { manages } = call.body;
      const executed = await execute(call.envelope, async (tx) => {
        const target = await mayChange(tx, call, call.params.member);
        if (!target.ok) return target;
        const { id, party, kind } = target.value;
        if (kind !== 'person') return notFound('a person who is a member');
        if (call.actor.id !== 'administrator') {
          const me = await managing(tx, call);
          if (!me.ok) return me;
        }
        if (!manages && (await isLastManaging(tx, target.value))) return refuse(lastManaging);
        await tx.run(sql`update directory.member set manages = ${manages} where id = ${id}`);
        const data = { party, member: id, manages };
        const event = { act: 'directory.member-changed', subject: party, data };
        return ok({ events: [event], response: { member: id } });
      });
      return responseOf(executed);
    }),
    route(contract.addService, async (call) => {
      const name = await content.putText(call.body.name, 'name.txt');
      const executed = await execute(call.envelope, async (tx, now) => {
        const me = await managing(tx, call);
        if (!me.ok) return me;
        const { party } = me.value;
        const rest = { party, name, email: null, manages: false, now };
        const member = await insertMember(tx, { ...rest, kind: 'service' });
        const data = { party, member };
        return ok({
          events: [{ act: 'directory.service-added', subject: party, data }],
          contents: [{ ref: name, subject: member, level: 1 }],
          response: { member },
        });
      });
      if (!executed.ok) return executed;
      return await shown(services, executed.value.response.member);
    }),
    route(contract.updateMe, async (call) => updateMe(services, call)),
  ];
}

async function updateMe(services: Services, call: Call<typeof contract.updateMe>) {
  const { execute, content } = services;
  const { name, email } = call.body;
  const newName = name === undefined ? null : await content.putText(name, 'name.txt');
  const newEmail = email == null ? null : await content.putText(email, 'address.txt');
  const executed = await execute(call.envelope, async (tx, now) => {
    const me = await signedIn(tx, call);
    if (!me.ok) return me;
    const { id, party } = me.value;
    if (email === null && (await waysIn(tx, id)).passkeys === 0) return refuse(lastWayIn);
    if (newName !== null) {
      await tx.run(sql`
        update directory.member set name_content = ${newName.id} where id = ${id}`);
    }
    if (email !== undefined) {
      const blind = email === null ? null : Buffer.from(blindOf(content, email));
      await tx.run(sql`
        update directory.member set email_content = ${newEmail?.id ?? null}, email_blind = ${blind}
        where id = ${id}`);
      // A link on its way to the old address must not open the door any more.
      await tx.run(sql`delete from directory.link where member = ${id} and spent_at is null`);
    }
    const replaced = [
      name === undefined ? null : me.value.name_content,
      email === undefined ? null : me.value.email_content,
    ].filter((place) => place !== null);
    const data = { party, member: id };
    return ok({
      events: [{ act: 'directory.member-changed', subject: party, data }],
      contents: [newName, newEmail]
        .filter((ref) => ref !== null)
        .map((ref) => ({ ref, subject: id, level: 1 })),
      jobs: await forget(tx, replaced, now),
      response: { member: id },
    });
  });
  if (!executed.ok) return executed;
  return await shown(services, executed.value.response.member);
}

async function shown({ database, content }: Services, id: Id<'member'>) {
  const row = await database.read((r) => findMember(r, id));
  return row === null ? notFound('a member') : ok(await memberView(content, row, true));
}

/** The administrator anybody; a managing member those of its party; everybody themselves. */
async function mayChange(
  tx: Transaction,
  call: Pick<Call<typeof contract.removeMember>, 'actor' | 'member' | 'session'>,
  id: Id<'member'>,
): Promise<Result<MemberRow>> {
  const { actor } = call;
  const target = await findMember(tx, id);
  const near = actor.id === 'administrator' || target?.party === actor.id;
  if (target === null || !near) return notFound('a member of your party');
  if (actor.id === 'administrator') return ok(target);
  const me = call.member === id ? await signedIn(tx, call) : await managing(tx, call);
  return me.ok ? ok(target) : me;
}

async function isLastManaging(reader: Reader, target: MemberRow): Promise<boolean> {
  if (!target.manages) return false;
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from directory.member
    where party = ${target.party} and manages and removed_at is null and id <> ${target.id}`);
  return (row?.n ?? 0) === 0;
}

const lastManaging: Refusal = {
  code: 'last-managing-member',
  expected: 'another managing member who stays',
  got: 'the last one',
  todo: 'let another member manage first, or leave with the whole party',
};
const lastWayIn: Refusal = {
  code: 'last-way-in',
  expected: 'a passkey, if the mail address goes',
  got: 'none',
  todo: 'add a passkey first',
};
