import { ok, type Result, refuse } from '@breakwater/kernel';
import { readPiece } from '../json/read-piece.ts';
import { type JsonPath, type JsonPiece, JsonSplitter } from '../json/split-json.ts';
import { type SarifRow, type SarifRun, sarifLimits } from './finding.ts';
import { type SarifCode, type SarifOutline, SarifOutliner } from './outline.ts';
import { readResult } from './result.ts';

/** A SARIF file that was read whole. */
export interface Sarif {
  readonly runs: readonly SarifRun[];
  /** Each result with what was read of it, or why it was not. */
  readonly rows: readonly SarifRow[];
  /** What is in the file and not in the findings, in whole sentences. */
  readonly notes: readonly string[];
}

export type SarifChunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** So many bytes are looked at at once: what a chunk can hold of pieces is bounded by it. */
const sliceBytes = 65_536;

/**
 * Reads a SARIF 2.1.0 log (OASIS, 2020) of at most `sarifLimits.bytesMax` bytes.
 *
 * Out: every result of every run; a refusal, with the byte where, for what is no SARIF 2.1.0.
 */
export function readSarif(bytes: Uint8Array): Result<Sarif, SarifCode> {
  const reading = readSarifInSteps(bytes);
  for (;;) {
    const step = reading.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same in small steps, for whoever has others to serve meanwhile: reading the largest file takes
 * more than a second.
 */
export function* readSarifInSteps(
  bytes: Uint8Array,
): Generator<undefined, Result<Sarif, SarifCode>, undefined> {
  if (bytes.length > sarifLimits.bytesMax) {
    return refuse({
      code: 'too-large' as const,
      expected: `at most ${sarifLimits.bytesMax} bytes`,
      got: `${bytes.length} bytes`,
      todo: 'import it with the command line tool, which reads files of any size',
    });
  }
  const outliner = new SarifOutliner();
  for (const slice of slicesOf(bytes)) {
    const pushed = outliner.push(slice);
    if (!pushed.ok) return pushed;
    yield;
  }
  const outline = outliner.end();
  if (!outline.ok) return outline;
  const reader = new ResultReader(outline.value);
  const rows: SarifRow[] = [];
  let told = 0;
  for (const slice of slicesOf(bytes)) {
    const read = reader.push(slice);
    if (!read.ok) return read;
    rows.push(...read.value);
    told += toldBy(read.value);
    if (told > sarifLimits.toldMax) return refuse(tellsTooMuch);
    yield;
  }
  const last = reader.end();
  if (!last.ok) return last;
  const { runs, notes } = outline.value;
  rows.push(...last.value);
  return ok({ runs, rows, notes });
}

/** How much is told of these results: far more than they have, where all refer to the same text. */
function toldBy(rows: readonly SarifRow[]): number {
  return rows.reduce(
    (sum, { finding }) => sum + (finding.ok ? finding.value.description.length : 0),
    0,
  );
}

const tellsTooMuch = {
  code: 'too-large' as const,
  expected: `at most ${sarifLimits.toldMax} characters told of all results together`,
  got: 'more: many results that refer to the same long texts',
  todo: 'split it by run, or hand in fewer results at once',
};

/** The first of two looks at a file of any size: all but its results. */
export async function outlineSarif(chunks: SarifChunks): Promise<Result<SarifOutline, SarifCode>> {
  const outliner = new SarifOutliner();
  for await (const chunk of chunks) {
    for (const slice of slicesOf(chunk)) {
      const pushed = outliner.push(slice);
      if (!pushed.ok) return pushed;
    }
  }
  return outliner.end();
}

/**
 * The second look: the results of the same file, some at a time, in memory bounded by one chunk,
 * one result and the outline. A refusal is the last that comes, and what came before it is of a
 * file that is damaged.
 */
export async function* sarifResults(
  chunks: SarifChunks,
  outline: SarifOutline,
): AsyncGenerator<Result<readonly SarifRow[], SarifCode>> {
  const reader = new ResultReader(outline);
  for await (const chunk of chunks) {
    for (const slice of slicesOf(chunk)) {
      const read = reader.push(slice);
      if (!read.ok) return yield read;
      if (read.value.length > 0) yield read;
    }
  }
  yield reader.end();
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sliceBytes) {
    yield bytes.subarray(at, at + sliceBytes);
  }
}

class ResultReader {
  readonly #outline: SarifOutline;
  readonly #splitter = new JsonSplitter({
    choose: chooseResults,
    limits: {
      depthMax: sarifLimits.depthMax,
      pieceBytesMax: sarifLimits.resultBytesMax,
      membersMax: 1_000,
    },
  });
  #count = 0;

  constructor(outline: SarifOutline) {
    this.#outline = outline;
  }

  push(slice: Uint8Array): Result<readonly SarifRow[], SarifCode> {
    const pieces = this.#splitter.push(slice);
    return pieces.ok ? this.#rowsOf(pieces.value) : pieces;
  }

  end(): Result<readonly SarifRow[], SarifCode> {
    const pieces = this.#splitter.end();
    const rows = pieces.ok ? this.#rowsOf(pieces.value) : pieces;
    if (!rows.ok || this.#count === this.#outline.results) return rows;
    return refuse({
      code: 'source-changed' as const,
      expected: `${this.#outline.results} results, as at the first look`,
      got: `${this.#count}`,
      todo: 'let nothing write to the file while it is read',
    });
  }

  #rowsOf(pieces: readonly JsonPiece[]): Result<readonly SarifRow[], SarifCode> {
    const rows: SarifRow[] = [];
    for (const piece of pieces) {
      const row = this.#rowOf(piece);
      if (!row.ok) return row;
      rows.push(row.value);
    }
    return ok(rows);
  }

  #rowOf(piece: JsonPiece): Result<SarifRow, SarifCode> {
    this.#count += 1;
    const { path, offset, bytes } = piece;
    const pointer = `/${path.join('/')}`;
    if (bytes === null) return ok({ pointer, offset, finding: tooLarge(pointer) });
    const facts = this.#outline.facts[Number(path[1])];
    const value = readPiece(piece);
    if (!value.ok) return value;
    if (facts === undefined) throw new Error('every run of the second look was in the first');
    return ok({ pointer, offset, finding: readResult(value.value, facts, pointer) });
  }
}

function chooseResults(path: JsonPath, opening: '{' | '[' | 'other') {
  const [first, , name] = path;
  if (path.length === 4) return 'keep';
  const isWay =
    path.length === 0 ||
    (first === 'runs' && (path.length < 3 || name === 'results') && opening !== 'other');
  return isWay ? 'enter' : 'skip';
}

function tooLarge(pointer: string) {
  return refuse({
    code: 'row-too-large' as const,
    expected: `a result of at most ${sarifLimits.resultBytesMax} bytes`,
    got: 'more',
    todo: 'let the tool leave out what it embeds, such as the contents of files',
    pointer,
  });
}
