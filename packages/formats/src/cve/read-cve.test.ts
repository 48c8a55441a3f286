import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { digestOf, utf8 } from '@breakwater/kernel';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { osvOfCve, parseCve, toldByCve } from './index.ts';

const schemaFile = resolve(import.meta.dirname, 'schema/cve-record-5.1.1.schema.json');
const schema = readFileSync(schemaFile);
const fixtures = resolve(import.meta.dirname, 'fixtures');

/** The official schema's word; it is asked of what these tests make up, and of the fixtures. */
function conforms(value: unknown): boolean {
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  return ajv.compile(JSON.parse(new TextDecoder().decode(schema)))(value);
}

const org = '1bb62c36-49e3-4200-9d77-64a1400537cc';
const vector = {
  version: '3.1',
  vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  baseScore: 9.8,
  baseSeverity: 'CRITICAL',
};
const cna = {
  providerMetadata: { orgId: org, shortName: 'example' },
  title: 'Prototype pollution in flat',
  descriptions: [
    { lang: 'es', value: 'Escribe donde no debe.' },
    { lang: 'en', value: 'It writes where it should not.' },
  ],
  affected: [
    {
      collectionURL: 'https://www.npmjs.com',
      packageName: '@a/flat',
      programFiles: ['index.js'],
      programRoutines: [{ name: 'unflatten' }],
      defaultStatus: 'unaffected',
      versions: [
        { version: '0', lessThan: '5.0.1', status: 'affected', versionType: 'semver' },
        { version: '6.0.0', status: 'affected' },
      ],
    },
    {
      vendor: 'Example',
      product: 'Box',
      cpes: ['cpe:2.3:h:example:box:*:*:*:*:*:*:*:*'],
      defaultStatus: 'affected',
    },
  ],
  problemTypes: [
    {
      descriptions: [
        { lang: 'en', description: 'CWE-1321 Prototype Pollution', cweId: 'CWE-1321', type: 'CWE' },
      ],
    },
    { descriptions: [{ lang: 'en', description: 'CWE-20 in words alone' }] },
  ],
  references: [
    { url: 'https://github.com/advisories/GHSA-2j2x-2gpw-g8fm', tags: ['vendor-advisory'] },
  ],
  metrics: [{ cvssV3_1: vector }],
  solutions: [{ lang: 'en', value: 'Update to 5.0.1.' }],
  timeline: [{ time: '2026-01-01T00:00:00Z', lang: 'en', value: 'Found.' }],
};
const adp = {
  providerMetadata: { orgId: org, shortName: 'CISA-ADP' },
  metrics: [
    {
      other: {
        type: 'ssvc',
        content: {
          id: 'CVE-2026-1000',
          options: [
            { Exploitation: 'poc' },
            { Automatable: 'yes' },
            { 'Technical Impact': 'total' },
          ],
        },
      },
    },
    { other: { type: 'kev', content: { dateAdded: '2026-02-01' } } },
  ],
};
const record = {
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: {
    cveId: 'CVE-2026-1000',
    assignerOrgId: org,
    assignerShortName: 'example',
    state: 'PUBLISHED',
    datePublished: '2026-01-02T03:04:05',
    dateUpdated: '2026-01-03T03:04:05.123Z',
  },
  containers: { cna, adp: [adp] },
};

function read(value: unknown) {
  const parsed = parseCve(utf8(JSON.stringify(value)));
  if (!parsed.ok) throw new Error(parsed.refusal.got);
  return parsed.value;
}

/** The record with other products, as OSV. */
function osvWith(affected: unknown) {
  return osvOfCve(read({ ...record, containers: { cna: { ...cna, affected: [affected] } } }));
}

