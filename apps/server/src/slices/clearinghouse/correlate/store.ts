import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { seesAllWork } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { seenBy } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import type { CaseId, DecisionState, FindingId } from './decide.ts';

/** An identity key as it is kept: blind, so that the row tells nothing by itself. */
export interface BlindKey {
  readonly kind: string;
  /** A finding joins where a key it seeks equals one that another holds. */
  readonly use: 'both' | 'hold' | 'seek';
  readonly value: Uint8Array;
}

/** Keeps the keys by which others find these findings. */
export async function insertKeys(
  tx: Transaction,
  findings: readonly { readonly finding: FindingId; readonly keys: readonly BlindKey[] }[],
): Promise<void> {
  const held = findings.flatMap(({ finding, keys }) =>
    keys.filter((key) => key.use !== 'seek').map((key) => ({ ...key, finding })),
  );
  if (held.length === 0) return;
  await tx.run(sql`
    insert into correlate.identity_key (value, kind, finding)
    select * from unnest(${held.map((key) => Buffer.from(key.value))}::bytea[],
      ${held.map((key) => key.kind)}::text[], ${held.map((key) => key.finding)}::text[])
    on conflict do nothing`);
}

/** How many findings of `reporter` joined a case by what can be guessed after `since`. */
export async function guessesSince(
  reader: Reader,
  reporter: string,
  since: Instant,
): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from correlate.guess
    where reporter = ${reporter} and at > ${since}`);
  return row?.n ?? 0;
}

/** Notes that findings joined by what can be guessed. */
export async function insertGuesses(
  tx: Transaction,
  joined: readonly { readonly finding: FindingId; readonly reporter: string }[],
  now: Instant,
): Promise<void> {
  if (joined.length === 0) return;
  await tx.run(sql`
    insert into correlate.guess (finding, reporter, at)
    select finding, reporter, ${now}::timestamptz from unnest(
      ${joined.map((each) => each.finding)}::text[],
      ${joined.map((each) => each.reporter)}::text[]) as j (finding, reporter)`);
}

/** A case that holds a finding with a key. */
export interface Holder {
  readonly value: Uint8Array;
  readonly kind: string;
  readonly case_id: CaseId;
}

/** Cases that hold a finding with one of these keys. */
export async function holdersOf(
  reader: Reader,
  values: readonly Uint8Array[],
): Promise<readonly Holder[]> {
  if (values.length === 0) return [];
  return await reader.rows(sql<Holder>`
    select distinct k.value, k.kind, m.case_id
    from unnest(${values.map((value) => Buffer.from(value))}::bytea[]) sought (value)
      join correlate.identity_key k on k.value = sought.value
      join correlate.membership m on m.finding = k.finding`);
}

export interface MembershipRow {
  readonly finding: FindingId;
  readonly case_id: CaseId;
  readonly since: Instant;
  readonly because: 'opened' | 'exact-identity' | 'merge' | 'split' | 'undo';
  readonly evidence: readonly string[];
}

/** Puts findings into cases; a finding is in one case at a time. */
export async function putMembers(
  tx: Transaction,
  members: readonly MembershipRow[],
): Promise<void> {
  if (members.length === 0) return;
  const column = <T>(pick: (member: MembershipRow) => T) => members.map(pick);
  await tx.run(sql`
    insert into correlate.membership (finding, case_id, since, because, evidence)
    select finding, case_id, since, because, string_to_array(evidence, ' ')
    from unnest(${column((m) => m.finding)}::text[], ${column((m) => m.case_id)}::text[],
      ${column((m) => m.since)}::timestamptz[], ${column((m) => m.because)}::text[],
      ${column((m) => m.evidence.join(' '))}::text[]) as m (finding, case_id, since, because, evidence)
    on conflict (finding) do update set case_id = excluded.case_id, since = excluded.since,
      because = excluded.because, evidence = excluded.evidence`);
}

/** The findings of a case, in the order in which they joined. */
export async function membersOf(reader: Reader, caseId: string): Promise<readonly MembershipRow[]> {
  return await reader.rows(sql<MembershipRow>`
    select finding, case_id, since, because, evidence from correlate.membership
    where case_id = ${caseId} order by since, finding`);
}

/** The findings of each of `cases`, in the order in which they joined. */
export async function membersOfEach(
  reader: Reader,
  cases: readonly string[],
): Promise<ReadonlyMap<string, readonly FindingId[]>> {
  const rows = await reader.rows(
    sql<{ case_id: CaseId; findings: FindingId[] }>`
    select case_id, array_agg(finding order by since, finding) as findings
    from correlate.membership where case_id = any(${[...cases]}) group by case_id`,
    { often: true },
  );
  return new Map(rows.map((row) => [row.case_id, row.findings]));
}

/** How many findings each of `cases` holds that `actor` may see. */
export async function countSeen(
  reader: Reader,
  cases: readonly string[],
  actor: Actor,
): Promise<ReadonlyMap<string, number>> {
  const seen = seesAllWork(actor) ? sql`` : sql`and ${seenBy(actor, sql`m.finding`)}`;
  const rows = await reader.rows(
    sql<{ case_id: CaseId; n: number }>`
    select m.case_id, count(*)::int as n
    from correlate.membership m where m.case_id = any(${[...cases]}) ${seen} group by m.case_id`,
    { often: true },
  );
  return new Map(rows.map((row) => [row.case_id, row.n]));
}

/** The case a finding is in. */
export async function caseOf(reader: Reader, finding: string): Promise<CaseId | null> {
  const row = await reader.row(sql<{ case_id: CaseId }>`
    select case_id from correlate.membership where finding = ${finding}`);
  return row?.case_id ?? null;
}

export interface DecisionRow {
  readonly id: Id<'decision'>;
  readonly kind: 'merge' | 'split';
  readonly from_case: CaseId;
  readonly into_case: CaseId;
  readonly findings: FindingId[];
  readonly reason_content: Id<'content'>;
  readonly by_party: string;
  readonly at: Instant;
  readonly undone_at: Instant | null;
  readonly undone_by: string | null;
  readonly undone_reason_content: Id<'content'> | null;
}

/** Keeps a merge or split. */
export async function insertDecision(
  tx: Transaction,
  d: Pick<
    DecisionRow,
    'id' | 'kind' | 'from_case' | 'into_case' | 'findings' | 'reason_content' | 'by_party' | 'at'
  >,
): Promise<void> {
  await tx.run(sql`
    insert into correlate.decision (id, kind, from_case, into_case, findings, reason_content, by_party, at)
    values (${d.id}, ${d.kind}, ${d.from_case}, ${d.into_case}, ${d.findings}, ${d.reason_content}, ${d.by_party}, ${d.at})`);
}

/** Marks a decision as undone. */
export async function markUndone(
  tx: Transaction,
  id: string,
  undone: { readonly at: Instant; readonly by: string; readonly reason: string },
): Promise<void> {
  await tx.run(sql`
    update correlate.decision set undone_at = ${undone.at}, undone_by = ${undone.by},
      undone_reason_content = ${undone.reason} where id = ${id}`);
}

/** Every merge and split that touched a case, oldest first. */
export async function decisionsOf(reader: Reader, caseId: string): Promise<readonly DecisionRow[]> {
  return await reader.rows(sql<DecisionRow>`
    select * from correlate.decision where from_case = ${caseId} or into_case = ${caseId} order by at, id`);
}

/** One decision, as undo sees it. */
export async function findDecision(reader: Reader, id: string): Promise<DecisionState | null> {
  const row = await reader.row(sql<DecisionRow>`select * from correlate.decision where id = ${id}`);
  if (row === null) return null;
  return {
    id: row.id,
    from: row.from_case,
    into: row.into_case,
    findings: row.findings,
    undone: row.undone_at !== null,
  };
}

/** The case each of `findings` is in. */
export async function casesOf(
  reader: Reader,
  findings: readonly string[],
): Promise<ReadonlyMap<string, CaseId>> {
  const rows = await reader.rows(sql<{ finding: FindingId; case_id: CaseId }>`
    select finding, case_id from correlate.membership where finding = any(${[...findings]}::text[])`);
  return new Map(rows.map((row) => [row.finding, row.case_id]));
}
