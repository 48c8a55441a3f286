import type { JobEnd, TemplateField, TemplateRepository } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

/** What is kept of a template as content. */
export interface TemplateWords {
  readonly name: string;
  readonly purpose: string;
  readonly instructions: string;
  readonly fields: readonly TemplateField[];
  readonly repository?: TemplateRepository | undefined;
}

export interface TemplateRow {
  readonly id: Id<'template'>;
  readonly scope: Id<'window'> | Id<'tier'>;
  readonly developer: Id<'party'>;
  readonly words_content: Id<'content'>;
  readonly output_max: number;
  readonly at: Instant;
  readonly withdrawn_at: Instant | null;
}

export async function insertTemplate(
  tx: Transaction,
  row: Omit<TemplateRow, 'withdrawn_at'>,
): Promise<void> {
  await tx.run(sql`
    insert into gateway.template (id, scope, developer, words_content, output_max, at)
    values (${row.id}, ${row.scope}, ${row.developer}, ${row.words_content}, ${row.output_max},
            ${row.at})`);
}

export async function findTemplate(reader: Reader, id: string): Promise<TemplateRow | null> {
  return await reader.row(sql<TemplateRow>`select * from gateway.template where id = ${id}`);
}

/** Templates of a developer, withdrawn ones among them; or those that are run in a scope. */
export async function listTemplates(
  reader: Reader,
  of: { readonly developer: string } | { readonly scope: string },
): Promise<readonly TemplateRow[]> {
  const only =
    'scope' in of
      ? sql`scope = ${of.scope} and withdrawn_at is null`
      : sql`developer = ${of.developer}`;
  return await reader.rows(sql<TemplateRow>`
    select * from gateway.template where ${only} order by at, id limit ${templatesMax}`);
}

/** Templates of one developer, ever. */
export const templatesMax = 1_000;

export async function markWithdrawn(tx: Transaction, id: string, at: Instant): Promise<number> {
  return await tx.run(sql`
    update gateway.template set withdrawn_at = ${at} where id = ${id} and withdrawn_at is null`);
}

export interface JobRow {
  readonly id: Id<'job'>;
  readonly key: Id<'gkey'>;
  readonly template: Id<'template'>;
  readonly party: Id<'party'>;
  readonly inputs_content: Id<'content'>;
  /** Which files are read, and which are not; null: it reads none. */
  readonly files_content: Id<'content'> | null;
  readonly at: Instant;
  readonly started_at: Instant | null;
  readonly ended_at: Instant | null;
  readonly ended_as: JobEnd | null;
  readonly code: string | null;
}

const columns = sql`j.id, j.key, j.template, j.party, j.inputs_content, j.files_content, j.at,
  j.started_at, j.ended_at, j.ended_as, j.code`;

export interface CallRow {
  readonly job: Id<'job'>;
  /** From 1, in the order in which they are made. */
  readonly place: number;
  readonly portion_content: Id<'content'> | null;
  readonly request: Id<'request'> | null;
  readonly result_content: Id<'content'> | null;
  readonly ended_at: Instant | null;
}

/** A job with its calls: one for each of `portions`, or one that reads no files. */
export async function insertJob(
  tx: Transaction,
  row: Omit<JobRow, 'started_at' | 'ended_at' | 'ended_as' | 'code'>,
  portions: readonly Id<'content'>[],
): Promise<void> {
  await tx.run(sql`
    insert into gateway.job (id, key, template, party, inputs_content, files_content, at)
    values (${row.id}, ${row.key}, ${row.template}, ${row.party}, ${row.inputs_content},
            ${row.files_content}, ${row.at})`);
  const calls = portions.length === 0 ? [null] : [...portions];
  await tx.run(sql`
    insert into gateway.job_call (job, place, portion_content)
    select ${row.id}, place, content
    from unnest(${calls}::text[]) with ordinality as each (content, place)`);
}

/** The calls of jobs, in their order. */
export async function callsOf(
  reader: Reader,
  jobs: readonly Id<'job'>[],
): Promise<readonly CallRow[]> {
  return await reader.rows(sql<CallRow>`
    select * from gateway.job_call where job = any(${[...jobs]}) order by job, place`);
}

/** A job of this party; to everybody else there is none. */
export async function findJob(reader: Reader, id: string, party: string): Promise<JobRow | null> {
  return await reader.row(sql<JobRow>`
    select ${columns} from gateway.job j where j.id = ${id} and j.party = ${party}`);
}

