import type { Instant } from '@breakwater/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { BillLine } from './bill.ts';
import type { Standing } from './host.ts';
import type { MeterKind, MeterSpan } from './model.ts';
import type { Amount, Slot } from './purse.ts';
import { always, type Froms } from './spans.ts';

// Whoever writes locks the row of its process first (so that nobody who was taken for gone writes),
// then the key's row of `gateway.metered`; of several keys in their order.

/** This process was taken for gone: its leases are no longer its own. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

/** Who says nothing for so long amid a transaction has it ended, so that nobody waits for its locks. */
const stalledMsMax = 5_000;

/** Throws {@link Fenced} unless the process stands; and keeps it standing until the commit. */
export async function standsFor(tx: Transaction, process: string): Promise<void> {
  const row = await tx.row(sql`
    select set_config('idle_in_transaction_session_timeout', ${String(stalledMsMax)}, true)
    from gateway.process where id = ${process} and ended_at is null for key share`);
  if (row === null) throw new Fenced(`the process ${process} was ended by another`);
}

/** What the rows of a key say under its lock, by {@link cellId}. */
export interface CellRows {
  readonly free: ReadonlyMap<string, number>;
  /** Cells of which another process has leases. */
  readonly elsewhere: ReadonlySet<string>;
  /** Of those, the ones of which another has not answered the want. */
  readonly unanswered: ReadonlySet<string>;
}

export function cellId(of: { readonly span: string; from: Instant; kind: string }): string {
  return `${of.span} ${of.from} ${of.kind}`;
}

export interface KeyLock {
  readonly isWanted: boolean;
  readonly froms: Froms;
}

/** Locks a key, and enters these spans where they are later than those it is in. */
export async function lockKey(tx: Transaction, key: string, froms: Froms): Promise<KeyLock> {
  const row = await tx.row(sql<{
    minute_at: Instant;
    day_at: Instant;
    is_wanted: boolean;
  }>`
    insert into gateway.metered as m (key, minute_at, day_at)
    values (${key}, ${froms.minute}, ${froms.day})
    on conflict (key) do update set minute_at = greatest(m.minute_at, excluded.minute_at),
      day_at = greatest(m.day_at, excluded.day_at)
    returning minute_at, day_at,
      coalesce(want_at > clock_timestamp() - interval '2 seconds', false) as is_wanted`);
  if (row === null) throw new Error('expected the key that was just locked');
  const { minute_at: minute, day_at: day, is_wanted: isWanted } = row;
  return { isWanted, froms: { minute, day, grant: always, now: always } };
}

interface MeterRow {
  readonly span: MeterSpan;
  readonly from_at: Instant;
  readonly kind: MeterKind;
  readonly free: number;
  /** The oldest want that one of the others answered last; null: none has leases. */
  readonly answered: number | null;
}

/**
 * What is free of the limited kinds of some slots, and who else has of it, by whether it answered
 * `want`; makes rows that are not there yet, and puts into the others what the limit is now: where
 * less is allowed than was taken, what was taken.
 */
