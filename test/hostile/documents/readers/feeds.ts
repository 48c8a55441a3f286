import { compileAdvisory } from '@breakwater/exposure';
import { conformCsaf, osvOfCsaf, parseCsaf, toldByCsaf } from '@breakwater/formats/csaf';
import { osvOfCve, parseCve, toldByCve } from '@breakwater/formats/cve';
import { parseCvss, scoreCvss } from '@breakwater/formats/cvss';
import { parseEpss } from '@breakwater/formats/epss';
import { parseKevCsv, parseKevJson } from '@breakwater/formats/kev';
import {
  affectedOfOpenVex,
  conformOpenVex,
  currentStatements,
  parseOpenVex,
} from '@breakwater/formats/openvex';
import { conform, parseOsv, toldByOsv } from '@breakwater/formats/osv';
import { cisaCoordinatorTable, lookup } from '@breakwater/formats/ssvc';
import { ok } from '@breakwater/kernel';
import { all, jsonOf, type Reader, realData, textOf, vectors, written } from '../reader.ts';

const kev = {
  cveID: 'CVE-2025-48384',
  vendorProject: 'Git',
  product: 'Git',
  vulnerabilityName: 'Git Link Following Vulnerability',
  dateAdded: '2025-08-25',
  shortDescription: 'Carriage returns, "quoted".',
  requiredAction: 'Apply mitigations.',
  dueDate: '2025-09-15',
  knownRansomwareCampaignUse: 'Known',
  notes: '',
};

const branch = (category: string, name: string, more: object) => ({ category, name, ...more });

const csaf = {
  document: {
    category: 'csaf_base',
    csaf_version: '2.0',
    distribution: { tlp: { label: 'WHITE' } },
    publisher: { category: 'coordinator', name: 'Example', namespace: 'https://example.org' },
    title: 'An example',
    notes: [{ category: 'summary', text: 'said' }],
    references: [{ category: 'self', summary: 'itself', url: 'https://example.org/a.json' }],
    tracking: {
      id: 'EX-1',
      status: 'final',
      version: '1.0.0',
      initial_release_date: '2026-01-01T00:00:00.000Z',
      current_release_date: '2026-01-01T00:00:00.000Z',
      generator: { engine: { name: 'hand', version: '1' } },
      revision_history: [{ date: '2026-01-01T00:00:00.000Z', number: '1.0.0', summary: 'first' }],
    },
  },
  product_tree: {
    branches: [
      branch('vendor', 'Example', {
        branches: [
          branch('product_name', 'Thing', {
            branches: [
              branch('product_version', '1.0', {
                product: {
                  name: 'Thing 1.0',
                  product_id: 'P1',
                  product_identification_helper: { purl: 'pkg:npm/thing@1.0.0' },
                },
              }),
            ],
          }),
        ],
      }),
    ],
    product_groups: [{ group_id: 'G1', product_ids: ['P1', 'P2'] }],
    full_product_names: [{ name: 'Other 2', product_id: 'P2' }],
  },
  vulnerabilities: [
    {
      cve: 'CVE-2026-0001',
      cwe: {
        id: 'CWE-79',
        name: "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')",
      },
      notes: [{ category: 'description', text: 'said' }],
      product_status: { known_affected: ['P1'], fixed: ['P2'] },
      remediations: [{ category: 'vendor_fix', details: 'update', product_ids: ['P1'] }],
      scores: [
        {
          products: ['P1'],
          cvss_v3: {
            version: '3.1',
            vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
            baseScore: 9.8,
            baseSeverity: 'CRITICAL',
          },
        },
      ],
    },
  ],
};

const vexes = all(
  vectors('packages/formats/src/openvex/fixtures', '.json'),
  realData('conformance/vexhub', '.json'),
);
const osv = vectors('packages/formats/src/osv/fixtures', '.json');