/** The jobs of a party, by all keys or one, the newest first; one beyond the limit. */
export async function listJobs(
  reader: Reader,
  of: { readonly party: string; readonly key: string | null },
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly JobRow[]> {
  const byKey = of.key === null ? sql`` : sql`and j.key = ${of.key}`;
  return await reader.rows(sql<JobRow>`
    select ${columns} from gateway.job j
    where j.party = ${of.party} ${byKey} and (${page.after}::text is null or (j.at, j.id) < (
      select at, id from gateway.job where id = ${page.after} and party = ${of.party}))
    order by j.at desc, j.id desc limit ${page.limit + 1}`);
}

/** Jobs by one key that are not over. */
export async function countOpen(reader: Reader, key: string): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from gateway.job where key = ${key} and ended_at is null`);
  return row?.n ?? 0;
}

/** Whether a job waits, or the newest call of one was begun before `lostBefore` and never ended. */
export async function anyToDo(
  reader: Reader,
  { now, lostBefore }: { readonly now: Instant; readonly lostBefore: Instant },
): Promise<boolean> {
  const row = await reader.row(sql<{ found: boolean }>`
    select exists (
        select 1 from gateway.job where started_at is null and ended_at is null
          and (not_before is null or not_before <= ${now}))
      or exists (select 1 from gateway.job where ended_at is null and alive_at < ${lostBefore})
      as found`);
  return row?.found === true;
}

/** A job that a process takes up, with what it is run by. */
export interface Taken extends JobRow {
  /** Of the key's secret. */
  readonly hash: Uint8Array;
  readonly words_content: Id<'content'>;
  readonly output_max: number;
  readonly short_since: Instant | null;
}

/**
 * The next job, for this process alone; null where none waits. Parties take turns: of those that have
 * fewest under way, the one that waited longest: for its turn, not for what was short. So whose jobs take long keep no others waiting.
 */
export async function takeJob(
  tx: Transaction,
  by: { readonly process: string; readonly now: Instant },
): Promise<Taken | null> {
  return await tx.row(sql<Taken>`
    update gateway.job j set started_at = ${by.now}, alive_at = ${by.now}, process = ${by.process}
    from gateway.key k, gateway.template t
    where j.id = (
        select w.id from gateway.job w left join (
            select party, count(*) as under from gateway.job
            where started_at is not null and ended_at is null group by party
          ) u on u.party = w.party
        where w.started_at is null and w.ended_at is null
          and (w.not_before is null or w.not_before <= ${by.now})
        order by coalesce(u.under, 0), coalesce(w.not_before, w.at), w.id limit 1 for update of w skip locked)
      and k.id = j.key and t.id = j.template
    returning ${columns}, k.hash, j.short_since, t.words_content, t.output_max`);
}

/** Notes that the next call of a job is begun, if its template is run still; null where the job is over. */
export async function beginCall(
  tx: Transaction,
  job: Id<'job'>,
  now: Instant,
): Promise<Pick<TemplateRow, 'withdrawn_at'> | null> {
  return await tx.row(sql<Pick<TemplateRow, 'withdrawn_at'>>`
    update gateway.job j set alive_at = ${now} from gateway.template t
    where j.id = ${job} and j.ended_at is null and t.id = j.template
    returning t.withdrawn_at`);
}

/** What came of a call; nothing where its job was over. */
export async function endCall(
  tx: Transaction,
  call: Pick<CallRow, 'job' | 'place'>,
  end: Pick<CallRow, 'request' | 'result_content'> & { readonly at: Instant },
): Promise<number> {
  return await tx.run(sql`
    update gateway.job_call c set ended_at = ${end.at}, request = ${end.request},
      result_content = ${end.result_content}
    from gateway.job j
    where c.job = ${call.job} and c.place = ${call.place} and j.id = c.job and j.ended_at is null`);
}

/** How a job ended; nothing where it was over. */
export async function endJob(
  tx: Transaction,
  id: string,
  end: Pick<JobRow, 'ended_as' | 'code'> & { readonly at: Instant },
): Promise<number> {
  return await tx.run(sql`
    update gateway.job set ended_at = ${end.at}, ended_as = ${end.ended_as}, code = ${end.code}
    where id = ${id} and ended_at is null`);
}

/** Puts a job back: another process, or this one later, goes on with the calls that are left. */
export async function putBack(
  tx: Transaction,
  id: string,
  by: { readonly notBefore: Instant | null; readonly now: Instant },
): Promise<void> {
  const shortSince = by.notBefore === null ? null : by.now;
  await tx.run(sql`
    update gateway.job set started_at = null, alive_at = null, process = null,
      not_before = ${by.notBefore}, short_since = coalesce(short_since, ${shortSince}::timestamptz)
    where id = ${id} and ended_at is null`);
}

/** Ends jobs of which a call was begun before `before` and never ended: their process died. */
export async function endLost(tx: Transaction, before: Instant, now: Instant): Promise<number> {
  return await tx.run(sql`
    update gateway.job set ended_at = ${now}, ended_as = 'lost'
    where ended_at is null and alive_at < ${before}`);
}