export async function readCells(
  tx: Transaction,
  by: { readonly process: string; readonly key: string; readonly want: number },
  slots: readonly Slot[],
): Promise<CellRows> {
  const cells = slots.flatMap(({ span, from, most }) =>
    Object.entries(most).flatMap(([kind, limit]) =>
      limit === undefined ? [] : [{ span, from, kind, limit }],
    ),
  );
  const columns = sql`unnest(${cells.map(({ span }) => span)}::text[],
    ${cells.map(({ from }) => from)}::timestamptz[], ${cells.map(({ kind }) => kind)}::text[],
    ${cells.map(({ limit }) => limit)}::bigint[]) as c (span, from_at, kind, most)`;
  await tx.run(sql`
    insert into gateway.meter as m (key, span, from_at, kind, most)
    select ${by.key}, c.span, c.from_at, c.kind, c.most from ${columns}
    on conflict (key, span, from_at, kind) do update
    set most = greatest(excluded.most, m.used + m.leased - m.excess)
    where m.most is distinct from greatest(excluded.most, m.used + m.leased - m.excess)`);
  const rows = await tx.rows(sql<MeterRow>`
    select m.span, m.from_at, m.kind,
      greatest(0, coalesce(m.most, c.most) - m.used - m.leased) as free,
      (
        select min(h.answered) from gateway.lease l
        join gateway.holder h on h.key = l.key and h.process = l.process
        where l.key = m.key and l.span = m.span and l.from_at = m.from_at and l.kind = m.kind
          and l.amount > 0 and l.process <> ${by.process}
      ) as answered
    from ${columns} join gateway.meter m on m.key = ${by.key} and m.span = c.span
      and m.from_at = c.from_at and m.kind = c.kind`);
  const told = rows.map((row) => ({ ...row, id: cellId({ ...row, from: row.from_at }) }));
  const idsOf = (is: (row: MeterRow) => boolean) => new Set(told.filter(is).map(({ id }) => id));
  return {
    free: new Map(told.map(({ id, free }) => [id, free])),
    elsewhere: idsOf(({ answered }) => answered !== null),
    unanswered: idsOf(({ answered }) => answered !== null && answered < by.want),
  };
}

/** The number of the last change of what a process holds of a key. */
export async function placeOf(
  tx: Transaction,
  by: { readonly process: string; readonly key: string },
): Promise<number> {
  const row = await tx.row(sql<{ place: number }>`
    select place from gateway.holder where key = ${by.key} and process = ${by.process}`);
  return row?.place ?? 0;
}

/** A change of what a process holds of a key. */
export interface Change {
  readonly process: string;
  readonly key: string;
  readonly place: number;
  /** The want that is answered by it; 0: none, because it takes. */
  readonly answered: number;
}

/** Leases amounts, or gives them back; the sum of a meter's leases stays its `leased`. */
export async function changeLeases(
  tx: Transaction,
  by: Change,
  how: { readonly amounts: readonly Amount[]; readonly sign: 1 | -1 },
): Promise<void> {
  const { process, key } = by;
  await tx.run(sql`
    insert into gateway.holder (key, process, place, answered)
    values (${key}, ${process}, ${by.place}, ${by.answered})
    on conflict (key, process) do update
    set place = excluded.place, answered = excluded.answered`);
  const amounts = how.amounts.filter(({ amount }) => amount > 0);
  if (amounts.length === 0) return;
  const columns = amountColumns(amounts, how.sign);
  await tx.run(sql`
    update gateway.meter m set leased = m.leased + a.amount from ${columns}
    where m.key = ${key} and m.span = a.span and m.from_at = a.from_at and m.kind = a.kind`);
  if (how.sign === 1) {
    await tx.run(sql`
      insert into gateway.lease as l (key, process, span, from_at, kind, amount)
      select ${key}, ${process}, a.span, a.from_at, a.kind, a.amount from ${columns}
      on conflict (key, process, span, from_at, kind) do update
      set amount = l.amount + excluded.amount`);
    return;
  }
  await tx.run(sql`
    update gateway.lease l set amount = l.amount + a.amount from ${columns}
    where l.key = ${key} and l.process = ${process} and l.span = a.span
      and l.from_at = a.from_at and l.kind = a.kind`);
}

/** Leases what is held already, and was taken when there was no limit of its kind. */
export async function oweLeases(
  tx: Transaction,
  { key, process }: Change,
  owed: readonly Amount[],
): Promise<void> {
  const amounts = owed.filter(({ amount }) => amount > 0);
  if (amounts.length === 0) return;
  const columns = amountColumns(amounts, 1);
  await tx.run(sql`
    insert into gateway.meter as m (key, span, from_at, kind, leased)
    select ${key}, a.span, a.from_at, a.kind, a.amount from ${columns}
    on conflict (key, span, from_at, kind) do update set leased = m.leased + excluded.leased,
      most = case when m.most is null then null
        else greatest(m.most, m.used + m.leased + excluded.leased - m.excess) end`);
  await tx.run(sql`
    insert into gateway.lease as l (key, process, span, from_at, kind, amount)
    select ${key}, ${process}, a.span, a.from_at, a.kind, a.amount from ${columns}
    on conflict (key, process, span, from_at, kind) do update
    set amount = l.amount + excluded.amount`);
}

