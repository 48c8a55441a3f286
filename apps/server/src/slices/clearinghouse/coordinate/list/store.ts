import type { CaseSort, DueReason, Stage, WaitsFor } from '@breakwater/contract';
import { dueReasons, stages, waits } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { type RawBuilder, sql } from 'kysely';
import { newId } from '../../../../platform/clock/clock.ts';
import {
  coordinators,
  everyone,
  levels,
  principalsOf,
  seesAllWork,
} from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { levelBy, seenBy } from '../../../../platform/commands/visibility.ts';
import type { Database, Reader, Transaction } from '../../../../platform/database/database.ts';
import type { SeenRoom } from '../store.ts';
import type { Due } from './decide.ts';

/** A case's place in the list of one principal, in that reader's terms. */
export interface ListingRow {
  readonly principal: string;
  readonly level: number;
  readonly stage: Stage;
  readonly waiting: WaitsFor;
  readonly due: Due | null;
  readonly shownAt: Instant;
  readonly endsAt: Instant | null;
  /** It is shown something new, even where nothing of this row is another. */
  readonly touched: boolean;
}

/** A case and its places. */
export interface Listing {
  readonly caseId: string;
  readonly package: string;
  readonly rows: readonly ListingRow[];
}

/** Writes the places of cases, and takes them out of every other list. */
export async function putListings(
  tx: Transaction,
  listings: readonly Listing[],
  at: Instant,
): Promise<void> {
  if (listings.length === 0) return;
  const before = await takeOut(tx, listings);
  await tally(tx, listings, before);
  for (const touched of [true, false]) {
    const rows = listings.flatMap(({ caseId, package: name, rows: all }) =>
      all.filter((row) => row.touched === touched).map((row) => ({ ...row, caseId, name })),
    );
    if (rows.length > 0) await putRows(tx, rows, { at, touched });
  }
}

interface Place extends Pick<ListingRow, 'stage' | 'waiting'> {
  readonly case_id: string;
}

/** Where cases stood in the coordinators' list; whoever sees them no more loses its place. */
async function takeOut(
  tx: Transaction,
  listings: readonly Listing[],
): Promise<ReadonlyMap<string, Place>> {
  const cases = listings.map((listing) => listing.caseId);
  const before = await tx.rows(sql<Place>`
    select case_id, stage, waiting from coordinate.listing
    where principal = ${coordinators} and case_id = any(${cases}::text[])`);
  const kept = listings.flatMap(({ caseId, rows }) =>
    rows.map(({ principal }) => ({ caseId, principal })),
  );
  await tx.run(sql`
    delete from coordinate.listing l where l.case_id = any(${cases}::text[]) and not exists (
      select 1 from unnest(${kept.map((row) => row.caseId)}::text[],
        ${kept.map((row) => row.principal)}::text[]) as kept (case_id, principal)
      where kept.case_id = l.case_id and kept.principal = l.principal)`);
  return new Map(before.map((row) => [row.case_id, row]));
}

/** Counts cases over from where they stood in the coordinators' list to where they will stand. */
async function tally(
  tx: Transaction,
  listings: readonly Listing[],
  before: ReadonlyMap<string, Place>,
): Promise<void> {
  const counts = new Map<string, Counted>();
  const add = ({ stage, waiting }: Pick<ListingRow, 'stage' | 'waiting'>, n: number) => {
    const key = `${stage} ${waiting}`;
    counts.set(key, { stage, waiting, n: (counts.get(key)?.n ?? 0) + n });
  };
  for (const { caseId, rows } of listings) {
    const stood = before.get(caseId);
    if (stood !== undefined) add(stood, -1);
    const stands = rows.find((row) => row.principal === coordinators);
    if (stands !== undefined) add(stands, 1);
  }
  await addCounts(
    tx,
    [...counts.values()].filter(({ n }) => n !== 0),
  );
}

async function addCounts(tx: Transaction, counts: readonly Counted[]): Promise<void> {
  for (const { stage, waiting, n } of counts) {
    await tx.run(sql`
      insert into coordinate.tally (id, stage, waiting, n)
      values (${newId('entry')}, ${stage}, ${waiting}, ${n})`);
  }
}

/** Folded in one transaction. */
const foldedAtOnce = 20_000;

