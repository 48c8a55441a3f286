import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDojoExport } from './export.ts';

const fixtures = resolve(import.meta.dirname, 'fixtures');

/** As `GET /api/v2/findings/` answers, with the fields that matter here. */
const page = {
  count: 3,
  next: null,
  previous: null,
  results: [
    {
      id: 12,
      title: 'Prototype pollution in flat',
      severity: 'High',
      description: 'unflatten() writes to __proto__',
      cwe: 1321,
      vulnerability_ids: [{ vulnerability_id: 'CVE-2020-36632' }],
      component_name: 'flat',
      component_version: '5.0.0',
      file_path: 'index.js',
      line: 42,
      cvssv3: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:L/A:L',
      cvssv4: '',
      mitigation: 'Update to 5.0.1',
      impact: null,
      active: true,
      duplicate: false,
      found_by: [3],
    },
    { id: 13, title: 'The same again', cwe: 0, duplicate: true, false_p: true, line: 0 },
    { id: 14, title: 7 },
  ],
};

test('a page of the API: fields, what DefectDojo closed, and what is malformed', () => {
  const read = parseDojoExport(utf8(JSON.stringify(page)));
  expect(read).toEqual({
    ok: true,
    value: [
      {
        pointer: '/results/0',
        finding: {
          ok: true,
          value: {
            title: 'Prototype pollution in flat',
            description: 'unflatten() writes to __proto__',
            weakness: 'CWE-1321',
            identifiers: ['CVE-2020-36632'],
            component: { name: 'flat', version: '5.0.0' },
            file: { path: 'index.js', line: 42 },
            cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:L/A:L',
            impact: null,
            mitigation: 'Update to 5.0.1',
            stepsToReproduce: null,
            closedAs: [],
          },
        },
      },
      {
        pointer: '/results/1',
        finding: {
          ok: true,
          value: {
            title: 'The same again',
            description: '',
            weakness: null,
            identifiers: [],
            component: null,
            file: null,
            cvss: null,
            impact: null,
            mitigation: null,
            stepsToReproduce: null,
            closedAs: ['duplicate', 'false-positive'],
          },
        },
      },
      {
        pointer: '/results/2',
        finding: {
          ok: false,
          refusal: {
            code: 'row-malformed',
            expected: 'a finding as DefectDojo writes it',
            got: 'title: Invalid input: expected string, received number',
            todo: 'correct it in DefectDojo and export again',
            pointer: '/results/2',
          },
        },
      },
    ],
  });
});

test("DefectDojo's own sample of a generic findings file", () => {
  const read = parseDojoExport(readFileSync(resolve(fixtures, 'generic_report1.json')));
  const findings = read.ok
    ? read.value.map(({ finding }) => (finding.ok ? finding.value : null))
    : [];
  expect(findings.map((f) => [f?.title, f?.weakness, f?.identifiers])).toEqual([
    ['test title', 'CWE-261', ['CVE-2020-36234']],
    ['test title2', 'CWE-287', ['CVE-2020-36235']],
  ]);
});

describe('what is no export is refused', () => {
  test.each([
    ['not-json', '{'],
    ['dojo-unknown', '{}'],
    ['dojo-unknown', '7'],
    ['dojo-unknown', `[${'0,'.repeat(100_001)}0]`],
    ['too-deep', `${'['.repeat(40)}${']'.repeat(40)}`],
  ])('%s', (code, text) => {
    const read = parseDojoExport(utf8(text));
    expect(read.ok ? '' : read.refusal.code).toBe(code);
  });

  test('any value is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = parseDojoExport(utf8(JSON.stringify({ results: [value] })));
        expect(read.ok && read.value.length).toBe(1);
      }),
    );
  });
});
