import type { Embargo, Stage } from '@breakwater/contract';
import { owner } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../page.ts';
import { levels } from '../../../platform/commands/audience.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import type { SourceDocument, SourceWish } from '../../../platform/search/source.ts';
import type { RoomState } from './decide.ts';

export interface RoomRow {
  readonly id: Id<'case'>;
  readonly title_content: Id<'content'>;
  readonly package: string;
  readonly version: string;
  readonly recipe: string | null;
  readonly stage: Stage;
  readonly opened_at: Instant;
  readonly embargo: 'open' | 'until' | 'ended';
  readonly embargo_ends_at: Instant | null;
  readonly embargo_zone: string | null;
  readonly embargo_ended_because: 'time' | 'public' | 'published' | null;
  readonly merged_into: Id<'case'> | null;
  readonly advisory: string | null;
  /** Goes up with every decision of a person about the case. */
  readonly revision: number;
  /** When it reached its stage. */
  readonly stage_since: Instant;
}

export interface SeenRoom extends RoomRow {
  /** The reader's level. */
  readonly level: number;
}

export interface NewRoom {
  readonly id: string;
  readonly title: string;
  readonly package: string;
  readonly version: string;
  readonly recipe: string | null;
  readonly stage: Stage;
}

/** Opens the rooms of cases. */
export async function insertRooms(
  tx: Transaction,
  rooms: readonly NewRoom[],
  at: Instant,
): Promise<void> {
  if (rooms.length === 0) return;
  const column = <T>(pick: (room: NewRoom) => T) => rooms.map(pick);
  await tx.run(sql`
    insert into coordinate.room (id, title_content, package, version, recipe, stage, opened_at, embargo, stage_since)
    select id, title, package, version, recipe, stage, ${at}::timestamptz, 'open', ${at}::timestamptz
    from unnest(${column((r) => r.id)}::text[], ${column((r) => r.title)}::text[],
      ${column((r) => r.package)}::text[], ${column((r) => r.version)}::text[],
      ${column((r) => r.recipe)}::text[], ${column((r) => r.stage)}::text[])
      as r (id, title, package, version, recipe, stage)`);
}

/**
 * Calls a room by what stays in it after a split. Its stage falls back only from what the findings
 * that left had shown; what the owner and the patches did there stands.
 */
export async function renameRoom(
  tx: Transaction,
  id: string,
  as: Omit<NewRoom, 'id'>,
): Promise<void> {
  await tx.run(sql`
    update coordinate.room set title_content = ${as.title}, version = ${as.version}, recipe = ${as.recipe},
      stage = case when stage = 'reproduced' then ${as.stage} else stage end
    where id = ${id}`);
}

/** The room, whoever asks; for decisions and work. */
export async function roomOf(reader: Reader, id: string): Promise<RoomRow | null> {
  return await reader.row(sql<RoomRow>`select * from coordinate.room where id = ${id}`);
}

