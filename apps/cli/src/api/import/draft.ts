import { FindingSubmission } from '@breakwater/contract';
import type { CsvFinding } from '@breakwater/formats/csv-findings';
import type { DojoFinding } from '@breakwater/formats/defectdojo';
import type { ToldFinding } from '@breakwater/formats/finding';
import {
  type GithubAdvisory,
  type GithubVulnerability,
  purlTypeOf,
  versionIn,
} from '@breakwater/formats/github-advisory';
import { buildPurl, parsePurl } from '@breakwater/formats/purl';
import { ok, type Result, refuse } from '@breakwater/kernel';

/** What a person says about all rows that do not say it themselves. */
export interface Given {
  readonly package?: string | undefined;
  readonly packageType?: string | undefined;
  readonly version?: string | undefined;
  readonly marking?: string | undefined;
  readonly recipe?: string | undefined;
}

/** A finding as it is handed in, and the changes that were needed for it. */
export interface Draft {
  readonly body: FindingSubmission;
  readonly notes: readonly string[];
}

type Drafted = Result<Draft, 'not-understood'>;

/** What a row says of a finding, before it is held against the contract. */
interface Parts {
  readonly package: string | null;
  readonly version: string | null;
  readonly title: string;
  readonly description: string;
  readonly weakness?: string | undefined;
  readonly identifiers?: readonly string[];
  readonly location?: { path: string; line?: number; function?: string } | undefined;
  readonly cvss?: string | undefined;
  readonly tool?: string | undefined;
  readonly recipe?: string | undefined;
}

/** A finding of DefectDojo. */
export function fromDojo(finding: DojoFinding, given: Given): Drafted {
  const { component, file, weakness, cvss } = finding;
  const parts = [
    finding.description,
    section('Steps to reproduce', finding.stepsToReproduce),
    section('Impact', finding.impact),
    section('Mitigation', finding.mitigation),
  ];
  return draft(
    {
      package: component?.name ?? null,
      version: component?.version ?? null,
      title: finding.title,
      description: parts.filter((part) => part !== '').join('\n\n'),
      weakness: weakness ?? undefined,
      identifiers: finding.identifiers,
      location:
        file === null
          ? undefined
          : { path: file.path, ...(file.line === null ? {} : { line: file.line }) },
      cvss: cvss ?? undefined,
      tool: 'imported from DefectDojo',
    },
    given,
  );
}

/** An advisory of GitHub, as far as it is about one package. */
export function fromGithub(
  advisory: GithubAdvisory,
  about: GithubVulnerability,
  given: Given,
): Drafted {
  const type = purlTypeOf(about.ecosystem);
  const purl = type === null ? null : purlOf(type, about.name);
  const range = about.range ?? '';
  const [weakness] = advisory.weaknesses;
  const more = section('Affected versions, as the advisory says', range === '' ? null : range);
  const name = about.functions[0];
  return draft(
    {
      package: purl,
      version: versionIn(range),
      title: advisory.summary,
      description: [advisory.description, more].filter((part) => part !== '').join('\n\n'),
      weakness,
      identifiers: advisory.identifiers,
      ...(name === undefined ? {} : { location: { path: about.name, function: name } }),
      cvss: advisory.cvss ?? undefined,
      tool: 'imported from GitHub advisories',
    },
    given,
  );
}

/** A row of a CSV file. */
export function fromCsv(row: CsvFinding, given: Given): Drafted {
  const number = row.weakness?.replace(/^CWE-?/i, '').trim();
  const line = row.line === undefined ? undefined : Number(row.line);
  const path = row.path ?? (row.function === undefined ? undefined : 'not given');
  return draft(
    {
      package: row.package ?? null,
      version: row.version ?? null,
      title: row.title ?? '',
      description: row.description ?? row.title ?? '',
      weakness:
        number === undefined || number === '' || number === '0' ? undefined : `CWE-${number}`,
      identifiers: (row.identifiers ?? '').split(/[\s,;|]+/).filter((id) => id !== ''),
      location:
        path === undefined
          ? undefined
          : {
              path,
              ...(line === undefined ? {} : { line }),
              ...(row.function === undefined ? {} : { function: row.function }),
            },
      cvss: row.cvss,
      tool: row.tool,
      recipe: row.recipe,
    },
    given,
  );
}

