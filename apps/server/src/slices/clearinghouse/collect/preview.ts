import {
  CrashFinding,
  type collect,
  type FindingDraft,
  NativeFinding,
  type Output,
} from '@breakwater/contract';
import { headlineOf, readCrash } from '@breakwater/correlation';
import { type OsvRecord, parseOsv } from '@breakwater/formats/osv';
import { parsePurl } from '@breakwater/formats/purl';
import { fromUtf8, ok, type Result, refuse, utf8 } from '@breakwater/kernel';
import { z } from 'zod';

type Preview = Output<typeof collect.preview>;

/** More packages than an advisory of one root cause has. */
const draftsMax = 50;
/** What the fields of a submission are called where they must not be missing. */
const needed = ['package', 'version', 'title'] as const;

/**
 * Tells what a file is and what of a submission can be read out of it: a crash report, a finding
 * in our own form, or an OSV record. Nothing is kept, and nothing is guessed.
 */
export function previewFinding(bytes: Uint8Array): Result<Preview> {
  const text = textOf(bytes);
  if (text === null) return refuse(unknown('bytes that are no text'));
  const json = /^\s*\{/.test(text) ? jsonOf(text) : null;
  if (json !== null) {
    if (json['kind'] === 'native') return ok(own(json, NativeFinding));
    if (json['kind'] === 'crash') return ok(own(json, CrashFinding));
    const osv = parseOsv(utf8(text));
    return osv.ok ? ok(ofOsv(osv.value)) : refuse(unknown('JSON that is neither'));
  }
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
  return ok({ format: 'sanitizer-report', drafts: [draft], notes });
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
  return { format: 'native', drafts: [draft], notes };
}

/** One draft for each package of the record. */
function ofOsv(record: OsvRecord): Preview {
  const affected = (record.affected ?? []).slice(0, draftsMax);
  const notes: string[] = [];
  const drafts = affected.flatMap((each): FindingDraft[] => {
    const purl = each.package?.purl === undefined ? null : parsePurl(each.package.purl);
    if (each.package === undefined) return [];
    const of = purl?.ok ? nameOf(purl.value) : null;
    if (of === null) notes.push(`No package URL is given for ${each.package.name.slice(0, 200)}.`);
    const known = {
      ...empty,
      package: of,
      version: each.versions?.at(-1) ?? null,
      title: record.summary?.slice(0, 300) ?? null,
      description: record.details?.slice(0, 100_000) ?? null,
      weakness: weaknessOf(record),
      identifiers: [record.id, ...(record.aliases ?? [])].slice(0, 20),
      cvss: record.severity?.find((s) => s.type.startsWith('CVSS_'))?.score ?? null,
    };
    const missing = [
      ...needed.filter((name) => known[name] === null),
      ...(known.description === null ? ['description'] : []),
    ];
    return [{ ...known, kind: 'native', missing }];
  });
  if (record.withdrawn !== undefined)
    notes.push(`The record was withdrawn on ${record.withdrawn}.`);
  const left = (record.affected ?? []).length - affected.length;
  if (left > 0) notes.push(`${left} more packages of the record are left out.`);
  if (drafts.length === 0) notes.push('The record names no package.');
  return { format: 'osv', drafts, notes };
}

/** GitHub's advisories carry the weakness where the schema leaves room for it. */
function weaknessOf({ database_specific: more }: OsvRecord): string | null {
  const ids = more?.['cwe_ids'];
  const first: unknown = Array.isArray(ids) ? ids[0] : null;
  return typeof first === 'string' && /^CWE-\d{1,6}$/.test(first) ? first : null;
}

function nameOf(purl: { type: string; namespace?: string | null; name: string }): string {
  const namespace = purl.namespace == null || purl.namespace === '' ? '' : `${purl.namespace}/`;
  return `pkg:${purl.type}/${namespace}${purl.name}`;
}

type Json = Readonly<Record<string, unknown>>;

function jsonOf(text: string): Json | null {
  try {
    return JSON.parse(text) as Json; // it begins with a brace
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

function unknown(got: string) {
  return {
    code: 'format-unknown',
    expected: 'a crash report, a finding in our own form (JSON), or an OSV record',
    got,
    todo: 'export the finding in one of these forms, or fill in the form by hand',
    pointer: '/file',
  } as const;
}
