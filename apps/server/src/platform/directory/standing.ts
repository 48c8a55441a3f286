import { addMilliseconds, bytesToHex, type Id, type Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Actor } from '../commands/commands.ts';
import type { Reader } from '../database/database.ts';
import { lives } from './lives.ts';
import { hashOf } from './secret.ts';

/** By what a caller is known for as long as an answer goes on: a name without the secret. */
export type Credential = `session:${Id<'session'>}` | `key:${string}`;

export function credentialOf(session: Id<'session'> | null, key: string | null): Credential | null {
  if (session !== null) return `session:${session}`;
  return key === null ? null : `key:${bytesToHex(new Uint8Array(hashOf(key)))}`;
}

/** As whom a credential reads now, and what it may call: null for all that the role may. */
export interface Standing extends Actor {
  readonly permissions: readonly string[];
  readonly scope: readonly string[] | null;
}

interface Row extends Standing {
  readonly credential: Credential;
}

/**
 * Those of the credentials that are still good, each with whom it reads as. Looking is no use: a page
 * left open keeps no session from ending for idleness.
 */
export async function standingOf(
  reader: Reader,
  credentials: readonly Credential[],
  now: Instant,
): Promise<ReadonlyMap<string, Standing>> {
  const named = (kind: string) =>
    credentials.filter((c) => c.startsWith(`${kind}:`)).map((c) => c.slice(kind.length + 1));
  const who = sql`p.id, p.role, r.principals, r.permissions`;
  const rows = await reader.rows(sql<Row>`
    select 'session:' || s.id as credential, ${who}, null::text[] as scope
    from directory.session s
    join directory.member m on m.id = s.member
    join directory.party p on p.id = m.party
    join directory.role r on r.name = p.role
    where s.id = any(${named('session')}::text[]) and s.ended_at is null and s.ends_at > ${now}
      and s.last_seen_at > ${addMilliseconds(now, -lives.sessionIdle)}
      and m.removed_at is null and p.left_at is null
    union all
    select 'key:' || encode(k.hash, 'hex'), ${who}, k.scope
    from directory.api_key k
    join directory.party p on p.id = k.party
    join directory.role r on r.name = p.role
    where k.hash = any(select decode(h, 'hex') from unnest(${named('key')}::text[]) h)
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > ${now}) and p.left_at is null`);
  return new Map(rows.map(({ credential, ...standing }) => [credential, standing]));
}
