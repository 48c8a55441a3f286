import type { Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../../../../platform/database/database.ts';

export interface HolderRow {
  readonly id: Id<'member'>;
  readonly party: Id<'party'>;
  readonly name_content: Id<'content'>;
  /** A member still, of a party that is here. */
  readonly here: boolean;
}

/** A person or a service; null where there never was one with this id. */
export async function findHolder(reader: Reader, id: string): Promise<HolderRow | null> {
  return await reader.row(sql<HolderRow>`
    select m.id, m.party, m.name_content, (m.removed_at is null and p.left_at is null) as here
    from directory.member m join directory.party p on p.id = m.party where m.id = ${id}`);
}
