import type {
  ConsultedOffice,
  DeterminationOutcome,
  EvaluationOutcome,
  EvaluationPart,
} from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../page.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { seenBy } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import type { DesignationFile, Matter } from './model.ts';

export interface FileRow {
  readonly id: Id<'file'>;
  /** The engagement's id, or the commitment of another installation's. */
  readonly matter: string;
  readonly keeper: Id<'party'>;
  readonly official: Id<'party'> | null;
  readonly rule: Id<'rule'> | null;
  readonly former: Id<'determination'> | null;
  readonly at: Instant;
  readonly revision: number;
}

interface RunRow {
  readonly file: Id<'file'>;
  readonly run: Id<'run'>;
  readonly party: Id<'party'>;
  readonly model: string;
  readonly began_at: Instant;
  readonly samples: number;
  readonly at: Instant;
}

export interface EvaluationRow {
  readonly id: Id<'evaluation'>;
  readonly file: Id<'file'>;
  readonly rule: Id<'rule'>;
  readonly party: Id<'party'>;
  readonly runs: Id<'run'>[];
  readonly outcome: EvaluationOutcome;
  readonly digest: string;
  readonly figures_content: Id<'content'>;
  readonly at: Instant;
}

interface ConsultationRow {
  readonly id: Id<'consultation'>;
  readonly file: Id<'file'>;
  readonly office: ConsultedOffice;
  readonly date: string;
  readonly reference: string | null;
  readonly party: Id<'party'>;
  readonly at: Instant;
}

interface DissentRow {
  readonly file: Id<'file'>;
  readonly party: Id<'party'>;
  readonly content: Id<'content'>;
  readonly at: Instant;
}

export interface DeterminationRow {
  readonly id: Id<'determination'>;
  readonly file: Id<'file'>;
  readonly matter: string;
  readonly outcome: DeterminationOutcome;
  readonly date: string;
  readonly reference: string;
  readonly former: Id<'determination'> | null;
  readonly bundle: string | null;
  readonly party: Id<'party'>;
  readonly at: Instant;
}

export interface AssessmentRow {
  readonly id: Id<'assessment'>;
  readonly file: Id<'file'>;
  readonly engagement: Id<'engagement'>;
  readonly evaluation: Id<'evaluation'>;
  readonly parts: EvaluationPart[];
  readonly content: Id<'content'>;
  readonly party: Id<'party'>;
  readonly at: Instant;
}

/** One row beyond `limit`. */
interface Page {
  readonly after: Cursor | null;
  readonly limit: number;
}

/** What lies in files, by file. */
export interface FileParts {
  readonly runs: readonly RunRow[];
  readonly evaluations: readonly EvaluationRow[];
  readonly consultations: readonly ConsultationRow[];
  readonly dissents: readonly DissentRow[];
  readonly determinations: readonly DeterminationRow[];
  readonly assessments: readonly AssessmentRow[];
}

export async function findFile(reader: Reader, id: string): Promise<FileRow | null> {
  return await reader.row(sql<FileRow>`select * from designate.file where id = ${id}`);
}

/** What lies in these files, each kind in its order. */
export async function partsOf(reader: Reader, files: readonly string[]): Promise<FileParts> {
  const ids = sql`${[...files]}::text[]`;
  return {
    runs: await reader.rows(sql<RunRow>`
      select file, run, party, model, began_at, samples, at from designate.run
      where file = any(${ids}) order by file, place`),
    evaluations: await reader.rows(sql<EvaluationRow>`
      select * from designate.evaluation where file = any(${ids}) order by file, place`),
    consultations: await reader.rows(sql<ConsultationRow>`
      select * from designate.consultation where file = any(${ids}) order by at, office`),
    dissents: await reader.rows(sql<DissentRow>`
      select file, party, content, at from designate.dissent
      where file = any(${ids}) order by file, place`),
    determinations: await reader.rows(sql<DeterminationRow>`
      select * from designate.determination where file = any(${ids}) order by place`),
    assessments: await reader.rows(sql<AssessmentRow>`
      select * from designate.assessment where file = any(${ids}) order by at, id`),
  };
}

