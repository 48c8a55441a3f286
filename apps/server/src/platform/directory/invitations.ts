import type { Invitation } from '@breakwater/contract';
import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { newId } from '../clock/clock.ts';
import type { Event, JobRequest, NewContent } from '../commands/commands.ts';
import type { ContentRef, ContentStore } from '../content/content.ts';
import type { Reader, Transaction } from '../database/database.ts';
import { forget } from './forget.ts';
import type { InvitationRow } from './joining.ts';
import { insertLink } from './links.ts';
import { lives } from './lives.ts';
import { erasedName } from './members.ts';

export interface NewInvitation {
  readonly into:
    | { readonly party: Id<'party'> }
    | { readonly role: string; readonly name: ContentRef | null };
  readonly email: ContentRef | null;
  readonly manages: boolean;
  /** The party that invites, or the administrator or the system. */
  readonly by: string;
  /** Of the link's token. */
  readonly hash: Buffer;
  readonly now: Instant;
}

/** Keeps an invitation and its link; answers with what the transaction must keep beside. */
export async function insertInvitation(
  tx: Transaction,
  given: NewInvitation,
): Promise<{
  id: Id<'invitation'>;
  expiresAt: Instant;
  event: Event;
  contents: readonly NewContent[];
}> {
  const { into, email, now } = given;
  const id = newId('invitation');
  const expiresAt = addMilliseconds(now, lives.invitation);
  const party = 'party' in into ? into.party : null;
  const fresh = 'party' in into ? null : into;
  await tx.run(sql`
    insert into directory.invitation
      (id, party, new_role, new_name_content, email_content, manages, by_party,
       created_at, expires_at)
    values (${id}, ${party}, ${fresh?.role ?? null}, ${fresh?.name?.id ?? null},
            ${email?.id ?? null}, ${given.manages}, ${given.by}, ${now}, ${expiresAt})`);
  await insertLink(tx, given.hash, {
    member: null,
    invitation: id,
    madeAt: now,
    expiresAt,
  });
  const texts = [fresh?.name ?? null, email].filter((ref) => ref !== null);
  return {
    id,
    expiresAt,
    event: {
      act: 'directory.invited',
      subject: party ?? id,
      data: { invitation: id, party, role: fresh?.role ?? null, manages: given.manages },
    },
    contents: texts.map((ref) => ({ ref, subject: id, level: 1 })),
  };
}

/** Takes an open invitation back: its link opens nothing from now on. */
export async function revokeInvitation(
  tx: Transaction,
  row: InvitationRow,
  now: Instant,
): Promise<{ event: Event; jobs: readonly JobRequest[] }> {
  await tx.run(sql`
    update directory.invitation set revoked_at = ${now}, email_content = null
    where id = ${row.id}`);
  await tx.run(sql`delete from directory.link where invitation = ${row.id}`);
  return {
    event: {
      act: 'directory.invitation-revoked',
      subject: row.party ?? row.id,
      data: { invitation: row.id },
    },
    jobs: await forget(tx, row.email_content === null ? [] : [row.email_content], now),
  };
}

/** The invitations a party made, or all of them; newest first. */
export async function invitationsBy(
  reader: Reader,
  by: string | null,
  page: { readonly after: string | null; readonly limit: number },
): Promise<readonly InvitationRow[]> {
  const own = by === null ? sql`true` : sql`i.by_party = ${by}`;
  const beyond =
    page.after === null
      ? sql``
      : sql`and (i.created_at, i.id) < (select i.created_at, i.id from directory.invitation i
              where i.id = ${page.after} and ${own})`;
  return await reader.rows(sql<InvitationRow>`
    select * from directory.invitation i where ${own} ${beyond}
    order by i.created_at desc, i.id desc limit ${page.limit}`);
}

/** The state of an invitation at an hour. */
export function stateOf(row: InvitationRow, now: Instant): Invitation['state'] {
  if (row.accepted_at !== null) return 'accepted';
  if (row.revoked_at !== null) return 'revoked';
  return row.expires_at <= now ? 'expired' : 'open';
}

/** The invitation as it is shown to whoever made it. */
export async function invitationView(
  content: ContentStore,
  row: InvitationRow,
  now: Instant,
): Promise<Invitation> {
  const named = row.new_name_content;
  const name = named === null ? null : ((await content.getText(named)) ?? erasedName);
  return {
    id: row.id,
    party: row.party,
    newParty: row.new_role === null ? null : { name, role: row.new_role },
    email: row.email_content === null ? null : await content.getText(row.email_content),
    manages: row.manages,
    state: stateOf(row, now),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
