import type { Digest, Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { levels } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { visibleTo } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import type { SourceDocument, SourceWish } from '../../../platform/search/source.ts';

export interface RecipeRow {
  readonly name: string;
  readonly title: string;
  readonly package: string;
  readonly digest: Digest;
  readonly bundle_content: Id<'content'>;
  readonly harness: boolean;
  readonly added_at: Instant;
}

export async function insertRecipe(tx: Transaction, r: RecipeRow): Promise<void> {
  await tx.run(sql`
    insert into validate.recipe (name, title, package, digest, bundle_content, harness, added_at)
    values (${r.name}, ${r.title}, ${r.package}, ${r.digest}, ${r.bundle_content}, ${r.harness}, ${r.added_at})`);
}

export async function findRecipe(reader: Reader, name: string): Promise<RecipeRow | null> {
  return await reader.row(sql<RecipeRow>`select * from validate.recipe where name = ${name}`);
}

export async function listRecipes(
  reader: Reader,
  after: string | null,
  limit: number,
): Promise<readonly RecipeRow[]> {
  return await reader.rows(sql<RecipeRow>`
    select * from validate.recipe where name > ${after ?? ''} order by name limit ${limit + 1}`);
}

export interface ValidationRow {
  readonly id: Id<'validation'>;
  readonly case_id: Id<'case'>;
  readonly finding: Id<'finding'>;
  readonly recipe: string;
  readonly recipe_digest: Digest;
  readonly attempts: number;
  readonly requested_by: string;
  readonly requested_at: Instant;
  readonly finished_at: Instant | null;
  readonly verdict: 'reproduced' | 'not-reproduced' | 'flaky' | 'inconclusive' | 'errored' | null;
  readonly result_content: Id<'content'> | null;
}

export async function insertValidation(
  tx: Transaction,
  v: Omit<ValidationRow, 'finished_at' | 'verdict' | 'result_content'>,
): Promise<void> {
  await tx.run(sql`
    insert into validate.validation (id, case_id, finding, recipe, recipe_digest, attempts, requested_by, requested_at)
    values (${v.id}, ${v.case_id}, ${v.finding}, ${v.recipe}, ${v.recipe_digest}, ${v.attempts}, ${v.requested_by}, ${v.requested_at})`);
}

export async function findValidation(reader: Reader, id: string): Promise<ValidationRow | null> {
  return await reader.row(sql<ValidationRow>`select * from validate.validation where id = ${id}`);
}

/** Concludes a validation once; 0 if it was concluded before. */
export async function concludeValidation(
  tx: Transaction,
  id: string,
  with_: { readonly verdict: string; readonly result: string; readonly at: Instant },
): Promise<number> {
  return await tx.run(sql`
    update validate.validation set verdict = ${with_.verdict}, result_content = ${with_.result}, finished_at = ${with_.at}
    where id = ${id} and finished_at is null`);
}

/** Validations of the findings that are in a case now, newest first. */
export async function validationsOf(
  reader: Reader,
  findings: readonly string[],
): Promise<readonly ValidationRow[]> {
  return await reader.rows(sql<ValidationRow>`
    select * from validate.validation where finding = any(${[...findings]})
    order by requested_at desc, id desc limit 200`);
}

export interface NewestValidation {
  readonly finding: string;
  readonly verdict: string | null;
  readonly requestedAt: Instant;
}

/** What became of the newest validation of each of `findings` that has one. */
export async function newestOfEach(
  reader: Reader,
  findings: readonly string[],
): Promise<readonly NewestValidation[]> {
  return await reader.rows(sql<NewestValidation>`
    select distinct on (finding) finding, verdict, requested_at as "requestedAt"
    from validate.validation where finding = any(${[...findings]}) order by finding, requested_at desc`);
}

/** The newest concluded validation of a finding. */
export async function newestConcluded(
  reader: Reader,
  finding: string,
): Promise<ValidationRow | null> {
  return await reader.row(sql<ValidationRow>`
    select * from validate.validation where finding = ${finding} and finished_at is not null
    order by finished_at desc, id desc limit 1`);
}

/** What the newest concluded validation of each of `findings` said. */
export async function newestVerdicts(
  reader: Reader,
  findings: readonly string[],
): Promise<ReadonlyMap<string, NonNullable<ValidationRow['verdict']>>> {
  const rows = await reader.rows(sql<Pick<ValidationRow, 'finding' | 'verdict'>>`
    select distinct on (finding) finding, verdict from validate.validation
    where finding = any(${[...findings]}::text[]) and finished_at is not null
    order by finding, finished_at desc, id desc`);
  return new Map(rows.flatMap((row) => (row.verdict === null ? [] : [[row.finding, row.verdict]])));
}

export async function insertAttestation(
  tx: Transaction,
  a: {
    readonly id: string;
    readonly subject: string;
    readonly envelope: string;
    readonly at: Instant;
  },
): Promise<void> {
  await tx.run(sql`
    insert into validate.attestation (id, subject, envelope_content, at)
    values (${a.id}, ${a.subject}, ${a.envelope}, ${a.at})`);
}

/** The envelope of an attestation, if `actor` sees the detail of its subject or it is public. */
export async function findAttestation(
  reader: Reader,
  id: string,
  actor: Actor | null,
): Promise<Id<'content'> | null> {
  const row = await reader.row(sql<{ envelope_content: Id<'content'> }>`
    select a.envelope_content from validate.attestation a
    where a.id = ${id} and exists (
      select 1 from ${visibleTo(actor)} v where v.subject in (a.id, a.subject) and v.level >= 2)`);
  return row?.envelope_content ?? null;
}

/** Whether the newest concluded validation of one of `findings` reproduced it. */
export async function isReproduced(reader: Reader, findings: readonly string[]): Promise<boolean> {
  for (const finding of findings) {
    if ((await newestConcluded(reader, finding))?.verdict === 'reproduced') return true;
  }
  return false;
}

/** Recipes, to be found by whoever may list them. */
export async function searchableRecipes(
  reader: Reader,
  wish: SourceWish,
): Promise<readonly SourceDocument[]> {
  const rows = await reader.rows(sql<RecipeRow>`
    select * from validate.recipe where ${
      'after' in wish
        ? sql`name > ${wish.after} order by name limit ${wish.limit}`
        : sql`name = any(${[...wish.about]}::text[])`
    }`);
  return rows.map((row) => ({
    kind: 'recipe',
    id: row.name,
    subject: null,
    at: row.added_at,
    texts: [
      { place: 'identifier', level: levels.summary, text: row.name },
      { place: 'title', level: levels.summary, text: row.title },
      { place: 'package', level: levels.summary, text: row.package },
    ],
  }));
}

/** What found recipes are shown as. */
export async function foundRecipes(
  reader: Reader,
  names: readonly string[],
): Promise<readonly Pick<RecipeRow, 'name' | 'title' | 'package'>[]> {
  return await reader.rows(sql<Pick<RecipeRow, 'name' | 'title' | 'package'>>`
    select name, title, package from validate.recipe where name = any(${[...names]}::text[])`);
}
