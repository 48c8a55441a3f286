import { bytesToHex, hexToBytes, type Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { BlindKey } from '../needs.ts';

/** A finding that is in and looks for its case later. */
export interface Waiting {
  readonly finding: Id<'finding'>;
  readonly keys: readonly BlindKey[];
}

/** Keeps by what findings of `reporter` will look for their cases. */
export async function insertWaiting(
  tx: Transaction,
  reporter: string,
  waiting: readonly Waiting[],
): Promise<void> {
  if (waiting.length === 0) return;
  const kept = waiting.map(({ keys }) =>
    JSON.stringify(keys.map((key) => ({ ...key, value: bytesToHex(key.value) }))),
  );
  await tx.run(sql`
    insert into collect.waiting (finding, reporter, keys)
    select finding, ${reporter}::text, keys::jsonb from unnest(
      ${waiting.map((each) => each.finding)}::text[], ${kept}::text[]) as w (finding, keys)`);
}

/** Those of `reporter` that have waited longest, at most `limit`; of those let in, these alone. */
export async function longestWaiting(
  reader: Reader,
  { reporter, letIn }: Waiter,
  limit: number,
): Promise<readonly Waiting[]> {
  const rows = await reader.rows(sql<{ finding: Id<'finding'>; keys: KeptKey[] }>`
    select w.finding, w.keys
    from collect.waiting w join collect.finding f on f.id = w.finding
    where w.reporter = ${reporter} and w.let_in = ${letIn} order by f.received_at, f.id limit ${limit}`);
  return rows.map(({ finding, keys }) => ({
    finding,
    keys: keys.map((key) => ({ ...key, value: hexToBytes(key.value) })),
  }));
}

interface KeptKey extends Omit<BlindKey, 'value'> {
  /** In hex digits. */
  readonly value: string;
}

/** Whose findings wait, and whether a coordinator let them in. */
export interface Waiter {
  readonly reporter: string;
  readonly letIn: boolean;
}

/** Who waits; those who were let in first. */
export async function whoWaits(reader: Reader): Promise<readonly Waiter[]> {
  return await reader.rows(sql<Waiter>`
    select distinct reporter, let_in as "letIn" from collect.waiting
    order by let_in desc, reporter`);
}

/** What waits of `reporter` now is let in. @returns how many. */
export async function letIn(tx: Transaction, reporter: string): Promise<number> {
  return await tx.run(sql`
    update collect.waiting set let_in = true where reporter = ${reporter} and not let_in`);
}

/** These wait no longer. */
export async function deleteWaiting(tx: Transaction, findings: readonly string[]): Promise<void> {
  await tx.run(sql`delete from collect.waiting where finding = any(${[...findings]}::text[])`);
}
