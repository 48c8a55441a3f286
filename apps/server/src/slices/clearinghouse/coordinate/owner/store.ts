import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import { levels } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { levelBy } from '../../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { OwnerVerdict, StandingState } from './decide.ts';
import { openPace, type PaceState, weekOf } from './pace.ts';

interface PaceRow {
  readonly capacity_per_week: number | null;
  readonly paused: boolean;
  readonly paused_until: Instant | null;
  readonly pause_zone: string | null;
  readonly urgent: boolean;
  readonly revision: number;
}

/** The pace of an owner; open where it never set one. */
export async function paceOf(reader: Reader, owner: string): Promise<PaceState> {
  const row = await reader.row(sql<PaceRow>`select * from coordinate.pace where owner = ${owner}`);
  if (row === null) return openPace;
  return {
    capacityPerWeek: row.capacity_per_week,
    pause: row.paused ? { until: row.paused_until, zone: row.pause_zone } : null,
    urgent: row.urgent,
    revision: row.revision,
  };
}

export async function setPace(
  tx: Transaction,
  owner: string,
  p: Omit<PaceState, 'revision'>,
): Promise<void> {
  await tx.run(sql`
    insert into coordinate.pace (owner, capacity_per_week, paused, paused_until, pause_zone, urgent, revision)
    values (${owner}, ${p.capacityPerWeek}, ${p.pause !== null}, ${p.pause?.until ?? null},
            ${p.pause?.zone ?? null}, ${p.urgent}, 1)
    on conflict (owner) do update set capacity_per_week = excluded.capacity_per_week,
      paused = excluded.paused, paused_until = excluded.paused_until, pause_zone = excluded.pause_zone,
      urgent = excluded.urgent, revision = coordinate.pace.revision + 1`);
}

