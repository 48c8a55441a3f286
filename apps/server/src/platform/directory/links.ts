import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../database/database.ts';
import { lives } from './lives.ts';
import { hashOf } from './secret.ts';

/** What a one-time link opens: a member's session, or an invitation. */
export type LinkTarget =
  | { readonly member: Id<'member'>; readonly invitation: null }
  | { readonly member: null; readonly invitation: Id<'invitation'> };

/** Keeps a link by the hash of its token. */
export async function insertLink(
  tx: Transaction,
  hash: Buffer,
  link: LinkTarget & { readonly madeAt: Instant; readonly expiresAt: Instant },
): Promise<void> {
  await tx.run(sql`
    insert into directory.link (hash, member, invitation, made_at, expires_at)
    values (${hash}, ${link.member}, ${link.invitation}, ${link.madeAt}, ${link.expiresAt})`);
}

/** What the token opens, or null: unknown, spent, expired and taken back are one and the same. */
export async function findLink(
  reader: Reader,
  token: string,
  now: Instant,
): Promise<LinkTarget | null> {
  // A member that was removed, or whose party left, and an invitation taken back open nothing.
  return await reader.row(sql<LinkTarget>`
    select l.member, l.invitation from directory.link l
    left join directory.member m on m.id = l.member
    left join directory.party p on p.id = m.party
    left join directory.invitation i on i.id = l.invitation
    left join directory.party ip on ip.id = i.party
    where l.hash = ${hashOf(token)} and l.spent_at is null and l.expires_at > ${now}
      and (m.id is null or (m.removed_at is null and p.left_at is null))
      and (i.id is null or (i.accepted_at is null and i.revoked_at is null
           and ip.left_at is null))
      -- Who invited the first person of another's party let in that one and no second.
      and (i.party is null or i.by_party in (i.party, 'administrator')
           or not exists (select 1 from directory.member first where first.party = i.party))
      -- What a start printed for the first coordinator stands in logs, and lets in no second.
      and (i.id is null or i.by_party <> 'system'
           or not exists (select 1 from directory.party there
                          where there.role = i.new_role and there.left_at is null))
      and (m.id is not null or i.id is not null)`);
}

/** Spends the token. Two at once are serialized: one finds it, the other finds it spent. */
export async function spendLink(tx: Transaction, token: string, now: Instant): Promise<void> {
  const spent = await tx.run(sql`
    update directory.link set spent_at = ${now}
    where hash = ${hashOf(token)} and spent_at is null`);
  if (spent !== 1) throw new Error('a link that was found in this transaction was spent before');
}

/** How many links of a member that were asked for, or made, lately still open something. */
export async function openLinks(
  reader: Reader,
  member: Id<'member'>,
  now: Instant,
): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from directory.link
    where member = ${member} and spent_at is null and expires_at > ${now}
      and made_at > ${addMilliseconds(now, -lives.requestedLink)}`);
  return row?.n ?? 0;
}
