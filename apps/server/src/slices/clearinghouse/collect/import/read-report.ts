import {
  type Body,
  type collect,
  FindingSubmission,
  FindingsFile,
  reportLimits,
} from '@breakwater/contract';
import {
  createNumbering,
  identityOfSarif,
  readSarifInSteps,
  type SarifFinding,
  type SarifRow,
  sarifToolName,
} from '@breakwater/formats/sarif';
import { fromUtf8, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { createBreath, unhurried } from '../../../../platform/clock/breath.ts';

/** What is said beside a report, about findings that do not say it themselves. */
export type Given = Pick<Body<typeof collect.import>, 'package' | 'version' | 'recipe' | 'marking'>;

/** One element of a report as a finding that can be handed in. */
export interface FoundRow {
  readonly where: string;
  readonly kind: 'finding';
  readonly body: FindingSubmission;
  /** By what it is known again in the next report of the same reporter. */
  readonly identity: string;
  /** By what others' findings of the same tool are known as the same; null: by nothing of the tool. */
  readonly fingerprint: string | null;
  readonly suppressed: boolean;
}

export type ReadRow =
  | FoundRow
  | { readonly where: string; readonly kind: 'left-out'; readonly why: string }
  | { readonly where: string; readonly kind: 'refused'; readonly refusal: Refusal };

export interface ReadReport {
  readonly rows: readonly ReadRow[];
  /** What is in the file and in no finding, in whole sentences. */
  readonly notes: readonly string[];
  /** Whose next report it is; null where the file does not tell which tools it is of. */
  readonly series: string | null;
}

export type ReportCode = 'report-unreadable' | 'too-many-findings';

/**
 * Reads a report; an element that is no finding is refused by itself, the others are read. Others are
 * served meanwhile: the largest takes seconds.
 */
export async function readReport(
  bytes: Uint8Array,
  format: Body<typeof collect.import>['format'],
  given: Given,
): Promise<Result<ReadReport, ReportCode>> {
  const read = format === 'sarif' ? await readSarifReport(bytes, given) : await readOwn(bytes);
  if (!read.ok || read.value.rows.length <= reportLimits.findingsMax) return read;
  return refuse({
    code: 'too-many-findings' as const,
    expected: `at most ${reportLimits.findingsMax} findings in one report`,
    got: `${read.value.rows.length}`,
    todo: 'hand it in with the command line tool, which sends it in parts, or split it by run',
    pointer: '/file',
  });
}

async function readSarifReport(
  bytes: Uint8Array,
  given: Given,
): Promise<Result<ReadReport, ReportCode>> {
  const log = await unhurried(readSarifInSteps(bytes));
  if (!log.ok) {
    return refuse({ ...log.refusal, code: 'report-unreadable' as const, pointer: '/file' });
  }
  const { rows, runs, notes } = log.value;
  const numbered = createNumbering();
  const tools = new Set(runs.map(({ tool }) => sarifToolName(tool)));
  const breath = createBreath();
  const read: ReadRow[] = [];
  for (const row of rows) {
    read.push(rowOf(row, given, numbered));
    await breath();
  }
  const series = JSON.stringify(['sarif', [...tools].toSorted(), given.package ?? null]);
  return ok({ notes, series, rows: read });
}

function rowOf(
  { pointer: where, finding }: SarifRow,
  given: Given,
  numbered: ReturnType<typeof createNumbering>,
): ReadRow {
  if (!finding.ok) return { where, kind: 'refused', refusal: finding.refusal };
  const { closedAs } = finding.value;
  if (closedAs !== null && closedAs !== 'suppressed') {
    return { where, kind: 'left-out', why: `its tool says: ${closedAs}` };
  }
  const body = bodyOf(finding.value, given);
  if (!body.ok) return { where, kind: 'refused', refusal: body.refusal };
  const { stable, text } = identityOfSarif(finding.value);
  const name = body.value.package;
  const identity = numbered(`${name}\n${text}`);
  const fingerprint = stable ? identity.slice(name.length + 1) : null;
  const suppressed = closedAs === 'suppressed';
  return { where, kind: 'finding', body: body.value, identity, fingerprint, suppressed };
}

function bodyOf(told: SarifFinding, given: Given): Result<FindingSubmission> {
  const name = told.package ?? given.package;
  if (name === undefined) {
    return missing('a package URL', 'say which package was looked at, such as pkg:npm/flat');
  }
  const version = told.version ?? given.version;
  if (version === undefined) return missing('a version', 'say which version was looked at');
  const { title, description, weakness, location, identifiers, cvss, tool } = told;
  const parsed = FindingSubmission.safeParse({
    kind: 'native',
    package: name,
    version,
    title,
    description,
    identifiers: [...identifiers],
    ...(weakness === null ? {} : { weakness }),
    ...(location === null ? {} : { location }),
    ...(cvss === null ? {} : { cvss }),
    ...(tool === null ? {} : { tool }),
    ...(given.recipe === undefined ? {} : { recipe: given.recipe }),
    ...(given.marking === undefined ? {} : { marking: given.marking }),
  });
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return refuse({
    code: 'row-malformed' as const,
    expected: issue?.message.slice(0, 300) ?? 'a finding',
    got: `another ${(issue?.path ?? []).map(String).join('.') || 'form'}`,
    todo: 'correct it in the tool that wrote the file, or leave the result out',
  });
}

function missing(expected: string, todo: string): Result<never> {
  return refuse({ code: 'row-incomplete', expected, got: 'none', todo });
}

/** The file as a whole; its elements are held against `FindingsFile` one by one. */
const Findings = z.strictObject({
  findings: z.array(z.unknown()).max(reportLimits.findingsMax),
});

async function readOwn(bytes: Uint8Array): Promise<Result<ReadReport, ReportCode>> {
  let json: unknown;
  try {
    json = JSON.parse(fromUtf8(bytes));
  } catch {
    return unreadable('bytes that are no JSON in UTF-8');
  }
  const file = Findings.safeParse(json);
  if (!file.success) return unreadable(wordsOf(file.error, ''));
  const breath = createBreath();
  const rows: ReadRow[] = [];
  for (const [i, element] of file.data.findings.entries()) {
    const read = FindingsFile.shape.findings.element.safeParse(element);
    if (!read.success) return unreadable(wordsOf(read.error, `/findings/${i}`));
    rows.push(ownRow(read.data, i));
    await breath();
  }
  return ok({ rows, notes: [], series: null });
}

function ownRow(each: z.output<typeof FindingsFile>['findings'][number], i: number): ReadRow {
  const { where = `/findings/${i}`, finding: body, fingerprint = null } = each;
  const same = fingerprint === null ? null : `${body.package}\n${fingerprint}`;
  const identity = same ?? `finding\n${JSON.stringify(body)}`;
  const suppressed = each.suppressed ?? false;
  return { where, kind: 'finding', body, identity, fingerprint: same, suppressed };
}

function wordsOf(error: z.ZodError, within: string): string {
  const [issue] = error.issues;
  const at = (issue?.path ?? []).map((step) => `/${String(step)}`).join('');
  return `${within}${at || (within === '' ? '/' : '')}: ${issue?.message.slice(0, 300) ?? 'another form'}`;
}

function unreadable(got: string): Result<never, 'report-unreadable'> {
  return refuse({
    code: 'report-unreadable' as const,
    expected: 'findings in our own form: {"findings": [{"finding": {"kind": "native", …}}]}',
    got,
    todo: 'correct the file; docs/openapi.json describes the form',
    pointer: '/file',
  });
}