describe('the schema of the CVE program', () => {
  it('is the published one, unchanged', () => {
    expect(digestOf(schema)).toBe(
      'sha256:c5f31c951a2934858e0925d40eec81006c9daad554cad133e00bc181ca578c74',
    );
  });

  it('holds what these tests read', () => expect(conforms(record)).toBe(true));

  it.each(globSync('*.json', { cwd: fixtures }))('holds %s, and it is read', (name) => {
    const bytes = readFileSync(resolve(fixtures, name));
    expect(conforms(JSON.parse(new TextDecoder().decode(bytes)))).toBe(true);
    const { state, affected, rejectedReasons } = read(JSON.parse(new TextDecoder().decode(bytes)));
    const isRejected = name.includes('rejected');
    expect(state).toBe(isRejected ? 'REJECTED' : 'PUBLISHED');
    expect(affected.length > 0).toBe(!isRejected);
    expect(rejectedReasons.length > 0).toBe(isRejected);
  });
});

describe('a CVE record', () => {
  it('is read from all its containers', () => {
    expect(read(record)).toMatchObject({
      id: 'CVE-2026-1000',
      state: 'PUBLISHED',
      assigner: 'example',
      description: 'It writes where it should not.',
      weaknesses: ['CWE-1321', 'CWE-20'],
      vectors: [vector.vectorString],
      ssvc: { exploitation: 'poc', automatable: 'yes', technicalImpact: 'total' },
      knownExploitedSince: '2026-02-01',
      affected: [
        {
          by: 'example',
          purl: 'pkg:npm/%40a/flat',
          routines: ['unflatten'],
          defaultStatus: 'unaffected',
        },
        { purl: null, cpes: ['cpe:2.3:h:example:box:*:*:*:*:*:*:*:*'], defaultStatus: 'affected' },
      ],
      notes: ['The record has a timeline; that is not read.'],
    });
  });

  it('tells one finding for each package, or one without where it names none', () => {
    expect(toldByCve(read(record)).findings).toEqual([
      {
        package: 'pkg:npm/%40a/flat',
        version: '6.0.0',
        title: 'Prototype pollution in flat',
        description: [
          'It writes where it should not.',
          'Affected versions, as the record says:\n@a/flat from 0 before 5.0.1: affected\n@a/flat 6.0.0: affected',
          'Solution:\nUpdate to 5.0.1.',
        ].join('\n\n'),
        weakness: 'CWE-1321',
        location: { path: 'index.js', function: 'unflatten' },
        identifiers: ['CVE-2026-1000', 'GHSA-2j2x-2gpw-g8fm'],
        cvss: vector.vectorString,
        tool: null,
      },
    ]);
    const boxes = { ...record, containers: { cna: { ...cna, affected: [cna.affected[1]] } } };
    expect(toldByCve(read(boxes)).findings).toMatchObject([{ package: null, version: null }]);
  });

  it('that was rejected tells none, and why', () => {
    const rejected = {
      ...record,
      cveMetadata: { ...record.cveMetadata, state: 'REJECTED' },
      containers: { cna: { rejectedReasons: [{ lang: 'en', value: 'A duplicate.' }] } },
    };
    expect(toldByCve(read(rejected))).toEqual({
      findings: [],
      notes: ['CVE-2026-1000 was rejected: A duplicate.'],
    });
    expect(osvOfCve(read(rejected)).record.withdrawn).toBe('2026-01-03T03:04:05.123Z');
  });

  it('becomes an OSV record, and what cannot is told', () => {
    const { record: osv, notes } = osvOfCve(read(record));
    expect(osv).toMatchObject({
      id: 'CVE-2026-1000',
      published: '2026-01-02T03:04:05Z',
      aliases: ['GHSA-2j2x-2gpw-g8fm'],
      affected: [
        {
          package: { ecosystem: 'npm', name: '@a/flat' },
          versions: ['6.0.0'],
          ranges: [{ events: [{ introduced: '0' }, { fixed: '5.0.1' }] }],
        },
      ],
    });
    expect(notes).toEqual(['CVE-2026-1000: Example Box: no package is named, only a product.']);
  });

  const flat = { packageURL: 'pkg:npm/flat' };
  it.each([
    ['all versions', { ...flat, defaultStatus: 'affected' }, [{ introduced: '0' }]],
    [
      'all but some',
      {
        ...flat,
        defaultStatus: 'affected',
        versions: [
          { version: '0', lessThan: '1.0.0', status: 'unaffected', versionType: 'semver' },
          { version: '2.0.0', lessThan: '3.0.0', status: 'unaffected', versionType: 'semver' },
          { version: '5.0.0', lessThanOrEqual: '*', status: 'unaffected', versionType: 'semver' },
        ],
      },
      [{ introduced: '1.0.0' }, { fixed: '2.0.0' }, { introduced: '3.0.0' }, { fixed: '5.0.0' }],
    ],
    [
      'a change inside',
      {
        ...flat,
        versions: [
          {
            version: '1.0.0',
            lessThan: '*',
            status: 'affected',
            versionType: 'semver',
            changes: [{ at: '1.4.0', status: 'unaffected' }],
          },
        ],
      },
      [{ introduced: '1.0.0' }, { fixed: '1.4.0' }],
    ],
    [
      'an inclusive end',
      {
        ...flat,
        versions: [{ version: 'unspecified', lessThanOrEqual: '2.0', status: 'affected' }],
      },
      [{ introduced: '0' }, { last_affected: '2.0' }],
    ],
  ])('holds %s', (_, affected, events) => {
    expect(osvWith(affected).record.affected?.[0]?.ranges).toEqual([{ type: 'ECOSYSTEM', events }]);
  });

  it.each([
    ['a pattern', { version: '1.0', lessThan: '1.*', status: 'affected' }],
    ['commits', { version: 'abc', lessThan: 'def', status: 'affected', versionType: 'git' }],
    ['nothing known', { version: '1.0', status: 'unknown' }],
  ])('is not held where it has %s', (_, version) => {
    const { record: osv, notes } = osvWith({ ...flat, versions: [version] });
    expect(osv.affected).toEqual([]);
    expect(notes.length).toBe(1);
  });

  it('with an exception that ends with a version is not held', () => {
    const version = { version: '1.0', lessThanOrEqual: '1.5', status: 'unaffected' };
    const { record: osv } = osvWith({ ...flat, defaultStatus: 'affected', versions: [version] });
    expect(osv.affected).toEqual([]);
  });

  it.each([
    ['{}', '/cveMetadata/cveId'],
    ['{"cveMetadata":{"cveId":"CVE-1"},"dataVersion":"5.1"}', '/cveMetadata/cveId'],
    ['{"cveMetadata":{"cveId":"CVE-2026-1000"},"dataVersion":"4.0"}', '/dataVersion'],
    ['{"cveMetadata":{"cveId":"CVE-2026-1000"},"dataVersion":"5.1"}', '/containers'],
  ])('%s is refused at %s', (text, pointer) => {
    expect(parseCve(utf8(text))).toMatchObject({ refusal: { code: 'cve-unknown', pointer } });
  });

  it('of any content is read or refused', () => {
    const wild = fc.record({
      dataVersion: fc.constant('5.1'),
      cveMetadata: fc.constant(record.cveMetadata),
      containers: fc.record({
        cna: fc.dictionary(fc.constantFrom(...Object.keys(cna)), fc.jsonValue()),
      }),
    });
    fc.assert(
      fc.property(wild, (value) => {
        const advisory = read(value);
        expect(Array.isArray(osvOfCve(advisory).record.affected)).toBe(true);
        for (const { title, description } of toldByCve(advisory).findings) {
          expect([title === '', description === '']).toEqual([false, false]);
        }
      }),
    );
  });
});

const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const go = resolve(data, 'advisories/native-A/golang/data/cve/v5');

describe.skipIf(!existsSync(go))('the records Go keeps', () => {
  it('are all read, each with its package and the ranges it names', () => {
    const files = globSync('*.json', { cwd: go });
    for (const file of files) {
      const advisory = parseCve(readFileSync(resolve(go, file)));
      if (!advisory.ok) throw new Error(`${file}: ${advisory.refusal.got}`);
      const { affected } = advisory.value;
      const { record: osv, notes } = osvOfCve(advisory.value);
      expect([file, osv.affected?.length, notes]).toEqual([file, affected.length, []]);
    }
    expect(files.length).toBeGreaterThan(90);
  });
});