/** Makes few rows of those that changes added, once they are more than `rowsMax`. */
export async function foldTally(
  database: Database,
  { rowsMax = 500 }: { readonly rowsMax?: number } = {},
): Promise<void> {
  const { n } = (await database.read((r) =>
    r.row(sql<{ n: number }>`select count(*)::int as n from coordinate.tally`),
  )) ?? { n: 0 };
  if (n <= rowsMax) return;
  await database.write(async (tx) => {
    const rows = await tx.rows(sql<Counted>`
      with gone as (delete from coordinate.tally
        where id in (select id from coordinate.tally limit ${foldedAtOnce})
        returning stage, waiting, n)
      select stage, waiting, sum(n)::int as n from gone group by stage, waiting having sum(n) <> 0`);
    await addCounts(tx, rows);
  });
}

async function putRows(
  tx: Transaction,
  rows: readonly (ListingRow & { readonly caseId: string; readonly name: string })[],
  { at, touched }: { readonly at: Instant; readonly touched: boolean },
): Promise<void> {
  const column = <T>(pick: (row: (typeof rows)[number]) => T) => rows.map(pick);
  await tx.run(sql`
    insert into coordinate.listing as l (principal, case_id, level, stage, waiting, package,
      shown_at, changed_at, ends_at, due_at, due_because)
    select principal, case_id, level, stage, waiting, package, shown_at,
      ${at}::timestamptz, ends_at, due_at, due_because
    from unnest(
      ${column((r) => r.principal)}::text[], ${column((r) => r.caseId)}::text[],
      ${column((r) => r.level)}::smallint[], ${column((r) => r.stage)}::text[],
      ${column((r) => r.waiting)}::text[], ${column((r) => r.name)}::text[],
      ${column((r) => r.shownAt)}::timestamptz[],
      ${column((r) => r.endsAt ?? 'infinity')}::timestamptz[],
      ${column((r) => r.due?.at ?? 'infinity')}::timestamptz[],
      ${column((r) => r.due?.because ?? null)}::text[]
    ) as r (principal, case_id, level, stage, waiting, package, shown_at, ends_at, due_at, due_because)
    on conflict (principal, case_id) do update set
      level = excluded.level, stage = excluded.stage, waiting = excluded.waiting,
      shown_at = excluded.shown_at, changed_at = excluded.changed_at,
      ends_at = excluded.ends_at, due_at = excluded.due_at, due_because = excluded.due_because
    where ${touched}::boolean
      or (l.level, l.stage, l.waiting, l.shown_at, l.ends_at, l.due_at) is distinct from
        (excluded.level, excluded.stage, excluded.waiting, excluded.shown_at, excluded.ends_at,
         excluded.due_at)`);
}

/** A case with its place in the reader's list. */
export interface ListedRoom extends SeenRoom {
  readonly changed_at: Instant;
  readonly waiting: WaitsFor;
  readonly due_at: Instant | null;
  readonly due_because: DueReason | null;
}

/** What a page is cut from; the values were checked against each other before. */
export interface ListWish {
  readonly sort: CaseSort;
  readonly stage: Stage | null;
  readonly waiting: WaitsFor | null;
  /** Only what is overdue at this instant. */
  readonly overdueAt: Instant | null;
  readonly owner: string | null;
  readonly prefix: string | null;
  /** Only these. */
  readonly among: readonly string[] | null;
  /** The last row of the page before; without a key, sorted by what never changes of its case. */
  readonly after: { readonly id: string; readonly key: string | null } | null;
  readonly limit: number;
}

/** The column each order goes by, and which way. */
const orders = {
  newest: { column: sql`l.shown_at`, down: true },
  changed: { column: sql`l.changed_at`, down: true },
  'embargo-end': { column: sql`l.ends_at`, down: false },
  due: { column: sql`l.due_at`, down: false },
  package: { column: sql`l.package`, down: false },
} as const;

export interface Listed {
  readonly id: Id<'case'>;
  /** What it was sorted by, for the cursor. */
  readonly key: string;
}

/**
 * Ids of one page and one beyond, in order. Each pair of a stage and a waiting is walked along its
 * own stretch of the index, at most a page of each, and the stretches are merged: so every filter
 * goes with every order, and none reads past what others may see.
 */
