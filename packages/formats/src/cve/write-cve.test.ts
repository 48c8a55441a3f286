import { utf8 } from '@breakwater/kernel';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Advisory } from '../advisory/advisory.ts';
import { publisher, someAdvisory } from '../advisory/testing/some-advisory.ts';
import { asUri } from '../uri/uri.ts';
import { osvOfCve } from './cve-as-osv.ts';
import { advisoryOfCna } from './read-container.ts';
import { parseCve } from './read-cve.ts';
import schema from './schema/cve-record-5.1.1.schema.json' with { type: 'json' };
import { cveRecordOf, writeCnaContainer } from './write-cve.ts';

const advisory: Advisory = {
  id: 'x_BW-2026-0A1B2C3D',
  aliases: ['CVE-2026-12345', 'GHSA-9v2f-6vcg-3hgv'],
  title: 'left reads past the end of its input',
  details: 'A crafted file makes left read 16 bytes past the end.',
  affected: [
    {
      ecosystem: 'Debian:12',
      name: 'left',
      purl: 'pkg:deb/debian/left',
      intervals: [{ introduced: null, fixed: '1:1.2-3', lastAffected: null }],
    },
  ],
  severity: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'],
  weaknesses: ['CWE-125'],
  references: [{ type: 'FIX', url: 'https://example.org/left/commit/1' }],
  credits: ['Ada Finder'],
  patch: null,
  revisions: [{ number: 1, date: '2026-11-20T12:00:00Z', summary: 'First publication.' }],
};

describe('an advisory as a CVE container', () => {
  it('says all of it', () => {
    const written = writeCnaContainer(advisory, publisher, null);
    expect(written).toEqual({
      ok: true,
      value: {
        title: 'left reads past the end of its input',
        datePublic: '2026-11-20T12:00:00Z',
        descriptions: [
          { lang: 'en', value: 'A crafted file makes left read 16 bytes past the end.' },
        ],
        affected: [
          {
            collectionURL: 'https://packages.debian.org',
            packageName: 'left',
            platforms: ['Debian:12'],
            defaultStatus: 'unaffected',
            versions: [
              { version: '0', status: 'affected', lessThan: '1:1.2-3', versionType: 'deb' },
            ],
          },
        ],
        problemTypes: [
          {
            descriptions: [
              {
                lang: 'en',
                cweId: 'CWE-125',
                description: 'CWE-125 Out-of-bounds Read',
                type: 'CWE',
              },
            ],
          },
        ],
        references: [
          { url: publisher.page, tags: ['third-party-advisory', 'x_breakwater'] },
          { url: 'https://example.org/left/commit/1', tags: ['patch'] },
        ],
        metrics: [
          {
            format: 'CVSS',
            scenarios: [{ lang: 'en', value: 'GENERAL' }],
            cvssV3_1: {
              version: '3.1',
              vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
              baseScore: 7.5,
              baseSeverity: 'HIGH',
            },
          },
        ],
        solutions: [{ lang: 'en', value: 'Update left to 1:1.2-3, or a later version.' }],
        timeline: [{ time: '2026-11-20T12:00:00Z', lang: 'en', value: 'First publication.' }],
        credits: [{ lang: 'en', value: 'Ada Finder', type: 'finder' }],
        source: { advisory: 'x_BW-2026-0A1B2C3D', discovery: 'UNKNOWN' },
        x_breakwater: { aliases: ['GHSA-9v2f-6vcg-3hgv'], shortened: false },
      },
    });
  });

  it('becomes a record in the hand of whoever assigned the id', () => {
    const provider = { orgId: '8254265b-2729-46b6-b9e3-3dfca2d5bfca', shortName: 'example' };
    const written = writeCnaContainer(advisory, publisher, null);
    const record = written.ok ? cveRecordOf(written.value, 'CVE-2026-12345', provider) : null;
    expect(record).toMatchObject({
      dataType: 'CVE_RECORD',
      cveMetadata: { cveId: 'CVE-2026-12345', assignerOrgId: provider.orgId, state: 'PUBLISHED' },
      containers: { cna: { providerMetadata: provider } },
    });
  });

  it('is cut where the format bounds it, between characters, and says so', () => {
    const long = { ...advisory, details: '𝄞'.repeat(5_000) };
    const written = writeCnaContainer(long, publisher, null);
    const text = written.ok ? (written.value.descriptions[0]?.value ?? '') : '';
    expect(text).toBe(`${'𝄞'.repeat(2_047)}…`);
    expect(written.ok && written.value.x_breakwater.shortened).toBe(true);
  });

  it('obeys the official schema as a record, and is read by others, whatever was written', () => {
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    const obeys = ajv.compile(schema);
    const provider = { orgId: '8254265b-2729-46b6-b9e3-3dfca2d5bfca', shortName: 'example' };
    fc.assert(
      fc.property(someAdvisory, (each) => {
        const written = writeCnaContainer(each, publisher, provider);
        if (!written.ok) throw new Error(JSON.stringify(written.refusal));
        const record = cveRecordOf(written.value, 'CVE-2026-12345', provider);
        expect([obeys(record), obeys.errors]).toEqual([true, null]);
        const read = parseCve(utf8(JSON.stringify(record)));
        const packages = read.ok ? (osvOfCve(read.value).record.affected ?? []) : [];
        expect(packages.map(({ package: of }) => of?.purl)).toEqual(
          each.affected.map(({ purl }) => purl),
        );
      }),
    );
  });

  it('reads again as what was written, whatever was', () => {
    fc.assert(
      fc.property(someAdvisory, (each) => {
        const written = writeCnaContainer(each, publisher, null);
        if (!written.ok) throw new Error(JSON.stringify(written.refusal));
        const { patch: _, ...said } = each;
        const references = said.references.map(({ type, url }) => ({ type, url: asUri(url) }));
        expect(advisoryOfCna(written.value)).toEqual({
          ...said,
          aliases: said.aliases.filter((alias) => !alias.startsWith('CVE-')),
          // The format takes neither a reference nor a credit twice.
          references: references.filter(
            ({ type, url }, i) =>
              i === references.findIndex((other) => other.url === url && other.type === type),
          ),
          credits: [...new Set(said.credits)],
        });
      }),
    );
  });
});