/** What stands of designating, for who decides about it. */
export async function findMatter(reader: Reader, matter: string): Promise<Matter> {
  const rows = await reader.rows(sql<FileRow>`
    select * from designate.file where matter = ${matter} order by at, id`);
  const parts = await partsOf(
    reader,
    rows.map(({ id }) => id),
  );
  const determined = await determinationsOf(reader, matter);
  return {
    files: rows.map((row) => fileOf(row, parts)),
    determinations: determined.map(({ id, file, outcome, date, former, bundle }) => ({
      id,
      file,
      outcome,
      date,
      former,
      bundle,
    })),
  };
}

function fileOf({ id, rule, former }: FileRow, parts: FileParts): DesignationFile {
  const own = <T extends { readonly file: string }>(rows: readonly T[]) =>
    rows.filter(({ file }) => file === id);
  return {
    id,
    rule,
    former,
    runs: own(parts.runs).map(({ run, model }) => ({ run, model })),
    evaluations: own(parts.evaluations).map((each) => each.id),
    consultations: Object.fromEntries(
      own(parts.consultations).map(({ office, date }) => [office, date]),
    ),
    dissents: own(parts.dissents).length,
    assessments: own(parts.assessments).length,
    determination: own(parts.determinations)[0]?.id ?? null,
  };
}

/** The oldest first. */
export async function determinationsOf(
  reader: Reader,
  matter: string,
): Promise<readonly DeterminationRow[]> {
  return await reader.rows(sql<DeterminationRow>`
    select * from designate.determination where matter = ${matter} order by place`);
}

export async function findDetermination(
  reader: Reader,
  id: string,
): Promise<DeterminationRow | null> {
  return await reader.row(sql<DeterminationRow>`
    select * from designate.determination where id = ${id}`);
}

