import { KeyLimits } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface AllotmentRow {
  readonly scope: Id<'window'> | Id<'tier'>;
  readonly developer: Id<'party'>;
  readonly words_content: Id<'content'>;
  readonly limits: KeyLimits;
  readonly keys_max: number;
  readonly demands_proof: boolean;
  readonly at: Instant;
  readonly revision: number;
}

/** What is kept of an allotment as content. */
export const AllotmentWords = z.object({
  names: z.array(z.string()),
  keepsFor: z.array(z.string()),
});
export type AllotmentWords = z.infer<typeof AllotmentWords>;

export async function findAllotment(reader: Reader, scope: string): Promise<AllotmentRow | null> {
  const row = await reader.row(
    sql<AllotmentRow>`select * from gateway.allotment where scope = ${scope}`,
  );
  return row === null ? null : read(row);
}

export async function allotmentsOf(
  reader: Reader,
  developer: string,
): Promise<readonly AllotmentRow[]> {
  const rows = await reader.rows(sql<AllotmentRow>`
    select * from gateway.allotment where developer = ${developer} order by at, scope limit 1000`);
  return rows.map(read);
}

/** Puts what a window or tier gives, in place of what it gave. */
export async function putAllotment(
  tx: Transaction,
  row: Omit<AllotmentRow, 'revision'>,
): Promise<void> {
  await tx.run(sql`
    insert into gateway.allotment
      (scope, developer, words_content, limits, keys_max, demands_proof, at)
    values (${row.scope}, ${row.developer}, ${row.words_content},
      ${JSON.stringify(row.limits)}::jsonb, ${row.keys_max}, ${row.demands_proof}, ${row.at})
    on conflict (scope) do update set words_content = excluded.words_content,
      limits = excluded.limits, keys_max = excluded.keys_max,
      demands_proof = excluded.demands_proof, revision = gateway.allotment.revision + 1`);
}

function read(row: AllotmentRow): AllotmentRow {
  return { ...row, limits: KeyLimits.parse(row.limits) };
}
