import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface EpochRow {
  readonly epoch: string;
  readonly number: number;
  readonly seed_content: Id<'content'>;
  readonly public_key: Uint8Array;
  readonly prefix_bits: number;
  readonly entries_per_bucket: number;
  readonly buckets_per_request: number;
  readonly begins_at: Instant;
  readonly ends_at: Instant;
  readonly filled_through: string | null;
  readonly filled_at: Instant | null;
}

/** Every epoch that is kept, newest first: two, and a third while the next one is filled. */
export async function epochsKept(reader: Reader): Promise<readonly EpochRow[]> {
  return await reader.rows(sql<EpochRow>`
    select * from deconflict.precheck_epoch order by number desc`);
}

/** Keeps a new epoch with its buckets, each full of what stands for nothing. */
export async function insertEpoch(
  tx: Transaction,
  row: Omit<EpochRow, 'filled_through' | 'filled_at'>,
): Promise<void> {
  await tx.run(sql`
    insert into deconflict.precheck_epoch (epoch, number, seed_content, public_key, prefix_bits,
      entries_per_bucket, buckets_per_request, begins_at, ends_at)
    values (${row.epoch}, ${row.number}, ${row.seed_content}, ${Buffer.from(row.public_key)},
      ${row.prefix_bits}, ${row.entries_per_bucket}, ${row.buckets_per_request}, ${row.begins_at},
      ${row.ends_at})`);
}

/** Puts whole buckets, by number. */
export async function putBuckets(
  tx: Transaction,
  epoch: string,
  buckets: ReadonlyMap<number, Uint8Array>,
): Promise<void> {
  await tx.run(sql`
    insert into deconflict.precheck_bucket (epoch, bucket, slots)
    select ${epoch}::text, bucket, slots from unnest(${[...buckets.keys()]}::int[],
      ${[...buckets.values()].map((slots) => Buffer.from(slots))}::bytea[]) as b (bucket, slots)
    on conflict do nothing`);
}

/** Whether an epoch is kept still. */
export async function isKept(reader: Reader, epoch: string): Promise<boolean> {
  const row = await reader.row(sql<{ one: number }>`
    select 1 as one from deconflict.precheck_epoch where epoch = ${epoch}`);
  return row !== null;
}

/** How many buckets of an epoch are there. */
export async function countBuckets(reader: Reader, epoch: string): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from deconflict.precheck_bucket where epoch = ${epoch}`);
  return row?.n ?? 0;
}

/** Buckets by their numbers; the same work for each, whatever is in it. */
export async function bucketsOf(
  reader: Reader,
  epoch: string,
  buckets: readonly number[],
): Promise<ReadonlyMap<number, Uint8Array>> {
  const rows = await reader.rows(sql<{ bucket: number; slots: Uint8Array }>`
    select bucket, slots from deconflict.precheck_bucket
    where epoch = ${epoch} and bucket = any(${[...buckets]}::int[])`);
  return new Map(rows.map((row) => [row.bucket, row.slots]));
}

/** Notes how far an epoch is filled; `done` opens it to askers. */
export async function noteFilled(
  tx: Transaction,
  epoch: string,
  { through, doneAt }: { readonly through: string; readonly doneAt: Instant | null },
): Promise<void> {
  await tx.run(sql`
    update deconflict.precheck_epoch set filled_through = ${through}, filled_at = ${doneAt}
    where epoch = ${epoch} and filled_at is null`);
}

/** Takes an epoch away, and all that was entered under it. */
export async function deleteEpoch(tx: Transaction, epoch: string): Promise<void> {
  await tx.run(sql`delete from deconflict.precheck_holder where epoch = ${epoch}`);
  await tx.run(sql`delete from deconflict.precheck_key where epoch = ${epoch}`);
  await tx.run(sql`delete from deconflict.precheck_bucket where epoch = ${epoch}`);
  await tx.run(sql`delete from deconflict.precheck_epoch where epoch = ${epoch}`);
}

/** How many distinct keys an epoch knows. */
export async function countKeys(reader: Reader, epoch: string): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from deconflict.precheck_key where epoch = ${epoch}`);
  return row?.n ?? 0;
}

/** Whether a key of an epoch found its bucket full. */
export async function isCrowded(reader: Reader, epoch: string): Promise<boolean> {
  const row = await reader.row(sql<{ one: number }>`
    select 1 as one from deconflict.precheck_key
    where epoch = ${epoch} and slot is null limit 1`);
  return row !== null;
}

