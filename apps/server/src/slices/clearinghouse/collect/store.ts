import type { Id, Instant } from '@breakwater/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Cursor } from '../../../page.ts';
import { levels, seesAllWork } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { levelBy, seenBy, sharedWith, visibleTo } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import type { SourceDocument, SourceWish } from '../../../platform/search/source.ts';

export interface FindingRow {
  readonly id: Id<'finding'>;
  readonly reporter: string;
  readonly kind: 'crash' | 'native';
  readonly package: string;
  readonly version: string;
  readonly recipe: string | null;
  readonly marking: 'CLEAR' | 'GREEN' | 'AMBER' | 'AMBER+STRICT' | 'RED';
  readonly title_content: Id<'content'>;
  readonly tool_content: Id<'content'> | null;
  readonly facts_content: Id<'content'>;
  readonly proof_content: Id<'content'> | null;
  readonly received_at: Instant;
  /** What its reporter was told; null for those that came before it was kept. */
  readonly standing: 'new' | 'joined' | 'known-fixed' | 'suppressed' | 'waiting' | null;
  /** The report that brought it; null: it came by itself. */
  readonly report: Id<'report'> | null;
  /** The reader's level on this finding. */
  readonly level: number;
}

export type NewFinding = Omit<FindingRow, 'level'>;

/** Inserts findings. */
export async function insertFindings(
  tx: Transaction,
  findings: readonly NewFinding[],
): Promise<void> {
  if (findings.length === 0) return;
  const column = <T>(pick: (finding: NewFinding) => T) => findings.map(pick);
  await tx.run(sql`
    insert into collect.finding (id, reporter, kind, package, version, recipe, marking,
      title_content, tool_content, facts_content, proof_content, received_at, standing, report)
    select * from unnest(${column((f) => f.id)}::text[], ${column((f) => f.reporter)}::text[],
      ${column((f) => f.kind)}::text[], ${column((f) => f.package)}::text[],
      ${column((f) => f.version)}::text[], ${column((f) => f.recipe)}::text[],
      ${column((f) => f.marking)}::text[], ${column((f) => f.title_content)}::text[],
      ${column((f) => f.tool_content)}::text[], ${column((f) => f.facts_content)}::text[],
      ${column((f) => f.proof_content)}::text[], ${column((f) => f.received_at)}::timestamptz[],
      ${column((f) => f.standing)}::text[], ${column((f) => f.report)}::text[])`);
}

/** Keeps what the reporter is told of each from now on. */
export async function setStandings(
  tx: Transaction,
  findings: readonly { readonly finding: string; readonly standing: string }[],
): Promise<void> {
  await tx.run(sql`
    update collect.finding f set standing = told.standing
    from unnest(${findings.map((each) => each.finding)}::text[],
      ${findings.map((each) => each.standing)}::text[]) as told (finding, standing)
    where f.id = told.finding`);
}

/** One row beyond `limit` of what `actor` handed in itself, newest first. */
export async function listOwn(
  reader: Reader,
  actor: Actor,
  page: { after: Cursor | null; limit: number },
): Promise<readonly FindingRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (f.received_at, f.id) < (select l.received_at, l.id from collect.finding l
          where l.id = ${page.after} and l.reporter = ${actor.id})`;
  return await reader.rows(sql<FindingRow>`
    select f.*, ${levelBy(actor, sql`f.id`)} as level from collect.finding f
    where f.reporter = ${actor.id} and ${seenBy(actor, sql`f.id`)} ${beyond}
    order by f.received_at desc, f.id desc limit ${page.limit + 1}`);
}

/** The finding, if `actor` may see it. */
export async function findFinding(
  reader: Reader,
  id: string,
  actor: Actor,
): Promise<FindingRow | null> {
  return await reader.row(sql<FindingRow>`
    select f.*, v.level from collect.finding f join ${visibleTo(actor)} v on v.subject = f.id
    where f.id = ${id}`);
}

/** A finding as the system sees it, for work that no person reads. */
export async function findingForWork(reader: Reader, id: string): Promise<NewFinding | null> {
  return await reader.row(sql<NewFinding>`select * from collect.finding where id = ${id}`);
}

/** Findings as the system sees them, by id. */
export async function findingsForWork(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NewFinding>> {
  const rows = await reader.rows(sql<NewFinding>`
    select * from collect.finding where id = any(${[...ids]}::text[])`);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * One row beyond `limit` of the findings `actor` may see, newest first. A coordinator's walk the list's
 * own index; of everybody else, those it handed in walk theirs, and beside them stand the few that it
 * sees as an owner or otherwise: so a page costs the same however many somebody handed in.
 */
export async function listFindings(
  reader: Reader,
  actor: Actor,
  page: { after: Cursor | null; limit: number },
): Promise<readonly FindingRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (f.received_at, f.id) < (select l.received_at, l.id from collect.finding l
          where l.id = ${page.after} and ${seenBy(actor, sql`l.id`)})`;
  const newest = (which: RawBuilder<unknown>) => sql`
    select f.* from collect.finding f where ${which} ${beyond}
    order by f.received_at desc, f.id desc limit ${page.limit + 1}`;
  const seen = seenBy(actor, sql`f.id`);
  const found = seesAllWork(actor)
    ? newest(seen)
    : sql`(${newest(sql`f.reporter = ${actor.id} and ${seen}`)}) union all
        (${newest(sql`f.reporter <> ${actor.id} and ${sharedWith(actor, sql`f.id`)}`)})`;
  return await reader.rows(sql<FindingRow>`
    select f.*, ${levelBy(actor, sql`f.id`)} as level from (${found}) f
    order by f.received_at desc, f.id desc limit ${page.limit + 1}`);
}

