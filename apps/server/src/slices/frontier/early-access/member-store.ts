import { earlyAccess } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../../../platform/database/database.ts';

export interface MemberRow {
  readonly id: Id<'member'>;
  readonly party: Id<'party'>;
  readonly kind: 'person' | 'service';
  readonly name_content: Id<'content'>;
  /** A member still, of a party that is here, whose role may use access. */
  readonly here: boolean;
}

/** Members by their ids, those who are gone with them. */
export async function membersAmong(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MemberRow>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.rows(sql<MemberRow>`
    select m.id, m.party, m.kind, m.name_content,
      (m.removed_at is null and p.left_at is null
        and ${earlyAccess.use.id} = any(r.permissions)) as here
    from directory.member m join directory.party p on p.id = m.party
    join directory.role r on r.name = p.role
    where m.id = any(${[...new Set(ids)]}::text[])`);
  return new Map(rows.map((row) => [row.id, row]));
}