/** How many cases were handed to an owner in the week of `now`. */
export async function handedOverIn(reader: Reader, owner: string, now: Instant): Promise<number> {
  const week = weekOf(now);
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from coordinate.standing
    where owner = ${owner} and handed_over_at >= ${week.startsAt} and handed_over_at < ${week.endsAt}`);
  return row?.n ?? 0;
}

export interface WaitingRow {
  readonly case_id: Id<'case'>;
  readonly owner: string;
  readonly since: Instant;
  readonly reason_content: Id<'content'> | null;
}

/** What waits for an owner, or for everybody. */
export async function waitingFor(
  reader: Reader,
  owner: string | null,
): Promise<readonly WaitingRow[]> {
  const only = owner === null ? sql`` : sql`where owner = ${owner}`;
  return await reader.rows(
    sql<WaitingRow>`select * from coordinate.waiting ${only} order by owner, since, case_id limit 10000`,
  );
}

export async function insertWaiting(
  tx: Transaction,
  w: {
    readonly case: string;
    readonly owner: string;
    readonly since: Instant;
    readonly reason: string | null;
  },
): Promise<void> {
  await tx.run(sql`
    insert into coordinate.waiting (case_id, owner, since, reason_content)
    values (${w.case}, ${w.owner}, ${w.since}, ${w.reason}) on conflict do nothing`);
}

export async function deleteWaiting(tx: Transaction, caseId: string, owner: string): Promise<void> {
  await tx.run(sql`delete from coordinate.waiting where case_id = ${caseId} and owner = ${owner}`);
}

export interface StandingRow {
  readonly case_id: Id<'case'>;
  readonly owner: Id<'party'>;
  readonly handed_over_at: Instant;
  readonly urgent: boolean;
  readonly acknowledged_at: Instant | null;
  readonly verdict: OwnerVerdict | null;
  readonly verdict_at: Instant | null;
  readonly verdict_content: Id<'content'> | null;
  readonly closed_at: Instant | null;
  readonly revision: number;
}

export async function insertStanding(
  tx: Transaction,
  s: {
    readonly case: string;
    readonly owner: string;
    readonly at: Instant;
    readonly urgent: boolean;
  },
): Promise<void> {
  await tx.run(sql`
    insert into coordinate.standing (case_id, owner, handed_over_at, urgent)
    values (${s.case}, ${s.owner}, ${s.at}, ${s.urgent})`);
}

/** Where each owner of a case stands, in the order in which they were brought in. */
export async function standingsOf(reader: Reader, caseId: string): Promise<readonly StandingRow[]> {
  return await reader.rows(sql<StandingRow>`
    select * from coordinate.standing where case_id = ${caseId} order by handed_over_at, owner`);
}

/** Where `owner` stands in a case; null where it is no owner of it. */
export async function standingState(
  reader: Reader,
  caseId: string,
  owner: string,
): Promise<(StandingState & { readonly revision: number }) | null> {
  const row = await reader.row(sql<StandingRow & { merged_into: string | null }>`
    select s.*, r.merged_into from coordinate.standing s join coordinate.room r on r.id = s.case_id
    where s.case_id = ${caseId} and s.owner = ${owner}`);
  if (row === null) return null;
  return {
    case: row.case_id,
    merged: row.merged_into !== null,
    owner: row.owner,
    acknowledgedAt: row.acknowledged_at,
    verdict: row.verdict,
    closedAt: row.closed_at,
    revision: row.revision,
  };
}

/** When one of `owners` last answered in a case: took note, gave a verdict or closed it. */
export async function lastAnswered(
  reader: Reader,
  caseId: string,
  owners: readonly string[],
): Promise<Instant | null> {
  const row = await reader.row(sql<{ at: Instant | null }>`
    select max(greatest(acknowledged_at, verdict_at, closed_at)) as at from coordinate.standing
    where case_id = ${caseId} and owner = any(${[...owners]}::text[])`);
  return row?.at ?? null;
}

/** What an act of an owner changes of where it stands. */
export interface StandingChange {
  readonly acknowledgedAt?: Instant;
  readonly verdict?: { readonly is: string; readonly at: Instant; readonly words: string };
  readonly closedAt?: Instant | null;
}

export async function changeStanding(
  tx: Transaction,
  of: { readonly case: string; readonly owner: string },
  change: StandingChange,
): Promise<void> {
  const { acknowledgedAt, verdict, closedAt } = change;
  const set = [
    ...(acknowledgedAt === undefined ? [] : [sql`acknowledged_at = ${acknowledgedAt}`]),
    ...(verdict === undefined
      ? []
      : [
          sql`verdict = ${verdict.is}, verdict_at = ${verdict.at}, verdict_content = ${verdict.words},
            acknowledged_at = coalesce(acknowledged_at, ${verdict.at}::timestamptz)`,
        ]),
    ...(closedAt === undefined ? [] : [sql`closed_at = ${closedAt}`]),
    sql`revision = revision + 1`,
  ];
  await tx.run(sql`
    update coordinate.standing set ${sql.join(set)}
    where case_id = ${of.case} and owner = ${of.owner}`);
}

/**
 * One row beyond `limit` of what was handed to `actor` and not joined into another case, in the
 * order of hand-over.
 */
export async function inboxOf(
  reader: Reader,
  actor: Actor,
  page: { readonly after: Cursor | null; readonly limit: number; readonly closed: boolean },
): Promise<readonly StandingRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (s.handed_over_at, s.case_id) > (select handed_over_at, case_id
          from coordinate.standing where owner = ${actor.id} and case_id = ${page.after})`;
  const closed = page.closed ? sql`s.closed_at is not null` : sql`s.closed_at is null`;
  return await reader.rows(sql<StandingRow>`
    select s.* from coordinate.standing s join coordinate.room r on r.id = s.case_id
    where s.owner = ${actor.id} and ${levelBy(actor, sql`s.case_id`)} >= ${levels.detail}::int
      and r.merged_into is null and ${closed} ${beyond}
    order by s.handed_over_at, s.case_id limit ${page.limit + 1}`);
}

/** One more decision of a person about a case: who saw it before has not seen this. */
export async function raiseRevision(tx: Transaction, caseId: string): Promise<void> {
  await tx.run(sql`update coordinate.room set revision = revision + 1 where id = ${caseId}`);
}
