import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Actor } from '../commands/commands.ts';
import type { ContentStore } from '../content/content.ts';
import type { Database } from '../database/database.ts';

export interface PartyRef {
  readonly id: Actor['id'];
  readonly name: string;
}

/** A caller known by its key. `scope` null: all its role may call. */
export interface Authenticated {
  readonly actor: Actor;
  readonly scope: readonly string[] | null;
}

/**
 * The directory port: who is who.
 *
 * Consistency: a revoked or expired key is refused from the next request on. Names are content:
 * an erased name reads as "(erased)".
 */
export interface Directory {
  /** The caller behind an API key, or null: unknown, expired, revoked and malformed look alike. */
  authenticate(key: string, now: Instant): Promise<Authenticated | null>;
  nameOf(party: string): Promise<string>;
  refOf(party: string): Promise<PartyRef>;
}

const keyShape = /^bw_[0-9A-Za-z_-]{43}$/;

/** Makes an API key: 256 random bits. Only its SHA-256 is kept; it needs no slow hash. */
export function makeApiKey(): { key: string; hash: Uint8Array } {
  const key = `bw_${randomBytes(32).toString('base64url')}`;
  return { key, hash: hashOf(key) };
}

function hashOf(key: string): Uint8Array {
  return createHash('sha256').update(key).digest();
}

interface KeyRow {
  readonly party: Id<'party'>;
  readonly role: Role;
  readonly scope: string[] | null;
  readonly expires_at: Instant | null;
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
    return (place === null ? null : await content.getText(place)) ?? '(erased)';
  }

  return {
    async authenticate(key, now) {
      if (!keyShape.test(key)) return null;
      const row = await database.read((r) =>
        r.row(sql<KeyRow>`
          select k.party, p.role, k.scope, k.expires_at
          from directory.api_key k join directory.party p on p.id = k.party
          where k.hash = ${Buffer.from(hashOf(key))} and k.revoked_at is null`),
      );
      if (row === null || (row.expires_at !== null && row.expires_at <= now)) return null;
      return { actor: { id: row.party, role: row.role }, scope: row.scope };
    },
    nameOf,
    async refOf(party) {
      return { id: party as Actor['id'], name: await nameOf(party) }; // a party column's value
    },
  };
}