export const feedReaders: readonly Reader[] = [
  {
    reads: ['@breakwater/formats/csaf#conformCsaf'],
    seeds: all(written(csaf), realData('csaf-real/cisa', '.json')),
    read: (document) => conformCsaf(jsonOf(document)),
  },
  {
    reads: ['@breakwater/formats/csaf#parseCsaf'],
    seeds: all(written(csaf), realData('csaf-real/cisa', '.json')),
    read: (document) => {
      const read = parseCsaf(document);
      return read.ok ? ok([toldByCsaf(read.value), osvOfCsaf(read.value)]) : read;
    },
  },
  {
    reads: ['@breakwater/formats/cve#parseCve'],
    seeds: vectors('packages/formats/src/cve/fixtures', '.json'),
    read: (document) => {
      const read = parseCve(document);
      return read.ok ? ok([toldByCve(read.value), osvOfCve(read.value)]) : read;
    },
  },
  {
    reads: ['@breakwater/formats/openvex#parseOpenVex'],
    seeds: vexes,
    read: (document) => {
      const read = parseOpenVex(document);
      return read.ok ? ok([currentStatements([read.value]), affectedOfOpenVex(read.value)]) : read;
    },
  },
  {
    reads: ['@breakwater/formats/openvex#conformOpenVex'],
    seeds: vexes,
    read: (document) => conformOpenVex(jsonOf(document)),
  },
  {
    reads: ['@breakwater/formats/osv#parseOsv', '@breakwater/formats/osv#conform'],
    seeds: osv,
    read: (document) => {
      const record = parseOsv(document);
      // as whoever takes one goes on with it
      return record.ok ? ok([compileAdvisory(record.value), toldByOsv(record.value)]) : record;
    },
  },
  {
    reads: ['@breakwater/formats/osv#conform'],
    seeds: osv,
    read: (document) => conform(jsonOf(document)),
  },
  {
    reads: ['@breakwater/formats/epss#parseEpss'],
    seeds: written(
      '#model_version:v2025.03.14,score_date:2026-08-16T12:55:00+0000\ncve,epss,percentile\nCVE-1999-1546,0.01106,0.63027\nCVE-2020-1000,9e-05,1\n',
    ),
    read: (document) => parseEpss(textOf(document)),
  },
  {
    reads: ['@breakwater/formats/kev#parseKevJson'],
    seeds: written({
      catalogVersion: '2025.08.25',
      dateReleased: '2025-08-25T17:04:19.9796Z',
      count: 1,
      vulnerabilities: [{ ...kev, cwes: ['CWE-59', 'CWE-436'] }],
    }),
    read: (document) => parseKevJson(textOf(document)),
  },
  {
    reads: ['@breakwater/formats/kev#parseKevCsv'],
    seeds: written(
      `${Object.keys(kev).join(',')},cwes\nCVE-2025-48384,Git,Git,"a ""b""",2025-08-25,"x\ny",Apply.,2025-09-15,Known,,CWE-59\n`,
    ),
    read: (document) => parseKevCsv(textOf(document)),
  },
  {
    reads: ['@breakwater/formats/cvss#parseCvss'],
    seeds: written(
      'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/MAV:L',
      'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
      'AV:N/AC:L/Au:N/C:P/I:P/A:P',
    ),
    read: (document) => {
      const vector = parseCvss(textOf(document));
      return vector.ok ? ok(scoreCvss(vector.value)) : vector;
    },
  },
  {
    reads: ['@breakwater/formats/ssvc#lookup'],
    seeds: written({
      Exploitation: 'active',
      Automatable: 'yes',
      'Technical Impact': 'total',
      'Mission and Well-Being Impact': 'high',
    }),
    read: (document) => {
      const value = jsonOf(document);
      const given = typeof value === 'object' && value !== null ? Object.entries(value) : [];
      const inputs = Object.fromEntries(
        given.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
      );
      return lookup(cisaCoordinatorTable, inputs);
    },
  },
];
