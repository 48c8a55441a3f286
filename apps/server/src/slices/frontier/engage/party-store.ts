import { engage, terms } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../../../platform/database/database.ts';

/** Parties that may sign for the Government: by what they may do, not by the name of their role. */
export async function liaisons(reader: Reader): Promise<readonly Id<'party'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'party'> }>`
    select p.id from directory.party p join directory.role r on r.name = p.role
    where p.left_at is null and ${terms.sign.id} = any(r.permissions)
      and not (${engage.open.id} = any(r.permissions)) order by p.id limit 200`);
  return rows.map(({ id }) => id);
}

/** Those of `parties` that are not here, or whose role may not look at engagements. */
export async function unknownAmong(
  reader: Reader,
  parties: readonly string[],
): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ id: string }>`
    select p.id from directory.party p join directory.role r on r.name = p.role
    where p.id = any(${[...parties]}::text[]) and p.left_at is null
      and ${engage.get.id} = any(r.permissions)`);
  const known = new Set(rows.map(({ id }) => id));
  return parties.filter((id) => !known.has(id));
}
