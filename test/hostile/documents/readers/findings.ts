import { parseCsvFindings } from '@breakwater/formats/csv-findings';
import { parseDojoExport } from '@breakwater/formats/defectdojo';
import { detectFormat } from '@breakwater/formats/detect';
import { parseGithubAdvisories } from '@breakwater/formats/github-advisory';
import { outlineSarif, readSarif, sarifResults } from '@breakwater/formats/sarif';
import { ok, type Result } from '@breakwater/kernel';
import { all, type Reader, vectors, written } from '../reader.ts';

export const csvSeeds = written(
  'title,package,version,severity,cwe,description\n"a ""b""",pkg:npm/a,1.0,high,CWE-79,"two\nlines"\n',
  'Name;Paket;CVE\nx;y;CVE-2024-1234\n',
);

export const githubSeeds = written({
  ghsa_id: 'GHSA-2j2x-2gpw-g8fm',
  cve_id: 'CVE-2020-36632',
  summary: 'flat vulnerable to Prototype Pollution',
  description: 'flat helps flatten and unflatten nested objects.',
  severity: 'critical',
  identifiers: [{ type: 'GHSA', value: 'GHSA-2j2x-2gpw-g8fm' }],
  vulnerabilities: [
    {
      package: { ecosystem: 'npm', name: 'flat' },
      vulnerable_version_range: '>= 4.0.0, < 5.0.1',
      patched_versions: '5.0.1',
      vulnerable_functions: ['unflatten'],
    },
  ],
  cvss: { vector_string: null, score: null },
  cvss_severities: {
    cvss_v3: { vector_string: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 9.8 },
  },
  cwe_ids: ['CWE-1321'],
});

export const dojoSeeds = vectors('packages/formats/src/defectdojo/fixtures', '.json');

const sarifRun = {
  tool: {
    driver: {
      name: 'scan',
      semanticVersion: '2.0.1',
      rules: [
        {
          id: 'js/xss',
          shortDescription: { text: 'Cross-site scripting' },
          helpUri: 'https://rules.example/xss',
          defaultConfiguration: { level: 'error' },
          messageStrings: { found: { text: 'Value of {0} flows to {1}; {{not a place}}.' } },
          properties: { tags: ['external/cwe/cwe-079'], 'security-severity': '6.1' },
        },
        { id: 'b', relationships: [{ target: { index: 1, toolComponent: { index: 0 } } }] },
      ],
    },
  },
  originalUriBaseIds: {
    ROOT: { uri: 'file:///home/build/' },
    SRC: { uri: 'app/', uriBaseId: 'ROOT' },
  },
  artifacts: [{ location: { uri: 'lib/a%20b.js', uriBaseId: 'SRC' } }],
  taxonomies: [{ name: 'CWE', taxa: [{ id: '20' }, { id: '089' }] }],
  results: [
    {
      ruleIndex: 0,
      level: 'error',
      message: { id: 'found', arguments: ['a', 'b'] },
      locations: [
        {
          physicalLocation: { artifactLocation: { index: 0 }, region: { startLine: 3 } },
          logicalLocations: [{ fullyQualifiedName: 'a::b' }],
        },
      ],
      codeFlows: [{ threadFlows: [{ locations: [{ location: { message: { text: 'here' } } }] }] }],
      partialFingerprints: { 'primaryLocationLineHash/v1': '39fa2ee980eb94b0:1' },
      suppressions: [{ kind: 'external', status: 'accepted' }],
    },
    { ruleId: 'b', message: { text: 'plain [link](1)' }, relatedLocations: [{ id: 1 }] },
  ],
};

export const sarifSeeds = written({ version: '2.1.0', runs: [sarifRun] });

/** In pieces, as a file that is too large for one comes: the splitter meets every boundary. */
async function readInPieces(document: Uint8Array): Promise<Result<unknown>> {
  const step = 1 + (document.length % 97);
  function* pieces() {
    for (let at = 0; at < document.length; at += step) yield document.subarray(at, at + step);
  }
  const outline = await outlineSarif(pieces());
  if (!outline.ok) return outline;
  const rows: unknown[] = [];
  for await (const some of sarifResults(pieces(), outline.value)) {
    if (!some.ok) return some;
    rows.push(some.value);
  }
  return ok(rows);
}

export const findingReaders: readonly Reader[] = [
  {
    reads: ['@breakwater/formats/csv-findings#parseCsvFindings'],
    share: 0.5,
    seeds: csvSeeds,
    read: (document) => parseCsvFindings(document),
  },
  {
    reads: ['@breakwater/formats/defectdojo#parseDojoExport'],
    seeds: dojoSeeds,
    read: parseDojoExport,
  },
  {
    reads: ['@breakwater/formats/github-advisory#parseGithubAdvisories'],
    seeds: githubSeeds,
    read: parseGithubAdvisories,
  },
  {
    reads: ['@breakwater/formats/sarif#readSarif', '@breakwater/formats/sarif#readSarifInSteps'],
    seeds: sarifSeeds,
    read: readSarif,
  },
  {
    reads: ['@breakwater/formats/sarif#outlineSarif', '@breakwater/formats/sarif#sarifResults'],
    seeds: sarifSeeds,
    read: readInPieces,
  },
  {
    reads: ['@breakwater/formats/detect#detectFormat'],
    seeds: all(sarifSeeds, dojoSeeds, githubSeeds, csvSeeds),
    read: (document) => ok(detectFormat(document)),
  },
];
