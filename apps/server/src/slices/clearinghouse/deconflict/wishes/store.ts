import type { QuietPeriod, WishesForm } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { ancestorsOf, lineageRange, type Target } from '@breakwater/scope';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface WishesRow {
  readonly id: Id<'wishes'>;
  readonly party: Id<'party'>;
  readonly form: WishesForm;
  /** Canonical. */
  readonly target: string;
  readonly lineage: string;
  readonly speaker: Uint8Array;
  readonly digest: Uint8Array;
  readonly said_content: Id<'content'>;
  readonly at: Instant;
  readonly expires_at: Instant | null;
  readonly withdrawn_at: Instant | null;
  readonly opted_out_at: Instant | null;
  readonly quiet: readonly QuietPeriod[];
  readonly show_pace: boolean;
  readonly revision: number;
}

/** More statements about one place than anybody reads. */
const shownMax = 200;

/**
 * What was stated about a target: for all of it or more, then for parts of it. Also what expired; a
 * withdrawn statement is nobody's any more.
 */
export async function wishesAbout(
  reader: Reader,
  { lineage }: Pick<Target, 'lineage'>,
): Promise<readonly WishesRow[]> {
  const { from, before } = lineageRange(lineage);
  return await reader.rows(sql<WishesRow>`
    (select * from deconflict.wishes
     where lineage = any(${[...ancestorsOf(lineage)]}::text[]) and withdrawn_at is null
     order by lineage, at limit ${shownMax})
    union all
    (select * from deconflict.wishes
     where lineage > ${from} and lineage < ${before} and withdrawn_at is null
     order by lineage, at limit ${shownMax})`);
}

/** The same of all names of one target, each statement once. */
export async function wishesUnder(
  reader: Reader,
  names: readonly Target[],
): Promise<readonly WishesRow[]> {
  const rows = new Map<string, WishesRow>();
  for (const name of names) {
    for (const row of await wishesAbout(reader, name)) rows.set(row.id, row);
  }
  return [...rows.values()];
}

/**
 * Statements that may stand against looking at any of these places: opted out, or quiet at times.
 * `ancestors` are all places that one of `lineages` lies in.
 */
export async function objectorsAt(
  reader: Reader,
  {
    lineages,
    ancestors,
  }: {
    readonly lineages: readonly string[];
    readonly ancestors: readonly string[];
  },
): Promise<readonly WishesRow[]> {
  if (lineages.length === 0) return [];
  const ranges = lineages.map((lineage) => lineageRange(lineage));
  const objecting = sql`w.withdrawn_at is null
    and (w.opted_out_at is not null or w.quiet <> '[]'::jsonb)`;
  return await reader.rows(
    sql<WishesRow>`
    select w.* from deconflict.wishes w
    where w.lineage = any(${[...ancestors]}::text[]) and ${objecting}
    union all
    select w.* from unnest(${ranges.map((r) => r.from)}::text[],
      ${ranges.map((r) => r.before)}::text[]) as range (first, before)
    join deconflict.wishes w
      on w.lineage > range.first collate "C" and w.lineage < range.before collate "C"
    where ${objecting}`,
    { often: true },
  );
}

/** What was stated about any of these places, more or parts of them, the widest first. */
export async function statementsAt(
  reader: Reader,
  { lineages, ancestors }: Parameters<typeof objectorsAt>[1],
): Promise<readonly WishesRow[]> {
  if (lineages.length === 0) return [];
  const ranges = lineages.map((lineage) => lineageRange(lineage));
  return await reader.rows(
    sql<WishesRow>`
    (select w.* from deconflict.wishes w
     where w.lineage = any(${[...ancestors]}::text[]) and w.withdrawn_at is null
     order by w.lineage, w.at limit ${shownMax})
    union all
    (select w.* from unnest(${ranges.map((r) => r.from)}::text[],
       ${ranges.map((r) => r.before)}::text[]) as range (first, before)
     join deconflict.wishes w
       on w.lineage > range.first collate "C" and w.lineage < range.before collate "C"
     where w.withdrawn_at is null
     limit ${shownMax})`,
    { often: true },
  );
}

