import type { EngagementWant, LevelName } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../page.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { seenBy } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import type { Dates, Engagement, Seer } from './model.ts';
import { termsOf } from './terms/store.ts';

/** What a developer writes into an engagement. */
export type SaidKind = 'codename' | 'hosting' | 'contacts' | 'endpoints';

export interface EngagementRow {
  readonly id: Id<'engagement'>;
  readonly model: Id<'model'>;
  readonly developer: Id<'party'>;
  readonly government: Id<'party'>;
  readonly wants: EngagementWant;
  readonly zone: string;
  readonly open_weight: boolean;
  readonly opened_at: Instant;
  readonly left_at: Instant | null;
  readonly released_at: Instant | null;
}

export async function findRow(reader: Reader, id: string): Promise<EngagementRow | null> {
  return await reader.row(sql<EngagementRow>`select * from engage.engagement where id = ${id}`);
}

/** What stands of an engagement, for who decides about it. */
export async function findEngagement(reader: Reader, id: string): Promise<Engagement | null> {
  const row = await findRow(reader, id);
  if (row === null) return null;
  const dates = await newestDates(reader, [id]);
  return {
    id: row.id,
    model: row.model,
    developer: row.developer,
    government: row.government,
    wants: row.wants,
    zone: row.zone,
    openWeight: row.open_weight,
    openedAt: row.opened_at,
    leftAt: row.left_at,
    releasedAt: row.released_at,
    dates: dates.get(row.id) ?? null,
    seers: await seersOf(reader, id),
    terms: await termsOf(reader, id),
  };
}

