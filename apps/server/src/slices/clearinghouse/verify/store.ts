import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Actor } from '../../../platform/commands/commands.ts';
import { visibleTo } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';

export interface PatchRow {
  readonly id: Id<'patch'>;
  readonly case_id: Id<'case'>;
  readonly by_party: string;
  readonly at: Instant;
  readonly title_content: Id<'content'>;
  readonly diff_content: Id<'content'>;
  readonly size: number;
}

export async function insertPatch(tx: Transaction, p: PatchRow): Promise<void> {
  await tx.run(sql`
    insert into verify.patch (id, case_id, by_party, at, title_content, diff_content, size)
    values (${p.id}, ${p.case_id}, ${p.by_party}, ${p.at}, ${p.title_content}, ${p.diff_content}, ${p.size})`);
}

export async function findPatch(reader: Reader, id: string): Promise<PatchRow | null> {
  return await reader.row(sql<PatchRow>`select * from verify.patch where id = ${id}`);
}

/** The patch, if `actor` sees the detail of its case or the patch itself is public. */
export async function findVisiblePatch(
  reader: Reader,
  id: string,
  actor: Actor | null,
): Promise<PatchRow | null> {
  return await reader.row(sql<PatchRow>`
    select p.* from verify.patch p where p.id = ${id} and exists (
      select 1 from ${visibleTo(actor)} v where v.subject in (p.id, p.case_id) and v.level >= 2)`);
}

export async function patchesOf(reader: Reader, caseId: string): Promise<readonly PatchRow[]> {
  return await reader.rows(sql<PatchRow>`
    select * from verify.patch where case_id = ${caseId} order by at desc, id desc limit 200`);
}

/** The newest patch of a case as its newest verification tells it; null: none was proposed. */
export async function newestPatch(
  reader: Reader,
  caseId: string,
): Promise<{ readonly requestedAt: Instant; readonly finishedAt: Instant | null } | null> {
  return await reader.row(sql<{ requestedAt: Instant; finishedAt: Instant | null }>`
    select v.requested_at as "requestedAt", v.finished_at as "finishedAt" from verify.patch p
    join verify.verification v on v.patch = p.id
    where p.case_id = ${caseId} order by p.at desc, p.id desc, v.requested_at desc limit 1`);
}

/** When one of `parties` last proposed a patch in a case, or null. */
export async function lastProposed(
  reader: Reader,
  caseId: string,
  parties: readonly string[],
): Promise<Instant | null> {
  const row = await reader.row(sql<{ at: Instant }>`
    select at from verify.patch where case_id = ${caseId} and by_party = any(${[...parties]})
    order by at desc, id desc limit 1`);
  return row?.at ?? null;
}

export interface VerificationRow {
  readonly id: Id<'verification'>;
  readonly patch: Id<'patch'>;
  readonly case_id: Id<'case'>;
  readonly requested_at: Instant;
  readonly finished_at: Instant | null;
  readonly verdict: 'verified' | 'refused' | 'inconclusive' | 'errored' | null;
  readonly result_content: Id<'content'> | null;
}

export async function insertVerification(
  tx: Transaction,
  v: Pick<VerificationRow, 'id' | 'patch' | 'case_id' | 'requested_at'>,
): Promise<void> {
  await tx.run(sql`
    insert into verify.verification (id, patch, case_id, requested_at)
    values (${v.id}, ${v.patch}, ${v.case_id}, ${v.requested_at})`);
}

export async function findVerification(
  reader: Reader,
  id: string,
): Promise<VerificationRow | null> {
  return await reader.row(sql<VerificationRow>`select * from verify.verification where id = ${id}`);
}

export async function newestVerification(
  reader: Reader,
  patch: string,
): Promise<VerificationRow | null> {
  return await reader.row(sql<VerificationRow>`
    select * from verify.verification where patch = ${patch} order by requested_at desc, id desc limit 1`);
}

/** Concludes a verification once; 0 if it was concluded before. */
export async function concludeVerification(
  tx: Transaction,
  id: string,
  with_: { readonly verdict: string; readonly result: string; readonly at: Instant },
): Promise<number> {
  return await tx.run(sql`
    update verify.verification set verdict = ${with_.verdict}, result_content = ${with_.result}, finished_at = ${with_.at}
    where id = ${id} and finished_at is null`);
}

/** When each of `patches` was last found to work; those that were not are left out. */
export async function verifiedAt(
  reader: Reader,
  patches: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  const rows = await reader.rows(sql<{ patch: string; at: Instant }>`
    select patch, max(finished_at) as at from verify.verification
    where patch = any(${[...patches]}::text[]) and verdict = 'verified' group by patch`);
  return new Map(rows.map((row) => [row.patch, row.at]));
}