function amountColumns(amounts: readonly Amount[], sign: 1 | -1): RawBuilder<unknown> {
  return sql`unnest(${amounts.map(({ span }) => span)}::text[],
    ${amounts.map(({ from }) => from)}::timestamptz[],
    ${amounts.map(({ kind }) => kind)}::text[],
    ${amounts.map(({ amount }) => sign * amount)}::bigint[]) as a (span, from_at, kind, amount)`;
}

/** Drops rows of leases that say nothing. */
export async function dropEmpty(
  tx: Transaction,
  { process, key }: { readonly process: string; readonly key: string },
): Promise<void> {
  await tx.run(sql`
    delete from gateway.lease where key = ${key} and process = ${process} and amount = 0`);
}

/** Says that a process is short of what others may hold unused; answers with the want's number. */
export async function want(tx: Transaction, key: string): Promise<number> {
  const row = await tx.row(sql<{ want: number }>`
    update gateway.metered set want = want + 1, want_at = clock_timestamp() where key = ${key}
    returning want`);
  return row?.want ?? 0;
}

/** Keys of which a process holds leases and somebody is short, with the number of that want. */
export async function wantsOf(
  reader: Reader,
  process: string,
): Promise<readonly { readonly key: string; readonly want: number }[]> {
  const often = { often: true } as const;
  return await reader.rows(
    sql<{ key: string; want: number }>`
    select m.key, m.want from gateway.metered m
    join gateway.holder h on h.key = m.key and h.process = ${process}
    where m.want_at > clock_timestamp() - interval '2 seconds' and h.answered <> m.want`,
    often,
  );
}

/**
 * Puts settled sums into meters; what had been leased for them by a process is no lease any more: all
 * of it, or nothing where it was begun without a limit. Nobody's settlements wait for another's limit.
 */
export async function bill(
  tx: Transaction,
  lines: readonly BillLine[],
  process: string | null,
): Promise<void> {
  if (lines.length === 0) return;
  const column = <T>(pick: (line: BillLine) => T) => lines.map(pick);
  const columns = sql`unnest(${column(({ key }) => key)}::text[],
    ${column(({ span }) => span)}::text[], ${column(({ from }) => from)}::timestamptz[],
    ${column(({ kind }) => kind)}::text[], ${column(({ used }) => used)}::bigint[],
    ${column(({ excess }) => excess)}::bigint[], ${column(({ covered }) => covered)}::bigint[]
    ) as b (key, span, from_at, kind, used, excess, covered)`;
  const same = (row: RawBuilder<unknown>) => sql`${row}.key = b.key and ${row}.span = b.span
    and ${row}.from_at = b.from_at and ${row}.kind = b.kind`;
  await tx.run(sql`
    insert into gateway.meter (key, span, from_at, kind)
    select b.key, b.span, b.from_at, b.kind from ${columns} on conflict do nothing`);
  const leased =
    process === null
      ? sql`m.leased`
      : sql`m.leased - (case when exists (select 1 from gateway.lease l where ${same(sql`l`)}
          and l.process = ${process} and l.amount > 0) then b.covered else 0 end)`;
  await tx.run(sql`
    update gateway.meter m set used = m.used + b.used, excess = m.excess + b.excess,
      leased = ${leased},
      most = case when m.most is null then null
        else greatest(m.most, m.used + b.used + ${leased} - m.excess - b.excess) end
    from ${columns} where ${same(sql`m`)}`);
  if (process === null) return;
  await tx.run(sql`
    update gateway.lease l set amount = l.amount - b.covered
    from ${columns} where ${same(sql`l`)} and l.process = ${process} and l.amount > 0`);
}

