import type { Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Actor } from '../commands/commands.ts';
import type { Reader } from '../database/database.ts';

export interface Watched {
  readonly subject: string;
  /** They see the subject at this level or above. */
  readonly level: number;
  /** Whoever did it needs not be told. */
  readonly except: string;
}

/**
 * The people with a mail address whose party sees a subject, by id, from the one after `after` on.
 * What everybody may see is told to nobody: the public is no party that asked to be told.
 */
export async function peopleWhoSee(
  reader: Reader,
  watched: Watched,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly Id<'member'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'member'> }>`
    select m.id from directory.member m
    join directory.party p on p.id = m.party
    join directory.role r on r.name = p.role
    where m.id > ${page.after} and m.kind = 'person' and m.email_content is not null
      and m.removed_at is null and p.left_at is null and p.id <> ${watched.except}
      and exists (select 1 from platform.visibility v
        where v.subject = ${watched.subject} and v.level >= ${watched.level}
          and (v.party = p.id or v.party = any(r.principals)))
    order by m.id limit ${page.limit}`);
  return rows.map((row) => row.id);
}

/** As whom a member who is still one reads; null for nobody. */
export async function actorOf(reader: Reader, member: string): Promise<Actor | null> {
  return await reader.row(sql<Actor>`
    select p.id, p.role, r.principals from directory.member m
    join directory.party p on p.id = m.party
    join directory.role r on r.name = p.role
    where m.id = ${member} and m.removed_at is null and p.left_at is null`);
}

/** Of these parties, those that take part and whose role may call `operation`. */
export async function partiesWhoMay(
  reader: Reader,
  parties: readonly string[],
  operation: string,
): Promise<ReadonlySet<string>> {
  if (parties.length === 0) return new Set();
  const rows = await reader.rows(sql<{ id: string }>`
    select p.id from directory.party p
    join directory.role r on r.name = p.role
    where p.id = any(${[...parties]}::text[]) and p.left_at is null
      and ${operation} = any(r.permissions)`);
  return new Set(rows.map((row) => row.id));
}

/** The name of each party's role, of those that take part. */
export async function rolesOf(
  reader: Reader,
  parties: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (parties.length === 0) return new Map();
  const rows = await reader.rows(sql<{ id: string; role: string }>`
    select id, role from directory.party
    where id = any(${[...parties]}::text[]) and left_at is null`);
  return new Map(rows.map(({ id, role }) => [id, role]));
}

/** The people of one party who have a mail address. */
export async function peopleOf(reader: Reader, party: string): Promise<readonly Id<'member'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'member'> }>`
    select m.id from directory.member m join directory.party p on p.id = m.party
    where m.party = ${party} and m.kind = 'person' and m.email_content is not null
      and m.removed_at is null and p.left_at is null
    order by m.id`);
  return rows.map((row) => row.id);
}
