import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  outlineSarif,
  readSarif,
  type SarifFinding,
  type SarifRow,
  sarifResults,
} from './index.ts';

/** A log whose run has its results before everything they refer to. */
function logOf(results: readonly unknown[], run: Readonly<Record<string, unknown>> = {}) {
  return JSON.stringify({
    version: '2.1.0',
    runs: [{ results, tool: { driver: { name: 'scan', version: '1.2' } }, ...run }],
  });
}

function findingsIn(text: string): readonly SarifFinding[] {
  const log = readSarif(utf8(text));
  if (!log.ok) throw new Error(log.refusal.got);
  return log.value.rows.flatMap(({ finding }) => (finding.ok ? [finding.value] : []));
}

function only(result: Readonly<Record<string, unknown>>, run = {}): SarifFinding {
  const [finding] = findingsIn(logOf([{ message: { text: 'm' }, ...result }], run));
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

const rules = [
  {
    id: 'js/xss',
    name: 'CrossSiteScripting',
    shortDescription: { text: 'Cross-site scripting' },
    fullDescription: { text: 'Writing user input to a page.' },
    helpUri: 'https://rules.example/xss',
    defaultConfiguration: { level: 'error' },
    messageStrings: { found: { text: 'Value of {0} flows to {1}; {{not a place}}.' } },
    properties: { tags: ['security', 'external/cwe/cwe-079'], 'security-severity': '6.1' },
  },
  { id: 'b', relationships: [{ target: { index: 1, toolComponent: { index: 0 } } }] },
];
const run = {
  tool: { driver: { name: 'scan', semanticVersion: '2.0.1', rules } },
  originalUriBaseIds: {
    ROOT: { uri: 'file:///home/build/' },
    SRC: { uri: 'app/', uriBaseId: 'ROOT' },
  },
  artifacts: [{ location: { uri: 'lib/a%20b.js', uriBaseId: 'SRC' } }],
  taxonomies: [{ name: 'CWE', taxa: [{ id: '20' }, { id: '089' }] }],
};

describe('a result', () => {
  it('is read with what its run says of it, wherever in the run that stands', () => {
    const place = (line: number, text?: string) => ({
      physicalLocation: { artifactLocation: { index: 0 }, region: { startLine: line } },
      ...(text === undefined ? {} : { message: { text } }),
    });
    const result = {
      ruleId: 'js/xss',
      ruleIndex: 0,
      message: { id: 'found', arguments: ['name', '[innerHTML](1)'] },
      locations: [
        {
          ...place(7),
          logicalLocations: [{ fullyQualifiedName: 'app.render', kind: 'function' }],
        },
      ],
      codeFlows: [{ threadFlows: [{ locations: [{ location: place(3, 'input') }] }] }],
      relatedLocations: [place(9, 'written here')],
      fingerprints: { 'id/v1': 'abc', asked: 'requires login' },
      partialFingerprints: { 'primaryLocationLineHash/v1': '39fa2ee980eb94b0:1' },
      baselineState: 'new',
    };
    const log = readSarif(utf8(logOf([result], run)));
    expect(log.ok && log.value).toMatchObject({
      runs: [{ tool: 'scan 2.0.1', rules: 2, results: 1 }],
      notes: [],
      rows: [{ pointer: '/runs/0/results/0', offset: 39 }],
    });
    const [row] = log.ok ? log.value.rows : [];
    expect(row?.finding.ok && row.finding.value).toEqual({
      package: null,
      version: null,
      title: 'Value of name flows to innerHTML; {not a place}.',
      description: [
        'Value of name flows to innerHTML; {not a place}.',
        'Rule js/xss (CrossSiteScripting):\nWriting user input to a page.\nhttps://rules.example/xss',
        'Steps:\n1. app/lib/a b.js:3: input',
        'Related:\napp/lib/a b.js:9: written here',
      ].join('\n\n'),
      weakness: 'CWE-79',
      weaknesses: ['CWE-79'],
      location: { path: 'app/lib/a b.js', line: 7, function: 'app.render' },
      identifiers: [],
      cvss: null,
      tool: 'scan 2.0.1',
      rule: {
        id: 'js/xss',
        name: 'CrossSiteScripting',
        summary: 'Cross-site scripting',
        description: 'Writing user input to a page.',
        help: null,
        helpUri: 'https://rules.example/xss',
      },
      level: 'error',
      securitySeverity: 6.1,
      fingerprints: [{ name: 'id/v1', value: 'abc' }],
      partialFingerprints: [{ name: 'primaryLocationLineHash/v1', value: '39fa2ee980eb94b0:1' }],
      guid: null,
      places: [
        {
          path: 'app/lib/a b.js',
          line: 7,
          column: null,
          endLine: null,
          function: 'app.render',
          message: null,
        },
      ],
      related: [expect.objectContaining({ line: 9 })],
      steps: [expect.objectContaining({ line: 3, message: 'input' })],
      closedAs: null,
      baselineState: 'new',
    });
  });

  it.each([
    ['of a rule below another', { ruleId: 'js/xss/2' }, 'error'],
    ['of its own level', { ruleId: 'js/xss', level: 'note' }, 'note'],
    ['that is no failure', { ruleId: 'js/xss', kind: 'review' }, 'none'],
    ['of an unknown rule', { ruleId: 'other' }, 'warning'],
    ['of no rule', {}, 'warning'],
  ])('%s has the level of §3.27.10', (_, result, level) => {
    expect(only(result, run).level).toBe(level);
  });

  it('takes the level that its invocation sets for the rule', () => {
    const override = { descriptor: { id: 'js/xss' }, configuration: { level: 'note' } };
    const invocations = [{ ruleConfigurationOverrides: [override] }];
    expect(only({ ruleId: 'js/xss' }, { ...run, invocations }).level).toBe('note');
  });

  it.each([
    [{ suppressions: [{ kind: 'inSource' }] }, 'suppressed'],
    [{ suppressions: [{ kind: 'external', status: 'underReview' }] }, null],
    [{ suppressions: [{ kind: 'inSource' }, { status: 'rejected' }] }, null],
    [{ suppressions: [] }, null],
    [{ kind: 'pass' }, 'pass'],
    [{ kind: 'notApplicable' }, 'not-applicable'],
    [{ kind: 'open' }, null],
    [{ baselineState: 'absent' }, 'absent-since-baseline'],
  ])('%j is closed as %s', (result, closed) => expect(only(result).closedAs).toBe(closed));

  it.each([
    [{ uri: 'src/../a.c', uriBaseId: 'SRC' }, 'app/a.c'],
    [{ uri: 'file:///home/build/app/a.c' }, 'app/a.c'],
    [{ uri: 'file:///elsewhere/a.c' }, '/elsewhere/a.c'],
    [{ uri: 'file://host/C:/x/a.c' }, '/C:/x/a.c'],
    [{ uri: '..\\up\\a.c' }, '../up/a.c'],
    [{ uri: 'https://h.example/a%20b.js' }, 'https://h.example/a%20b.js'],
    [{ uri: 'a%ZZ.c' }, 'a%ZZ.c'],
    [{ index: 1 }, undefined],
    [{ uri: 'a.c', uriBaseId: 'ROUND' }, `${'r/'.repeat(8)}a.c`],
  ])('at %j is at %s', (artifactLocation, path) => {
    const bases = { ...run.originalUriBaseIds, ROUND: { uri: 'r/', uriBaseId: 'ROUND' } };
    const place = { locations: [{ physicalLocation: { artifactLocation } }] };
    expect(only(place, { originalUriBaseIds: bases }).location?.path).toBe(path);
  });

  it('names the weaknesses of its taxa and of its rule, by id or by index', () => {
    const taxa = [
      { id: '400', toolComponent: { name: 'CWE' } },
      { id: 'A1', index: 0 },
    ];
    expect(only({ ruleId: 'b', taxa }, run).weaknesses).toEqual(['CWE-400', 'CWE-89']);
    expect(only({ properties: { cwe: ['78'], tags: ['CWE-22: path'] } }).weaknesses).toEqual([
      'CWE-22',
      'CWE-78',
    ]);
  });

  it('names identifiers, package and vector where rule and properties do', () => {
    const rule = {
      id: 'CVE-2021-36159-libfetch',
      deprecatedIds: ['GHSA-2j2x-2gpw-g8fm'],
      properties: {
        purls: ['pkg:apk/alpine/apk-tools@2.10.3-r1?arch=x86_64'],
        cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      },
    };
    const tool = { driver: { name: 'scan', rules: [rule] } };
    expect(only({ ruleId: rule.id }, { tool })).toMatchObject({
      identifiers: ['CVE-2021-36159', 'GHSA-2j2x-2gpw-g8fm'],
      package: 'pkg:apk/alpine/apk-tools',
      version: '2.10.3-r1',
      cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    });
    const two = { properties: { purls: ['pkg:npm/a@1', 'pkg:npm/b@1'] } };
    expect(only(two).package).toBe(null);
  });

  it('has the fingerprints that are some, also nested ones', () => {
    const fingerprints = { b: 'x1', a: { value: 'y2' }, none: 'requires login', empty: '', n: 5 };
    expect(only({ fingerprints }).fingerprints).toEqual([
      { name: 'a/value', value: 'y2' },
      { name: 'b', value: 'x1' },
    ]);
  });

  it('that is no object or says nothing is refused at its place, the others are read', () => {
    const log = readSarif(utf8(logOf([{ message: { text: 'a' } }, 5, {}, { ruleId: 'x' }])));
    const rows = log.ok ? log.value.rows : [];
    expect(rows.map(({ finding }) => (finding.ok ? finding.value.title : finding.refusal))).toEqual(
      [
        'a',
        expect.objectContaining({ code: 'row-malformed', pointer: '/runs/0/results/1' }),
        expect.objectContaining({ code: 'row-malformed', pointer: '/runs/0/results/2' }),
        'x',
      ],
    );
  });
});

describe('a log', () => {
  it.each([
    ['{"version":"2.1.0","runs":[]}', null],
    ['{"runs":[{"results":null,"tool":{}}],"version":"2.1.0"}', null],
    ['{"version":"2.0.0","runs":[]}', 'sarif-unknown'],
    ['{"runs":[]}', 'sarif-unknown'],
    ['{"version":"2.1.0"}', 'sarif-unknown'],
    ['{"version":"2.1.0","runs":{}}', 'sarif-unknown'],
    ['{"version":"2.1.0","runs":[5]}', 'sarif-unknown'],
    ['{"version":"2.1.0","runs":[{"results":{}}]}', 'sarif-unknown'],
    ['[]', 'sarif-unknown'],
    ['5', 'sarif-unknown'],
    ['{"version":"2.1.0","runs":[{"tool":{"a":tru}}]}', 'not-json'],
    ['{"version":"2.1.0","runs":[{"results":[{"a":tru}]}]}', 'not-json'],
    ['{"version":"2.1.0","runs":[{"results":[{}]', 'not-json'],
  ])('%s: %s', (text, code) => {
    const log = readSarif(utf8(text));
    expect(log.ok ? null : log.refusal.code).toBe(code);
  });

  it('says what it has and the findings have not', () => {
    const log = readSarif(utf8(logOf([], { graphs: [], webRequests: [{}] })));
    expect(log.ok && log.value.notes).toEqual([
      'The file has graphs; they are not read.',
      'The file has web requests; they are not read.',
      '1 of 1 runs looked and found nothing.',
    ]);
  });

  it.each([
    ['{"results":[{}]}', []],
    ['{}', ['1 of 1 runs gave no list of results: what the tool found is not known.']],
    [
      '{"results":null}',
      ['1 of 1 runs gave no list of results: what the tool found is not known.'],
    ],
    [
      '{"results":[],"invocations":[{"executionSuccessful":false}]}',
      ['1 of 1 runs did not end well, as the tool says: it may have missed results.'],
    ],
    [
      '{"invocations":[{"executionSuccessful":true},{"executionSuccessful":false}],"results":[{}]}',
      ['1 of 1 runs did not end well, as the tool says: it may have missed results.'],
    ],
  ])('a run that found nothing, did not look or failed: %s', (run, notes) => {
    const log = readSarif(utf8(`{"version":"2.1.0","runs":[${run}]}`));
    expect(log.ok && log.value.notes).toEqual(notes);
  });

  it('that changes between the two looks is refused', async () => {
    const outline = await outlineSarif([utf8(logOf([{ ruleId: 'a' }, { ruleId: 'b' }]))]);
    if (!outline.ok) throw new Error(outline.refusal.got);
    const other = sarifResults([utf8(logOf([{ ruleId: 'a' }]))], outline.value);
    const read = [];
    for await (const each of other) read.push(each);
    expect(read).toMatchObject([{ ok: true }, { ok: false, refusal: { code: 'source-changed' } }]);
  });

  it('gives the same rows in chunks as whole', async () => {
    const result = fc.record(
      {
        ruleId: fc.constantFrom('js/xss', 'b', 'é'),
        message: fc.record({ text: fc.string({ unit: 'grapheme' }) }),
        properties: fc.dictionary(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(result, fc.jsonValue()), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        async (results, size) => {
          const bytes = new TextEncoder().encode(logOf(results, run));
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.slice(i * size, (i + 1) * size),
          );
          const outline = await outlineSarif(chunks);
          if (!outline.ok) throw new Error(outline.refusal.got);
          const rows: SarifRow[] = [];
          for await (const some of sarifResults(chunks, outline.value)) {
            if (some.ok) rows.push(...some.value);
          }
          const whole = readSarif(bytes);
          expect(whole.ok && whole.value.rows).toEqual(rows);
          expect(rows.length).toBe(results.length);
        },
      ),
      { numRuns: 50 },
    );
  });
});

it('refuses a small file of results that all tell the same long text', () => {
  const messageStrings = { all: { text: 'x'.repeat(99_000) } };
  const driver = { name: 'a tool', rules: [{ id: 'r', messageStrings }] };
  const results = Array.from({ length: 1_500 }, () => ({ ruleId: 'r', message: { id: 'all' } }));
  const log = { version: '2.1.0', runs: [{ tool: { driver }, results }] };
  const read = readSarif(new TextEncoder().encode(JSON.stringify(log)));
  expect(read).toMatchObject({ ok: false, refusal: { code: 'too-large' } });
});

const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const folders = ['conformance/sarif', 'findings-ingest/defectdojo'].map((each) =>
  resolve(data, each),
);

describe.skipIf(!folders.every((each) => existsSync(each)))('files of real tools', () => {
  const files = folders.flatMap((cwd) =>
    globSync('**/*.sarif', { cwd }).map((f) => resolve(cwd, f)),
  );

  it('have as many findings as results, or are refused for what they are', () => {
    for (const file of files) {
      const bytes = readFileSync(file);
      const log = readSarif(bytes);
      const expected = resultsIn(bytes);
      expect([file, log.ok ? log.value.rows.length : null]).toEqual([file, expected]);
      for (const { finding } of log.ok ? log.value.rows : []) expect(finding.ok).toBe(true);
    }
    expect(files.length).toBeGreaterThan(10);
  });
});

/** As JSON.parse has it; null: no SARIF 2.1.0. */
function resultsIn(bytes: Uint8Array): number | null {
  let log: { version?: unknown; runs?: { results?: unknown[] }[] };
  try {
    log = JSON.parse(new TextDecoder().decode(bytes)) as typeof log; // looked at below
  } catch {
    return null;
  }
  if (log.version !== '2.1.0' || !Array.isArray(log.runs)) return null;
  return log.runs.reduce((sum, { results }) => sum + (results?.length ?? 0), 0);
}