export async function listCases(
  reader: Reader,
  actor: Actor,
  wish: ListWish,
): Promise<readonly Listed[]> {
  const { column, down } = orders[wish.sort];
  const way = down ? sql`desc` : sql`asc`;
  const conditions = conditionsOf(actor, wish);
  if (wish.after !== null) {
    const { id } = wish.after;
    const key =
      wish.sort === 'package' ? packageOf(actor, id) : sql`${wish.after.key}::timestamptz`;
    const beyond = down ? sql`<` : sql`>`;
    conditions.push(sql`(${column}, l.case_id) ${beyond} (${key}, ${id}::text)`);
  }
  const principals = wish.owner === null ? listedAs(actor) : [wish.owner];
  const stagesAsked = wish.stage === null ? stages : [wish.stage];
  const waitsAsked = wish.waiting === null ? waits : [wish.waiting];
  // Timestamps as text to the microsecond: a millisecond would repeat or lose rows between two.
  const key = wish.sort === 'package' ? sql`key` : keyText;
  return await reader.rows(sql<Listed>`
    select case_id as id, ${key} as key from (
      select page.case_id, page.key
      from unnest(${[...principals]}::text[]) p (principal),
        unnest(${[...stagesAsked]}::text[]) s (stage),
        unnest(${[...waitsAsked]}::text[]) w (waiting),
        lateral (
          select l.case_id, ${column} as key from coordinate.listing l
          where l.principal = p.principal and l.stage = s.stage collate "C"
            and l.waiting = w.waiting collate "C" and ${sql.join(conditions, sql` and `)}
          order by ${column} ${way}, l.case_id ${way} limit ${wish.limit + 1}
        ) page
      order by page.key ${way}, page.case_id ${way} limit ${wish.limit + 1}
    ) merged order by merged.key ${way}, case_id ${way}`);
}

/** From the reader's own place: the id of another's case is like that of none. */
function packageOf(actor: Actor, id: string): RawBuilder<unknown> {
  return sql`(select max(own.package) from coordinate.listing own
    where own.case_id = ${id} and own.principal = any(${[...listedAs(actor)]}::text[]))`;
}

