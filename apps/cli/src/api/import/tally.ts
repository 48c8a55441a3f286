import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { writeCsv } from '@breakwater/formats/csv-findings';
import type { Refusal } from '@breakwater/kernel';
import { notWritten } from '../../files.ts';
import type { ImportRow } from './read.ts';

/** What became of one row that was handed in. */
export type Handed =
  | { readonly kind: 'sent' | 'sent-before'; readonly finding: string; readonly standing: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Outcome {
  readonly row: ImportRow;
  readonly handed: Handed | null;
}

export type Kind = ImportRow['outcome']['kind'];

/** Counts outcomes and keeps the first of each kind, so that a file of any size can be told. */
export class Tally {
  readonly #keptMax: number;
  readonly #counts = { understood: 0, 'left-out': 0, 'not-understood': 0 };
  readonly #handed = { sent: 0, 'sent-before': 0, refused: 0 };
  readonly #kept: Outcome[] = [];
  readonly #keptOf = { understood: 0, 'left-out': 0, 'not-understood': 0 };

  /** `keptMax`: of each kind. */
  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  add(outcome: Outcome): void {
    const { kind } = outcome.row.outcome;
    this.#counts[kind] += 1;
    if (outcome.handed !== null) this.#handed[outcome.handed.kind] += 1;
    if (this.#keptOf[kind] >= this.#keptMax) return;
    this.#keptOf[kind] += 1;
    this.#kept.push(outcome);
  }

  /** In the order of the file. */
  get kept(): readonly Outcome[] {
    return this.#kept;
  }

  get counts() {
    const { understood } = this.#counts;
    const { sent, 'sent-before': sentBefore, refused } = this.#handed;
    return {
      rows: understood + this.#counts['left-out'] + this.#counts['not-understood'],
      understood,
      leftOut: this.#counts['left-out'],
      notUnderstood: this.#counts['not-understood'],
      sent,
      sentBefore,
      refused,
      wouldSend: understood - sent - sentBefore - refused,
    };
  }
}

/** A row in two cells: what became of it, and what there is to say about that. */
export function stateOf({ row: { outcome }, handed }: Outcome): readonly [string, string] {
  if (handed?.kind === 'refused') return ['refused', wordsOf(handed.refusal)];
  switch (outcome.kind) {
    case 'understood': {
      const { body, notes } = outcome.draft;
      const what = [`${body.package} ${body.version}, ${body.title}`, ...notes].join('; ');
      if (handed === null) return ['new', what];
      return [
        handed.kind === 'sent' ? handed.standing : 'there already',
        `${handed.finding} ${what}`,
      ];
    }
    case 'left-out':
      return ['left out', outcome.why];
    case 'not-understood':
      return ['not understood', wordsOf(outcome.refusal)];
  }
}

function wordsOf({ expected, got, todo }: Refusal): string {
  return `expected ${expected}, got ${got}; ${todo}`;
}

/** The report of an import: a CSV file that grows while the rows are read. */
export class Report {
  readonly #path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Begins one at a path where nothing is yet. */
  static async begin(path: string): Promise<Report> {
    const file = await open(path, 'wx', 0o644).catch((error: unknown) => {
      throw notWritten(path, error);
    });
    const report = new Report(path, file);
    await report.#write([['where', 'state', 'detail']]);
    return report;
  }

  async add(outcomes: readonly Outcome[]): Promise<void> {
    await this.#write(outcomes.map((each) => [each.row.where, ...stateOf(each)]));
  }

  async end(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
  }

  /** An import that broke off leaves no report that looks whole. */
  async drop(): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }

  async #write(rows: readonly (readonly string[])[]): Promise<void> {
    if (rows.length === 0) return;
    try {
      await this.#file.write(writeCsv(rows));
    } catch (error) {
      throw notWritten(this.#path, error);
    }
  }
}
