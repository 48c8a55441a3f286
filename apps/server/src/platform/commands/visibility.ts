import { type RawBuilder, sql } from 'kysely';
import type { Reader, Transaction } from '../database/database.ts';
import { type Grant, type Principal, principalsOf } from './audience.ts';
import type { Actor } from './commands.ts';

/** Writes the audience of `subject` as the relation's rows; what is not named is gone. */
export async function setAudience(
  tx: Transaction,
  subject: string,
  audience: readonly Grant[],
): Promise<void> {
  await setAudiences(tx, new Map([[subject, audience]]));
}

/** The same for many subjects at once. */
export async function setAudiences(
  tx: Transaction,
  audiences: ReadonlyMap<string, readonly Grant[]>,
): Promise<void> {
  if (audiences.size === 0) return;
  const rows = [...audiences].flatMap(([subject, audience]) => {
    const highest = new Map<Principal, number>();
    for (const grant of audience) {
      highest.set(grant.principal, Math.max(grant.level, highest.get(grant.principal) ?? 0));
    }
    return [...highest].map(([principal, level]) => ({ subject, principal, level }));
  });
  await tx.run(sql`
    delete from platform.visibility where subject = any(${[...audiences.keys()]}::text[])`);
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into platform.visibility (party, subject, level)
    select * from unnest(${rows.map((row) => row.principal)}::text[],
      ${rows.map((row) => row.subject)}::text[], ${rows.map((row) => row.level)}::smallint[])`);
}

/** visible(subject, party, level) as the relation: the level `actor` has on `subject`, 0 for none. */
export async function levelOf(
  reader: Reader,
  subject: string,
  actor: Actor | null,
): Promise<number> {
  const row = await reader.row(
    sql<{ level: number | null }>`
    select max(level)::int as level from platform.visibility
    where subject = ${subject} and party in (${sql.join(principalsOf(actor))})`,
    { often: true },
  );
  return row?.level ?? 0;
}

/** Those of `subjects` that `actor` sees. */
export async function seenAmong(
  reader: Reader,
  subjects: readonly string[],
  actor: Actor,
): Promise<ReadonlySet<string>> {
  if (subjects.length === 0) return new Set();
  const rows = await reader.rows(sql<{ subject: string }>`
    select distinct subject from platform.visibility
    where subject = any(${[...subjects]}::text[]) and party in (${sql.join(principalsOf(actor))})`);
  return new Set(rows.map((row) => row.subject));
}

/**
 * SQL that keeps only subjects `actor` sees, with the level: join it as a table. For one subject;
 * over many it gathers everything the actor sees before the first row: see {@link seenBy}.
 */
export function visibleTo(actor: Actor | null) {
  return sql`(select subject, max(level)::int as level from platform.visibility
    where party in (${sql.join(principalsOf(actor))}) group by subject)`;
}

/**
 * SQL that holds where `actor` sees the subject in `column`, for a list of which the reader sees most:
 * the list is walked by its own index and each row probed. With 100,000 cases and 3 million rows of
 * visibility, joining {@link visibleTo} took a coordinator seconds a page, and this milliseconds.
 */
export function seenBy(actor: Actor | null, column: RawBuilder<unknown>) {
  return sql`exists (select 1 from platform.visibility seen
    where seen.subject = ${column} and seen.party in (${sql.join(principalsOf(actor))}))`;
}

/**
 * SQL that holds for findings that somebody else handed in and `actor` sees nonetheless. They are few
 * beside the own, and have an index of their own: its condition stands here word for word. An array,
 * because the planner cannot know how few they are.
 */
export function sharedWith(actor: Actor, column: RawBuilder<unknown>) {
  return sql`${column} = any(array(select shared.subject from platform.visibility shared
    where shared.party in (${sql.join(principalsOf(actor))})
      and shared.level < 3 and starts_with(shared.subject, 'finding_')))`;
}

/** SQL for the level `actor` has on the subject in `column`. */
export function levelBy(actor: Actor | null, column: RawBuilder<unknown>) {
  return sql`(select max(own.level)::int from platform.visibility own
    where own.subject = ${column} and own.party in (${sql.join(principalsOf(actor))}))`;
}

/** The audience of each of `subjects` as it was written. */
export async function audiencesOf(
  reader: Reader,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, readonly Grant[]>> {
  const rows = await reader.rows(sql<Grant & { readonly subject: string }>`
    select subject, party as principal, level::int as level from platform.visibility
    where subject = any(${[...subjects]}::text[])`);
  return Map.groupBy(rows, (row) => row.subject);
}