const keyText = sql`to_char(key at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

function conditionsOf(actor: Actor, wish: ListWish): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (wish.sort === 'embargo-end') conditions.push(sql`l.ends_at < 'infinity'`);
  if (wish.sort === 'due') conditions.push(sql`l.due_at < 'infinity'`);
  if (wish.overdueAt !== null) conditions.push(sql`l.due_at <= ${wish.overdueAt}::timestamptz`);
  if (wish.prefix !== null) {
    conditions.push(sql`l.package >= ${wish.prefix}::text collate "C"
      and l.package < ${afterPrefix(wish.prefix)}::text collate "C"`);
  }
  if (wish.among !== null) conditions.push(sql`l.case_id = any(${[...wish.among]}::text[])`);
  if (wish.owner !== null) {
    conditions.push(sql`l.level = ${levels.detail}::int and ${seenBy(actor, sql`l.case_id`)}`);
  } else {
    conditions.push(notShownBetter(actor));
  }
  return conditions;
}

/** The first text behind all that begin with `prefix`: visible ASCII, so a next one exists. */
function afterPrefix(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}

/** Whom `actor` reads lists as; what is public is listed as an advisory. */
function listedAs(actor: Actor): readonly string[] {
  return principalsOf(actor).filter((principal) => principal !== everyone);
}

/** A reader who sees a case in two ways has it once, as the way that shows more. */
function notShownBetter(actor: Actor): RawBuilder<unknown> {
  const principals = listedAs(actor);
  if (principals.length < 2) return sql`true`;
  return sql`((l.level = ${levels.all}::int and l.principal <> ${actor.id}) or not exists (
    select 1 from coordinate.listing b
    where b.case_id = l.case_id and b.principal = any(${[...principals]}::text[])
      and b.principal <> l.principal
      and (b.level > l.level or (b.level = l.level and l.principal = ${actor.id}))))`;
}

/**
 * The rooms of `ids` with the reader's place for each; what may not be seen is left out. Planned for
 * its values: by one plan for any, a coordinator of 100,000 cases waited 60 ms a page instead of 7.
 */
export async function placedRooms(
  reader: Reader,
  actor: Actor,
  ids: readonly string[],
): Promise<readonly ListedRoom[]> {
  return await reader.rows(sql<ListedRoom>`
    select c.*, ${levelBy(actor, sql`c.id`)} as level, place.changed_at, place.waiting,
      nullif(place.due_at, 'infinity') as due_at, place.due_because
    from coordinate.room c, lateral (
      select l.* from coordinate.listing l
      where l.case_id = c.id and l.principal = any(${[...listedAs(actor)]}::text[])
      order by l.level desc, l.principal = ${actor.id} limit 1
    ) place
    where c.id = any(${[...ids]}::text[]) and ${seenBy(actor, sql`c.id`)}`);
}

export interface Counted {
  readonly stage: Stage;
  readonly waiting: WaitsFor;
  readonly n: number;
}

/**
 * How many cases `actor` has of each stage and waiting: the coordinators' by the tally, its own each
 * along its stretch of an index.
 */
export async function countCases(reader: Reader, actor: Actor): Promise<readonly Counted[]> {
  const counted = listedAs(actor).filter((principal) => principal !== coordinators);
  return await reader.rows(sql<Counted>`
    select stage, waiting, sum(n)::int as n from (
      select s.stage, w.waiting, counted.n from ${pairsOf(counted)},
        lateral (
          select count(*) as n from coordinate.listing l where ${ofPair}
        ) counted
      union all
      select stage, waiting, n from coordinate.tally where ${seesAllWork(actor)}::boolean
      union all
      select stage, waiting, -count(*) from ${shownTwice(actor)} twice group by stage, waiting
    ) counted group by stage, waiting having sum(n) > 0`);
}

export interface OverdueCounted {
  readonly because: DueReason;
  readonly n: number;
}

/** How many cases of `actor` are overdue at `now`, by reason. */
export async function countOverdue(
  reader: Reader,
  actor: Actor,
  now: Instant,
): Promise<readonly OverdueCounted[]> {
  return await reader.rows(sql<OverdueCounted>`
    select because, sum(n)::int as n from (
      select reason.because, reason.n from ${pairsOf(listedAs(actor))},
        lateral (
          select ${sql.join(dueReasons.map(countOf))}
          from coordinate.listing l where ${ofPair} and l.due_at <= ${now}::timestamptz
        ) overdue,
        lateral (values ${sql.join(dueReasons.map((r) => sql`(${r}::text, ${sql.ref(r)})`))})
          reason (because, n)
      union all
      select due_because, -count(*) from ${shownTwice(actor)} twice
      where due_at <= ${now}::timestamptz group by due_because
    ) counted group by because having sum(n) > 0 order by because`);
}

function countOf(reason: DueReason): RawBuilder<unknown> {
  return sql`count(*) filter (where l.due_because = ${reason}) as ${sql.ref(reason)}`;
}

/** Every stretch of the indexes of `principals`. */
function pairsOf(principals: readonly string[]): RawBuilder<unknown> {
  return sql`unnest(${[...principals]}::text[]) p (principal),
    unnest(${[...stages]}::text[]) s (stage), unnest(${[...waits]}::text[]) w (waiting)`;
}

const ofPair = sql`l.principal = p.principal and l.stage = s.stage collate "C"
  and l.waiting = w.waiting collate "C"`;

/** The lesser of two places of one case: found from the party's own few, not from the group's many. */
function shownTwice(actor: Actor): RawBuilder<unknown> {
  const groups = listedAs(actor).filter((principal) => principal !== actor.id);
  const lesser = (column: string) =>
    sql`case when g.level >= o.level then o.${sql.ref(column)} else g.${sql.ref(column)} end as ${sql.ref(column)}`;
  return sql`(
    select ${sql.join(['stage', 'waiting', 'due_at', 'due_because'].map(lesser))}
    from coordinate.listing o join coordinate.listing g
      on g.case_id = o.case_id and g.principal = any(${groups}::text[])
    where o.principal = ${actor.id} and ${groups.length > 0}::boolean)`;
}

/** Cases that stand in nobody's list: those of an installation that is older than the lists. */
export async function unlisted(reader: Reader, limit: number): Promise<readonly Id<'case'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'case'> }>`
    select r.id from coordinate.room r
    where not exists (select 1 from coordinate.listing l where l.case_id = r.id) limit ${limit}`);
  return rows.map((row) => row.id);
}
