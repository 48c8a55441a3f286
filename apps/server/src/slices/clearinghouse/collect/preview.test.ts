import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { previewFinding } from './preview.ts';

const demo = path.join(import.meta.dirname, '../../../../../../demo');

describe('COL-7 a file is read before it is handed in, and nothing is guessed', () => {
  test("a sanitizer's report tells the crash; package, version and input are missing", async () => {
    const report = await readFile(path.join(demo, 'reports/cjson-cve-2023-53154.asan.txt'));
    const preview = await previewFinding(report);
    expect(preview.ok && preview.value).toMatchObject({
      format: 'sanitizer-report',
      drafts: [
        {
          kind: 'crash',
          package: null,
          title: 'Heap-buffer-overflow READ 1 in parse_string',
          missing: ['package', 'version', 'input'],
        },
      ],
    });
  });

  test('an OSV record gives one draft a package, with its identifiers', async () => {
    const record = await readFile(path.join(demo, 'advisories/flat-cve-2020-36632.json'));
    const preview = await previewFinding(record);
    expect(preview.ok && preview.value).toMatchObject({
      format: 'osv',
      drafts: [
        {
          kind: 'native',
          package: 'pkg:npm/flat',
          version: null,
          identifiers: ['x_BW-2026-FRSDPV09', 'CVE-2020-36632', 'GHSA-2j2x-2gpw-g8fm'],
          missing: ['version'],
        },
      ],
    });
  });

  test('a SARIF log gives a draft a result, but for those the log itself closes', async () => {
    const result = (text: string, more = {}) => ({ ruleId: 'r', message: { text }, ...more });
    const place = {
      physicalLocation: { artifactLocation: { uri: 'a.js' }, region: { startLine: 3 } },
    };
    const log = {
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'scan' } },
          results: [
            result('Written unescaped', { locations: [place] }),
            result('Known', { suppressions: [{ kind: 'inSource' }] }),
            {},
            ...Array.from({ length: 60 }, (_, i) => result(`Number ${i}`)),
          ],
        },
      ],
    };
    const preview = await previewFinding(utf8(JSON.stringify(log)));
    if (!preview.ok) throw new Error(preview.refusal.got);
    const { format, drafts, notes, report } = preview.value;
    expect([format, drafts.length]).toEqual(['sarif', 50]);
    expect(report).toEqual({
      results: 63,
      findings: 61,
      suppressed: 1,
      leftOut: 0,
      refused: 1,
      packages: [],
      withoutPackage: 62,
      withoutVersion: 62,
    });
    expect(drafts[0]).toEqual({
      kind: 'native',
      package: null,
      version: null,
      recipe: null,
      title: 'Written unescaped',
      description: 'Written unescaped',
      weakness: null,
      location: { path: 'a.js', line: 3 },
      identifiers: [],
      cvss: null,
      crash: null,
      missing: ['package', 'version'],
    });
    expect(notes).toEqual([
      '11 more findings of the file are left out: hand in the whole file with breakwater import.',
    ]);
  });

  test('a CVE record gives one draft a package, a rejected one none and why', async () => {
    const record = (state: string, cna: unknown) =>
      utf8(
        JSON.stringify({
          dataType: 'CVE_RECORD',
          dataVersion: '5.1',
          cveMetadata: { cveId: 'CVE-2020-36632', state },
          containers: { cna },
        }),
      );
    const affected = [{ collectionURL: 'https://registry.npmjs.org', packageName: 'flat' }];
    expect(
      await previewFinding(record('PUBLISHED', { title: 'Pollution', affected })),
    ).toMatchObject({
      value: { format: 'cve', drafts: [{ package: 'pkg:npm/flat', missing: ['version'] }] },
    });
    const rejectedReasons = [{ lang: 'en', value: 'A duplicate.' }];
    expect(await previewFinding(record('REJECTED', { rejectedReasons }))).toMatchObject({
      value: { drafts: [], notes: ['CVE-2020-36632 was rejected: A duplicate.'] },
    });
  });

  test.each([
    [
      '{"bomFormat": "CycloneDX"}',
      'a CycloneDX document',
      'it lists components: add it as an inventory',
    ],
    ['{"results": []}', 'a DefectDojo export', 'hand it in with the terminal: breakwater import'],
    ['[{"id": "a", "modified": "b"}]', 'OSV records', expect.any(String)],
    ['{"version": "2.0.0", "runs": []}', 'sarif: version "2.0.0"', expect.any(String)],
    [
      '{"document": {"csaf_version": "2.0"}}',
      expect.stringMatching(/^csaf: at /),
      expect.any(String),
    ],
    ['<xml/>', 'XML', expect.any(String)],
  ])('%s is refused for what it is', async (text, got, todo) => {
    expect(await previewFinding(utf8(text))).toMatchObject({
      refusal: { code: 'format-unknown', got, todo },
    });
  });

  test('any bytes give a preview or a refusal', async () => {
    const json = fc.record({ kind: fc.constantFrom('native', 'crash', 'x'), title: fc.anything() });
    const texts = fc.oneof(
      fc.string(),
      json.map((each) => JSON.stringify(each, (_, v) => (typeof v === 'bigint' ? 1 : v))),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), texts.map(utf8)), async (bytes) => {
        const preview = await previewFinding(bytes);
        if (!preview.ok) expect(preview.refusal.code).toBe('format-unknown');
        else expect(preview.value.drafts.length).toBeLessThanOrEqual(50);
      }),
    );
  });
});
