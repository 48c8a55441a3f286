import {
  type CsvColumn,
  type CsvFindings,
  parseCsvFindings,
} from '@breakwater/formats/csv-findings';
import { parseDojoExport } from '@breakwater/formats/defectdojo';
import { parseGithubAdvisories } from '@breakwater/formats/github-advisory';
import { ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { type Draft, fromCsv, fromDojo, fromGithub, type Given } from './draft.ts';

export const importFormats = ['defectdojo', 'github', 'csv'] as const;
export type ImportFormat = (typeof importFormats)[number];

/** What one element of the file came to. */
export interface ImportRow {
  /** Where in the file: `line 12`, `/results/3`. */
  readonly where: string;
  readonly outcome:
    | { readonly kind: 'understood'; readonly draft: Draft }
    | { readonly kind: 'left-out'; readonly why: string }
    | { readonly kind: 'not-understood'; readonly refusal: Refusal };
}

export interface ReadFile {
  readonly format: ImportFormat;
  readonly rows: readonly ImportRow[];
  /** For CSV: what each column was taken for. */
  readonly columns: CsvFindings['columns'];
}

export interface ReadOptions {
  readonly format?: ImportFormat | undefined;
  readonly columns: Readonly<Partial<Record<CsvColumn, string>>>;
  readonly given: Given;
}

/** Reads a file of findings in any of the formats; its content tells which, unless it is said. */
export function readFindings(bytes: Uint8Array, options: ReadOptions): Result<ReadFile> {
  const format = options.format ?? detect(bytes);
  switch (format) {
    case 'defectdojo':
      return readDojo(bytes, options.given);
    case 'github':
      return readGithub(bytes, options.given);
    case 'csv':
      return readCsv(bytes, options);
    case null:
      return refuse({
        code: 'format-unknown',
        expected: 'a DefectDojo export or GitHub advisories (JSON), or a CSV file with a header',
        got: 'another JSON document',
        todo: 'export it in one of these forms, or say which with --format',
      });
  }
}

/** JSON begins with a brace or bracket; which JSON it is shows in its first members. */
function detect(bytes: Uint8Array): ImportFormat | null {
  const head = new TextDecoder().decode(bytes.subarray(0, 65_536)).replace(/^\uFEFF/, '');
  if (!/^\s*[{[]/.test(head)) return 'csv';
  if (/"ghsa_id"\s*:/.test(head)) return 'github';
  return /"(results|findings|title)"\s*:/.test(head) ? 'defectdojo' : null;
}

function rowOf(where: string, drafted: Result<Draft>): ImportRow {
  return drafted.ok
    ? { where, outcome: { kind: 'understood', draft: drafted.value } }
    : { where, outcome: { kind: 'not-understood', refusal: drafted.refusal } };
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
  return ok({ format: 'defectdojo', rows, columns: [] });
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
  return ok({ format: 'github', rows, columns: [] });
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

function readCsv(bytes: Uint8Array, { columns, given }: ReadOptions): Result<ReadFile> {
  const read = parseCsvFindings(bytes, columns);
  if (!read.ok) return read;
  const rows = read.value.rows.map(({ where, finding }) =>
    rowOf(where, finding.ok ? fromCsv(finding.value, given) : finding),
  );
  return ok({ format: 'csv', rows, columns: read.value.columns });
}
