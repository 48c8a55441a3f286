import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectFormat } from './detect.ts';

const said = { summary: '"runs" "csaf_version" "dataType": "CVE_RECORD"' };

describe('a file is told by its content', () => {
  it.each([
    ['sarif', { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', runs: [] }],
    ['sarif', { runs: [{ results: [{ ruleId: 'x'.repeat(9_000) }] }], version: '2.1.0' }],
    ['csaf', { document: { category: 'csaf_vex', csaf_version: '2.0' }, vulnerabilities: [] }],
    ['cve', { dataType: 'CVE_RECORD', dataVersion: '5.1' }],
    ['cve', { containers: {}, cveMetadata: {} }],
    ['osv', { ...said, id: 'GHSA-1', modified: '2026-01-01T00:00:00Z' }],
    ['openvex', { '@context': 'https://openvex.dev/ns/v0.2.0', statements: [] }],
    ['cyclonedx', { bomFormat: 'CycloneDX', specVersion: '1.6' }],
    ['spdx', { spdxVersion: 'SPDX-2.3' }],
    ['package-lock', { name: 'a', lockfileVersion: 3 }],
    ['github', { ghsa_id: 'GHSA-1', summary: 's' }],
    ['defectdojo', { count: 1, results: [] }],
    ['native', { kind: 'native', title: 't' }],
    ['kev', { title: 'k', catalogVersion: '2026', vulnerabilities: [] }],
    ['dsse', { payloadType: 'x', payload: '', signatures: [] }],
    ['json', { ...said }],
    ['json', 5],
  ])('%s: %j', (format, value) => {
    const text = JSON.stringify(value);
    const expected = text === '5' ? 'text' : format;
    expect(detectFormat(utf8(text))).toMatchObject({ format: expected, isList: false });
    expect(detectFormat(utf8(`\uFEFF \n[${text}, {"a": 1}]`))).toMatchObject({
      format,
      isList: true,
    });
  });

  it.each([
    ['text', 'title,package\nx,y'],
    ['text', ''],
    ['xml', '<?xml version="1.0"?><a/>'],
    ['binary', 'PK\u0003\u0004\0\0'],
    ['json', '{"a": '],
  ])('%s: %j', (format, text) => expect(detectFormat(utf8(text)).format).toBe(format));

  it('any bytes are something', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(utf8)), (bytes) => {
        expect(detectFormat(bytes).words).not.toBe('');
      }),
    );
  });
});
