import type { QuotaKind } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { seenBy } from '../../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface MeterRow {
  readonly key: Id<'gkey'>;
  readonly span: 'minute' | 'day' | 'grant' | 'now';
  readonly from_at: Instant;
  readonly kind: QuotaKind | 'atOnce';
  readonly used: number;
  readonly leased: number;
}

/** What some keys took in their whole life, with what is held for them still. */
export async function wholeLivesOf(
  reader: Reader,
  keys: readonly string[],
): Promise<readonly MeterRow[]> {
  if (keys.length === 0) return [];
  return await reader.rows(sql<MeterRow>`
    select key, span, from_at, kind, used, leased from gateway.meter
    where key = any(${[...keys]}::text[]) and span = 'grant'`);
}

/** What keys took of one kind that were issued between two of those that `keysOn` gives. */
export interface TakenRow {
  /** How many of these were issued before them. */
  readonly place: number;
  readonly kind: QuotaKind;
  readonly took: number;
}

/** What keys of a grant or a partnership took in their lives that were over before an instant. */
export async function takenBefore(
  reader: Reader,
  { stand, since }: { readonly stand: string; readonly since: Instant },
  kinds: readonly QuotaKind[],
): Promise<readonly TakenRow[]> {
  if (kinds.length === 0) return [];
  return await reader.rows(sql<TakenRow>`
    select k.place, m.kind, sum(m.used + m.leased)::bigint as took
    from (
      select id, least(ended_at, expires_at) < ${since} as is_over,
        count(*) filter (where least(ended_at, expires_at) >= ${since}) over (order by at, id)
          as place
      from gateway.key where stands_on = ${stand}
    ) k join gateway.meter m on m.key = k.id and m.span = 'grant'
      and m.kind = any(${[...kinds]}::text[])
    where k.is_over group by k.place, m.kind`);
}

/** The meters of a key for the minute, the day and the life it is in. */
export async function metersAt(
  reader: Reader,
  key: string,
  at: { readonly minute: Instant; readonly day: Instant },
): Promise<readonly MeterRow[]> {
  return await reader.rows(sql<MeterRow>`
    select key, span, from_at, kind, used, leased from gateway.meter
    where key = ${key} and (span in ('grant', 'now')
      or (span = 'minute' and from_at = ${at.minute}::timestamptz)
      or (span = 'day' and from_at = ${at.day}::timestamptz))`);
}

/** Lines of one answer, at most. */
export const linesMax = 1_000;

/** What keys that `actor` sees used day by day, the newest first; one line more than {@link linesMax} at most. */
export async function trafficOf(
  reader: Reader,
  actor: Actor,
  of: { readonly from: Instant; readonly to: Instant; readonly key: string | undefined },
): Promise<readonly (TrafficRow & { readonly from_at: Instant })[]> {
  const only = of.key === undefined ? sql`` : sql`and k.id = ${of.key}`;
  return await reader.rows(sql<TrafficRow & { readonly from_at: Instant }>`
    select m.from_at, k.id as key, k.party, k.limits->>'currency' as currency,
      coalesce(max(m.used) filter (where m.kind = 'requests'), 0)::bigint as requests,
      coalesce(max(m.used) filter (where m.kind = 'inputTokens'), 0)::bigint as "inputTokens",
      coalesce(max(m.used) filter (where m.kind = 'outputTokens'), 0)::bigint as "outputTokens",
      coalesce(max(m.used) filter (where m.kind = 'costMicros'), 0)::bigint as "costMicros"
    from gateway.key k join gateway.meter m on m.key = k.id and m.span = 'day'
      and m.from_at >= ${of.from}::timestamptz and m.from_at < ${of.to}::timestamptz
    where ${seenBy(actor, sql`k.id`)} ${only}
    group by m.from_at, k.id, k.party, k.limits->>'currency'
    order by m.from_at desc, k.id limit ${linesMax + 1}`);
}

export interface TrafficRow {
  readonly key: Id<'gkey'>;
  readonly party: Id<'party'>;
  readonly currency: string | null;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
}

export interface CorrectionRow {
  readonly request: Id<'request'>;
  readonly place: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micros: number;
  readonly reason_content: Id<'content'>;
  readonly by_party: Id<'party'>;
  readonly by_member: Id<'member'> | null;
  readonly at: Instant;
}

export async function insertCorrection(tx: Transaction, row: CorrectionRow): Promise<void> {
  await tx.run(sql`
    insert into gateway.correction (request, place, input_tokens, output_tokens, cost_micros,
      reason_content, by_party, by_member, at)
    values (${row.request}, ${row.place}, ${row.input_tokens}, ${row.output_tokens},
      ${row.cost_micros}, ${row.reason_content}, ${row.by_party}, ${row.by_member}, ${row.at})`);
}

/** The oldest first. */
export async function correctionsOf(
  reader: Reader,
  request: string,
): Promise<readonly CorrectionRow[]> {
  return await reader.rows(sql<CorrectionRow>`
    select * from gateway.correction where request = ${request} order by place`);
}

/**
 * Takes what was too much out of the day and the life of a key. The row that all its meters are
 * changed under is locked first, as whoever stores settlements does.
 */
export async function giveBack(
  tx: Transaction,
  key: string,
  back: {
    readonly day: string;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly costMicros: number;
  },
): Promise<void> {
  await tx.row(sql`select key from gateway.metered where key = ${key} for update`);
  for (const kind of ['inputTokens', 'outputTokens', 'costMicros'] as const) {
    await tx.run(sql`
      update gateway.meter set used = greatest(0, used - ${back[kind]}::bigint)
      where key = ${key} and kind = ${kind}
        and (span = 'grant' or (span = 'day' and from_at = ${back.day}::timestamptz))`);
  }
}
