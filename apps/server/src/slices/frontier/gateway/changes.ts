import type { Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import type { Change } from './model.ts';

/** What is told of a change before it has its number. */
export type Touched = Pick<Change, 'kind' | 'id'>;

/** Changes that one question is answered with; the next takes those behind them. */
const changesMax = 1_000;

/** How a change of what has this id is called, by the kind of the id. */
const kinds: Readonly<Record<string, Change['kind']>> = {
  gkey: 'key',
  member: 'holder',
  party: 'party',
  grant: 'grant',
  window: 'window',
  partner: 'partner',
  tier: 'tier',
  model: 'model',
};

/** What changes with whatever has this id. */
export function touched(id: string): Touched {
  const kind = kinds[id.slice(0, id.indexOf('_'))];
  if (kind === undefined) throw new Error(`expected something that keys stand on, got ${id}`);
  return { kind, id };
}

/**
 * Tells every process that keys under these are to be asked for anew. The row of the newest number
 * stays locked until the commit, so that numbers are seen in the order in which they were given.
 */
export async function noteChanges(
  tx: Transaction,
  changes: readonly Touched[],
  at: Instant,
): Promise<void> {
  if (changes.length === 0) return;
  const head = await tx.row(sql<{ seq: number }>`
    update gateway.change_head set seq = seq + ${changes.length}::bigint where one returning seq`);
  if (head === null) throw new Error('expected the row of the newest change');
  await tx.run(sql`
    insert into gateway.change (seq, kind, id, at)
    select ${head.seq - changes.length}::bigint + place, kind, id, ${at}::timestamptz
    from unnest(${changes.map(({ kind }) => kind)}::text[], ${changes.map(({ id }) => id)}::text[])
      with ordinality as c (kind, id, place)`);
}

/** The changes behind `seq`, in order; 1,000 at most. */
export async function changesSince(reader: Reader, seq: number): Promise<readonly Change[]> {
  return await reader.rows(
    sql<Change>`
      select seq, kind, id from gateway.change where seq > ${seq}::bigint
      order by seq limit ${changesMax}`,
    { often: true },
  );
}

/** The number of the newest change; 0 where there was none. */
export async function lastChange(reader: Reader): Promise<number> {
  const row = await reader.row(sql<{ seq: number }>`
    select seq from gateway.change_head where one`);
  return row?.seq ?? 0;
}