/** Those that came after these, by the former. */
export async function laterThan(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Id<'determination'>>> {
  const rows = await reader.rows(sql<{ id: Id<'determination'>; former: string }>`
    select id, former from designate.determination where former = any(${[...ids]}::text[])`);
  return new Map(rows.map(({ id, former }) => [former, id]));
}

export async function listFiles(
  reader: Reader,
  actor: Actor,
  { after, limit, matter }: Page & { readonly matter: string | null },
): Promise<readonly FileRow[]> {
  const of = matter === null ? sql`` : sql`and f.matter = ${matter}`;
  const beyond =
    after === null
      ? sql``
      : sql`and (f.at, f.id) < (select l.at, l.id from designate.file l
          where l.id = ${after} and ${seenBy(actor, sql`l.id`)})`;
  return await reader.rows(sql<FileRow>`
    select f.* from designate.file f where ${seenBy(actor, sql`f.id`)} ${of} ${beyond}
    order by f.at desc, f.id desc limit ${limit + 1}`);
}

export async function listDeterminations(
  reader: Reader,
  actor: Actor,
  { after, limit, matter }: Page & { readonly matter: string | null },
): Promise<readonly DeterminationRow[]> {
  const of = matter === null ? sql`` : sql`and d.matter = ${matter}`;
  const beyond =
    after === null
      ? sql``
      : sql`and (d.at, d.id) < (select l.at, l.id from designate.determination l
          where l.id = ${after} and ${seenBy(actor, sql`l.id`)})`;
  return await reader.rows(sql<DeterminationRow>`
    select d.* from designate.determination d where ${seenBy(actor, sql`d.id`)} ${of} ${beyond}
    order by d.at desc, d.id desc limit ${limit + 1}`);
}

export async function listAssessments(
  reader: Reader,
  actor: Actor,
  { after, limit, engagement }: Page & { readonly engagement: string },
): Promise<readonly AssessmentRow[]> {
  const beyond =
    after === null
      ? sql``
      : sql`and (a.at, a.id) < (select l.at, l.id from designate.assessment l
          where l.id = ${after} and ${seenBy(actor, sql`l.id`)})`;
  return await reader.rows(sql<AssessmentRow>`
    select a.* from designate.assessment a
    where a.engagement = ${engagement} and ${seenBy(actor, sql`a.id`)} ${beyond}
    order by a.at desc, a.id desc limit ${limit + 1}`);
}

export async function insertFile(tx: Transaction, row: Omit<FileRow, 'revision'>): Promise<void> {
  await tx.run(sql`
    insert into designate.file (id, matter, keeper, official, rule, former, at)
    values (${row.id}, ${row.matter}, ${row.keeper}, ${row.official}, ${row.rule}, ${row.former},
      ${row.at})`);
}

export async function insertRun(tx: Transaction, row: RunRow): Promise<void> {
  await tx.run(sql`
    insert into designate.run (file, place, run, party, model, began_at, samples, at)
    select ${row.file}, coalesce(max(place), 0) + 1, ${row.run}, ${row.party}, ${row.model},
      ${row.began_at}::timestamptz, ${row.samples}::integer, ${row.at}::timestamptz
    from designate.run where file = ${row.file}`);
}

export async function insertEvaluation(tx: Transaction, row: EvaluationRow): Promise<void> {
  await tx.run(sql`
    insert into designate.evaluation
      (id, file, place, rule, party, runs, outcome, digest, figures_content, at)
    select ${row.id}, ${row.file}, coalesce(max(place), 0) + 1, ${row.rule}, ${row.party},
      ${row.runs}::text[], ${row.outcome}, ${row.digest}, ${row.figures_content},
      ${row.at}::timestamptz
    from designate.evaluation where file = ${row.file}`);
}

export async function insertConsultation(tx: Transaction, row: ConsultationRow): Promise<void> {
  await tx.run(sql`
    insert into designate.consultation (id, file, office, date, reference, party, at)
    values (${row.id}, ${row.file}, ${row.office}, ${row.date}, ${row.reference}, ${row.party},
      ${row.at})`);
}

export async function insertDissent(tx: Transaction, row: DissentRow): Promise<void> {
  await tx.run(sql`
    insert into designate.dissent (file, place, party, content, at)
    select ${row.file}, coalesce(max(place), 0) + 1, ${row.party}, ${row.content},
      ${row.at}::timestamptz
    from designate.dissent where file = ${row.file}`);
}

export async function insertDetermination(tx: Transaction, row: DeterminationRow): Promise<void> {
  await tx.run(sql`
    insert into designate.determination
      (id, file, matter, place, outcome, date, reference, former, bundle, party, at)
    select ${row.id}, ${row.file}, ${row.matter}, coalesce(max(place), 0) + 1, ${row.outcome},
      ${row.date}, ${row.reference}, ${row.former}, ${row.bundle}, ${row.party},
      ${row.at}::timestamptz
    from designate.determination where matter = ${row.matter}`);
}

export async function insertAssessment(tx: Transaction, row: AssessmentRow): Promise<void> {
  await tx.run(sql`
    insert into designate.assessment
      (id, file, engagement, evaluation, parts, content, party, at)
    values (${row.id}, ${row.file}, ${row.engagement}, ${row.evaluation}, ${row.parts}::text[],
      ${row.content}, ${row.party}, ${row.at})`);
}

/** Something lies in the file that did not: open pages read it again. */
export async function revise(tx: Transaction, file: string): Promise<void> {
  await tx.run(sql`update designate.file set revision = revision + 1 where id = ${file}`);
}

export async function seersOf(reader: Reader, file: string): Promise<readonly Id<'party'>[]> {
  const rows = await reader.rows(sql<{ party: Id<'party'> }>`
    select party from designate.file_seer where file = ${file} order by party`);
  return rows.map(({ party }) => party);
}

export async function setSeers(
  tx: Transaction,
  file: string,
  parties: readonly string[],
): Promise<void> {
  await tx.run(sql`delete from designate.file_seer where file = ${file}`);
  await tx.run(sql`
    insert into designate.file_seer (file, party)
    select ${file}, party from unnest(${[...new Set(parties)]}::text[]) as named (party)`);
}

/** By what a system apart names an engagement; null: it was not asked for. */
export async function commitmentOf(reader: Reader, engagement: string): Promise<string | null> {
  const row = await reader.row(sql<{ commitment: string }>`
    select commitment from designate.commitment where engagement = ${engagement}`);
  return row?.commitment ?? null;
}

export async function engagementBy(
  reader: Reader,
  commitment: string,
): Promise<Id<'engagement'> | null> {
  const row = await reader.row(sql<{ engagement: Id<'engagement'> }>`
    select engagement from designate.commitment where commitment = ${commitment}`);
  return row?.engagement ?? null;
}

export async function insertCommitment(
  tx: Transaction,
  row: {
    readonly engagement: string;
    readonly commitment: string;
    readonly salt: Uint8Array;
    readonly at: Instant;
  },
): Promise<void> {
  await tx.run(sql`
    insert into designate.commitment (engagement, commitment, salt, at)
    values (${row.engagement}, ${row.commitment}, ${Buffer.from(row.salt)}, ${row.at})`);
}
