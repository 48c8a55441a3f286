import type { Instant } from '@breakwater/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Reader } from '../../../../platform/database/database.ts';
import { last, type Places } from './store.ts';

/** What weighs on a claim beside other claims; most often nothing does. */
export interface Beside {
  /** How often the party was answered on that day, as far as it is written down. */
  readonly told: number;
  /** Somebody stands in line there, or did. */
  readonly waited: boolean;
  /** An owner stated something there that stands. */
  readonly stated: boolean;
  /** A stop stands there. */
  readonly stopped: boolean;
}

/** All of it in one query: an answer is given a hundred times a second and asks the rest only then. */
export async function besideAt(
  reader: Reader,
  { lineages, ancestors }: Places,
  { party, at }: { readonly party: string; readonly at: Instant },
): Promise<Beside> {
  const row = await reader.row(
    sql<Beside>`
    select ${anyIn(sql`deconflict.wait_place`, sql`true`)} as waited,
      ${anyIn(sql`deconflict.wishes`, sql`p.withdrawn_at is null`)} as stated,
      ${anyIn(sql`deconflict.stop`, sql`p.lifted_at is null`)} as stopped,
      coalesce((select told from deconflict.asked
        where party = ${party} and day = ${at.slice(0, 10)}::date), 0) as told
    from (values (${[...lineages]}::text[], ${[...ancestors]}::text[])) as a (lineages, ancestors)`,
    { often: true },
  );
  if (row === null) throw new Error('expected one row, got none');
  return row;
}

/** Whether a row of `table` that `stands` lies at, in or around one of the places `a`. */
function anyIn(table: RawBuilder<unknown>, stands: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    exists (select from ${table} p where p.lineage = any(a.ancestors) and ${stands})
    or exists (select from unnest(a.lineages) as l (lineage) join ${table} p
      on p.lineage >= l.lineage collate "C" and p.lineage < (l.lineage || ${last}) collate "C"
      where ${stands}))`;
}
