import {
  CrashFinding,
  type collect,
  type FindingDraft,
  NativeFinding,
  type Output,
  type ReportCounts,
} from '@breakwater/contract';
import { headlineOf, readCrash } from '@breakwater/correlation';
import { parseCsaf, toldByCsaf } from '@breakwater/formats/csaf';
import { parseCve, toldByCve } from '@breakwater/formats/cve';
import { detectFormat } from '@breakwater/formats/detect';
import type { ToldFinding } from '@breakwater/formats/finding';
import { parseOsv, toldByOsv } from '@breakwater/formats/osv';
import { readSarifInSteps, type SarifFinding } from '@breakwater/formats/sarif';
import { fromUtf8, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { unhurried } from '../../../platform/clock/breath.ts';

/** What owners do not want is added beside it. */
type Preview = Omit<Output<typeof collect.preview>, 'notWanted'>;

/** More packages than an advisory of one root cause has. */
const draftsMax = 50;
/** What the fields of a submission are called where they must not be missing. */
const needed = ['package', 'version', 'title'] as const;

/**
 * Tells what a file is and what of a submission can be read out of it: a crash report, a finding in
 * our own form, a SARIF log, or an advisory in OSV, CSAF or CVE form. Nothing is kept, and nothing
 * is guessed.
 */
export async function previewFinding(bytes: Uint8Array): Promise<Result<Preview>> {
  const { format, isList, words } = detectFormat(bytes);
  if (isList) return refuse(unknown(words));
  switch (format) {
    case 'native':
      return previewOwn(bytes);
    case 'sarif':
      return await previewSarif(bytes);
    case 'osv':
      return told(format, parseOsv(bytes), toldByOsv);
    case 'csaf':
      return told(format, parseCsaf(bytes), toldByCsaf);
    case 'cve':
      return told(format, parseCve(bytes), toldByCve);
    case 'text':
      return previewCrash(bytes);
    case 'json':
    case 'xml':
    case 'binary':
      return refuse(unknown(words));
    case 'defectdojo':
    case 'github':
      return refuse(unknown(words, 'hand it in with the terminal: breakwater import'));
    case 'cyclonedx':
    case 'spdx':
    case 'package-lock':
      return refuse(unknown(words, 'it lists components: add it as an inventory'));
    case 'openvex':
    case 'kev':
    case 'dsse':
      return refuse(unknown(words, 'it holds no finding'));
  }
}

interface Told {
  readonly findings: readonly ToldFinding[];
  readonly notes: readonly string[];
}

/** Drafts of an advisory, one for each package it is about. */
function told<T>(
  format: Preview['format'],
  advisory: Result<T>,
  toldBy: (advisory: T) => Told,
): Result<Preview> {
  if (!advisory.ok) return refuse(broken(format, advisory.refusal));
  const { findings, notes } = toldBy(advisory.value);
  return ok(draftsOf(format, findings, notes));
}

function draftsOf(
  format: Preview['format'],
  findings: readonly ToldFinding[],
  notes: readonly string[],
): Preview {
  const left = findings.length - draftsMax;
  const more = left > 0 ? [`${left} more findings of the file are left out: ${elsewhere}.`] : [];
  const drafts = findings.slice(0, draftsMax).map(draftOf);
  return { format, drafts, report: null, notes: [...notes, ...more] };
}

const elsewhere = 'hand in the whole file with breakwater import';

function draftOf(finding: ToldFinding): FindingDraft {
  const { title, description, weakness, location, identifiers, cvss, version } = finding;
  return {
    ...empty,
    kind: 'native',
    package: finding.package,
    version,
    title,
    description,
    weakness,
    location: location === null ? null : { ...location },
    identifiers: [...identifiers],
    cvss,
    missing: needed.filter((name) => finding[name] === null),
  };
}

async function previewSarif(bytes: Uint8Array): Promise<Result<Preview>> {
  const log = await unhurried(readSarifInSteps(bytes));
  if (!log.ok) return refuse(broken('sarif', log.refusal));
  const { rows, notes } = log.value;
  const read = rows.flatMap(({ finding }) => (finding.ok ? [finding.value] : []));
  const open = read.filter(({ closedAs }) => closedAs === null);
  const counts: readonly (readonly [number, string])[] = [
    [rows.length - read.length, 'results say nothing and are left out.'],
    [read.length - open.length, 'results are suppressed, passed or gone in the file itself.'],
  ];
  const told = counts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  if (rows.length <= 1) return ok(draftsOf('sarif', open, [...notes, ...told]));
  return ok({ ...draftsOf('sarif', open, notes), report: countsOf(rows.length, read) });
}

const packagesMax = 20;

function countsOf(results: number, read: readonly SarifFinding[]): ReportCounts {
  const taken = read.filter(({ closedAs }) => closedAs === null || closedAs === 'suppressed');
  const findings = taken.filter(({ closedAs }) => closedAs === null);
  const packages = Map.groupBy(
    taken.filter((each) => each.package !== null),
    (each) => each.package ?? '',
  );
  return {
    results,
    findings: findings.length,
    suppressed: taken.length - findings.length,
    leftOut: read.length - taken.length,
    refused: results - read.length,
    packages: [...packages]
      .map(([name, of]) => ({ package: name, findings: of.length }))
      .toSorted((a, b) => b.findings - a.findings)
      .slice(0, packagesMax),
    withoutPackage: taken.filter((each) => each.package === null).length,
    withoutVersion: taken.filter((each) => each.version === null).length,
  };
}

function previewOwn(bytes: Uint8Array): Result<Preview> {
  const json = jsonOf(textOf(bytes));
  if (json === null) return refuse(unknown('JSON that breaks off'));
  return ok(own(json, json['kind'] === 'crash' ? CrashFinding : NativeFinding));
}

function previewCrash(bytes: Uint8Array): Result<Preview> {
  const text = textOf(bytes);
  if (text === null) return refuse(unknown('bytes that are no text'));
  const crash = readCrash(text);
  if (!crash.ok) return refuse(unknown('a text in which no crash is reported'));
  const { type, security, state } = crash.value;
  const draft: FindingDraft = {
    ...empty,
    kind: 'crash',
    title: headlineOf(crash.value),
    crash: { type, security, state: [...state] },
    missing: ['package', 'version', 'input'],
  };
  const notes = ['A report does not hold the input that triggers the crash: add that file.'];
  return ok({ format: 'sanitizer-report', drafts: [draft], report: null, notes });
}

const empty: Omit<FindingDraft, 'kind' | 'missing'> = {
  package: null,
  version: null,
  recipe: null,
  title: null,
  description: null,
  weakness: null,
  location: null,
  identifiers: [],
  cvss: null,
  crash: null,
};

/** The fields of both forms that a draft shows. */
const Given = z
  .object({ ...NativeFinding.shape, ...CrashFinding.shape })
  .omit({ kind: true })
  .partial();

/** A finding in our own form, field by field: what has the wrong form is named, not dropped. */
function own(json: Json, form: z.ZodObject): Preview {
  const notes: string[] = [];
  const fields: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const [name, field] of Object.entries(form.shape)) {
    const read = field.safeParse(json[name]);
    if (read.success) fields[name] = read.data;
    else {
      missing.push(name);
      if (json[name] !== undefined) notes.push(`The field ${name} is not of its form.`);
    }
  }
  for (const name of Object.keys(json)) {
    if (!(name in form.shape))
      notes.push(`There is no field ${JSON.stringify(name).slice(0, 80)}.`);
  }
  const given = Given.parse(fields);
  const report = given.report === undefined ? null : readCrash(given.report);
  if (report?.ok === false) notes.push('In the field report no crash can be read.');
  const crash = report?.ok === true ? report.value : null;
  const draft: FindingDraft = {
    kind: json['kind'] === 'crash' ? 'crash' : 'native',
    package: given.package ?? null,
    version: given.version ?? null,
    recipe: given.recipe ?? null,
    title: given.title ?? null,
    description: given.description ?? null,
    weakness: given.weakness ?? null,
    location: given.location ?? null,
    identifiers: given.identifiers ?? [],
    cvss: given.cvss ?? null,
    crash: crash && { type: crash.type, security: crash.security, state: [...crash.state] },
    missing,
  };
  return { format: 'native', drafts: [draft], report: null, notes };
}

type Json = Readonly<Record<string, unknown>>;

function jsonOf(text: string | null): Json | null {
  try {
    return text === null ? null : (JSON.parse(text.replace(/^\uFEFF/, '')) as Json); // it begins with a brace
  } catch {
    return null;
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return fromUtf8(bytes);
  } catch {
    return null;
  }
}

function unknown(
  got: string,
  todo = 'export the finding in one of these forms, or write it by hand',
) {
  return {
    code: 'format-unknown',
    expected: 'a crash report, a finding in our own form, SARIF, or an OSV, CSAF or CVE advisory',
    got,
    todo,
    pointer: '/file',
  } as const;
}

/** The format is known and the file breaks its rules: it is told where. */
function broken(format: Preview['format'], { expected, got, todo }: Refusal) {
  return {
    code: 'format-unknown',
    expected,
    got: `${format}: ${got}`,
    todo,
    pointer: '/file',
  } as const;
}
