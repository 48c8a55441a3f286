import { fault } from './fault.ts';

/** So long may a line of a table be, in characters; a quoted cell may hold line breaks. */
const recordCharactersMax = 1_000_000;
const cellsMax = 500;

/** One record of a table, and the line that it begins at; the first line is 1. */
export interface TextRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Text of chunks as it comes. A byte order mark is left out; what is no UTF-8 is a fault. */
export async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw fault('not-text', {
      expected: 'text in UTF-8',
      got: 'other bytes',
      todo: 'save the table as UTF-8',
    });
  }
}

/** Lines without their ends; empty ones are left out. */
export async function* lines(text: AsyncIterable<string>): AsyncGenerator<TextRecord> {
  let [rest, line] = ['', 0];
  for await (const part of text) {
    const split = (rest + part).split('\n');
    rest = split.pop() ?? '';
    bounded(rest, line + 1);
    for (const each of split) {
      line += 1;
      bounded(each, line);
      if (each.trim() !== '') yield { line, cells: [each.replace(/\r$/, '')] };
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, cells: [rest] };
}

/** Records of CSV (RFC 4180, section 2); a record of one blank cell is left out. */
export async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<TextRecord> {
  const splitter = new CsvSplitter();
  for await (const part of text) yield* splitter.push(part);
  yield* splitter.end();
}

class CsvSplitter {
  #cells: string[] = [];
  #cell = '';
  /** `quoted`: between the quotes; `quote`: behind one that closes, or is the first of a pair. */
  #state: 'plain' | 'quoted' | 'quote' = 'plain';
  #characters = 0;
  #line = 1;
  #begun = 1;

  *push(text: string): Generator<TextRecord> {
    for (const character of text) {
      this.#characters += 1;
      if (this.#characters > recordCharactersMax) throw tooLong(this.#begun);
      if (this.#state === 'quoted') this.#inQuotes(character);
      else yield* this.#outside(character);
      if (character === '\n') this.#line += 1;
    }
  }

  *end(): Generator<TextRecord> {
    if (this.#state === 'quoted') {
      throw fault('row-malformed', {
        expected: 'a quote that closes each quote that opens',
        got: `the end of the file in the cell that begins at line ${this.#begun}`,
        todo: 'take the table whole',
      });
    }
    if (this.#cells.length > 0 || this.#cell !== '') yield* this.#record();
  }

  #inQuotes(character: string): void {
    if (character === '"') this.#state = 'quote';
    else this.#cell += character;
  }

  *#outside(character: string): Generator<TextRecord> {
    if (character === ',') this.#endCell();
    else if (character === '\n') {
      if (this.#cell.endsWith('\r')) this.#cell = this.#cell.slice(0, -1);
      yield* this.#record();
    } else if (character === '"') {
      if (this.#state === 'quote') this.#cell += '"';
      else if (this.#cell !== '') throw this.#stray();
      this.#state = 'quoted';
    } else {
      if (this.#state === 'quote' && character !== '\r') throw this.#stray();
      this.#cell += character;
    }
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    if (this.#cells.length > cellsMax) throw tooLong(this.#begun);
    this.#cell = '';
    this.#state = 'plain';
  }

  *#record(): Generator<TextRecord> {
    this.#endCell();
    const record = { line: this.#begun, cells: this.#cells };
    this.#cells = [];
    this.#characters = 0;
    this.#begun = this.#line + 1;
    if (record.cells.length > 1 || record.cells[0]?.trim() !== '') yield record;
  }

  #stray() {
    return fault('row-malformed', {
      expected: 'a quote at both ends of a cell alone, doubled within',
      got: `another one at line ${this.#line}`,
      todo: 'write the table as CSV (RFC 4180)',
    });
  }
}

function bounded(text: string, line: number): void {
  if (text.length > recordCharactersMax) throw tooLong(line);
}

function tooLong(line: number) {
  return fault('table-too-large', {
    expected: `records of at most ${recordCharactersMax} characters and ${cellsMax} cells`,
    got: `more at line ${line}`,
    todo: 'leave out columns that hold transcripts',
  });
}
