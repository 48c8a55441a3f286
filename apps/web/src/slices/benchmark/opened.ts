import {
  type BenchmarkRun,
  type RunsTable,
  readRuns,
  runsOfLog,
} from '@breakwater/benchmark/report';
import { type EvalLog, type LogSource, openEvalLog } from '@breakwater/formats/eval-log';
import type { Refusal } from '@breakwater/kernel';
import { useSyncExternalStore } from 'react';
import { codecs, fileSource } from './log-file.ts';
import { type RunLog, runSource } from './run-log.ts';

/** A log or a table that was opened on this page; it stays until it is closed or the page is. */
export type Opened =
  | {
      readonly kind: 'log';
      readonly name: string;
      readonly size: number;
      readonly log: EvalLog;
      /** How long it took to open, in milliseconds. */
      readonly tookMs: number;
    }
  | {
      readonly kind: 'table';
      readonly name: string;
      readonly size: number;
      readonly table: RunsTable;
    };

/** A file that was not opened, and why. */
export interface NotOpened {
  readonly name: string;
  readonly refusal: Refusal;
}

export interface OpenFiles {
  readonly opened: readonly Opened[];
  readonly refused: readonly NotOpened[];
  /** Names that are being opened. */
  readonly opening: readonly string[];
}

let now: OpenFiles = { opened: [], refused: [], opening: [] };
const listeners = new Set<() => void>();

function become(next: Partial<OpenFiles>): void {
  now = { ...now, ...next };
  for (const listener of listeners) listener();
}

/** What is open on this page. */
export function useOpenFiles(): OpenFiles {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => now,
  );
}

/** Opens files, each as what its first bytes say; one of the same name takes the earlier's place. */
export async function openFiles(files: readonly File[]): Promise<void> {
  become({ refused: [], opening: [...now.opening, ...files.map(({ name }) => name)] });
  for (const file of files) {
    const found = await openOne(file);
    const opening = now.opening.filter((name) => name !== file.name);
    const others = now.opened.filter(({ name }) => name !== file.name);
    if ('refusal' in found) become({ opening, refused: [...now.refused, found] });
    else become({ opening, opened: [...others, found] });
  }
}

/** Closes one of the files; its text is forgotten. */
export function closeFile(name: string): void {
  become({ opened: now.opened.filter((each) => each.name !== name), refused: [] });
}

/** A log that the server keeps, read by ranges of its bytes as they are needed. */
export async function openRunLog({ run, size }: RunLog): Promise<void> {
  if (now.opening.includes(run)) return;
  become({ refused: [], opening: [...now.opening, run] });
  const found = await openFrom(run, runSource({ run, size }));
  const opening = now.opening.filter((name) => name !== run);
  const others = now.opened.filter(({ name }) => name !== run);
  if ('refusal' in found) become({ opening, refused: [found] });
  else become({ opening, opened: [...others, found] });
}

async function openFrom(name: string, source: LogSource): Promise<Opened | NotOpened> {
  const began = performance.now();
  try {
    const log = await openEvalLog(source, codecs);
    if (!log.ok) return { name, refusal: log.refusal };
    const tookMs = performance.now() - began;
    return { kind: 'log', name, size: source.size, log: log.value, tookMs };
  } catch (cause) {
    return { name, refusal: unread(cause) };
  }
}

async function openOne(file: File): Promise<Opened | NotOpened> {
  const { name, size } = file;
  try {
    if (await isTable(file)) {
      const table = await readRuns(chunksOf(file));
      if (!table.ok) return { name, refusal: table.refusal };
      return { kind: 'table', name, size, table: table.value };
    }
    return await openFrom(name, fileSource(file));
  } catch (cause) {
    return { name, refusal: unread(cause) };
  }
}

/** Lines of JSON and the JSON form of a log both begin with a brace: the names tell them apart. */
async function isTable(file: File): Promise<boolean> {
  if (/\.(csv|jsonl)$/i.test(file.name)) return true;
  if (/\.(eval|json)$/i.test(file.name)) return false;
  const head = await file.slice(0, 4096).text();
  return !head.startsWith('PK') && !head.trimStart().startsWith('{');
}

async function* chunksOf(file: Blob) {
  const chunkBytes = 1024 * 1024;
  for (let at = 0; at < file.size; at += chunkBytes) {
    yield new Uint8Array(await file.slice(at, at + chunkBytes).arrayBuffer());
  }
}

/** A refusal for a file that the browser could not read to its end. */
export function unread(cause: unknown): Refusal {
  return {
    code: 'file-unreadable',
    expected: 'a file that can be read as it was when it was chosen',
    got: cause instanceof Error ? cause.message : 'another fault',
    todo: 'choose the file again; a folder cannot be given',
  };
}

/** What opened files say together, and what of them could not be told. */
export interface Gathered {
  readonly table: Pick<RunsTable, 'runs' | 'penalty' | 'weights'>;
  readonly leftOut: readonly { readonly name: string; readonly words: string }[];
}

/** All runs of what is open. λ and weights are those of the first table, else the study's of 2026. */
export async function gatherRuns(opened: readonly Opened[]): Promise<Gathered> {
  const runs: BenchmarkRun[] = [];
  const leftOut: { name: string; words: string }[] = [];
  const first = opened.find((each) => each.kind === 'table')?.table;
  for (const each of opened) {
    if (each.kind === 'table') {
      for (const run of each.table.runs) runs.push(run);
      continue;
    }
    const read = await runsOfLog(each.log).catch((cause: unknown) => ({
      ok: false as const,
      refusal: unread(cause),
    }));
    if (!read.ok) {
      leftOut.push({ name: each.name, words: `expected ${read.refusal.expected}` });
      continue;
    }
    for (const run of read.value.runs) runs.push(run);
    const skipped = Object.entries(read.value.skipped).map(([why, count]) => `${count} ${why}`);
    if (skipped.length > 0) leftOut.push({ name: each.name, words: skipped.join(', ') });
  }
  const { penalty = 1e-5, weights = 'task-and-family' } = first ?? {};
  return { table: { runs, penalty, weights }, leftOut };
}
