import type { Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { newIds } from '../clock/clock.ts';
import { everyone, principalsOf } from '../commands/audience.ts';
import type { Actor } from '../commands/commands.ts';
import type { Reader, Transaction } from '../database/database.ts';

/** Tells every process, with this transaction, that what can be found about `ids` is another now. */
export async function noteChanges(
  tx: Transaction,
  ids: readonly string[],
  at: Instant,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.run(sql`
    insert into search.change (id, about, at)
    select id, about, ${at}::timestamptz
    from unnest(${[...newIds('entry', ids.length)]}::text[], ${[...ids]}::text[]) as c (id, about)`);
}

/** What changed, and from where to ask on. */
export interface Changes {
  readonly horizon: string;
  readonly changes: readonly { readonly id: string; readonly about: string }[];
}

/**
 * What changed in transactions that were not over at `horizon`; with null, only where to begin.
 * The oldest transaction that still ran when this was read is the next horizon: all before it were
 * over and have been read, so none is missed, whatever the order in which they commit, and some
 * come twice.
 */
export async function changesSince(reader: Reader, horizon: string | null): Promise<Changes> {
  const rows = await reader.rows(sql<{ horizon: string; id: string | null; about: string | null }>`
    select now.horizon, c.id, c.about
    from (select pg_snapshot_xmin(pg_current_snapshot())::text as horizon) now
    left join search.change c on c.by_transaction >= ${horizon}::text::xid8`);
  return {
    horizon: rows[0]?.horizon ?? horizon ?? '0',
    changes: rows.flatMap(({ id, about }) =>
      id === null || about === null ? [] : [{ id, about }],
    ),
  };
}

/**
 * Removes what every living process has read, and what came with a restored database from another
 * cluster, whose transactions count differently.
 */
export async function pruneChanges(tx: Transaction, before: Instant): Promise<void> {
  await tx.run(sql`
    delete from search.change
    where at < ${before} or by_transaction >= pg_snapshot_xmax(pg_current_snapshot())`);
}

/** Those of the content items `ids` that were not erased. */
export async function unerased(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await reader.rows(sql<{ id: string }>`
    select id from content.item where id = any(${[...ids]}::text[]) and erased_at is null`);
  return new Set(rows.map((row) => row.id));
}

/** The level `actor` has on each of `subjects` that it sees. */
export async function levelsOn(
  reader: Reader,
  actor: Actor,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await reader.rows(sql<{ subject: string; level: number }>`
    select subject, max(level)::int as level from platform.visibility
    where subject = any(${[...subjects]}::text[]) and party in (${sql.join(principalsOf(actor))})
    group by subject`);
  return new Map(rows.map((row) => [row.subject, row.level]));
}

/**
 * All `actor` sees, with the level; null where that is more than `max`. Without what everyone sees,
 * which would be the most of it.
 */
export async function seenAtMost(
  reader: Reader,
  actor: Actor,
  max: number,
): Promise<ReadonlyMap<string, number> | null> {
  const own = principalsOf(actor).filter((principal) => principal !== everyone);
  const rows = await reader.rows(sql<{ subject: string; level: number }>`
    select subject, level::int as level from platform.visibility
    where party = any(${own}::text[]) limit ${max + 1}`);
  if (rows.length > max) return null;
  const levels = new Map<string, number>();
  for (const { subject, level } of rows) {
    levels.set(subject, Math.max(level, levels.get(subject) ?? 0));
  }
  return levels;
}
