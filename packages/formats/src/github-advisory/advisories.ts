import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { asObject, type JsonRefusal, readJson } from '../json/read-json.ts';

/** One package an advisory is about. */
export interface GithubVulnerability {
  /** As GitHub names it: `pip`, `rubygems`. */
  readonly ecosystem: string;
  readonly name: string;
  readonly range: string | null;
  readonly functions: readonly string[];
}

/** A security advisory of GitHub's REST API, of a repository or of the global database. */
export interface GithubAdvisory {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly weaknesses: readonly string[];
  /** The GHSA id first, then CVE and others. */
  readonly identifiers: readonly string[];
  readonly cvss: string | null;
  readonly vulnerabilities: readonly GithubVulnerability[];
  /** Why nobody should act on it any more; null where they should. */
  readonly closedAs: 'withdrawn' | 'closed' | null;
}

export interface GithubAdvisoryRow {
  readonly pointer: string;
  readonly advisory: Result<GithubAdvisory, 'row-malformed'>;
}

export type GithubCode = JsonRefusal | 'github-unknown';

export const githubLimits = {
  bytesMax: 64 * 1024 * 1024,
  depthMax: 32,
  rowsMax: 100_000,
} as const;

const Line = z.string().max(2_000);
const Cvss = z.object({ vector_string: z.string().max(300).nullish() }).nullish();

/**
 * Fields of `repository-advisory` and `global-advisory` (GitHub REST API, version 2022-11-28) that
 * are used here; others are ignored.
 */
const Advisory = z.object({
  ghsa_id: z.string().regex(/^GHSA(-[23456789cfghjmpqrvwx]{4}){3}$/),
  cve_id: z.string().max(30).nullish(),
  summary: Line.min(1),
  description: z.string().max(200_000).nullish(),
  vulnerabilities: z
    .array(
      z.object({
        package: z.object({ ecosystem: Line, name: Line.nullish() }).nullish(),
        vulnerable_version_range: Line.nullish(),
        vulnerable_functions: z.array(Line).max(1_000).nullish(),
      }),
    )
    .max(1_000)
    .nullish(),
  cwe_ids: z.array(Line).max(100).nullish(),
  cwes: z
    .array(z.object({ cwe_id: Line }))
    .max(100)
    .nullish(),
  identifiers: z
    .array(z.object({ type: Line, value: Line }))
    .max(100)
    .nullish(),
  cvss: Cvss,
  cvss_severities: z.object({ cvss_v3: Cvss, cvss_v4: Cvss }).nullish(),
  state: Line.nullish(),
  withdrawn_at: Line.nullish(),
});

/**
 * Reads security advisories as GitHub's REST API gives them: one, or a list.
 *
 * Out: each with what was read of it, or why it was not; a refusal where the file is none. OSV
 * records, as in GitHub's advisory database, are another format and refused as such.
 */
export function parseGithubAdvisories(
  bytes: Uint8Array,
): Result<readonly GithubAdvisoryRow[], GithubCode> {
  const json = readJson(bytes, githubLimits);
  if (!json.ok) return json;
  const single = !Array.isArray(json.value);
  const list: readonly unknown[] = Array.isArray(json.value) ? json.value : [json.value];
  const isOne = (value: unknown) => typeof asObject(value)?.['ghsa_id'] === 'string';
  if (list.length > githubLimits.rowsMax || (list.length > 0 && !list.some(isOne))) {
    return refuse({
      code: 'github-unknown' as const,
      expected: `security advisories of GitHub's REST API, at most ${githubLimits.rowsMax}`,
      got: list.some(isOne) ? `${list.length}` : 'a JSON document without a ghsa_id',
      todo: 'export them with GET /repos/{owner}/{repo}/security-advisories',
    });
  }
  return ok(
    list.map((value, index) => {
      const pointer = single ? '' : `/${index}`;
      return { pointer, advisory: readAdvisory(value, pointer) };
    }),
  );
}

function readAdvisory(value: unknown, pointer: string): Result<GithubAdvisory, 'row-malformed'> {
  const parsed = Advisory.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse({
      code: 'row-malformed' as const,
      expected: 'an advisory as GitHub writes it',
      got: `${(issue?.path ?? []).map(String).join('.')}: ${issue?.message ?? 'another form'}`,
      todo: 'export it again, unchanged',
      pointer,
    });
  }
  const { data } = parsed;
  return ok({
    id: data.ghsa_id,
    summary: data.summary,
    description: data.description ?? '',
    weaknesses: data.cwe_ids ?? data.cwes?.map(({ cwe_id: id }) => id) ?? [],
    identifiers: identifiersOf(data),
    cvss: cvssOf(data),
    vulnerabilities: (data.vulnerabilities ?? []).flatMap((each) => {
      const { package: named, vulnerable_version_range: range } = each;
      if (named === undefined || named === null || (named.name ?? '') === '') return [];
      const functions = each.vulnerable_functions ?? [];
      return [
        { ecosystem: named.ecosystem, name: named.name ?? '', range: range ?? null, functions },
      ];
    }),
    closedAs: closedAs(data),
  });
}

function closedAs(data: z.infer<typeof Advisory>): GithubAdvisory['closedAs'] {
  if ((data.withdrawn_at ?? '') !== '') return 'withdrawn';
  return data.state === 'closed' ? 'closed' : null;
}

function cvssOf({ cvss, cvss_severities: by }: z.infer<typeof Advisory>): string | null {
  const vectors = [by?.cvss_v4, by?.cvss_v3, cvss].map((each) => each?.vector_string ?? '');
  return vectors.find((vector) => vector !== '') ?? null;
}

function identifiersOf(data: z.infer<typeof Advisory>): string[] {
  const more = (data.identifiers ?? []).map(({ value }) => value);
  return [...new Set([data.ghsa_id, data.cve_id ?? '', ...more])].filter((id) => id !== '');
}