/** What validation needs of a finding. */
export async function findingForProof(reader: Reader, id: string) {
  const row = await findingForWork(reader, id);
  return row === null ? null : { id: row.id, recipe: row.recipe, proof: row.proof_content };
}

/** What validation needs of each of `findings`. */
export async function findingsForProof(reader: Reader, findings: readonly string[]) {
  const rows = await reader.rows(sql<NewFinding>`
    select * from collect.finding where id = any(${[...findings]}::text[])`);
  return rows.map((row) => ({ id: row.id, recipe: row.recipe, proof: row.proof_content }));
}

/** Those of `findings` that `actor` handed in. */
export async function ownFindings(
  reader: Reader,
  findings: readonly string[],
  actor: Actor,
): Promise<readonly NewFinding[]> {
  return await reader.rows(sql<NewFinding>`
    select * from collect.finding where id = any(${[...findings]}) and reporter = ${actor.id}`);
}

/** Who handed each of `findings` in. */
export async function reportersOf(
  reader: Reader,
  findings: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await reader.rows(sql<{ id: string; reporter: string }>`
    select id, reporter from collect.finding where id = any(${[...findings]})`);
  return new Map(rows.map((row) => [row.id, row.reporter]));
}

/** The report that brought each of `findings`, where one did. */
export async function reportsOf(
  reader: Reader,
  findings: readonly string[],
): Promise<ReadonlyMap<string, Id<'report'>>> {
  const rows = await reader.rows(
    sql<{ id: string; report: Id<'report'> }>`
    select id, report from collect.finding
    where id = any(${[...findings]}::text[]) and report is not null`,
    { often: true },
  );
  return new Map(rows.map((row) => [row.id, row.report]));
}

/** How its source marked each of `findings`. */
export async function markingsOf(
  reader: Reader,
  findings: readonly string[],
): Promise<ReadonlyMap<string, FindingRow['marking']>> {
  const rows = await reader.rows(sql<Pick<FindingRow, 'id' | 'marking'>>`
    select id, marking from collect.finding where id = any(${[...findings]})`);
  return new Map(rows.map((row) => [row.id, row.marking]));
}

/** Those of `findings` that `actor` sees in detail. */
export async function visibleOf(
  reader: Reader,
  findings: readonly string[],
  actor: Actor,
): Promise<string[]> {
  const rows = await reader.rows(sql<{ subject: string }>`
    select v.subject from ${visibleTo(actor)} v where v.level >= 2 and v.subject = any(${[...findings]})`);
  return rows.map((row) => row.subject);
}

/** Findings, to be found; `pick` takes the words of one place out of the kept facts. */
export async function searchableRows(
  reader: Reader,
  wish: SourceWish,
  pick: (place: 'identifier' | 'text') => (facts: string) => string,
): Promise<readonly SourceDocument[]> {
  const rows = await reader.rows(sql<NewFinding>`
    select id, package, version, title_content, facts_content, received_at
    from collect.finding where ${
      'after' in wish
        ? sql`id > ${wish.after} order by id limit ${wish.limit}`
        : sql`id = any(${[...wish.about]}::text[])`
    }`);
  return rows.map((row) => ({
    kind: 'finding',
    id: row.id,
    subject: row.id,
    at: row.received_at,
    texts: [
      { place: 'title', level: levels.summary, content: row.title_content },
      { place: 'package', level: levels.summary, text: row.package },
      { place: 'version', level: levels.summary, text: row.version },
      {
        place: 'identifier',
        level: levels.detail,
        content: row.facts_content,
        pick: pick('identifier'),
      },
      { place: 'text', level: levels.detail, content: row.facts_content, pick: pick('text') },
    ],
  }));
}

/** What a found finding is shown as, for those of `findings` that `actor` may see. */
export async function foundFindings(
  reader: Reader,
  findings: readonly string[],
  actor: Actor,
): Promise<readonly Pick<FindingRow, 'id' | 'title_content' | 'package'>[]> {
  return await reader.rows(sql<Pick<FindingRow, 'id' | 'title_content' | 'package'>>`
    select f.id, f.title_content, f.package from collect.finding f
    where f.id = any(${[...findings]}::text[]) and ${seenBy(actor, sql`f.id`)}`);
}

/** Whether anything was ever handed in. */
export async function anyFinding(reader: Reader): Promise<boolean> {
  return (await reader.row(sql`select id from collect.finding limit 1`)) !== null;
}

/** How a party is credited. */
export interface CreditRow {
  readonly party: string;
  readonly anonymous: boolean;
  readonly name_content: Id<'content'> | null;
  readonly revision: number;
}

/** What a party chose; null where it never did. */
export async function creditRow(reader: Reader, party: string): Promise<CreditRow | null> {
  return await reader.row(sql<CreditRow>`select * from collect.credit where party = ${party}`);
}

export async function putCredit(tx: Transaction, c: CreditRow): Promise<void> {
  await tx.run(sql`
    insert into collect.credit (party, anonymous, name_content, revision)
    values (${c.party}, ${c.anonymous}, ${c.name_content}, ${c.revision})
    on conflict (party) do update set anonymous = excluded.anonymous,
      name_content = excluded.name_content, revision = excluded.revision`);
}
