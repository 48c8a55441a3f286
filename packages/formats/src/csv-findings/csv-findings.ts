import { fromUtf8, ok, type Result, refuse } from '@breakwater/kernel';
import { type Options, parse } from 'csv-parse/browser/esm/sync';

/** The columns that are understood. */
export const columnNames = [
  'title',
  'description',
  'package',
  'version',
  'weakness',
  'identifiers',
  'path',
  'line',
  'function',
  'cvss',
  'tool',
  'recipe',
] as const;
export type CsvColumn = (typeof columnNames)[number];

/** One row: the cells that hold something, by the column they were understood as. */
export type CsvFinding = Readonly<Partial<Record<CsvColumn, string>>>;

export interface CsvRow {
  /** `line 12`: where the row begins; the header is line 1. */
  readonly where: string;
  readonly finding: Result<CsvFinding, 'row-malformed'>;
}

export interface CsvFindings {
  readonly rows: readonly CsvRow[];
  /** Each header, and what it was understood as; null: its column is left out. */
  readonly columns: readonly { readonly header: string; readonly column: CsvColumn | null }[];
}

export type CsvCode = 'csv-malformed' | 'csv-too-large' | 'csv-column';

export const csvLimits = {
  bytesMax: 64 * 1024 * 1024,
  rowsMax: 100_000,
  columnsMax: 500,
  cellMax: 200_000,
} as const;

/** Names that tools give these columns, in small letters and digits alone. */
const synonyms: Readonly<Record<CsvColumn, readonly string[]>> = {
  title: ['title', 'name', 'summary', 'vulnerabilityname', 'finding'],
  description: ['description', 'details', 'detail'],
  package: ['package', 'purl', 'packageurl', 'componentname', 'component'],
  version: ['version', 'componentversion', 'packageversion', 'installedversion'],
  weakness: ['weakness', 'cwe', 'cweid'],
  identifiers: ['identifiers', 'identifier', 'cve', 'cves', 'cveid', 'vulnerabilityids', 'ghsa'],
  path: ['path', 'file', 'filepath', 'filename'],
  line: ['line', 'linenumber'],
  function: ['function', 'method'],
  cvss: ['cvss', 'cvssvector', 'cvssv3', 'cvssv4', 'cvss3vector'],
  tool: ['tool', 'scanner', 'foundby'],
  recipe: ['recipe'],
};

/**
 * Reads findings from a CSV file (RFC 4180, UTF-8) by its header; a semicolon or a tab separates
 * too, where the header has one and no comma. `named` says which header stands for a column, and
 * goes before what is guessed from the names.
 */
export function parseCsvFindings(
  bytes: Uint8Array,
  named: Readonly<Partial<Record<CsvColumn, string>>> = {},
): Result<CsvFindings, CsvCode> {
  const records = readRecords(bytes);
  if (!records.ok) return records;
  const [header, ...rows] = records.value;
  if (header === undefined || header.cells.length > csvLimits.columnsMax) {
    return malformed('a header', header === undefined ? 'none' : `${header.cells.length} columns`);
  }
  const names = header.cells.map((name) => name.trim());
  const columns = columnsOf(names, named);
  if (!columns.ok) return columns;
  return ok({
    columns: names.map((name, i) => ({ header: name, column: columns.value[i] ?? null })),
    rows: rows.map(({ cells, line }) => ({
      where: `line ${line}`,
      finding: readRow(cells, columns.value),
    })),
  });
}

interface Cells {
  readonly cells: readonly string[];
  readonly line: number;
}

function readRecords(bytes: Uint8Array): Result<readonly Cells[], CsvCode> {
  if (bytes.length > csvLimits.bytesMax) return tooLarge(`${bytes.length} bytes`);
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch {
    return malformed('UTF-8', 'bytes that are not');
  }
  const separator = separatorOf(text);
  let records: readonly Cells[];
  try {
    let line = 1;
    const options = {
      bom: true,
      delimiter: separator,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 8 * csvLimits.cellMax,
      to: csvLimits.rowsMax + 2,
      info: true,
      // The line a record ends in is told; the next begins on the one after.
      on_record: (record: { record: string[]; info: { lines: number } }) => {
        const begins = line;
        line = record.info.lines + 1;
        return { cells: record.record, line: begins };
      },
    };
    // Its types know records of cells alone, not what on_record makes of them.
    const read: unknown = parse(text, options as unknown as Options);
    records = read as readonly Cells[]; // what on_record gave
  } catch (error) {
    return malformed('CSV as RFC 4180 has it', error instanceof Error ? error.message : 'another');
  }
  return records.length > csvLimits.rowsMax + 1 ? tooLarge('more rows') : ok(records);
}

function separatorOf(text: string): string {
  const header = text.slice(0, 100_000).split(/\r?\n/, 1)[0] ?? '';
  return [',', ';', '\t'].find((each) => header.includes(each)) ?? ',';
}

function columnsOf(
  headers: readonly string[],
  named: Readonly<Partial<Record<CsvColumn, string>>>,
): Result<readonly (CsvColumn | null)[], 'csv-column'> {
  const columns: (CsvColumn | null)[] = headers.map(() => null);
  for (const column of columnNames) {
    const wish = named[column];
    const at =
      wish === undefined
        ? headers.findIndex((h, i) => columns[i] === null && synonyms[column].includes(plain(h)))
        : headers.findIndex((header) => header.toLowerCase() === wish.trim().toLowerCase());
    if (at >= 0) columns[at] = column;
    else if (wish !== undefined) {
      return refuse({
        code: 'csv-column' as const,
        expected: `a header ${JSON.stringify(wish)}, for ${column}`,
        got: headers
          .slice(0, 30)
          .map((header) => JSON.stringify(header))
          .join(', '),
        todo: 'name one of these',
      });
    }
  }
  return ok(columns);
}

function plain(header: string): string {
  return header.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function readRow(
  cells: readonly string[],
  columns: readonly (CsvColumn | null)[],
): Result<CsvFinding, 'row-malformed'> {
  if (cells.length > columns.length) {
    return badRow(`${columns.length} cells as the header has`, `${cells.length}`);
  }
  const finding: Partial<Record<CsvColumn, string>> = {};
  for (const [index, column] of columns.entries()) {
    const text = cells[index]?.trim() ?? '';
    if (text.length > csvLimits.cellMax) {
      return badRow(`cells of at most ${csvLimits.cellMax} characters`, `${text.length}`);
    }
    // What a spreadsheet-safe writer put before a formula is not part of the text.
    if (column !== null && text !== '') finding[column] = text.replace(/^'(?=[=+\-@|%])/, '');
  }
  return ok(finding);
}

function badRow(expected: string, got: string): Result<never, 'row-malformed'> {
  const todo = 'correct the row: a comma in a text asks for quotes around it';
  return refuse({ code: 'row-malformed' as const, expected, got, todo });
}

function tooLarge(got: string): Result<never, 'csv-too-large'> {
  return refuse({
    code: 'csv-too-large' as const,
    expected: `at most ${csvLimits.rowsMax} rows in ${csvLimits.bytesMax} bytes`,
    got,
    todo: 'split the file',
  });
}

function malformed(expected: string, got: string): Result<never, 'csv-malformed'> {
  const todo = 'save it again as CSV (UTF-8) from the program it came from';
  return refuse({ code: 'csv-malformed' as const, expected, got: got.slice(0, 300), todo });
}
