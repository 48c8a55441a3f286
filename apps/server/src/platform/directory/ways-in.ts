import type { Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../database/database.ts';

/** By what a member could sign in next time. */
export interface WaysIn {
  readonly passkeys: number;
  readonly mail: boolean;
}

/** Counts them; whether mail leaves this installation at all is for the caller to know. */
export async function waysIn(reader: Reader, member: Id<'member'>): Promise<WaysIn> {
  const row = await reader.row(sql<{ passkeys: number; mail: boolean }>`
    select (select count(*)::int from directory.passkey k where k.member = m.id) as passkeys,
      m.email_blind is not null as mail
    from directory.member m where m.id = ${member}`);
  return row ?? { passkeys: 0, mail: false };
}
