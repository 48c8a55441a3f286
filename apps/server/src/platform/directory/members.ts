import type { Member } from '@breakwater/contract';
import { type Id, type Instant, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import { newId } from '../clock/clock.ts';
import type { ContentRef, ContentStore } from '../content/content.ts';
import type { Reader, Transaction } from '../database/database.ts';

export interface MemberRow {
  readonly id: Id<'member'>;
  readonly party: Id<'party'>;
  readonly kind: Member['kind'];
  readonly name_content: Id<'content'>;
  readonly email_content: Id<'content'> | null;
  readonly manages: boolean;
  readonly joined_at: Instant;
}

/** What stands in for a name that was erased. */
export const erasedName = '(erased)';

const columns = sql`m.id, m.party, m.kind, m.name_content, m.email_content, m.manages, m.joined_at`;

/** A member who is still one, of a party that has not left; or null. */
export async function findMember(reader: Reader, id: Id<'member'>): Promise<MemberRow | null> {
  return await reader.row(sql<MemberRow>`
    select ${columns} from directory.member m join directory.party p on p.id = m.party
    where m.id = ${id} and m.removed_at is null and p.left_at is null`);
}

/** The members of a party, newest first, from the one after `cursor` on. */
export async function membersOf(
  reader: Reader,
  party: Id<'party'>,
  page: { readonly after: string | null; readonly limit: number },
): Promise<readonly MemberRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (m.joined_at, m.id) < (select c.joined_at, c.id from directory.member c
              where c.id = ${page.after} and c.party = ${party})`;
  return await reader.rows(sql<MemberRow>`
    select ${columns} from directory.member m
    where m.party = ${party} and m.removed_at is null ${beyond}
    order by m.joined_at desc, m.id desc limit ${page.limit}`);
}

/**
 * Who may sign in by a mail address, known by its blind value. Nobody proves that an address is
 * theirs before they are written to: a party that gives many of its members the address of somebody
 * else must not crowd out that person, so each party has but its first few.
 */
export async function membersByMail(
  reader: Reader,
  blind: Uint8Array,
): Promise<readonly MemberRow[]> {
  return await reader.rows(sql<MemberRow>`
    select ${columns} from (
      select m.*, row_number() over (partition by m.party order by m.joined_at, m.id) as place
      from directory.member m join directory.party p on p.id = m.party
      where m.email_blind = ${Buffer.from(blind)} and m.removed_at is null
        and m.kind = 'person' and p.left_at is null
    ) m where m.place <= 3 order by m.joined_at, m.id limit 30`);
}

export interface NewMember {
  readonly party: Id<'party'>;
  readonly kind: Member['kind'];
  readonly name: ContentRef;
  readonly email: { readonly content: Id<'content'>; readonly blind: Uint8Array } | null;
  readonly manages: boolean;
  readonly now: Instant;
}

/** Adds a member; the caller keeps its contents under the id that is answered. */
export async function insertMember(tx: Transaction, given: NewMember): Promise<Id<'member'>> {
  const id = newId('member');
  await tx.run(sql`
    insert into directory.member
      (id, party, kind, name_content, email_content, email_blind, manages, joined_at)
    values (${id}, ${given.party}, ${given.kind}, ${given.name.id},
            ${given.email?.content ?? null},
            ${given.email === null ? null : Buffer.from(given.email.blind)},
            ${given.manages}, ${given.now})`);
  return id;
}

/**
 * Ends a membership and, with it, everything by which the member could come back. Answers with the
 * texts about the person that are to be forgotten.
 */
export async function cutMember(
  tx: Transaction,
  id: Id<'member'>,
  now: Instant,
): Promise<readonly Id<'content'>[]> {
  const texts = await tx.rows(sql<{ id: Id<'content'> | null }>`
    select name_content as id from directory.member where id = ${id}
    union all select email_content from directory.member where id = ${id}
    union all select device_content from directory.session where member = ${id}
    union all select label_content from directory.passkey where member = ${id}`);
  // The blind value goes too: the address must be free of us, and free to join again.
  await tx.run(sql`
    update directory.member set removed_at = ${now}, email_blind = null where id = ${id}`);
  await tx.run(sql`
    update directory.session set ended_at = ${now} where member = ${id} and ended_at is null`);
  await tx.run(sql`
    update directory.api_key set revoked_at = ${now} where member = ${id} and revoked_at is null`);
  await tx.run(sql`delete from directory.passkey where member = ${id}`);
  await tx.run(sql`delete from directory.link where member = ${id}`);
  await tx.run(sql`delete from directory.challenge where member = ${id}`);
  return texts.map((text) => text.id).filter((text) => text !== null);
}

/** The member as it is shown; its address only where `withMail` says that it is the reader's. */
export async function memberView(
  content: ContentStore,
  row: MemberRow,
  withMail: boolean,
): Promise<Member> {
  const place = withMail ? row.email_content : null;
  return {
    id: row.id,
    party: row.party,
    kind: row.kind,
    name: (await content.getText(row.name_content)) ?? erasedName,
    email: place === null ? null : await content.getText(place),
    manages: row.manages,
    joinedAt: row.joined_at,
  };
}

/** The blind value of a mail address. Case is folded: no provider of today tells them apart. */
export function blindOf(content: ContentStore, email: string): Uint8Array {
  return content.blind(`mail address\n${email.normalize('NFC').toLowerCase()}`);
}

/** Who asks, as far as the directory cares. */
export interface Asker {
  readonly member: Id<'member'> | null;
  readonly session: Id<'session'> | null;
}

/**
 * The member who asks, if it signed in and manages its party. A key does not do, whosever it is: one
 * that leaked could otherwise make itself a successor.
 */
export async function managing(reader: Reader, asker: Asker): Promise<Result<MemberRow>> {
  const row =
    asker.member === null || asker.session === null ? null : await findMember(reader, asker.member);
  return row?.manages === true ? { ok: true, value: row } : refuse(managingNeeded);
}

/** The member who asks, if it signed in. */
export async function signedIn(
  reader: Reader,
  asker: Asker,
): Promise<Result<MemberRow & { readonly session: Id<'session'> }>> {
  const { member, session } = asker;
  const row = member === null || session === null ? null : await findMember(reader, member);
  if (row === null || session === null) return refuse(signInNeeded);
  return { ok: true, value: { ...row, session } };
}

const managingNeeded: Refusal = {
  code: 'managing-member-needed',
  expected: 'a signed-in member who manages the party',
  got: 'a key, or a member who does not',
  todo: 'sign in, or ask a managing member of your party',
};
const signInNeeded: Refusal = {
  code: 'sign-in-needed',
  expected: 'a person who signed in',
  got: 'a key',
  todo: 'sign in with a link or a passkey; this is about yourself, and a key is nobody',
};
