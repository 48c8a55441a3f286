import { closeSync, existsSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Id, Instant } from '@breakwater/kernel';
import { z } from 'zod';
import { RequestRow } from '../record/request-row.ts';
import type { Settled } from './bill.ts';

// The journal of one process: a line for each reservation, written before it is answered, and one
// for each settlement. Plain writes, so that it survives a process that is killed; a machine that
// dies loses lines, and then what was leased counts as spent.

const At = RequestRow.shape.startedAt;

/** A reservation: the row as it will be if nobody says how the request ended. */
const ReservedLine = z.strictObject({ r: RequestRow, minute: At, day: At });
/** How it ended. */
const SettledLine = z.strictObject({
  s: RequestRow.shape.id,
  end: RequestRow.pick({
    upstream: true,
    endedAt: true,
    status: true,
    figures: true,
    settled: true,
    currency: true,
    responseDigest: true,
    marks: true,
  }),
});
const Line = z.union([ReservedLine, SettledLine]);
export type RequestEnd = z.infer<typeof SettledLine>['end'];

/** A file that grows beyond this is begun anew, with what is open. */
const fileBytesMax = 8 * 1024 * 1024;

/** What was reserved, with the spans it was reserved in. */
export type Reservation = Settled;

/** Appends to the journal of a process. */
export class Journal {
  readonly #folder: string;
  readonly #process: string;
  #files: string[] = [];
  /** null: closed. */
  #file: number | null;
  #bytes = 0;
  #count = 0;
  /** Set once a line was written in part: the next one begins on a line of its own. */
  #isTorn = false;
  /** Files that can go once so many settlements are stored. */
  #old: { readonly upTo: number; readonly files: readonly string[] } | null = null;

  constructor(folder: string, process: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#process = process;
    this.#file = this.#open();
  }

  /** Throws where the disk takes nothing. */
  reserved({ row, minute, day }: Reservation): void {
    this.#append({ r: row, minute, day });
  }

  settled(id: Id<'request'>, end: RequestEnd): void {
    this.#append({ s: id, end });
  }

  /**
   * Told how many settlements there were and how many are stored, deletes what is stored; begins
   * a new file where the one it has is long.
   */
  trim(count: { settled: number; stored: number }, open: () => Iterable<Reservation>): void {
    const before = this.#file;
    if (before === null) return;
    if (this.#old !== null && count.stored >= this.#old.upTo) {
      for (const file of this.#old.files) unlinkSync(file);
      this.#old = null;
    }
    if (this.#old !== null || this.#bytes < fileBytesMax) return;
    const files = this.#files;
    this.#files = [];
    this.#file = this.#open();
    for (const each of open()) this.reserved(each);
    closeSync(before);
    this.#old = { upTo: count.settled, files };
  }

  /** Nothing is written from then on: the number of its file may be another's by then. */
  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #open(): number {
    this.#count += 1;
    this.#bytes = 0;
    this.#isTorn = false;
    const file = path.join(this.#folder, `${this.#process}.${this.#count}.jsonl`);
    this.#files.push(file);
    return openSync(file, 'ax', 0o600);
  }

  #append(line: z.infer<typeof Line>): void {
    const file = this.#file;
    if (file === null) throw new Error('the journal is closed');
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${JSON.stringify(line)}\n`);
    this.#isTorn = true;
    let done = 0;
    while (done < bytes.length) done += writeSync(file, bytes, done);
    this.#isTorn = false;
    this.#bytes += bytes.length;
  }
}

/** What a process left behind. */
export interface LeftBehind {
  readonly settled: readonly Settled[];
  /** Reserved, and nobody knows how it ended. */
  readonly open: readonly Reservation[];
  /** Whether a line within cannot be read: then it does not tell all. */
  readonly isBroken: boolean;
}

/** The journal of a process; null: there is none here. */
export async function readJournal(folder: string, process: string): Promise<LeftBehind | null> {
  const files = await filesOf(folder, process);
  if (files.length === 0) return null;
  const open = new Map<string, Reservation>();
  const settled = new Map<string, Settled>();
  let isBroken = false;
  for (const [at, file] of files.entries()) {
    const lines = (await readFile(file, 'utf8')).split('\n');
    const last = lines.pop() ?? '';
    for (const text of lines) if (text !== '' && !take(text)) isBroken = true;
    // Of a process that was killed while it wrote: it had answered nobody yet.
    if (last !== '' && at < files.length - 1) isBroken = true;
  }
  return { settled: [...settled.values()], open: [...open.values()], isBroken };

  function take(text: string): boolean {
    const line = lineOf(text);
    if (line === null) return false;
    if ('r' in line) {
      const { r: row, minute, day } = line;
      if (!settled.has(row.id)) open.set(row.id, { row, minute, day });
      return true;
    }
    const before = open.get(line.s);
    // Its reservation was in a file that is gone, because both were stored.
    if (before === undefined) return true;
    open.delete(line.s);
    settled.set(line.s, { ...before, row: { ...before.row, ...line.end } });
    return true;
  }
}

function lineOf(text: string): z.infer<typeof Line> | null {
  try {
    const parsed = Line.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Processes that left a journal here. */
export async function processesIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).flatMap((name) => nameOf(name)?.process ?? []);
  return [...new Set(names)];
}

/** Deletes the journal of a process of which everything is stored. */
export async function deleteJournal(folder: string, process: string): Promise<void> {
  for (const file of await filesOf(folder, process)) unlinkSync(file);
}

async function filesOf(folder: string, process: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const found = (await readdir(folder)).flatMap((name) => {
    const of = nameOf(name);
    return of?.process === process ? [{ name, place: of.place }] : [];
  });
  return found.toSorted((a, b) => a.place - b.place).map(({ name }) => path.join(folder, name));
}

function nameOf(name: string): { readonly process: string; readonly place: number } | null {
  const match = /^([0-9a-z-]{1,64})\.(\d{1,9})\.jsonl$/.exec(name);
  return match?.[1] === undefined ? null : { process: match[1], place: Number(match[2]) };
}

/** The row of a request of which only its reservation is known: all of it is billed. */
export function lostRow({ row, minute, day }: Reservation, endedAt: Instant): Settled {
  return { row: { ...row, endedAt }, minute, day };
}
