import { randomBytes, randomInt } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Instant, toBase64, utf8 } from '@breakwater/kernel';
import {
  appendEntries,
  type BatchState,
  type Edge,
  edgeRoot,
  emptyEdge,
  firstBatchState,
  openCheckpoint,
  parseTilePath,
  planBatch,
  readEdge,
  signCheckpoint,
  type TileFile,
  tileWidth,
} from '@breakwater/log';
import { sql } from 'kysely';
import type { Clock } from '../clock/clock.ts';
import { isMissing, writeDurably } from '../content/durable-file.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { Signer } from '../signer/signer.ts';
import { logSigners, logVerifierKeys } from './log-keys.ts';

/** How many ticks an entry may wait before the batch's size class rises. */
const waitTicksMax = 20;
const entryBytes = 32;

export interface SequencerOptions {
  readonly database: Database;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly origin: string;
  /** Static files of the log are written below it. */
  readonly directory: string;
  /**
   * Shortest time between two batches. Several processes tick at their own moments; without it
   * they would multiply the cadence, and its pace would tell how many there are.
   */
  readonly cadenceMs?: number;
}

/** The log on disk and the database do not tell the same history; nothing may be signed. */
export class HistoryDiverged extends Error {
  override readonly name = 'HistoryDiverged';
}

/**
 * Turns committed journal entries into the log: a batch is fixed in the database, then its tiles
 * are written, then a checkpoint over them is signed. A crash at any point is recovered by running
 * the last two steps again from the database; normal running uses the same code.
 */
export interface Sequencer {
  /** One tick: exactly one batch of the current size class. */
  tick(): Promise<void>;
  /** The newest signed checkpoint, as bytes of the note; null before the first tick. */
  checkpoint(): Uint8Array | null;
  fetchFile(name: string): Promise<Uint8Array | null>;
  size(): number;
}

interface BatchRow {
  readonly number: number;
  readonly start: number;
  readonly size: number;
  readonly leaves: Uint8Array;
  readonly root: Uint8Array;
  readonly state: BatchState;
}

/** Opens the log in `directory` and finishes what a crash left. Rejects with HistoryDiverged. */
export async function openSequencer(options: SequencerOptions): Promise<Sequencer> {
  const { database, directory } = options;
  const fetchFile = (name: string) => readLogFile(directory, name);
  let checkpoint = await fetchFile('checkpoint');
  let edge = await edgeOnDisk(options, checkpoint, fetchFile);
  let state: BatchState | null = await lastState(database);
  await refuseForks(database, edge);

  /** Writes tiles and signs, for every batch the database has beyond the files. */
  async function publish(): Promise<void> {
    for (;;) {
      const batch = await nextBatch(database, edge.size);
      if (batch === null) return;
      const appended = appendEntries(edge, leavesOf(batch.leaves));
      if (toBase64(edgeRoot(appended.edge)) !== toBase64(batch.root)) {
        throw new HistoryDiverged(
          `batch ${batch.number} does not lead to the root it was fixed with`,
        );
      }
      await writeTiles(directory, appended.files);
      const note = await signCheckpoint(
        { origin: options.origin, size: appended.edge.size, root: batch.root, extensions: [] },
        logSigners(options.signer, options.origin),
      );
      checkpoint = utf8(note);
      await writeDurably(path.join(directory, 'checkpoint'), checkpoint, 0o644);
      await removeOldPartials(directory, appended.files);
      edge = appended.edge;
      state = batch.state;
    }
  }

  await publish();
  return {
    async tick() {
      // Whoever loses the race for the next number publishes what the winner fixed.
      await fixBatch(options, edge, state);
      await publish();
    },
    checkpoint: () => checkpoint,
    fetchFile,
    size: () => edge.size,
  };
}

/** Fixes the next batch in the database: which entries, in which order, with which padding. */
async function fixBatch(options: SequencerOptions, edge: Edge, state: BatchState | null) {
  const now = options.clock.now();
  const day = now.slice(0, 10);
  await options.database.write(async (tx) => {
    const last = await tx.row(sql<{ number: number; end: number; at: Instant }>`
      select number, start + size as end, at from journal.batch order by number desc limit 1`);
    if ((last?.end ?? 0) !== edge.size) return;
    // A timer may fire a little early; three quarters keep its own next tick from being skipped.
    const pauseMs = (options.cadenceMs ?? 0) * 0.75;
    // A clock that was set back must not hold up the log until it is where it was.
    const sinceMs = last === null ? pauseMs : Date.parse(now) - Date.parse(last.at);
    if (0 <= sinceMs && sinceMs < pauseMs) return;
    const pending = await countPending(tx);
    const plan = planBatch(state ?? firstBatchState(day), { day, pending }, waitTicksMax);
    const entries = await tx.rows(sql<{ id: string; commitment: Uint8Array }>`
      select id, commitment from journal.entry where batch is null order by at, id limit ${plan.take}`);
    const padding = Array.from({ length: plan.size - entries.length }, () => ({
      id: null,
      commitment: randomBytes(entryBytes),
    }));
    // Whoever knows the index of its own entry must not read from it how many others acted before.
    const mixed = shuffled([...entries, ...padding]);
    const leaves = mixed.map((leaf) => new Uint8Array(leaf.commitment));
    const placed = mixed.flatMap(({ id }, i) =>
      id === null ? [] : [{ id, index: edge.size + i }],
    );
    const number = (last?.number ?? 0) + 1;
    const root = edgeRoot(appendEntries(edge, leaves).edge);
    await insertBatch(tx, { number, start: edge.size, leaves, root, state: plan.state }, now);
    await tx.run(sql`
      update journal.entry e set batch = ${number}, index = placed.index
      from unnest(${placed.map((p) => p.id)}::text[], ${placed.map((p) => p.index)}::bigint[])
        placed (id, index)
      where e.id = placed.id`);
  });
}

