import type { MailPreferences, Tiding } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import type { Earlier } from './decide.ts';

interface PreferenceRow {
  readonly by_kind: Pick<MailPreferences, Tiding>;
  readonly zone: string;
  readonly digest_at: string;
  readonly digest_day: number;
  readonly quiet_from: string | null;
  readonly quiet_until: string | null;
}

/** What a member chose; null where it chose nothing. */
export async function findPreferences(
  reader: Reader,
  member: string,
): Promise<MailPreferences | null> {
  const row = await reader.row(sql<PreferenceRow>`
    select by_kind, zone, digest_at, digest_day, quiet_from, quiet_until
    from notify.preference where member = ${member}`);
  if (row === null) return null;
  const { quiet_from: from, quiet_until: until } = row;
  return {
    case: row.by_kind.case,
    notice: row.by_kind.notice,
    message: row.by_kind.message,
    zone: row.zone,
    digestAt: row.digest_at,
    digestDay: row.digest_day,
    quiet: from === null || until === null ? null : { from, until },
  };
}

export async function putPreferences(
  tx: Transaction,
  member: string,
  given: MailPreferences,
): Promise<void> {
  const { zone, digestAt, digestDay, quiet, ...kinds } = given;
  await tx.run(sql`
    insert into notify.preference
      (member, by_kind, zone, digest_at, digest_day, quiet_from, quiet_until)
    values (${member}, ${JSON.stringify(kinds)}, ${zone}, ${digestAt}, ${digestDay},
            ${quiet?.from ?? null}, ${quiet?.until ?? null})
    on conflict (member) do update set by_kind = excluded.by_kind, zone = excluded.zone,
      digest_at = excluded.digest_at, digest_day = excluded.digest_day,
      quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until`);
}

/** Forgets what a member was to be told of kinds it no longer wants mail about. */
export async function dropPending(
  tx: Transaction,
  member: string,
  kinds: readonly Tiding[],
): Promise<void> {
  if (kinds.length === 0) return;
  await tx.run(sql`
    delete from notify.pending where member = ${member} and kind = any(${[...kinds]})`);
}

/** When the member was last written to, about this subject and about anything. */
export async function earlierMails(
  reader: Reader,
  member: string,
  subject: string,
): Promise<Earlier> {
  const row = await reader.row(sql<{ same: Instant | null; any: Instant | null }>`
    select max(at) filter (where subject = ${subject}) as same, max(at) as any
    from notify.sent where member = ${member}`);
  return { sameSubject: row?.same ?? null, any: row?.any ?? null };
}

export interface NewPending {
  readonly member: string;
  readonly subject: string;
  readonly kind: string;
  readonly level: number;
  readonly since: Instant;
  readonly dueAt: Instant;
}

/** Notes that a member is to be told; what it is to be told already only comes sooner. */
export async function putPending(tx: Transaction, given: NewPending): Promise<void> {
  const { member, subject, kind, level, since, dueAt } = given;
  await tx.run(sql`
    insert into notify.pending as p (member, subject, kind, level, since, due_at)
    values (${member}, ${subject}, ${kind}, ${level}, ${since}, ${dueAt})
    on conflict (member, subject, kind) do update set since = excluded.since,
      level = least(p.level, excluded.level),
      due_at = least(p.due_at, excluded.due_at)`);
}

export interface DueMember {
  readonly member: Id<'member'>;
  readonly due: Instant;
}

/** Whose hour has come. */
export async function membersDue(
  reader: Reader,
  now: Instant,
  limit: number,
): Promise<readonly DueMember[]> {
  return await reader.rows(sql<DueMember>`
    select member, min(due_at) as due from notify.pending
    where due_at <= ${now} group by member order by member limit ${limit}`);
}

/** Takes what is due for one mail; 0 where another process did. */
export async function claimDue(tx: Transaction, member: string, now: Instant): Promise<number> {
  return await tx.run(sql`
    update notify.pending set due_at = null where member = ${member} and due_at <= ${now}`);
}

export interface ClaimedRow {
  readonly subject: string;
  readonly kind: string;
  readonly level: number;
}

export async function claimed(reader: Reader, member: string): Promise<readonly ClaimedRow[]> {
  return await reader.rows(sql<ClaimedRow>`
    select subject, kind, level from notify.pending
    where member = ${member} and due_at is null order by subject, kind`);
}

/** Ends what one mail was about; what happened since it was written stays. */
export async function settle(
  tx: Transaction,
  member: string,
  rows: readonly ClaimedRow[],
): Promise<void> {
  for (const { subject, kind } of rows) {
    await tx.run(sql`
      delete from notify.pending
      where member = ${member} and subject = ${subject} and kind = ${kind} and due_at is null`);
  }
}

/** Remembers that a mail went out, and forgets those that hold nothing back any more. */
export async function putSent(
  tx: Transaction,
  member: string,
  given: { readonly subjects: readonly string[]; readonly at: Instant; readonly before: Instant },
): Promise<void> {
  await tx.run(sql`delete from notify.sent where member = ${member} and at < ${given.before}`);
  for (const subject of given.subjects) {
    await tx.run(sql`
      insert into notify.sent (member, subject, at) values (${member}, ${subject}, ${given.at})
      on conflict (member, subject) do update set at = excluded.at`);
  }
}

export async function putUnsubscribe(
  tx: Transaction,
  hash: Uint8Array,
  member: string,
): Promise<void> {
  await tx.run(sql`
    insert into notify.unsubscribe (hash, member) values (${Buffer.from(hash)}, ${member})
    on conflict do nothing`);
}

export async function memberToUnsubscribe(
  reader: Reader,
  hash: Uint8Array,
): Promise<Id<'member'> | null> {
  const row = await reader.row(sql<{ member: Id<'member'> }>`
    select member from notify.unsubscribe where hash = ${Buffer.from(hash)}`);
  return row?.member ?? null;
}

/** Who carried out the newest act of this name on the subject. */
export async function whoDid(reader: Reader, act: string, subject: string): Promise<string> {
  const row = await reader.row(sql<{ actor: string }>`
    select actor from journal.entry where subject = ${subject} and act = ${act}
    order by at desc, id desc limit 1`);
  return row?.actor ?? '';
}