/** The rooms of these cases. */
export async function roomsOf(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RoomRow>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.rows(sql<RoomRow>`
    select * from coordinate.room where id = any(${[...ids]}::text[])`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** When one of `authors` last wrote in the room, or null. */
export async function lastSaid(
  reader: Reader,
  caseId: string,
  authors: readonly string[],
): Promise<Instant | null> {
  const row = await reader.row(sql<{ at: Instant }>`
    select at from coordinate.message
    where case_id = ${caseId} and author = any(${[...authors]})
    order by at desc, id desc limit 1`);
  return row?.at ?? null;
}

export async function setStage(
  tx: Transaction,
  id: string,
  step: { readonly stage: Stage; readonly at: Instant },
): Promise<void> {
  await tx.run(sql`
    update coordinate.room set stage = ${step.stage}, stage_since = ${step.at} where id = ${id}`);
}

/** Points a room on to another, or back to itself; its own stage is kept for the way back. */
export async function setMerged(tx: Transaction, id: string, into: string | null): Promise<void> {
  await tx.run(sql`update coordinate.room set merged_into = ${into} where id = ${id}`);
}

export async function setEmbargoUntil(
  tx: Transaction,
  id: string,
  endsAt: string,
  zone: string,
): Promise<void> {
  await tx.run(sql`
    update coordinate.room set embargo = 'until', embargo_ends_at = ${endsAt}, embargo_zone = ${zone} where id = ${id}`);
}

export async function setEmbargoEnded(
  tx: Transaction,
  id: string,
  at: Instant,
  because: string,
): Promise<void> {
  await tx.run(sql`
    update coordinate.room set embargo = 'ended', embargo_ends_at = ${at}, embargo_ended_because = ${because} where id = ${id}`);
}

export async function setAdvisory(tx: Transaction, id: string, advisory: string): Promise<void> {
  await tx.run(
    sql`update coordinate.room set advisory = ${advisory}, stage = 'published' where id = ${id}`,
  );
}

export interface ParticipantRow {
  readonly party: Id<'party'>;
  readonly role: 'owner' | 'finder';
  readonly since: Instant;
  readonly reason_content: Id<'content'> | null;
}

export async function participantsOf(
  reader: Reader,
  id: string,
): Promise<readonly ParticipantRow[]> {
  return await reader.rows(sql<ParticipantRow>`
    select party, role, since, reason_content from coordinate.participant
    where case_id = ${id} order by since, party, role`);
}

/** Who takes part in each of `cases`. */
export async function participantsOfEach(
  reader: Reader,
  cases: readonly string[],
): Promise<ReadonlyMap<string, readonly ParticipantRow[]>> {
  const rows = await reader.rows(sql<ParticipantRow & { readonly case_id: string }>`
    select case_id, party, role, since, reason_content from coordinate.participant
    where case_id = any(${[...cases]}::text[]) order by since, party, role`);
  return Map.groupBy(rows, (row) => row.case_id);
}

export async function addOwner(
  tx: Transaction,
  id: string,
  owner: { party: string; since: Instant; reason: string | null },
): Promise<void> {
  await tx.run(sql`
    insert into coordinate.participant (case_id, party, role, since, reason_content)
    values (${id}, ${owner.party}, 'owner', ${owner.since}, ${owner.reason})`);
}

/** Makes `finders` the finders of each case, keeping since when those who stay have been in it. */
export async function setFinders(
  tx: Transaction,
  finders: ReadonlyMap<string, readonly string[]>,
  since: Instant,
): Promise<void> {
  const rows = [...finders].flatMap(([caseId, list]) =>
    [...new Set(list)].map((party) => ({ caseId, party })),
  );
  const named = sql`unnest(${rows.map((row) => row.caseId)}::text[],
    ${rows.map((row) => row.party)}::text[]) as named (case_id, party)`;
  await tx.run(sql`
    delete from coordinate.participant p
    where p.case_id = any(${[...finders.keys()]}::text[]) and p.role = 'finder' and not exists (
      select 1 from ${named} where named.case_id = p.case_id and named.party = p.party)`);
  await tx.run(sql`
    insert into coordinate.participant (case_id, party, role, since)
    select case_id, party, 'finder', ${since}::timestamptz from ${named} on conflict do nothing`);
}

export interface MessageRow {
  readonly id: Id<'message'>;
  readonly author: string;
  readonly text_content: Id<'content'>;
  readonly at: Instant;
}

export async function insertMessage(tx: Transaction, caseId: string, m: MessageRow): Promise<void> {
  await tx.run(sql`
    insert into coordinate.message (id, case_id, author, text_content, at)
    values (${m.id}, ${caseId}, ${m.author}, ${m.text_content}, ${m.at})`);
}

export async function listMessages(
  reader: Reader,
  caseId: string,
  page: { after: Cursor | null; limit: number },
): Promise<readonly MessageRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (at, id) < (select at, id from coordinate.message
          where case_id = ${caseId} and id = ${page.after})`;
  return await reader.rows(sql<MessageRow>`
    select id, author, text_content, at from coordinate.message
    where case_id = ${caseId} ${beyond} order by at desc, id desc limit ${page.limit + 1}`);
}

/** Whether a party is here whose role may answer as an owner: by what it may do, not by its name. */
export async function answersAsOwner(reader: Reader, party: string): Promise<boolean> {
  const row = await reader.row(sql<{ id: string }>`
    select p.id from directory.party p join directory.role r on r.name = p.role
    where p.id = ${party} and p.left_at is null and ${owner.acknowledge.id} = any(r.permissions)`);
  return row !== null;
}

/** The stage as people see it. */
export function stageOf(row: RoomRow): Stage {
  return row.merged_into === null ? row.stage : 'merged';
}

export function embargoOf(row: RoomRow): Embargo {
  if (row.embargo === 'until' && row.embargo_ends_at !== null && row.embargo_zone !== null) {
    return { state: 'until', endsAt: row.embargo_ends_at, zone: row.embargo_zone };
  }
  if (
    row.embargo === 'ended' &&
    row.embargo_ends_at !== null &&
    row.embargo_ended_because !== null
  ) {
    return { state: 'ended', endedAt: row.embargo_ends_at, because: row.embargo_ended_because };
  }
  return { state: 'open' };
}

/** The state decisions are made on. */
export async function roomState(reader: Reader, id: string): Promise<RoomState | null> {
  const row = await roomOf(reader, id);
  if (row === null) return null;
  const participants = await participantsOf(reader, id);
  return {
    id: row.id,
    stage: stageOf(row),
    mergedInto: row.merged_into,
    embargo: embargoOf(row),
    revision: row.revision,
    participants,
  };
}

/** Cases, to be found: whoever sees the summary alone is shown its own finding's title instead. */
export async function searchableCases(
  reader: Reader,
  wish: SourceWish,
): Promise<readonly SourceDocument[]> {
  const rows = await reader.rows(sql<RoomRow>`
    select id, title_content, package, version, opened_at from coordinate.room where ${
      'after' in wish
        ? sql`id > ${wish.after} order by id limit ${wish.limit}`
        : sql`id = any(${[...wish.about]}::text[]) or title_content = any(${[...wish.about]}::text[])`
    }`);
  return rows.map((row) => ({
    kind: 'case',
    id: row.id,
    subject: row.id,
    at: row.opened_at,
    texts: [
      { place: 'title', level: levels.detail, content: row.title_content },
      { place: 'package', level: levels.summary, text: row.package },
      { place: 'version', level: levels.detail, text: row.version },
    ],
  }));
}

/** Messages, to be found by those who may read the room. */
export async function searchableMessages(
  reader: Reader,
  wish: SourceWish,
): Promise<readonly SourceDocument[]> {
  const rows = await reader.rows(sql<MessageRow & { case_id: Id<'case'> }>`
    select id, case_id, text_content, at from coordinate.message where ${
      'after' in wish
        ? sql`id > ${wish.after} order by id limit ${wish.limit}`
        : sql`id = any(${[...wish.about]}::text[]) or case_id = any(${[...wish.about]}::text[])`
    }`);
  return rows.map((row) => ({
    kind: 'message',
    id: row.id,
    subject: row.case_id,
    at: row.at,
    texts: [{ place: 'text', level: levels.detail, content: row.text_content }],
  }));
}
