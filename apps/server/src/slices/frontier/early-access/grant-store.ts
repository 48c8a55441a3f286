import type { Protection } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../page.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import type { Afterwards } from './model.ts';

export interface GrantRow {
  readonly id: Id<'grant'>;
  readonly access_window: Id<'window'>;
  readonly member: Id<'member'>;
  readonly person: Id<'member'>;
  readonly party: Id<'party'>;
  readonly added_by: Id<'party'>;
  readonly at: Instant;
  readonly revoked_at: Instant | null;
  readonly revoked_by: Id<'party'> | 'system' | null;
  readonly used_at: Instant | null;
  readonly uses: number;
  readonly exports: number;
  readonly attested: Afterwards | null;
  readonly attested_at: Instant | null;
  readonly attested_content: Id<'content'> | null;
  readonly accepted: readonly {
    readonly protection: Protection;
    readonly terms: Id<'terms'>;
    readonly at: Instant;
  }[];
}

const accepted = sql`coalesce((
  select jsonb_agg(jsonb_build_object('protection', a.protection, 'terms', a.terms, 'at', a.at))
  from early_access.acceptance a where a.access_grant = g.id), '[]'::jsonb) as accepted`;

export async function insertGrant(
  tx: Transaction,
  row: Pick<GrantRow, 'id' | 'access_window' | 'member' | 'person' | 'party' | 'at'> & {
    readonly added_by: string;
  },
): Promise<void> {
  await tx.run(sql`
    insert into early_access.access_grant (id, access_window, member, person, party, added_by, at)
    values (${row.id}, ${row.access_window}, ${row.member}, ${row.person}, ${row.party},
      ${row.added_by}, ${row.at})`);
}

export async function findGrant(reader: Reader, id: string): Promise<GrantRow | null> {
  return await reader.row(sql<GrantRow>`
    select g.*, ${accepted} from early_access.access_grant g where g.id = ${id}`);
}

/** Every grant of some windows, in the order in which they were given. */
export async function grantsOf(
  reader: Reader,
  windows: readonly string[],
): Promise<readonly GrantRow[]> {
  if (windows.length === 0) return [];
  return await reader.rows(sql<GrantRow>`
    select g.*, ${accepted} from early_access.access_grant g
    where g.access_window = any(${[...windows]}::text[]) order by g.at, g.id`);
}

/** The grants of members of a party, one beyond `limit`, the newest first. */
export async function grantsOfParty(
  reader: Reader,
  party: string,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly GrantRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (g.at, g.id) < (select l.at, l.id from early_access.access_grant l
          where l.id = ${page.after} and l.party = ${party})`;
  return await reader.rows(sql<GrantRow>`
    select g.*, ${accepted} from early_access.access_grant g
    where g.party = ${party} ${beyond} order by g.at desc, g.id desc limit ${page.limit + 1}`);
}

/** The parties of whom somebody has or had access in a window. */
export async function partiesInside(reader: Reader, window: string): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ party: string }>`
    select distinct party from early_access.access_grant where access_window = ${window}`);
  return rows.map(({ party }) => party);
}

export async function putAcceptance(
  tx: Transaction,
  grant: string,
  given: { readonly protection: Protection; readonly terms: string; readonly at: Instant },
): Promise<void> {
  const { protection, terms, at } = given;
  await tx.run(sql`
    insert into early_access.acceptance (access_grant, protection, terms, at)
    values (${grant}, ${protection}, ${terms}, ${at})
    on conflict (access_grant, protection) do update set terms = ${terms}, at = ${at}`);
}

export async function markRevoked(
  tx: Transaction,
  id: string,
  how: { readonly at: Instant; readonly by: string },
): Promise<void> {
  await tx.run(sql`
    update early_access.access_grant set revoked_at = ${how.at}, revoked_by = ${how.by}
    where id = ${id} and revoked_at is null`);
}

export async function markUsed(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(sql`
    update early_access.access_grant
    set uses = uses + 1, used_at = greatest(used_at, ${at}::timestamptz) where id = ${id}`);
}

export async function countExport(tx: Transaction, id: string): Promise<void> {
  await tx.run(sql`
    update early_access.access_grant set exports = exports + 1 where id = ${id}`);
}

export async function markAttested(
  tx: Transaction,
  id: string,
  given: { readonly how: Afterwards; readonly at: Instant; readonly content: string },
): Promise<void> {
  await tx.run(sql`
    update early_access.access_grant set attested = ${given.how}, attested_at = ${given.at},
      attested_content = ${given.content} where id = ${id}`);
}
