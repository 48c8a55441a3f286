import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';

type Json = Record<string, unknown>;

interface Run {
  readonly tool: Json;
  readonly results: readonly Json[];
}

const data = path.resolve(
  process.env['BREAKWATER_DATA'] ?? path.join(import.meta.dirname, '../../shared/data'),
);

/**
 * A SARIF file of `count` results, made of the results that real tools wrote: each again and again,
 * in other files and at other lines. Throws where those files are not here.
 */
export function makeReport(count: number): Uint8Array {
  const runs = realRuns();
  if (runs.length === 0) throw new Error(`no SARIF below ${data}: set BREAKWATER_DATA`);
  const results = runs.map((): Json[] => []);
  for (let n = 0; n < count; n++) {
    const which = n % runs.length;
    const run = runs[which];
    const model = run?.results[Math.floor(n / runs.length) % run.results.length];
    if (model !== undefined) results[which]?.push(moved(model, n));
  }
  const log = {
    version: '2.1.0',
    runs: runs.map(({ tool }, i) => ({ tool, results: results[i] })),
  };
  return utf8(JSON.stringify(log));
}

/** The runs that have results, of every real file; without what results refer to by number. */
function realRuns(): readonly Run[] {
  const files = [
    'findings-ingest/defectdojo/unittests/scans/devskim/*.sarif',
    'conformance/sarif/microsoft-sarif-tutorials/samples/**/*.sarif',
    'sbom/trivy/integration/testdata/*.sarif.golden',
  ].flatMap((pattern) => (existsSync(data) ? globSync(pattern, { cwd: data }) : []));
  return files.toSorted().flatMap((file): Run[] => {
    const log = JSON.parse(readFileSync(path.join(data, file), 'utf8').replace(/^\uFEFF/, '')) as {
      readonly runs?: readonly { readonly tool: Json; readonly results?: readonly Json[] }[];
    }; // SARIF, by its schema
    return (log.runs ?? []).flatMap(({ tool, results = [] }) => {
      const open = results.filter((each) => (each['kind'] ?? 'fail') === 'fail');
      return open.length === 0 ? [] : [{ tool, results: open }];
    });
  });
}

/** The same result in another file and line, so that it is another finding. */
function moved(result: Json, n: number): Json {
  const { fingerprints: _, partialFingerprints: partial, ...rest } = result;
  const fingerprints = partial === undefined ? {} : { partialFingerprints: numbered(partial, n) };
  return {
    ...rest,
    ...fingerprints,
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: `src/part-${n % 97}/module-${n % 1_009}.c` },
          region: { startLine: 1 + (n % 4_001), startColumn: 3 },
        },
      },
    ],
  };
}

function numbered(partial: unknown, n: number): Json {
  return Object.fromEntries(
    Object.entries(partial as Json).map(([name, value]) => [name, `${String(value)}-${n}`]),
  ); // an object, by SARIF's schema
}
