import { parseCsaf, toldByCsaf } from '@breakwater/formats/csaf';
import {
  type CsvColumn,
  type CsvFindings,
  parseCsvFindings,
} from '@breakwater/formats/csv-findings';
import { parseCve, toldByCve } from '@breakwater/formats/cve';
import { parseDojoExport } from '@breakwater/formats/defectdojo';
import { detectFormat, type FileFormat } from '@breakwater/formats/detect';
import type { ToldFinding } from '@breakwater/formats/finding';
import { parseGithubAdvisories } from '@breakwater/formats/github-advisory';
import { parseOsv, toldByOsv } from '@breakwater/formats/osv';
import {
  identityOfSarif,
  outlineSarif,
  type SarifRow,
  sarifResults,
} from '@breakwater/formats/sarif';
import { ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { fileLimits, type Source } from '../../files.ts';
import { need } from '../../stop.ts';
import { type Draft, fromCsv, fromDojo, fromGithub, fromTold, type Given } from './draft.ts';

export const importFormats = [
  'sarif',
  'csaf',
  'cve',
  'osv',
  'defectdojo',
  'github',
  'csv',
] as const;
export type ImportFormat = (typeof importFormats)[number];

/** What one element of the file came to. */
export interface ImportRow {
  /** Where in the file: `line 12`, `/results/3`. */
  readonly where: string;
  readonly outcome:
    | { readonly kind: 'understood'; readonly draft: Draft; readonly known?: KnownBy }
    | { readonly kind: 'left-out'; readonly why: string }
    | { readonly kind: 'not-understood'; readonly refusal: Refusal };
}

/** What a result is known again by, in the next report of its tool. */
export interface KnownBy {
  /** Not yet numbered among those of its file; null: by what it says alone. */
  readonly fingerprint: string | null;
  /** Its tool was told not to tell of it: it is kept, and opens no case. */
  readonly suppressed: boolean;
}

export interface ReadFile {
  readonly format: ImportFormat;
  /** Some at a time, in the order of the file; damage found on the way ends the command. */
  readonly rows: AsyncIterable<readonly ImportRow[]>;
  /** How many there will be. */
  readonly total: number;
  /** For CSV: what each column was taken for. */
  readonly columns: CsvFindings['columns'];
  /** What is in the file and not in the rows, in whole sentences. */
  readonly notes: readonly string[];
}

export interface ReadOptions {
  readonly format?: ImportFormat | undefined;
  readonly columns: Readonly<Partial<Record<CsvColumn, string>>>;
  readonly given: Given;
}

/** Reads a file of findings in any of the formats; its content tells which, unless it is said. */
export async function readFindings(
  source: Source,
  options: ReadOptions,
): Promise<Result<ReadFile>> {
  const found = detectFormat(source.head);
  const format = options.format ?? importable(found.format);
  if (format === null) return refuse(notImported(found.format, found.words));
  if (format === 'sarif') return await readSarif(source, options.given);
  const bytes = await source.whole(fileLimits.text);
  switch (format) {
    case 'csaf':
      return readTold(format, parseCsaf(bytes), toldByCsaf, options.given);
    case 'cve':
      return readTold(format, parseCve(bytes), toldByCve, options.given);
    case 'osv':
      return readTold(format, parseOsv(bytes), toldByOsv, options.given);
    case 'defectdojo':
      return readDojo(bytes, options.given);
    case 'github':
      return readGithub(bytes, options.given);
    case 'csv':
      return readCsv(bytes, options);
  }
}

function importable(format: FileFormat): ImportFormat | null {
  if (format === 'text') return 'csv';
  return importFormats.find((each) => each === format) ?? null;
}

const elsewhere: Partial<Record<FileFormat, string>> = {
  cyclonedx: 'it lists components: breakwater affected holds it against advisories',
  spdx: 'it lists components: breakwater affected holds it against advisories',
  'package-lock': 'it lists components: breakwater affected holds it against advisories',
  native: 'hand it in with breakwater submit',
  kev: 'breakwater sync keeps the catalog',
  dsse: 'breakwater attestation check says whether it holds',
};

function notImported(format: FileFormat, words: string): Refusal {
  return {
    code: 'format-unknown',
    expected:
      'a SARIF log, a CSAF, CVE or OSV advisory, DefectDojo findings, GitHub advisories, or CSV',
    got: words,
    todo: elsewhere[format] ?? 'export it in one of these forms, or say which with --format',
  };
}

function rowOf(where: string, drafted: Result<Draft>): ImportRow {
  return drafted.ok
    ? { where, outcome: { kind: 'understood', draft: drafted.value } }
    : { where, outcome: { kind: 'not-understood', refusal: drafted.refusal } };
}

function readWhole(
  format: ImportFormat,
  rows: readonly ImportRow[],
  more: Partial<Pick<ReadFile, 'columns' | 'notes'>> = {},
): Result<ReadFile> {
  const all = async function* () {
    yield rows;
  };
  return ok({ format, rows: all(), total: rows.length, columns: [], notes: [], ...more });
}

interface Told {
  readonly findings: readonly ToldFinding[];
  readonly notes: readonly string[];
}

/** An advisory: a row for each package it is about. */
function readTold<T>(
  format: ImportFormat,
  advisory: Result<T>,
  toldBy: (advisory: T) => Told,
  given: Given,
): Result<ReadFile> {
  if (!advisory.ok) return advisory;
  const { findings, notes } = toldBy(advisory.value);
  const rows = findings.map((told, i) => rowOf(`finding ${i + 1}`, fromTold(told, given)));
  return readWhole(format, rows, { notes });
}

const closedWords = {
  pass: 'the tool says it passed',
  'not-applicable': 'the tool says it does not apply',
  informational: 'the tool says it is for information',
  'absent-since-baseline': 'no longer there since the baseline',
} as const;

/** A file of any size: the first look finds what results refer to, the second reads them. */
async function readSarif(source: Source, given: Given): Promise<Result<ReadFile>> {
  const outline = await outlineSarif(source.chunks());
  if (!outline.ok) return outline;
  const rows = async function* () {
    for await (const some of sarifResults(source.chunks(), outline.value)) {
      yield need(some).map((row) => rowOfSarif(row, given));
    }
  };
  const { results: total, notes } = outline.value;
  return ok({ format: 'sarif', rows: rows(), total, columns: [], notes });
}

function rowOfSarif({ pointer: where, finding }: SarifRow, given: Given): ImportRow {
  if (!finding.ok) return rowOf(where, finding);
  const { closedAs } = finding.value;
  if (closedAs !== null && closedAs !== 'suppressed') {
    return { where, outcome: { kind: 'left-out', why: closedWords[closedAs] } };
  }
  const drafted = fromTold(finding.value, given);
  if (!drafted.ok) return rowOf(where, drafted);
  const { body, notes } = drafted.value;
  const suppressed = closedAs === 'suppressed';
  const { stable, text } = identityOfSarif(finding.value);
  const more = suppressed ? ['suppressed in the file: it is kept and opens no case'] : [];
  const draft = { body, notes: [...notes, ...more] };
  const known = { fingerprint: stable ? text : null, suppressed };
  return { where, outcome: { kind: 'understood', draft, known } };
}

function readDojo(bytes: Uint8Array, given: Given): Result<ReadFile> {
  const read = parseDojoExport(bytes);
  if (!read.ok) return read;
  const rows = read.value.map(({ pointer, finding }): ImportRow => {
    if (!finding.ok) return rowOf(pointer, finding);
    const [closed] = finding.value.closedAs;
    return closed === undefined
      ? rowOf(pointer, fromDojo(finding.value, given))
      : { where: pointer, outcome: { kind: 'left-out', why: `${closed} in DefectDojo` } };
  });
  return readWhole('defectdojo', rows);
}

function readGithub(bytes: Uint8Array, given: Given): Result<ReadFile> {
  const read = parseGithubAdvisories(bytes);
  if (!read.ok) return read;
  const rows = read.value.flatMap(({ pointer, advisory }): ImportRow[] => {
    const where = pointer === '' ? '/' : pointer;
    if (!advisory.ok) return [rowOf(where, advisory)];
    const { closedAs, vulnerabilities } = advisory.value;
    if (closedAs !== null) {
      return [{ where, outcome: { kind: 'left-out', why: `${closedAs} on GitHub` } }];
    }
    if (vulnerabilities.length === 0) return [{ where, outcome: noPackage }];
    return vulnerabilities.map((about, i) =>
      rowOf(`${pointer}/vulnerabilities/${i}`, fromGithub(advisory.value, about, given)),
    );
  });
  return readWhole('github', rows);
}

const noPackage: ImportRow['outcome'] = {
  kind: 'not-understood',
  refusal: {
    code: 'not-understood',
    expected: 'a package the advisory is about',
    got: 'none',
    todo: 'add it on GitHub and export again',
  },
};

/** Columns without which no row is a finding, unless an option says it for all rows. */
const neededColumns = ['title', 'package'] as const;

function readCsv(bytes: Uint8Array, { format, columns, given }: ReadOptions): Result<ReadFile> {
  const read = parseCsvFindings(bytes, columns);
  if (!read.ok) {
    const { todo } = read.refusal;
    const guessed = format === undefined && read.refusal.code === 'csv-malformed';
    return guessed ? refuse({ ...read.refusal, todo: `${todo}; ${noCsv}` }) : read;
  }
  const known = read.value.columns;
  if (known.every(({ column }) => column === null)) return refuse(noHeader(known));
  const rows = read.value.rows.map(({ where, finding }) =>
    rowOf(where, finding.ok ? fromCsv(finding.value, given) : finding),
  );
  const missing = neededColumns.filter(
    (name) =>
      !known.some(({ column }) => column === name) &&
      (name === 'title' || given.package === undefined),
  );
  const notes = missing.map((name) => `no column is the ${name}: --column ${name}="…" says which`);
  return readWhole('csv', rows, { columns: known, notes });
}

const noCsv = 'if it is no CSV, export SARIF or another form that import --help names';

function noHeader(columns: ReadFile['columns']): Refusal {
  const headers = columns.slice(0, 10).map(({ header }) => JSON.stringify(header.slice(0, 60)));
  return {
    code: 'csv-column',
    expected: 'CSV with a header of which at least one name is known, such as title or package',
    got: headers.join(', '),
    todo: `say which is which with --column title="…"; ${noCsv}`,
  };
}