/** One row beyond `limit`, the newest first. */
export async function listRows(
  reader: Reader,
  actor: Actor,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly EngagementRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (e.opened_at, e.id) < (select l.opened_at, l.id from engage.engagement l
          where l.id = ${page.after} and ${seenBy(actor, sql`l.id`)})`;
  return await reader.rows(sql<EngagementRow>`
    select e.* from engage.engagement e where ${seenBy(actor, sql`e.id`)} ${beyond}
    order by e.opened_at desc, e.id desc limit ${page.limit + 1}`);
}

/** A developer's models, by their newest engagement, one beyond `limit`. */
export async function listModels(
  reader: Reader,
  developer: string,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly { readonly id: Id<'model'>; readonly engagements: Id<'engagement'>[] }[]> {
  return await reader.rows(sql<{ id: Id<'model'>; engagements: Id<'engagement'>[] }>`
    with own as (
      select model as id, max(opened_at) as newest,
        array_agg(id order by opened_at desc, id desc) as engagements
      from engage.engagement where developer = ${developer} group by model)
    select id, engagements from own
    where ${page.after}::text is null
      or (newest, id) < (select l.newest, l.id from own l where l.id = ${page.after})
    order by newest desc, id desc limit ${page.limit + 1}`);
}

/** Whether a developer had an engagement on this model. */
export async function isOwnModel(
  reader: Reader,
  developer: string,
  model: string,
): Promise<boolean> {
  const row = await reader.row(sql`
    select 1 from engage.engagement where model = ${model} and developer = ${developer} limit 1`);
  return row !== null;
}

/** Every engagement on a model. */
export async function engagementsOfModel(
  reader: Reader,
  model: string,
): Promise<readonly Id<'engagement'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'engagement'> }>`
    select id from engage.engagement where model = ${model} order by opened_at, id`);
  return rows.map(({ id }) => id);
}

/** When release of a model was stated, in whichever engagement on it. */
export async function releasesOf(reader: Reader, model: string): Promise<readonly Instant[]> {
  const rows = await reader.rows(sql<{ at: Instant }>`
    select released_at as at from engage.engagement
    where model = ${model} and released_at is not null`);
  return rows.map(({ at }) => at);
}

/** Engagements that a developer takes part in. */
export async function standingOf(
  reader: Reader,
  developer: string,
): Promise<readonly Id<'engagement'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'engagement'> }>`
    select id from engage.engagement where developer = ${developer} and left_at is null
    order by opened_at, id`);
  return rows.map(({ id }) => id);
}

export async function insertRow(
  tx: Transaction,
  row: Omit<EngagementRow, 'left_at' | 'released_at'>,
) {
  await tx.run(sql`
    insert into engage.engagement
      (id, model, developer, government, wants, zone, open_weight, opened_at)
    values (${row.id}, ${row.model}, ${row.developer}, ${row.government}, ${row.wants},
      ${row.zone}, ${row.open_weight}, ${row.opened_at})`);
}

/** ENG-5: every engagement on `was` is on `model` from now on. */
export async function moveModel(
  tx: Transaction,
  { was, model }: { readonly was: string; readonly model: string },
): Promise<void> {
  if (was === model) return;
  await tx.run(sql`update engage.engagement set model = ${model} where model = ${was}`);
}

export async function setOpenWeight(tx: Transaction, id: string, stated: boolean): Promise<void> {
  await tx.run(sql`update engage.engagement set open_weight = ${stated} where id = ${id}`);
}

export async function markLeft(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(sql`
    update engage.engagement set left_at = ${at} where id = ${id} and left_at is null`);
}

export async function markReleased(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(sql`
    update engage.engagement set released_at = ${at} where id = ${id} and released_at is null`);
}

export async function insertSaid(
  tx: Transaction,
  engagement: string,
  said: ReadonlyMap<SaidKind, string>,
): Promise<void> {
  for (const [kind, content] of said) {
    await tx.run(sql`
      insert into engage.said (engagement, kind, place, content)
      select ${engagement}, ${kind}, coalesce(max(place), 0) + 1, ${content}
      from engage.said where engagement = ${engagement} and kind = ${kind}`);
  }
}

export interface SaidRow {
  readonly engagement: Id<'engagement'>;
  readonly kind: SaidKind;
  readonly content: Id<'content'>;
}

/** What counts of what was said in these engagements: the newest of each kind. */
export async function newestSaid(
  reader: Reader,
  engagements: readonly string[],
): Promise<readonly SaidRow[]> {
  if (engagements.length === 0) return [];
  return await reader.rows(sql<SaidRow>`
    select distinct on (engagement, kind) engagement, kind, content from engage.said
    where engagement = any(${[...engagements]}::text[])
    order by engagement, kind, place desc`);
}

/** Everything that was ever said in an engagement. */
export async function allSaid(reader: Reader, engagement: string): Promise<readonly SaidRow[]> {
  return await reader.rows(sql<SaidRow>`
    select engagement, kind, content from engage.said where engagement = ${engagement}
    order by kind, place`);
}

export async function insertDates(
  tx: Transaction,
  engagement: string,
  { partners, general, statedAt }: Dates,
): Promise<void> {
  await tx.run(sql`
    insert into engage.dates (engagement, place, partners, general, stated_at)
    select ${engagement}, coalesce(max(place), 0) + 1, ${partners}, ${general}, ${statedAt}
    from engage.dates where engagement = ${engagement}`);
}

interface DatesRow extends Dates {
  readonly engagement: Id<'engagement'>;
}

export async function newestDates(
  reader: Reader,
  engagements: readonly string[],
): Promise<ReadonlyMap<string, Dates>> {
  if (engagements.length === 0) return new Map();
  const rows = await reader.rows(sql<DatesRow>`
    select distinct on (engagement) engagement, partners, general, stated_at as "statedAt"
    from engage.dates where engagement = any(${[...engagements]}::text[])
    order by engagement, place desc`);
  return new Map(
    rows.map(({ engagement, partners, general, statedAt }) => [
      engagement,
      { partners, general, statedAt },
    ]),
  );
}

/** One statement beyond `limit`, the newest first; an id is its place. */
export async function listDates(
  reader: Reader,
  engagement: string,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly (Dates & { readonly id: string })[]> {
  const before = /^\d{1,9}$/.test(page.after ?? '') ? Number(page.after) : null;
  const beyond = before === null ? sql`` : sql`and place < ${before}`;
  return await reader.rows(sql<Dates & { readonly id: string }>`
    select place::text as id, partners, general, stated_at as "statedAt" from engage.dates
    where engagement = ${engagement} ${beyond} order by place desc limit ${page.limit + 1}`);
}

export async function setSeers(
  tx: Transaction,
  engagement: string,
  seers: readonly Seer[],
): Promise<void> {
  await tx.run(sql`delete from engage.seer where engagement = ${engagement}`);
  await tx.run(sql`
    insert into engage.seer (engagement, party, level)
    select ${engagement}, party, level from unnest(
      ${seers.map(({ party }) => party)}::text[], ${seers.map(({ level }) => level)}::text[]
    ) as s (party, level)`);
}

export async function seersOf(reader: Reader, engagement: string): Promise<readonly Seer[]> {
  return await reader.rows(sql<{ party: Id<'party'>; level: LevelName }>`
    select party, level from engage.seer where engagement = ${engagement} order by party`);
}
