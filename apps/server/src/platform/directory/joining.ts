import { type Id, type Instant, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import { newId } from '../clock/clock.ts';
import type { Event, JobRequest, NewContent } from '../commands/commands.ts';
import type { ContentRef } from '../content/content.ts';
import type { Reader, Transaction } from '../database/database.ts';
import { forget } from './forget.ts';
import { insertMember } from './members.ts';

export interface InvitationRow {
  readonly id: Id<'invitation'>;
  readonly party: Id<'party'> | null;
  readonly new_role: string | null;
  readonly new_name_content: Id<'content'> | null;
  readonly email_content: Id<'content'> | null;
  readonly manages: boolean;
  readonly by_party: string;
  readonly created_at: Instant;
  readonly expires_at: Instant;
  readonly accepted_at: Instant | null;
  readonly revoked_at: Instant | null;
}

/** An invitation by its id, in whatever state. */
export async function findInvitation(
  reader: Reader,
  id: Id<'invitation'>,
): Promise<InvitationRow | null> {
  return await reader.row(sql<InvitationRow>`
    select * from directory.invitation where id = ${id}`);
}

/** What the accepting person brings; each text is in the content store already. */
export interface Accepting {
  readonly name: ContentRef | null;
  readonly partyName: ContentRef | null;
  /** Its address, or the one the invitation was made out to. */
  readonly email: {
    readonly content: Id<'content'>;
    readonly blind: Uint8Array;
    readonly own: ContentRef | null;
  } | null;
  readonly now: Instant;
}

export interface Joined {
  readonly member: Id<'member'>;
  readonly events: readonly Event[];
  readonly contents: readonly NewContent[];
  readonly jobs: readonly JobRequest[];
}

/**
 * Joining, one act: the party where it is new, the membership, and the end of the invitation. The
 * role comes from the invitation alone; nothing the joining person sends can change it.
 */
export async function join(
  tx: Transaction,
  invitation: InvitationRow,
  given: Accepting,
): Promise<Result<Joined>> {
  const { now, name } = given;
  if (name === null) return refuse(nameNeeded);
  const isNew = invitation.party === null;
  if (isNew && invitation.new_name_content === null && given.partyName === null) {
    return refuse(partyNameNeeded);
  }
  const events: Event[] = [];
  const contents: NewContent[] = [];
  let party = invitation.party;
  if (party === null) {
    const made = await makeParty(tx, invitation, given);
    party = made.party;
    events.push(made.event);
    contents.push(...made.contents);
  }
  // Whoever comes first must be able to bring in the second.
  const manages = isNew || invitation.manages;
  const member = await insertMember(tx, {
    party,
    kind: 'person',
    name,
    email: given.email,
    manages,
    now,
  });
  // The address is the member's from now on, and goes when it goes.
  await tx.run(sql`
    update directory.invitation set accepted_at = ${now}, email_content = null
    where id = ${invitation.id}`);
  const unused = given.email?.own == null ? null : invitation.email_content;
  events.push({
    act: 'directory.member-joined',
    subject: party,
    data: { party, member, invitation: invitation.id, manages },
  });
  contents.push({ ref: name, subject: member, level: 1 });
  const own = given.email?.own ?? null;
  if (own !== null) contents.push({ ref: own, subject: member, level: 1 });
  const jobs = await forget(tx, unused === null ? [] : [unused], now);
  return ok({ member, events, contents, jobs });
}

async function makeParty(
  tx: Transaction,
  invitation: InvitationRow,
  { partyName, now }: Accepting,
): Promise<{ party: Id<'party'>; event: Event; contents: readonly NewContent[] }> {
  const party = newId('party');
  const role = invitation.new_role;
  const own = invitation.new_name_content === null ? partyName : null;
  const name = invitation.new_name_content ?? own?.id;
  if (role === null || name === undefined) throw new Error('an invitation of no party');
  await tx.run(sql`
    insert into directory.party (id, role, name_content, created_at)
    values (${party}, ${role}, ${name}, ${now})`);
  await tx.run(sql`update content.item set subject = ${party} where id = ${name}`);
  return {
    party,
    event: { act: 'directory.party-added', subject: party, data: { party, role } },
    contents: own === null ? [] : [{ ref: own, subject: party, level: 1 }],
  };
}

const nameNeeded: Refusal = {
  code: 'name-needed',
  expected: 'the name by which others shall know you',
  got: 'none',
  todo: 'send it as name; the link is not spent yet',
  pointer: '/name',
};
const partyNameNeeded: Refusal = {
  code: 'name-needed',
  expected: 'the name of the new party',
  got: 'none',
  todo: 'send it as partyName; the link is not spent yet',
  pointer: '/partyName',
};
