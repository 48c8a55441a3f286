import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../page.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { seenBy } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';

export interface UseRow {
  readonly id: Id<'use'>;
  readonly access_grant: Id<'grant'>;
  readonly member: Id<'member'>;
  readonly purpose_content: Id<'content'>;
  readonly at: Instant;
  readonly ended_at: Instant | null;
  readonly calls: number;
  readonly asked_at: Instant;
}

export interface ExportRow {
  readonly id: Id<'export'>;
  readonly access_use: Id<'use'>;
  readonly access_grant: Id<'grant'>;
  readonly member: Id<'member'>;
  readonly what_content: Id<'content'>;
  readonly digest: string;
  readonly bytes: number;
  readonly to_content: Id<'content'>;
  readonly purpose_content: Id<'content'>;
  readonly at: Instant;
}

interface Page {
  readonly after: Cursor | null;
  readonly limit: number;
}

export async function insertUse(
  tx: Transaction,
  row: Pick<UseRow, 'id' | 'access_grant' | 'member' | 'purpose_content' | 'at'>,
): Promise<void> {
  await tx.run(sql`
    insert into early_access.access_use (id, access_grant, member, purpose_content, at, asked_at)
    values (${row.id}, ${row.access_grant}, ${row.member}, ${row.purpose_content}, ${row.at},
      ${row.at})`);
}

export async function findUse(reader: Reader, id: string): Promise<UseRow | null> {
  return await reader.row(sql<UseRow>`select * from early_access.access_use where id = ${id}`, {
    often: true,
  });
}

/** One row beyond `limit`, the newest first. */
export async function listUses(
  reader: Reader,
  grant: string,
  page: Page,
): Promise<readonly UseRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (at, id) < (select l.at, l.id from early_access.access_use l
          where l.id = ${page.after} and l.access_grant = ${grant})`;
  return await reader.rows(sql<UseRow>`
    select * from early_access.access_use where access_grant = ${grant} ${beyond}
    order by at desc, id desc limit ${page.limit + 1}`);
}

/** What was told of calls and of the hour of asking; neither goes back. */
export async function noteAsked(
  tx: Transaction,
  id: string,
  told: { readonly calls: number; readonly at: Instant },
): Promise<void> {
  await tx.run(sql`
    update early_access.access_use set calls = greatest(calls, ${told.calls}::bigint),
      asked_at = greatest(asked_at, ${told.at}::timestamptz) where id = ${id}`);
}

/** The day of the last call stays used, also where a clock is set back. */
export async function noteUsed(tx: Transaction, grant: string, at: Instant): Promise<void> {
  await tx.run(sql`
    update early_access.access_grant
    set used_at = greatest(used_at, ${at}::timestamptz) where id = ${grant}`);
}

export async function markUseEnded(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(sql`
    update early_access.access_use set ended_at = ${at} where id = ${id} and ended_at is null`);
}

/** Calls of each grant, of all its sessions. */
export async function callsOf(
  reader: Reader,
  grants: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (grants.length === 0) return new Map();
  const rows = await reader.rows(sql<{ id: string; calls: number }>`
    select access_grant as id, sum(calls)::bigint as calls from early_access.access_use
    where access_grant = any(${[...grants]}::text[]) group by access_grant`);
  return new Map(rows.map(({ id, calls }) => [id, calls]));
}

export async function insertExport(tx: Transaction, row: ExportRow): Promise<void> {
  await tx.run(sql`
    insert into early_access.access_export (id, access_use, access_grant, member, what_content,
      digest, bytes, to_content, purpose_content, at)
    values (${row.id}, ${row.access_use}, ${row.access_grant}, ${row.member}, ${row.what_content},
      ${row.digest}, ${row.bytes}, ${row.to_content}, ${row.purpose_content}, ${row.at})`);
}

/** One row beyond `limit`, the newest first. */
export async function listExports(
  reader: Reader,
  grant: string,
  page: Page,
): Promise<readonly ExportRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (at, id) < (select l.at, l.id from early_access.access_export l
          where l.id = ${page.after} and l.access_grant = ${grant})`;
  return await reader.rows(sql<ExportRow>`
    select * from early_access.access_export where access_grant = ${grant} ${beyond}
    order by at desc, id desc limit ${page.limit + 1}`);
}

/** Answers 0 where it was linked before. */
export async function linkFinding(
  tx: Transaction,
  use: string,
  given: { readonly finding: string; readonly at: Instant },
): Promise<number> {
  return await tx.run(sql`
    insert into early_access.outcome (access_use, finding, at)
    values (${use}, ${given.finding}, ${given.at}) on conflict do nothing`);
}

/** How many findings a use has, seen or not: for its bound alone. */
export async function countLinked(reader: Reader, use: string): Promise<number> {
  const row = await reader.row(sql<{ count: number }>`
    select count(*)::int as count from early_access.outcome where access_use = ${use}`);
  return row?.count ?? 0;
}

/** EAR-13: the findings of some uses that `actor` sees. */
export async function findingsSeen(
  reader: Reader,
  uses: readonly string[],
  actor: Actor,
): Promise<ReadonlyMap<string, readonly Id<'finding'>[]>> {
  if (uses.length === 0) return new Map();
  const rows = await reader.rows(sql<{ use: string; finding: Id<'finding'> }>`
    select o.access_use as use, o.finding from early_access.outcome o
    where o.access_use = any(${[...uses]}::text[]) and ${seenBy(actor, sql`o.finding`)}
    order by o.at, o.finding`);
  const grouped = Map.groupBy(rows, ({ use }) => use);
  return new Map([...grouped].map(([use, of]) => [use, of.map(({ finding }) => finding)]));
}
