import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Advisory } from '../advisory/advisory.ts';
import { publisher, someAdvisory } from '../advisory/testing/some-advisory.ts';
import { asUri } from '../uri/uri.ts';
import { osvOfCsaf } from './csaf-as-osv.ts';
import { advisoryOfCsaf } from './read-advisory.ts';
import { parseCsaf } from './read-csaf.ts';
import { csafFileName, writeCsaf } from './write-csaf.ts';

const advisory: Advisory = {
  id: 'x_BW-2026-0A1B2C3D',
  aliases: ['CVE-2026-12345', 'GHSA-9v2f-6vcg-3hgv'],
  title: 'left reads past the end of its input',
  details: 'A crafted file makes left read 16 bytes past the end.',
  affected: [
    {
      ecosystem: 'npm',
      name: '@scope/left',
      purl: 'pkg:npm/%40scope/left',
      intervals: [
        { introduced: '1.0.0', fixed: '1.2.1', lastAffected: null },
        { introduced: '2.0.0', fixed: '2.0.3', lastAffected: null },
      ],
    },
    {
      ecosystem: 'Debian:12',
      name: 'left',
      purl: 'pkg:deb/debian/left',
      intervals: [{ introduced: null, fixed: null, lastAffected: '1:1.2~rc1-3' }],
    },
  ],
  severity: [
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N',
  ],
  weaknesses: ['CWE-125', 'CWE-20'],
  references: [{ type: 'FIX', url: 'https://example.org/left/commit/1' }],
  credits: ['Ada Finder'],
  patch: null,
  revisions: [
    { number: 1, date: '2026-11-20T12:00:00Z', summary: 'First publication.' },
    { number: 2, date: '2026-11-21T12:00:00Z', summary: '2.0.3 is fixed too.' },
  ],
};

describe('an advisory as CSAF', () => {
  it('says what is affected as a machine can hold against versions, and what is fixed', () => {
    const written = writeCsaf(advisory, publisher);
    expect(written.ok ? written.value.product_tree : written.refusal).toEqual({
      branches: [
        {
          category: 'product_family',
          name: 'npm',
          branches: [
            {
              category: 'product_name',
              name: '@scope/left',
              branches: [
                {
                  category: 'product_version_range',
                  name: 'vers:npm/>=1.0.0|<1.2.1|>=2.0.0|<2.0.3',
                  product: {
                    name: '@scope/left 1.0.0 and later, before 1.2.1; 2.0.0 and later, before 2.0.3 (npm)',
                    product_id: 'CSAFPID-0001-affected',
                    product_identification_helper: { purl: 'pkg:npm/%40scope/left' },
                  },
                },
                {
                  category: 'product_version',
                  name: '1.2.1',
                  product: {
                    name: '@scope/left 1.2.1 (npm)',
                    product_id: 'CSAFPID-0001-fixed-1',
                    product_identification_helper: { purl: 'pkg:npm/%40scope/left@1.2.1' },
                  },
                },
                {
                  category: 'product_version',
                  name: '2.0.3',
                  product: {
                    name: '@scope/left 2.0.3 (npm)',
                    product_id: 'CSAFPID-0001-fixed-2',
                    product_identification_helper: { purl: 'pkg:npm/%40scope/left@2.0.3' },
                  },
                },
              ],
            },
          ],
        },
        {
          category: 'product_family',
          name: 'Debian:12',
          branches: [
            {
              category: 'product_name',
              name: 'left',
              branches: [
                {
                  category: 'product_version_range',
                  name: 'vers:deb/<=1%3A1.2~rc1-3',
                  product: {
                    name: 'left up to 1:1.2~rc1-3 (Debian:12)',
                    product_id: 'CSAFPID-0002-affected',
                    product_identification_helper: { purl: 'pkg:deb/debian/left?distro=debian-12' },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('tells its history, its scores and what to do', () => {
    const written = writeCsaf(advisory, publisher);
    const document = written.ok ? written.value : null;
    expect(document?.document.tracking).toMatchObject({
      version: '2',
      status: 'final',
      initial_release_date: '2026-11-20T12:00:00Z',
      current_release_date: '2026-11-21T12:00:00Z',
    });
    expect(document?.vulnerabilities?.[0]).toMatchObject({
      cve: 'CVE-2026-12345',
      ids: [
        { system_name: 'Breakwater', text: 'x_BW-2026-0A1B2C3D' },
        { system_name: 'GHSA', text: 'GHSA-9v2f-6vcg-3hgv' },
      ],
      cwe: { id: 'CWE-125', name: 'Out-of-bounds Read' },
      acknowledgments: [{ names: ['Ada Finder'], summary: 'Finder' }],
      scores: [{ cvss_v3: { baseScore: 7.5, baseSeverity: 'HIGH' } }],
      remediations: [
        {
          category: 'vendor_fix',
          details: 'Update @scope/left to 1.2.1 or 2.0.3, or a later version.',
          product_ids: ['CSAFPID-0001-affected'],
        },
        {
          category: 'none_available',
          details: 'No fixed version of left is known.',
          product_ids: ['CSAFPID-0002-affected'],
        },
      ],
    });
  });

  it('conforms, and reads again as what was written, whatever was', () => {
    fc.assert(
      fc.property(someAdvisory, (each) => {
        const written = writeCsaf(each, publisher);
        if (!written.ok) throw new Error(JSON.stringify(written.refusal));
        const read = advisoryOfCsaf(written.value);
        const byPlace = (of: Advisory) => ({
          ...of,
          // Branches are gathered by ecosystem, scores before what has no member for it.
          affected: of.affected.toSorted((a, b) => (a.ecosystem < b.ecosystem ? -1 : 1)),
          severity: of.severity.toSorted(),
          weaknesses: of.weaknesses.toSorted(),
          references: of.references.map(({ type, url }) => ({ type, url: asUri(url) })),
        });
        expect(byPlace(read)).toEqual(byPlace(each));
      }),
    );
  });

  it('is read by others as the packages and ranges it is about', () => {
    const written = writeCsaf(advisory, publisher);
    const read = parseCsaf(utf8(written.ok ? JSON.stringify(written.value) : ''));
    const [record] = read.ok ? osvOfCsaf(read.value).records : [];
    expect([record?.id, record?.aliases]).toEqual(['CVE-2026-12345', ['x_BW-2026-0A1B2C3D']]);
    expect(
      record?.affected?.map(({ package: of, ranges }) => [
        of?.ecosystem,
        of?.name,
        ranges?.flatMap(({ events }) => events),
      ]),
    ).toEqual([
      [
        'npm',
        '@scope/left',
        [{ introduced: '1.0.0' }, { fixed: '1.2.1' }, { introduced: '2.0.0' }, { fixed: '2.0.3' }],
      ],
      ['Debian:12', 'left', [{ introduced: '0' }, { last_affected: '1:1.2~rc1-3' }]],
    ]);
  });

  it.each([
    ['x_BW-2026-0A1B2C3D', 'x_bw-2026-0a1b2c3d.json'],
    ['Example Company - 2019-YH3234', 'example_company_-_2019-yh3234.json'],
    ['RHBA-2019:0024', 'rhba-2019_0024.json'],
    ['2022 #01-A', '2022_01-a.json'],
  ])('%s lies in %s', (id, name) => {
    expect(csafFileName(id)).toBe(name);
  });
});
