import type { Revision } from '@breakwater/formats/advisory';
import type { OsvRecord } from '@breakwater/formats/osv';
import type { Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { seenBy } from '../../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import { Documents } from '../documents.ts';
import type { NoticeRow } from '../store.ts';

/** A version of an advisory, as it went out. */
export interface AdvisoryVersion {
  readonly advisory: string;
  readonly version: number;
  readonly publishedAt: Instant;
  readonly change: string;
  readonly osv: OsvRecord;
  /** null: from before they were written at publication. */
  readonly documents: Documents | null;
}

interface VersionRow {
  readonly advisory: string;
  readonly version: number;
  readonly published_at: Instant;
  readonly change: string;
  readonly osv: OsvRecord;
  readonly documents: unknown;
}

export async function insertVersion(tx: Transaction, v: AdvisoryVersion): Promise<void> {
  await tx.run(sql`
    insert into distribute.advisory_version (advisory, version, published_at, change, osv, documents)
    values (${v.advisory}, ${v.version}, ${v.publishedAt}, ${v.change}, ${JSON.stringify(v.osv)},
            ${JSON.stringify(v.documents)})`);
}

/** Puts a newer version in the place of the one everybody reads. */
export async function setNewest(
  tx: Transaction,
  of: { readonly advisory: string; readonly osv: OsvRecord; readonly patch: string | null },
): Promise<void> {
  await tx.run(sql`
    update distribute.advisory set osv = ${JSON.stringify(of.osv)}, patch = ${of.patch}
    where id = ${of.advisory}`);
}

/** The notices an advisory has led to so far. */
export async function noticesOfAdvisory(
  reader: Reader,
  advisory: string,
): Promise<readonly NoticeRow[]> {
  return await reader.rows(sql<NoticeRow>`
    select * from distribute.notice where advisory = ${advisory} order by created_at, id`);
}

/** Every version of an advisory that is public, the first one first. */
export async function versionsOf(
  reader: Reader,
  advisory: string,
): Promise<readonly AdvisoryVersion[]> {
  const rows = await reader.rows(sql<VersionRow>`
    select v.* from distribute.advisory_version v
    where v.advisory = ${advisory} and ${seenBy(null, sql`v.advisory`)} order by v.version`);
  return rows.map((row) => ({
    advisory: row.advisory,
    version: row.version,
    publishedAt: row.published_at,
    change: row.change,
    osv: row.osv,
    documents: row.documents === null ? null : Documents.parse(row.documents),
  }));
}

/** The history a document tells, from the versions up to it. */
export function revisionsOf(versions: readonly AdvisoryVersion[]): readonly Revision[] {
  return versions.map(({ version, publishedAt, change }) => ({
    number: version,
    date: publishedAt,
    summary: change,
  }));
}

/** A line of the lists of all documents. */
export interface ListedAdvisory {
  readonly id: string;
  readonly title: string;
  readonly first: Instant;
  readonly current: Instant;
}

/** How many advisories the lists name; more are left to the operations that page. */
export const listedMax = 100_000;

/** Every advisory that is public, the one that changed last first. */
export async function listPublic(reader: Reader): Promise<readonly ListedAdvisory[]> {
  return await reader.rows(sql<ListedAdvisory>`
    select a.id, coalesce(a.osv->>'summary', a.id) as title, a.published_at as first,
      v.published_at as current
    from distribute.advisory a
    join lateral (select published_at from distribute.advisory_version
      where advisory = a.id order by version desc limit 1) v on true
    where ${seenBy(null, sql`a.id`)}
    order by v.published_at desc, a.id desc limit ${listedMax}`);
}

/** A public advisory, as it is now, with the patch that goes with it. */
export interface PublicFix {
  readonly id: string;
  readonly osv: OsvRecord;
  readonly patch: string;
}

/** Public advisories with a patch, the newest first. */
export async function publicFixes(reader: Reader, limit: number): Promise<readonly PublicFix[]> {
  return await reader.rows(sql<PublicFix>`
    select a.id, a.osv, a.patch from distribute.advisory a
    where a.patch is not null and ${seenBy(null, sql`a.id`)}
    order by a.published_at desc, a.id desc limit ${limit}`);
}