/** One known key as it is kept. */
export interface KnownKey {
  readonly name: Uint8Array;
  readonly bucket: number;
  readonly slot: number | null;
}

/** Keys that `finding` holds in an epoch, and whether another holds each as well. */
export async function heldBy(
  reader: Reader,
  epoch: string,
  finding: string,
): Promise<readonly (KnownKey & { readonly alone: boolean })[]> {
  return await reader.rows(sql<KnownKey & { alone: boolean }>`
    select k.name, k.bucket, k.slot, not exists (
      select 1 from deconflict.precheck_holder o
      where o.epoch = k.epoch and o.name = k.name and o.finding <> h.finding) as alone
    from deconflict.precheck_holder h
      join deconflict.precheck_key k on k.epoch = h.epoch and k.name = h.name
    where h.epoch = ${epoch} and h.finding = ${finding}`);
}

/** Whether a key is known in an epoch. */
export async function isKnown(reader: Reader, epoch: string, name: Uint8Array): Promise<boolean> {
  const row = await reader.row(sql<{ one: number }>`
    select 1 as one from deconflict.precheck_key
    where epoch = ${epoch} and name = ${Buffer.from(name)}`);
  return row !== null;
}

/** The slots of a bucket that hold a known key. */
export async function slotsTaken(
  reader: Reader,
  epoch: string,
  bucket: number,
): Promise<ReadonlySet<number>> {
  const rows = await reader.rows(sql<{ slot: number }>`
    select slot from deconflict.precheck_key
    where epoch = ${epoch} and bucket = ${bucket} and slot is not null`);
  return new Set(rows.map((row) => row.slot));
}

/** Keeps a key that was not known before. */
export async function insertKey(
  tx: Transaction,
  epoch: string,
  key: KnownKey & { readonly handleHash: Uint8Array },
): Promise<void> {
  await tx.run(sql`
    insert into deconflict.precheck_key (epoch, name, bucket, slot, handle)
    values (${epoch}, ${Buffer.from(key.name)}, ${key.bucket}, ${key.slot},
      ${Buffer.from(key.handleHash)})`);
}

/** Writes 64 bytes into a slot of a bucket; throws where there is no such bucket. */
export async function writeSlot(
  tx: Transaction,
  at: { readonly epoch: string; readonly bucket: number; readonly slot: number },
  bytes: Uint8Array,
): Promise<void> {
  const written = await tx.run(sql`
    update deconflict.precheck_bucket
    set slots = overlay(slots placing ${Buffer.from(bytes)}::bytea from ${at.slot * 64 + 1}::int)
    where epoch = ${at.epoch} and bucket = ${at.bucket}`);
  if (written !== 1) throw new Error(`epoch ${at.epoch} has no bucket ${at.bucket}`);
}

/** Notes that a finding holds a key. */
export async function putHolder(
  tx: Transaction,
  epoch: string,
  held: { readonly name: Uint8Array; readonly finding: string },
): Promise<void> {
  await tx.run(sql`
    insert into deconflict.precheck_holder (epoch, name, finding)
    values (${epoch}, ${Buffer.from(held.name)}, ${held.finding}) on conflict do nothing`);
}

/** A finding holds a key no longer; a key that nobody holds is gone. */
export async function deleteHolder(
  tx: Transaction,
  epoch: string,
  held: { readonly name: Uint8Array; readonly finding: string },
): Promise<void> {
  const name = Buffer.from(held.name);
  await tx.run(sql`
    delete from deconflict.precheck_holder
    where epoch = ${epoch} and name = ${name} and finding = ${held.finding}`);
  await tx.run(sql`
    delete from deconflict.precheck_key k where k.epoch = ${epoch} and k.name = ${name}
      and not exists (select 1 from deconflict.precheck_holder h
        where h.epoch = k.epoch and h.name = k.name)`);
}

/** Findings that hold the key a handle stands for, under an epoch that is not over. */
export async function findingsOf(
  reader: Reader,
  handleHash: Uint8Array,
  now: Instant,
): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ finding: string }>`
    select h.finding from deconflict.precheck_key k
      join deconflict.precheck_epoch e on e.epoch = k.epoch and e.ends_at > ${now}
      join deconflict.precheck_holder h on h.epoch = k.epoch and h.name = k.name
    where k.handle = ${Buffer.from(handleHash)} order by h.finding limit 1000`);
  return rows.map((row) => row.finding);
}
