import { designate } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../../../platform/database/database.ts';

/** Parties that may enter determinations: by what they may do, not by the name of their role. */
export async function officials(reader: Reader): Promise<readonly Id<'party'>[]> {
  return await holdersOf(reader, designate.determine.id);
}

/** Those of `parties` that are not here, or whose role may not look at files. */
export async function unknownAmong(
  reader: Reader,
  parties: readonly string[],
): Promise<readonly string[]> {
  if (parties.length === 0) return [];
  const rows = await reader.rows(sql<{ id: string }>`
    select p.id from directory.party p join directory.role r on r.name = p.role
    where p.id = any(${[...parties]}::text[]) and p.left_at is null
      and ${designate.file.id} = any(r.permissions)`);
  const known = new Set(rows.map(({ id }) => id));
  return parties.filter((id) => !known.has(id));
}

async function holdersOf(reader: Reader, operation: string): Promise<readonly Id<'party'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'party'> }>`
    select p.id from directory.party p join directory.role r on r.name = p.role
    where p.left_at is null and ${operation} = any(r.permissions) order by p.id limit 200`);
  return rows.map(({ id }) => id);
}
