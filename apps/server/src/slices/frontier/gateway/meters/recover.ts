import type { Clock } from '../../../../platform/clock/clock.ts';
import type { Database, Transaction } from '../../../../platform/database/database.ts';
import { insertRequests } from '../record/store.ts';
import { billOf, type Settled } from './bill.ts';
import { isGone, type Standing } from './host.ts';
import { deleteJournal, lostRow, processesIn, readJournal } from './journal.ts';
import {
  bill,
  endProcess,
  findProcess,
  keysOf,
  living,
  lockKeys,
  lockProcess,
  type ProcessEnd,
  type ProcessRow,
} from './store.ts';

/** After so long without a word a process is taken for gone; it takes nothing itself by then. */
export const silentMsMax = 10_000;
/** After so long nobody who could read its journal has done it. */
const journalMsMax = 60_000;
const rowsAtOnce = 500;

export interface RecoverOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Where the journals of this machine are. */
  readonly folder: string;
  /** The process that does it. */
  readonly process: string;
  readonly here: Standing;
}

/**
 * Takes care of processes that are gone: what they settled is stored once, what they had open is
 * settled at its full reservation and marked `lost`, and their leases are given back. Where a journal
 * is gone, or cannot be read as a whole, all that was leased counts as spent.
 */
export async function recoverGone(options: RecoverOptions): Promise<void> {
  const { database, folder, process, here } = options;
  for (const other of await database.read(async (reader) => await living(reader))) {
    if (other.id === process) continue;
    // The embedded database has one process alone: the one that asks.
    const isSure = database.engine === 'embedded' || isGone(other, here);
    if (isSure || other.silentMs > silentMsMax) await recover(options, other.id, isSure);
  }
  for (const id of await processesIn(folder)) {
    if (id === process) continue;
    const row = await database.read(async (reader) => await findProcess(reader, id));
    if (row?.isEnded === true) await recover(options, id, true);
  }
}

async function recover(options: RecoverOptions, id: string, isSure: boolean): Promise<void> {
  const { database, clock, folder } = options;
  const journal = await readJournal(folder, id);
  const now = clock.now();
  const rows = [...(journal?.settled ?? []), ...(journal?.open ?? []).map((o) => lostRow(o, now))];
  const isDone = await database.writeByLock(async (tx) => {
    const other = await lockProcess(tx, id);
    if (other === null || !mayEnd(other, { isSure, hasJournal: journal !== null })) return false;
    const stored = await storeAll(tx, rows);
    // Others counted all of its leases as spent already: nothing is billed twice.
    if (other.isEnded) return true;
    const keys = new Set([...(await keysOf(tx, id)), ...rows.map(({ row }) => row.key)]);
    await lockKeys(tx, [...keys]);
    await bill(tx, billOf(stored), id);
    await endProcess(tx, id, howOf(journal));
    return true;
  });
  if (isDone) await deleteJournal(folder, id);
}

function mayEnd(
  other: ProcessRow,
  { isSure, hasJournal }: { readonly isSure: boolean; readonly hasJournal: boolean },
): boolean {
  if (isSure && hasJournal) return true;
  return other.silentMs > (hasJournal ? silentMsMax : journalMsMax);
}

function howOf(journal: { readonly isBroken: boolean } | null): ProcessEnd {
  if (journal === null) return 'journal-gone';
  return journal.isBroken ? 'journal-broken' : 'recovered';
}

/** Stores requests, each once; answers with those that were not there. */
export async function storeAll(
  tx: Transaction,
  settled: readonly Settled[],
): Promise<readonly Settled[]> {
  const stored: Settled[] = [];
  for (let at = 0; at < settled.length; at += rowsAtOnce) {
    const part = settled.slice(at, at + rowsAtOnce);
    const added = await insertRequests(
      tx,
      part.map(({ row }) => row),
    );
    stored.push(...part.filter(({ row }) => added.has(row.id)));
  }
  return stored;
}