/** The same items in an order that nobody can tell beforehand (Fisher and Yates, from the end). */
function shuffled<T>(items: readonly T[]): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(randomInt(rest.length), 1));
}

async function countPending(tx: Transaction): Promise<number> {
  const row = await tx.row(
    sql<{ n: number }>`select count(*)::int as n from journal.entry where batch is null`,
  );
  return row?.n ?? 0;
}

async function insertBatch(
  tx: Transaction,
  batch: {
    number: number;
    start: number;
    leaves: readonly Uint8Array[];
    root: Uint8Array;
    state: BatchState;
  },
  now: Instant,
): Promise<void> {
  await tx.run(sql`
    insert into journal.batch (number, start, size, leaves, root, state, at)
    values (${batch.number}, ${batch.start}, ${batch.leaves.length}, ${Buffer.concat(batch.leaves)},
            ${Buffer.from(batch.root)}, ${JSON.stringify(batch.state)}, ${now})`);
}

async function nextBatch(database: Database, start: number): Promise<BatchRow | null> {
  return await database.read((r) =>
    r.row(sql<BatchRow>`
      select number, start, size, leaves, root, state from journal.batch where start = ${start}`),
  );
}

async function lastState(database: Database): Promise<BatchState | null> {
  const row = await database.read((r) =>
    r.row(sql<{ state: BatchState }>`select state from journal.batch order by number desc limit 1`),
  );
  return row?.state ?? null;
}

async function edgeOnDisk(
  options: SequencerOptions,
  checkpoint: Uint8Array | null,
  fetchFile: (name: string) => Promise<Uint8Array | null>,
): Promise<Edge> {
  if (checkpoint === null) return emptyEdge;
  const opened = openCheckpoint(checkpoint, logVerifierKeys(options.signer, options.origin));
  if (!opened.ok) {
    throw new HistoryDiverged(`the checkpoint on disk was not signed here: ${opened.refusal.got}`);
  }
  const edge = await readEdge(opened.value.size, opened.value.root, fetchFile);
  if (!edge.ok) throw new HistoryDiverged(`the log's files are damaged: ${edge.refusal.got}`);
  return edge.value;
}

/**
 * A database restored from an older copy would sign a second history over published indexes.
 * What was signed is for ever, so nothing is signed until a person decides.
 */
async function refuseForks(database: Database, edge: Edge): Promise<void> {
  if (edge.size === 0) return;
  const batch = await database.read((r) =>
    r.row(sql<{ root: Uint8Array }>`
      select root from journal.batch where start + size = ${edge.size}`),
  );
  if (batch === null || toBase64(new Uint8Array(batch.root)) !== toBase64(edgeRoot(edge))) {
    throw new HistoryDiverged(
      `the log on disk was signed up to ${edge.size} entries, which the database does not have: ` +
        'the database is older than the log; restore the newer database',
    );
  }
}

function leavesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from(
    { length: bytes.length / entryBytes },
    (_, i) => new Uint8Array(bytes.subarray(i * entryBytes, (i + 1) * entryBytes)),
  );
}

async function writeTiles(directory: string, files: readonly TileFile[]): Promise<void> {
  await Promise.all(
    files.map((file) => writeDurably(path.join(directory, file.path), file.bytes, 0o644)),
  );
}

/** Partial tiles may go once their full tile stands (C2SP tlog-tiles, "Partial Tiles"). */
async function removeOldPartials(directory: string, files: readonly TileFile[]): Promise<void> {
  for (const { path: name } of files) {
    if (parseTilePath(name)?.width !== tileWidth) continue;
    await rm(path.join(directory, `${name}.p`), { recursive: true, force: true });
  }
}

async function readLogFile(directory: string, name: string): Promise<Uint8Array | null> {
  if (name !== 'checkpoint' && parseTilePath(name) === null) return null;
  try {
    return new Uint8Array(await readFile(path.join(directory, name)));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
