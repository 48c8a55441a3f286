import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { asObject, type JsonRefusal, readJson } from '../json/read-json.ts';

/** One finding as DefectDojo has it: what of it others can use. */
export interface DojoFinding {
  readonly title: string;
  readonly description: string;
  /** `CWE-79`; null where none is named (DefectDojo writes 0). */
  readonly weakness: string | null;
  /** CVE, GHSA and the like. */
  readonly identifiers: readonly string[];
  readonly component: { readonly name: string; readonly version: string | null } | null;
  readonly file: { readonly path: string; readonly line: number | null } | null;
  /** A CVSS vector, the newest version of those given. */
  readonly cvss: string | null;
  readonly impact: string | null;
  readonly mitigation: string | null;
  readonly stepsToReproduce: string | null;
  /** Why DefectDojo itself does not count it as open; empty where it does. */
  readonly closedAs: readonly ('duplicate' | 'false-positive' | 'out-of-scope' | 'mitigated')[];
}

/** One element of the export, at its place. */
export interface DojoRow {
  readonly pointer: string;
  readonly finding: Result<DojoFinding, 'row-malformed'>;
}

export type DojoCode = JsonRefusal | 'dojo-unknown';

export const dojoLimits = {
  bytesMax: 64 * 1024 * 1024,
  depthMax: 32,
  rowsMax: 100_000,
} as const;

const Text = z.string().max(200_000);
const Optional = Text.nullish();

/**
 * Fields of `Finding` in DefectDojo's API v2 (its OpenAPI document), and of its generic findings
 * file, which writes `cve` where the API has `vulnerability_ids`; others are ignored.
 */
const Finding = z.object({
  title: Text.min(1),
  description: Optional,
  cwe: z.union([z.int().min(0).max(999_999), z.null()]).optional(),
  cve: Optional,
  vulnerability_ids: z
    .array(z.union([z.string().max(200), z.object({ vulnerability_id: z.string().max(200) })]))
    .max(1_000)
    .nullish(),
  component_name: Optional,
  component_version: Optional,
  file_path: Optional,
  line: z.int().nullish(),
  cvssv3: Optional,
  cvssv4: Optional,
  impact: Optional,
  mitigation: Optional,
  steps_to_reproduce: Optional,
  duplicate: z.boolean().nullish(),
  false_p: z.boolean().nullish(),
  out_of_scope: z.boolean().nullish(),
  is_mitigated: z.boolean().nullish(),
});

/**
 * Reads findings exported from DefectDojo: a page of `GET /api/v2/findings/` (`results`), the
 * generic findings file (`findings`), or a list of such findings.
 *
 * Out: each element with what was read of it, or why it was not; a refusal where the file is none.
 */
export function parseDojoExport(bytes: Uint8Array): Result<readonly DojoRow[], DojoCode> {
  const json = readJson(bytes, dojoLimits);
  if (!json.ok) return json;
  const found = listIn(json.value);
  if (found === null || found.list.length > dojoLimits.rowsMax) {
    return refuse({
      code: 'dojo-unknown' as const,
      expected: `DefectDojo findings: {"results": […]} or {"findings": […]}, at most ${dojoLimits.rowsMax}`,
      got: found === null ? 'another JSON document' : `${found.list.length} findings`,
      todo: 'export them with GET /api/v2/findings/ of DefectDojo',
    });
  }
  return ok(
    found.list.map((value, index) => {
      const pointer = `${found.pointer}/${index}`;
      return { pointer, finding: readFinding(value, pointer) };
    }),
  );
}

function listIn(value: unknown): { list: readonly unknown[]; pointer: string } | null {
  if (Array.isArray(value)) return { list: value, pointer: '' };
  const root = asObject(value);
  for (const name of ['results', 'findings']) {
    const list = root?.[name];
    if (Array.isArray(list)) return { list, pointer: `/${name}` };
  }
  return null;
}

function readFinding(value: unknown, pointer: string): Result<DojoFinding, 'row-malformed'> {
  const parsed = Finding.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse({
      code: 'row-malformed' as const,
      expected: 'a finding as DefectDojo writes it',
      got: `${(issue?.path ?? []).map(String).join('.')}: ${issue?.message ?? 'another form'}`,
      todo: 'correct it in DefectDojo and export again',
      pointer,
    });
  }
  const { data } = parsed;
  const { title, description, cwe, component_name: name, file_path: file } = data;
  return ok({
    title,
    description: textOf(description) ?? '',
    weakness: cwe === undefined || cwe === null || cwe === 0 ? null : `CWE-${cwe}`,
    identifiers: identifiersOf(data),
    component: textOf(name) === null ? null : componentOf(data),
    file: textOf(file) === null ? null : { path: file ?? '', line: positive(data.line) },
    cvss: textOf(data.cvssv4) ?? textOf(data.cvssv3),
    impact: textOf(data.impact),
    mitigation: textOf(data.mitigation),
    stepsToReproduce: textOf(data.steps_to_reproduce),
    closedAs: [
      ...(data.duplicate === true ? (['duplicate'] as const) : []),
      ...(data.false_p === true ? (['false-positive'] as const) : []),
      ...(data.out_of_scope === true ? (['out-of-scope'] as const) : []),
      ...(data.is_mitigated === true ? (['mitigated'] as const) : []),
    ],
  });
}

function componentOf(data: z.infer<typeof Finding>) {
  return { name: data.component_name?.trim() ?? '', version: textOf(data.component_version) };
}

function identifiersOf({ cve, vulnerability_ids: ids }: z.infer<typeof Finding>): string[] {
  const all = [
    cve ?? '',
    ...(ids ?? []).map((id) => (typeof id === 'string' ? id : id.vulnerability_id)),
  ];
  return [...new Set(all.map((id) => id.trim()).filter((id) => id !== ''))];
}

function textOf(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function positive(line: number | null | undefined): number | null {
  return line !== undefined && line !== null && line > 0 ? line : null;
}
