import { bytesToHex, type Id, type Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

/** A finding that its reporter handed in before. */
export interface Handed {
  readonly finding: Id<'finding'>;
  /** Kept without a case. */
  readonly suppressed: boolean;
}

/** Those of `identities` that `reporter` handed in before, by their hex digits. */
export async function handedAmong(
  reader: Reader,
  reporter: string,
  identities: readonly Uint8Array[],
): Promise<ReadonlyMap<string, Handed>> {
  if (identities.length === 0) return new Map();
  const rows = await reader.rows(sql<{ identity: Uint8Array } & Handed>`
    select h.identity, h.finding, f.standing = 'suppressed' as suppressed
    from unnest(${identities.map((each) => Buffer.from(each))}::bytea[]) sought (identity)
      join collect.handed h on h.reporter = ${reporter} and h.identity = sought.identity
      join collect.finding f on f.id = h.finding`);
  return new Map(rows.map(({ identity, ...handed }) => [bytesToHex(identity), handed]));
}

/** Keeps by what findings are known again; a second one of the same reporter is a conflict. */
export async function insertHanded(
  tx: Transaction,
  reporter: string,
  handed: readonly { readonly identity: Uint8Array; readonly finding: string }[],
): Promise<void> {
  if (handed.length === 0) return;
  await tx.run(sql`
    insert into collect.handed (reporter, identity, finding)
    select ${reporter}::text, identity, finding from unnest(
      ${handed.map((each) => Buffer.from(each.identity))}::bytea[],
      ${handed.map((each) => each.finding)}::text[]) as h (identity, finding)`);
}

export interface NewReport {
  readonly id: Id<'report'>;
  readonly reporter: string;
  readonly series: Uint8Array;
  readonly format: string;
  readonly file: Id<'content'>;
  readonly at: Instant;
}

/** Keeps a report of which not all is in yet. */
export async function insertReport(tx: Transaction, report: NewReport): Promise<void> {
  await tx.run(sql`
    insert into collect.report (id, reporter, series, format, file_content, received_at)
    values (${report.id}, ${report.reporter}, ${Buffer.from(report.series)}, ${report.format},
      ${report.file}, ${report.at})`);
}

/** All of the report is in: these are its findings. */
export async function closeReport(
  tx: Transaction,
  id: string,
  findings: readonly string[],
): Promise<void> {
  await tx.run(sql`update collect.report set findings = ${[...findings]} where id = ${id}`);
}

/** The findings of the newest report of a series that is wholly in; null where there is none. */
export async function lastOfSeries(
  reader: Reader,
  reporter: string,
  series: Uint8Array,
): Promise<readonly Id<'finding'>[] | null> {
  const row = await reader.row(sql<{ findings: Id<'finding'>[] }>`
    select findings from collect.report
    where reporter = ${reporter} and series = ${Buffer.from(series)} and findings is not null
    order by received_at desc, id desc limit 1`);
  return row?.findings ?? null;
}

/**
 * The files that hold the text of a finding beside those of others, and are not erased. A report of
 * its reporter that is not wholly in may hold it too: nothing says yet what is in it.
 */
export async function filesHolding(
  reader: Reader,
  finding: string,
): Promise<readonly { readonly content: Id<'content'>; readonly subject: Id<'report'> }[]> {
  return await reader.rows(sql<{ content: Id<'content'>; subject: Id<'report'> }>`
    select r.file_content as content, r.id as subject
    from collect.finding f join collect.report r on r.reporter = f.reporter
      join content.item i on i.id = r.file_content
    where f.id = ${finding} and i.erased_at is null
      and (r.id = f.report or r.findings @> array[f.id] or r.findings is null)`);
}
