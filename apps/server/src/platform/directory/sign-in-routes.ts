import { session as contract } from '@breakwater/contract';
import { type Id, ok, type Refusal, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import { type Call, type Route, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import type { Envelope } from '../commands/commands.ts';
import { publicEnvelope } from '../commands/public-envelope.ts';
import type { Reader } from '../database/database.ts';
import { deviceWords } from './device.ts';
import { type Accepting, findInvitation, type InvitationRow, join } from './joining.ts';
import { findLink, spendLink } from './links.ts';
import { lives } from './lives.ts';
import { blindOf, findMember, memberView } from './members.ts';
import { makeSecret } from './secret.ts';
import { endSessions, openSession, type SignIn, type SignInBy } from './sessions.ts';

type Redeem = Call<typeof contract.redeem>;

/** The door: one-time links in, and out again. */
export function signInRoutes(services: Services): readonly Route[] {
  const { database, execute, content } = services;
  return [
    route(contract.preview, async ({ body, now }) => {
      const found = await database.read(async (r) => {
        const link = await findLink(r, body.token, now);
        if (link === null) return null;
        if (link.member !== null) return await partyOfMember(r, link.member);
        return await partyInvitedTo(r, link.invitation);
      });
      if (found === null) return refuse(linkNotValid);
      const text = async (id: Id<'content'> | null) =>
        id === null ? null : await content.getText(id);
      return ok({
        purpose: found.joins ? ('join' as const) : ('sign-in' as const),
        party: { name: await text(found.name), role: found.role, isNew: found.isNew },
        email: await text(found.email),
      });
    }),
    route(contract.requestLink, async ({ body, envelope }) => {
      // The same work for every address: who has it is looked up by a job, after the answer.
      const address = Buffer.from(blindOf(content, body.email)).toString('hex');
      const executed = await execute(envelope, async () =>
        ok({
          events: [],
          jobs: [{ job: 'directory.send-link', payload: { address } }],
          response: { asked: true as const },
        }),
      );
      return executed.ok ? ok(executed.value.response) : executed;
    }),
    route(contract.redeem, async (call) => {
      // Before anything is kept: whoever guesses must not make us write.
      const open = await database.read((r) => findLink(r, call.body.token, call.now));
      if (open === null) return refuse(linkNotValid);
      const { secret, ...signIn } = await prepareSignIn(services, call, 'link');
      const accepting = await prepareJoining(services, open.invitation, call.body);
      const executed = await execute(doorEnvelope(call), async (tx, now) => {
        const link = await findLink(tx, call.body.token, now);
        if (link === null) return refuse(linkNotValid);
        const joined =
          link.invitation === null
            ? null
            : await joinBy(tx, { ...accepting, now, invitation: link.invitation });
        if (joined !== null && !joined.ok) return joined;
        await spendLink(tx, call.body.token, now);
        const member = joined?.value.member ?? link.member;
        if (member === null) throw new Error('a link to nothing');
        const opened = await openSession(tx, member, { ...signIn, now });
        return ok({
          events: [...(joined?.value.events ?? []), opened.event],
          contents: [...(joined?.value.contents ?? []), opened.content],
          jobs: joined?.value.jobs ?? [],
          response: { member, session: opened.id },
        });
      });
      if (!executed.ok) return executed;
      // Sent again: the token of that session was given once, and its link is spent.
      if (executed.value.replayed) return refuse(linkNotValid);
      const answered = await answerSignIn(services, call, { ...executed.value.response, secret });
      return answered === null ? refuse(linkNotValid) : ok(answered);
    }),
    route(contract.signOut, async ({ session, member, envelope, browser }) => {
      browser.forget();
      const response = { signedOut: true as const };
      const executed = await execute(envelope, async (tx, now) => {
        if (session === null || member === null) return ok({ events: [], response });
        await endSessions(tx, [session], now);
        const data = { member, session };
        return ok({ events: [{ act: 'session.signed-out', subject: member, data }], response });
      });
      return executed.ok ? ok(executed.value.response) : executed;
    }),
  ];
}

/** Whoever signs in is nobody yet, even in a browser where somebody else still is. */
export function doorEnvelope(call: Pick<Redeem, 'envelope' | 'idempotencyKey'>): Envelope {
  return publicEnvelope(call.envelope.operation, call.idempotencyKey, call.envelope.request);
}

/** What every sign-in keeps and gives away: a new token, whatever the browser held before. */
export async function prepareSignIn(
  { content }: Services,
  call: Pick<Redeem, 'browser' | 'session'>,
  how: SignInBy,
): Promise<SignIn & { readonly secret: string }> {
  const { secret, hash } = makeSecret();
  const device = await content.putText(deviceWords(call.browser.userAgent), 'device.txt');
  return { secret, hash, device, how, replaces: call.session };
}

/** Sets the cookie and answers with who signed in; null for one who was removed at that moment. */
export async function answerSignIn(
  { database, content }: Services,
  call: Pick<Redeem, 'browser'>,
  opened: { member: Id<'member'>; session: Id<'session'>; secret: string },
) {
  const row = await database.read((r) => findMember(r, opened.member));
  if (row === null) return null;
  call.browser.keep({ token: opened.secret, seconds: lives.session / 1_000 });
  return { member: await memberView(content, row, true), session: opened.session };
}

type Prepared = Omit<Accepting, 'now'>;

async function prepareJoining(
  services: Services,
  id: Id<'invitation'> | null,
  body: Redeem['body'],
): Promise<Prepared> {
  const { content, database } = services;
  const nothing = { name: null, partyName: null, email: null };
  if (body.name === undefined || id === null) return nothing;
  const invitation = await database.read((r) => findInvitation(r, id));
  if (invitation === null) return nothing;
  return {
    name: await content.putText(body.name, 'name.txt'),
    partyName:
      body.partyName === undefined ? null : await content.putText(body.partyName, 'name.txt'),
    email: await mailOf(services, invitation, body.email),
  };
}

async function mailOf(
  { content }: Services,
  invitation: InvitationRow,
  email: string | undefined,
): Promise<Accepting['email']> {
  if (email !== undefined) {
    const own = await content.putText(email, 'address.txt');
    return { content: own.id, blind: blindOf(content, email), own };
  }
  const place = invitation.email_content;
  const text = place === null ? null : await content.getText(place);
  if (place === null || text === null) return null;
  return { content: place, blind: blindOf(content, text), own: null };
}

async function joinBy(
  tx: Parameters<typeof join>[0],
  given: Accepting & { readonly invitation: Id<'invitation'> },
): Promise<Awaited<ReturnType<typeof join>>> {
  const invitation = await findInvitation(tx, given.invitation);
  return invitation === null ? refuse(linkNotValid) : await join(tx, invitation, given);
}

interface Door {
  readonly joins: boolean;
  readonly isNew: boolean;
  readonly name: Id<'content'> | null;
  readonly role: string;
  readonly email: Id<'content'> | null;
}

async function partyOfMember(reader: Reader, member: Id<'member'>): Promise<Door | null> {
  const row = await reader.row(sql<{ name: Id<'content'>; role: string }>`
    select p.name_content as name, p.role from directory.member m
    join directory.party p on p.id = m.party where m.id = ${member}`);
  return row === null ? null : { ...row, joins: false, isNew: false, email: null };
}

async function partyInvitedTo(reader: Reader, id: Id<'invitation'>): Promise<Door | null> {
  const row = await reader.row(sql<Omit<Door, 'joins'>>`
    select i.party is null as "isNew", coalesce(p.name_content, i.new_name_content) as name,
      coalesce(p.role, i.new_role) as role, i.email_content as email
    from directory.invitation i left join directory.party p on p.id = i.party
    where i.id = ${id}`);
  return row === null ? null : { ...row, joins: true };
}

/** The one answer to every link that opens nothing, whatever it was once. */
export const linkNotValid: Refusal = {
  code: 'link-not-valid',
  expected: 'a link that was not used yet and has not expired',
  got: 'one that opens nothing',
  todo: 'ask for a new link',
};
