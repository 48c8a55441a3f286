import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGithubAdvisories, purlTypeOf, versionIn } from './index.ts';

/** GHSA-2j2x-2gpw-g8fm (CVE-2020-36632) in the form of the repository advisories API. */
const advisory = {
  ghsa_id: 'GHSA-2j2x-2gpw-g8fm',
  cve_id: 'CVE-2020-36632',
  url: 'https://api.github.com/repos/hughsk/flat/security-advisories/GHSA-2j2x-2gpw-g8fm',
  summary: 'flat vulnerable to Prototype Pollution',
  description: 'flat helps flatten and unflatten nested JavaScript objects.',
  severity: 'critical',
  identifiers: [
    { type: 'GHSA', value: 'GHSA-2j2x-2gpw-g8fm' },
    { type: 'CVE', value: 'CVE-2020-36632' },
  ],
  state: 'published',
  vulnerabilities: [
    {
      package: { ecosystem: 'npm', name: 'flat' },
      vulnerable_version_range: '>= 4.0.0, < 5.0.1',
      patched_versions: '5.0.1',
      vulnerable_functions: ['unflatten'],
    },
    { package: null, vulnerable_version_range: '< 1' },
  ],
  cvss: { vector_string: null, score: null },
  cvss_severities: {
    cvss_v3: { vector_string: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 9.8 },
    cvss_v4: { vector_string: null, score: 0 },
  },
  cwe_ids: ['CWE-1321'],
  withdrawn_at: null,
};

test('one advisory of the API', () => {
  expect(parseGithubAdvisories(utf8(JSON.stringify(advisory)))).toEqual({
    ok: true,
    value: [
      {
        pointer: '',
        advisory: {
          ok: true,
          value: {
            id: 'GHSA-2j2x-2gpw-g8fm',
            summary: 'flat vulnerable to Prototype Pollution',
            description: 'flat helps flatten and unflatten nested JavaScript objects.',
            weaknesses: ['CWE-1321'],
            identifiers: ['GHSA-2j2x-2gpw-g8fm', 'CVE-2020-36632'],
            cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
            vulnerabilities: [
              {
                ecosystem: 'npm',
                name: 'flat',
                range: '>= 4.0.0, < 5.0.1',
                functions: ['unflatten'],
              },
            ],
            closedAs: null,
          },
        },
      },
    ],
  });
});

test('a list: the global form, withdrawn and closed ones, malformed ones', () => {
  const { cwe_ids: _, ...rest } = advisory;
  const list = [
    { ...rest, cwes: [{ cwe_id: 'CWE-79', name: 'x' }] },
    { ...advisory, withdrawn_at: '2026-01-01T00:00:00Z' },
    { ...advisory, state: 'closed' },
    { ...advisory, ghsa_id: 'GHSA-1' },
    7,
  ];
  const read = parseGithubAdvisories(utf8(JSON.stringify(list)));
  const told = read.ok
    ? read.value.map(({ pointer, advisory: a }) =>
        a.ok ? [pointer, a.value.weaknesses, a.value.closedAs] : [pointer, a.refusal.code],
      )
    : [];
  expect(told).toEqual([
    ['/0', ['CWE-79'], null],
    ['/1', ['CWE-1321'], 'withdrawn'],
    ['/2', ['CWE-1321'], 'closed'],
    ['/3', 'row-malformed'],
    ['/4', 'row-malformed'],
  ]);
});

test.each([
  ['= 1.2.3', '1.2.3'],
  ['>= 1.0, <= 2.0', '2.0'],
  ['>= 1.0, < 2.0', '1.0'],
  ['<= 2.0', '2.0'],
  ['< 2.0', null],
  ['> 1.0', null],
  ['~> 1.2', null],
  ['', null],
  ['>=1.0', '1.0'],
])('the range %j names %j as affected', (range, version) => {
  expect(versionIn(range)).toBe(version);
});

test('ecosystems have their types of package URLs', () => {
  expect(['pip', 'RubyGems', 'rust', 'other', 'cobol'].map(purlTypeOf)).toEqual([
    'pypi',
    'gem',
    'cargo',
    null,
    null,
  ]);
});

describe('what are no advisories', () => {
  test.each([
    ['not-json', '['],
    ['github-unknown', '{}'],
    ['github-unknown', '[{"id":"GHSA-2j2x-2gpw-g8fm","modified":"2026-01-01T00:00:00Z"}]'],
    ['github-unknown', 'null'],
  ])('%s', (code, text) => {
    const read = parseGithubAdvisories(utf8(text));
    expect(read.ok ? '' : read.refusal.code).toBe(code);
  });

  test('anything beside one advisory is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = parseGithubAdvisories(utf8(JSON.stringify([advisory, value])));
        expect(read.ok && read.value[0]?.advisory.ok).toBe(true);
      }),
    );
  });
});