/** A finding as its format's reader tells it: a result of SARIF, or an advisory on one package. */
export function fromTold(told: ToldFinding, given: Given): Drafted {
  const { location, weakness, cvss, tool } = told;
  return draft(
    {
      package: told.package,
      version: told.version,
      title: told.title,
      description: told.description,
      weakness: weakness ?? undefined,
      identifiers: told.identifiers,
      location: location ?? undefined,
      cvss: cvss ?? undefined,
      tool: tool ?? undefined,
    },
    given,
  );
}

const titleMax = 300;
const proseMax = 100_000;

function draft(parts: Parts, given: Given): Drafted {
  const named = packageOf(parts.package, given);
  if (named === null) return no('a package URL, such as pkg:npm/flat', packageToDo(parts));
  const version = parts.version ?? named.version ?? given.version;
  if (version === undefined) {
    return no(
      'the version it was found in',
      'add it to the row, or give --version for all without',
    );
  }
  const notes: string[] = [];
  const title = cut(parts.title.replace(/\s+/g, ' ').trim(), titleMax, 'title', notes);
  const description = cut(parts.description || title, proseMax, 'description', notes);
  const identifiers = [...new Set(parts.identifiers ?? [])];
  if (identifiers.length > 20) notes.push(`${identifiers.length - 20} identifiers left out`);
  const recipe = parts.recipe ?? given.recipe;
  const { weakness, location, cvss, tool } = parts;
  const parsed = FindingSubmission.safeParse({
    kind: 'native',
    package: named.purl,
    version,
    title,
    description,
    identifiers: identifiers.slice(0, 20),
    ...(given.marking === undefined ? {} : { marking: given.marking }),
    ...(weakness === undefined ? {} : { weakness }),
    ...(location === undefined ? {} : { location }),
    ...(cvss === undefined ? {} : { cvss }),
    ...(tool === undefined ? {} : { tool }),
    ...(recipe === undefined ? {} : { recipe }),
  });
  if (parsed.success) return ok({ body: parsed.data, notes });
  const [issue] = parsed.error.issues;
  const where = (issue?.path ?? []).map(String).join('.');
  return refuse({
    code: 'not-understood' as const,
    expected: `${where || 'a finding'}: ${issue?.message ?? 'another form'}`,
    got: 'another value',
    todo: 'correct it where it comes from',
  });
}

/** A package URL as written, or made of a name and `--package-type`, or the one given for all. */
function packageOf(
  text: string | null,
  given: Given,
): { readonly purl: string; readonly version?: string } | null {
  if (text !== null && /^pkg:/i.test(text)) {
    const purl = parsePurl(text);
    if (!purl.ok) return null;
    const { type, namespace, name, version } = purl.value;
    const bare = buildPurl({ type, namespace, name });
    if (!bare.ok) return null;
    return { purl: bare.value.canonical, ...(version === undefined ? {} : { version }) };
  }
  if (text !== null && given.packageType !== undefined) {
    const purl = purlOf(given.packageType, text);
    return purl === null ? null : { purl };
  }
  return given.package === undefined ? null : { purl: given.package };
}

/** Names carry their namespace before a slash, in Maven before a colon. */
function purlOf(type: string, name: string): string | null {
  const parts = name.split(type === 'maven' ? ':' : '/');
  const last = parts.pop() ?? '';
  const namespace = parts.length === 0 ? undefined : parts.join('/');
  const purl = buildPurl({ type, namespace, name: last });
  return purl.ok ? purl.value.canonical : null;
}

function packageToDo({ package: text }: Parts): string {
  return text === null
    ? 'add it to the row, or give --package for all without'
    : `${JSON.stringify(text.slice(0, 80))} is a name alone: say of which kind, such as --package-type npm`;
}

function cut(text: string, max: number, what: string, notes: string[]): string {
  if (text.length <= max) return text;
  notes.push(`${what} cut at ${max} characters`);
  return `${text.slice(0, max - 1)}…`;
}

function section(title: string, text: string | null): string {
  return text === null ? '' : `${title}:\n${text}`;
}

function no(expected: string, todo: string): Result<never, 'not-understood'> {
  return refuse({ code: 'not-understood' as const, expected, got: 'none', todo });
}