/** Locks several keys, in their order. */
export async function lockKeys(tx: Transaction, keys: readonly string[]): Promise<void> {
  await tx.rows(sql`
    select key from gateway.metered where key = any(${[...keys]}::text[]) order by key for update`);
}

export interface ProcessRow extends Standing {
  readonly id: string;
  readonly silentMs: number;
  readonly isEnded: boolean;
}

export async function insertProcess(
  tx: Transaction,
  id: string,
  { host, pid, started }: Standing,
): Promise<void> {
  await tx.run(sql`
    insert into gateway.process (id, host, pid, pid_started, at, seen_at)
    values (${id}, ${host}, ${pid}, ${started}, clock_timestamp(), clock_timestamp())`);
}

/** Says that a process lives, and answers how many do; null: it was taken for gone. */
export async function beat(tx: Transaction, id: string): Promise<number | null> {
  const seen = await tx.run(sql`
    update gateway.process set seen_at = clock_timestamp() where id = ${id} and ended_at is null`);
  if (seen === 0) return null;
  const row = await tx.row(sql<{ n: number }>`
    select count(*)::int as n from gateway.process where ended_at is null`);
  return row?.n ?? 1;
}

const processColumns = sql`id, host, pid, pid_started as started, ended_at is not null as "isEnded",
  (extract(epoch from clock_timestamp() - seen_at) * 1000)::bigint as "silentMs"`;

/** Processes that have not ended. */
export async function living(reader: Reader): Promise<readonly ProcessRow[]> {
  return await reader.rows(sql<ProcessRow>`
    select ${processColumns} from gateway.process where ended_at is null order by seen_at limit 1000`);
}

/**
 * One process, under a lock that nobody who writes for it passes; null: there is none, or another
 * has it. With `waits` it waits for that one.
 */
export async function lockProcess(
  tx: Transaction,
  id: string,
  how?: { readonly waits: true },
): Promise<ProcessRow | null> {
  const skips = how === undefined ? sql`skip locked` : sql``;
  return await tx.row(sql<ProcessRow>`
    select ${processColumns} from gateway.process where id = ${id} for update ${skips}`);
}

export async function findProcess(reader: Reader, id: string): Promise<ProcessRow | null> {
  return await reader.row(sql<ProcessRow>`
    select ${processColumns} from gateway.process where id = ${id}`);
}

export type ProcessEnd = 'closed' | 'recovered' | 'journal-gone' | 'journal-broken';

/** Ends a process: what it still had leased is given back, or counts as spent. */
export async function endProcess(tx: Transaction, id: string, how: ProcessEnd): Promise<void> {
  const isSpent = how === 'journal-gone' || how === 'journal-broken';
  const used = isSpent ? sql`m.used + l.amount` : sql`m.used`;
  // What is under way with a process ends with it.
  await tx.run(sql`
    update gateway.meter m set leased = m.leased - l.amount,
      used = case when m.span = 'now' then m.used else ${used} end
    from gateway.lease l where l.process = ${id} and m.key = l.key and m.span = l.span
      and m.from_at = l.from_at and m.kind = l.kind`);
  await tx.run(sql`delete from gateway.lease where process = ${id}`);
  await tx.run(sql`delete from gateway.holder where process = ${id}`);
  await tx.run(sql`
    update gateway.process set ended_at = clock_timestamp(), ended_how = ${how} where id = ${id}`);
}

/** Keys of which a process holds something. */
export async function keysOf(reader: Reader, process: string): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ key: string }>`
    select distinct key from gateway.holder where process = ${process}`);
  return rows.map(({ key }) => key);
}

/** Deletes meters of minutes that are long over, some at a time, and what is settled in them. */
export async function dropMinutes(tx: Transaction): Promise<void> {
  await tx.run(sql`
    delete from gateway.meter where ctid = any(array(
      select ctid from gateway.meter where span = 'minute' and leased = 0
        and from_at < clock_timestamp() - interval '1 day' limit 5000))`);
}
