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
    const preview = previewFinding(report);
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
    const preview = previewFinding(record);
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

  test('any bytes give a preview or a refusal', () => {
    const json = fc.record({ kind: fc.constantFrom('native', 'crash', 'x'), title: fc.anything() });
    const texts = fc.oneof(
      fc.string(),
      json.map((each) => JSON.stringify(each, (_, v) => (typeof v === 'bigint' ? 1 : v))),
    );
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), texts.map(utf8)), (bytes) => {
        const preview = previewFinding(bytes);
        if (!preview.ok) expect(preview.refusal.code).toBe('format-unknown');
        else expect(preview.value.drafts.length).toBeLessThanOrEqual(50);
      }),
    );
  });
});