/** The one statement of a speaker about a place. */
export async function wishesOf(
  reader: Reader,
  of: Pick<WishesRow, 'lineage' | 'form' | 'speaker'>,
): Promise<WishesRow | null> {
  return await reader.row(sql<WishesRow>`
    select * from deconflict.wishes
    where lineage = ${of.lineage} and form = ${of.form} and speaker = ${Buffer.from(of.speaker)}
      and withdrawn_at is null`);
}

/** Whether the very same was withdrawn here before. */
export async function wasWithdrawn(
  reader: Reader,
  of: Pick<WishesRow, 'lineage' | 'form' | 'speaker' | 'digest'>,
): Promise<boolean> {
  const rows = await reader.rows(sql<{ id: string }>`
    select id from deconflict.wishes
    where lineage = ${of.lineage} and form = ${of.form} and speaker = ${Buffer.from(of.speaker)}
      and digest = ${Buffer.from(of.digest)} and withdrawn_at is not null limit 1`);
  return rows.length > 0;
}

export async function findWishes(reader: Reader, id: string): Promise<WishesRow | null> {
  return await reader.row(sql<WishesRow>`select * from deconflict.wishes where id = ${id}`);
}

/** How many statements of a party stand that it made or brought here itself. */
export async function countWishes(reader: Reader, party: string): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from deconflict.wishes
    where party = ${party} and withdrawn_at is null and form <> 'federation'`);
  return row?.n ?? 0;
}

/** One row beyond `limit`, newest first; `party` null: of everybody. */
export async function listWishes(
  reader: Reader,
  party: string | null,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly WishesRow[]> {
  const own = party === null ? sql`true` : sql`party = ${party}`;
  const beyond =
    page.after === null
      ? sql``
      : sql`and (at, id) < (select l.at, l.id from deconflict.wishes l where l.id = ${page.after})`;
  return await reader.rows(sql<WishesRow>`
    select * from deconflict.wishes where ${own} ${beyond}
    order by at desc, id desc limit ${page.limit + 1}`);
}

/** What owners said here themselves of repositories: opted out, or how they want to be reached. */
export async function ownStatements(reader: Reader, limit: number): Promise<readonly WishesRow[]> {
  return await reader.rows(sql<WishesRow>`
    select * from deconflict.wishes
    where lineage >= 'repo:' and lineage < 'repo;' and form = 'form' and withdrawn_at is null
    order by lineage limit ${limit}`);
}

/** Inserts a statement, or puts it in the place of the one with its id. */
export async function putWishes(tx: Transaction, w: WishesRow): Promise<void> {
  await tx.run(sql`
    insert into deconflict.wishes (id, party, form, target, lineage, speaker, digest, said_content, at,
      expires_at, withdrawn_at, opted_out_at, quiet, show_pace, revision)
    values (${w.id}, ${w.party}, ${w.form}, ${w.target}, ${w.lineage}, ${Buffer.from(w.speaker)},
      ${Buffer.from(w.digest)}, ${w.said_content}, ${w.at}, ${w.expires_at}, ${w.withdrawn_at},
      ${w.opted_out_at}, ${JSON.stringify(w.quiet)}::jsonb, ${w.show_pace}, ${w.revision})
    on conflict (id) do update set party = excluded.party, digest = excluded.digest,
      said_content = excluded.said_content, at = excluded.at, expires_at = excluded.expires_at,
      opted_out_at = excluded.opted_out_at, quiet = excluded.quiet, show_pace = excluded.show_pace,
      revision = excluded.revision`);
}

export async function withdraw(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(sql`
    update deconflict.wishes set withdrawn_at = ${at}, revision = revision + 1 where id = ${id}`);
}
