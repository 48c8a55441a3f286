import { ok, type Result, refuse } from '@breakwater/kernel';

/** One row: how likely exploitation is seen within 30 days. */
export interface EpssRow {
  readonly cve: string;
  /** Probability, 0 to 1. */
  readonly score: number;
  /** Share of all scored CVEs that score the same or less, 0 to 1. */
  readonly percentile: number;
}

export interface EpssScores {
  /** `v2025.03.14`; null where the comment line was lost. */
  readonly model: string | null;
  /** When the scores were computed, RFC 3339; null where the comment line was lost. */
  readonly scoredAt: string | null;
  readonly rows: ReadonlyMap<string, EpssRow>;
}

export type EpssCode = 'epss-malformed' | 'epss-too-large';

/** A file had 300,000 rows in 2026; CVEs grow by a fifth a year. */
export const epssLimits = { rowsMax: 2_000_000, lineMax: 200 } as const;

/**
 * Parses FIRST's daily EPSS file, already unpacked: `#model_version:v…,score_date:…`, then the
 * header `cve,epss,percentile`, then rows. The comment line may be missing, as in cut-outs; then
 * model and date are null and must be told another way.
 */
export function parseEpss(text: string): Result<EpssScores, EpssCode> {
  const lines = linesOf(text);
  const first = lines.next().value ?? '';
  const about = first.startsWith('#') ? aboutOf(first) : { model: null, scoredAt: null };
  if (about === null) {
    return malformed('#model_version:v…,score_date:…', quoted(first));
  }
  const header = first.startsWith('#') ? (lines.next().value ?? '') : first;
  if (header !== 'cve,epss,percentile') {
    return malformed('the header cve,epss,percentile', quoted(header));
  }
  const rows = new Map<string, EpssRow>();
  for (const line of lines) {
    if (line === '') continue;
    const row = rowOf(line);
    if (row === null) return malformed('CVE-…,0…1,0…1', `${quoted(line)}, row ${rows.size + 1}`);
    if (rows.has(row.cve)) return malformed('each CVE once', `${row.cve} twice`);
    if (rows.size === epssLimits.rowsMax) {
      return no('epss-too-large', `at most ${epssLimits.rowsMax} rows`, 'more');
    }
    rows.set(row.cve, row);
  }
  return ok({ ...about, rows });
}

function* linesOf(text: string): Generator<string, undefined> {
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    // One longer than any row is cut here and refused as malformed.
    yield text.slice(start, Math.min(end, start + epssLimits.lineMax)).replace(/\r$/, '');
    start = end + 1;
  }
  return undefined;
}

const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;

function aboutOf(line: string): { model: string; scoredAt: string } | null {
  const found = /^#model_version:([^,]{1,40}),score_date:([^,]{1,40})$/.exec(line);
  const [, model, scored] = found ?? [];
  if (model === undefined || scored === undefined || !stamp.test(scored)) return null;
  // FIRST writes +0000 without the colon that RFC 3339 wants.
  const scoredAt = scored.replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  return Number.isNaN(Date.parse(scoredAt)) ? null : { model, scoredAt };
}

const share = /^\d(?:\.\d{1,18})?(?:[eE]-\d{1,2})?$/;

function rowOf(line: string): EpssRow | null {
  const [cve = '', epss = '', rank = '', ...more] = line.split(',');
  if (more.length > 0 || !/^CVE-\d{4}-\d{4,19}$/.test(cve)) return null;
  if (!share.test(epss) || !share.test(rank)) return null;
  const score = Number(epss);
  const percentile = Number(rank);
  return score <= 1 && percentile <= 1 ? { cve, score, percentile } : null;
}

function quoted(line: string): string {
  return JSON.stringify(line.slice(0, 60));
}

function malformed(expected: string, got: string): Result<never, EpssCode> {
  return no('epss-malformed', expected, got);
}

function no(code: EpssCode, expected: string, got: string): Result<never, EpssCode> {
  return refuse({ code, expected, got, todo: 'fetch the scores again from first.org/epss' });
}
