import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Actor } from '../commands/commands.ts';
import type { ContentStore } from '../content/content.ts';
import type { Database } from '../database/database.ts';
import { lives, seenEveryMs } from './lives.ts';
import { erasedName } from './members.ts';
import { hashOf, makeSecret } from './secret.ts';

export interface PartyRef {
  readonly id: Actor['id'];
  readonly name: string;
}

/** A caller known by its key or session. */
export interface Authenticated {
  readonly actor: Actor;
  /** What its role may call. */
  readonly permissions: readonly string[];
  /** Who acts for the party: a person by a session, a service account by a key. */
  readonly member: Id<'member'> | null;
  readonly session: Id<'session'> | null;
  /** Operations the key may call; null: all that the role may. */
  readonly scope: readonly string[] | null;
}

/**
 * The directory port: who is who.
 *
 * Consistency: a revoked or expired key and a session that was cut are refused from the next request
 * on. Names and addresses are content: an erased name reads as "(erased)", an erased address as none.
 */
export interface Directory {
  /** The caller behind an API key, or null: unknown, expired, revoked and malformed look alike. */
  authenticate(key: string, now: Instant): Promise<Authenticated | null>;
  /** The caller behind a session's token, or null: unknown, ended, idle for too long, removed. */
  authenticateSession(token: string, now: Instant): Promise<Authenticated | null>;
  /** Where a member who is still one may be written to; null where it gave no address. */
  mailOf(member: Id<'member'>): Promise<string | null>;
  nameOf(party: string): Promise<string>;
  refOf(party: string): Promise<PartyRef>;
}

const keyShape = /^bw_[0-9A-Za-z_-]{43}$/;

/** Makes an API key: 256 random bits behind a prefix by which scanners of leaks know it. */
export function makeApiKey(): { key: string; hash: Uint8Array } {
  const key = `bw_${makeSecret().secret}`;
  return { key, hash: hashOf(key) };
}

interface KeyRow {
  readonly id: Id<'key'>;
  readonly member: Id<'member'> | null;
  readonly last_used_on: string | null;
  readonly party: Id<'party'>;
  readonly role: string;
  readonly principals: readonly string[];
  readonly permissions: readonly string[];
  readonly scope: string[] | null;
  readonly expires_at: Instant | null;
}

interface SessionRow {
  readonly id: Id<'session'>;
  readonly member: Id<'member'>;
  readonly party: Id<'party'>;
  readonly role: string;
  readonly principals: readonly string[];
  readonly permissions: readonly string[];
  readonly last_seen_at: Instant;
  readonly ends_at: Instant;
}

/** The directory over the database's tables. */
export function createDirectory(database: Database, content: ContentStore): Directory {
  /** Where each name lies, which never changes; the name itself may be erased at any time. */
  const places = new Map<string, Id<'content'>>();

  async function placeOf(party: string): Promise<Id<'content'> | null> {
    const known = places.get(party);
    if (known !== undefined) return known;
    const row = await database.read((r) =>
      r.row(sql<{ name_content: Id<'content'> }>`
        select name_content from directory.party where id = ${party}`),
    );
    if (row !== null) places.set(party, row.name_content);
    return row?.name_content ?? null;
  }

  async function nameOf(party: string): Promise<string> {
    if (party === 'system') return 'Breakwater';
    if (party === 'administrator') return 'Administrator';
    const place = await placeOf(party);
    return (place === null ? null : await content.getText(place)) ?? erasedName;
  }

  return {
    async authenticate(key, now) {
      if (!keyShape.test(key)) return null;
      const row = await database.read((r) =>
        r.row(
          sql<KeyRow>`
          select k.id, k.party, k.member, p.role, r.principals, r.permissions, k.scope, k.expires_at,
            k.last_used_on::text as last_used_on
          from directory.api_key k
          join directory.party p on p.id = k.party
          join directory.role r on r.name = p.role
          where k.hash = ${hashOf(key)} and k.revoked_at is null and p.left_at is null`,
          { often: true },
        ),
      );
      if (row === null || (row.expires_at !== null && row.expires_at <= now)) return null;
      const today = now.slice(0, 10);
      if (row.last_used_on !== today) {
        await database.write((tx) =>
          tx.run(sql`
            update directory.api_key set last_used_on = ${today}
            where id = ${row.id} and last_used_on is distinct from ${today}::date`),
        );
      }
      const actor = { id: row.party, role: row.role, principals: row.principals };
      const { permissions, scope } = row;
      return { actor, permissions, member: row.member, session: null, scope };
    },
    async authenticateSession(token, now) {
      const row = await database.read((r) =>
        r.row(sql<SessionRow>`
          select s.id, s.member, m.party, p.role, r.principals, r.permissions, s.last_seen_at, s.ends_at
          from directory.session s
          join directory.member m on m.id = s.member
          join directory.party p on p.id = m.party
          join directory.role r on r.name = p.role
          where s.hash = ${hashOf(token)} and s.ended_at is null
            and m.removed_at is null and p.left_at is null`),
      );
      if (row === null || row.ends_at <= now) return null;
      if (addMilliseconds(row.last_seen_at, lives.sessionIdle) <= now) return null;
      if (addMilliseconds(row.last_seen_at, seenEveryMs) <= now) {
        await database.write((tx) =>
          tx.run(sql`update directory.session set last_seen_at = ${now} where id = ${row.id}`),
        );
      }
      const actor = { id: row.party, role: row.role, principals: row.principals };
      const { permissions } = row;
      return { actor, permissions, member: row.member, session: row.id, scope: null };
    },
    async mailOf(member) {
      const row = await database.read((r) =>
        r.row(sql<{ email_content: Id<'content'> | null }>`
          select m.email_content from directory.member m
          join directory.party p on p.id = m.party
          where m.id = ${member} and m.removed_at is null and p.left_at is null`),
      );
      const place = row?.email_content ?? null;
      return place === null ? null : await content.getText(place);
    },
    nameOf,
    async refOf(party) {
      return { id: party as Actor['id'], name: await nameOf(party) }; // a party column's value
    },
  };
}
