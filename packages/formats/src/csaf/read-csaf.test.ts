import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { osvOfCsaf, parseCsaf, toldByCsaf } from './index.ts';

const document = {
  category: 'csaf_security_advisory',
  csaf_version: '2.0',
  distribution: { tlp: { label: 'WHITE' } },
  publisher: { category: 'vendor', name: 'Example', namespace: 'https://example.com' },
  title: 'Two bugs in flat',
  tracking: {
    current_release_date: '2026-01-02T00:00:00Z',
    id: 'EX-2026-1',
    initial_release_date: '2026-01-01T00:00:00Z',
    revision_history: [{ date: '2026-01-01T00:00:00Z', number: '1', summary: 'First.' }],
    status: 'final',
    version: '1',
  },
};

const product = (id: string, purl?: string) => ({
  name: `Product ${id}`,
  product_id: id,
  ...(purl === undefined ? {} : { product_identification_helper: { purl } }),
});

const tree = {
  branches: [
    {
      category: 'vendor',
      name: 'Example',
      branches: [
        {
          category: 'product_name',
          name: 'flat',
          branches: [
            {
              category: 'product_version',
              name: '5.0.0',
              product: product('A', 'pkg:npm/%40a/flat@5.0.0'),
            },
            {
              category: 'product_version_range',
              name: 'vers:npm/>=1.0.0|<4.2.0',
              product: product('R', 'pkg:npm/%40a/flat'),
            },
          ],
        },
      ],
    },
  ],
  full_product_names: [product('BOX'), product('LIB', 'pkg:pypi/flat')],
  product_groups: [{ group_id: 'G', product_ids: ['A', 'R'] }],
  relationships: [
    {
      category: 'default_component_of',
      full_product_name: product('A-IN-BOX'),
      product_reference: 'A',
      relates_to_product_reference: 'BOX',
    },
  ],
};

const vulnerability = {
  cve: 'CVE-2026-1000',
  cwe: { id: 'CWE-1321', name: 'Prototype Pollution' },
  ids: [{ system_name: 'Tracker', text: 'T-17' }],
  notes: [{ category: 'description', text: 'It writes where it should not.' }],
  product_status: { known_affected: ['A', 'R', 'A-IN-BOX'], fixed: ['BOX'] },
  remediations: [
    { category: 'vendor_fix', details: 'Update to 5.0.1', group_ids: ['G'] },
    { category: 'workaround', details: 'Unplug it', product_ids: ['BOX'] },
  ],
  scores: [
    {
      cvss_v3: {
        version: '3.1',
        vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        baseScore: 9.8,
        baseSeverity: 'CRITICAL',
      },
      products: ['A', 'R'],
    },
  ],
  threats: [{ category: 'impact', details: 'Code runs' }],
};

const whole = { document, product_tree: tree, vulnerabilities: [vulnerability] };

function read(value: unknown) {
  const advisory = parseCsaf(utf8(JSON.stringify(value)));
  if (!advisory.ok) throw new Error(advisory.refusal.got);
  return advisory.value;
}

describe('a CSAF document', () => {
  it('is read with its products, by branches, lists and relationships', () => {
    const advisory = read(whole);
    expect(advisory).toMatchObject({
      id: 'EX-2026-1',
      category: 'csaf_security_advisory',
      tlp: 'CLEAR',
      status: 'final',
      publisher: { name: 'Example' },
    });
    expect([...advisory.products.keys()]).toEqual(['A', 'R', 'BOX', 'LIB', 'A-IN-BOX']);
    expect(advisory.products.get('R')).toEqual({
      id: 'R',
      name: 'Product R',
      vendor: 'Example',
      product: 'flat',
      version: null,
      versionRange: 'vers:npm/>=1.0.0|<4.2.0',
      purl: 'pkg:npm/%40a/flat',
      cpe: null,
      within: null,
    });
    expect(advisory.products.get('A-IN-BOX')).toMatchObject({
      version: '5.0.0',
      purl: 'pkg:npm/%40a/flat@5.0.0',
      within: { product: 'BOX', how: 'default_component_of' },
    });
    expect(advisory.vulnerabilities[0]).toMatchObject({
      cve: 'CVE-2026-1000',
      weakness: 'CWE-1321',
      status: { affected: ['A', 'R', 'A-IN-BOX'], fixed: ['BOX'], notAffected: [] },
      remediations: [{ category: 'vendor_fix', products: ['A', 'R'] }, { products: ['BOX'] }],
    });
  });

  it('gives one finding for each package of each vulnerability', () => {
    const { findings } = toldByCsaf(read(whole));
    expect(findings).toEqual([
      {
        package: 'pkg:npm/%40a/flat',
        version: '5.0.0',
        title: 'CVE-2026-1000: Two bugs in flat',
        description: [
          'It writes where it should not.',
          'Affected:\nProduct A 5.0.0\nProduct R vers:npm/>=1.0.0|<4.2.0\nProduct A-IN-BOX 5.0.0',
          'What it leads to:\nimpact: Code runs',
          'What to do:\nvendor fix: Update to 5.0.1',
          'As told by Example in EX-2026-1 (Two bugs in flat).',
        ].join('\n\n'),
        weakness: 'CWE-1321',
        location: null,
        identifiers: ['CVE-2026-1000', 'T-17', 'EX-2026-1'],
        cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        tool: null,
      },
    ]);
  });

  it('whose products have no package URL gives one finding without a package', () => {
    const status = { product_status: { known_affected: ['BOX'] } };
    const { findings } = toldByCsaf(
      read({ ...whole, vulnerabilities: [{ ...vulnerability, ...status }] }),
    );
    expect(findings).toMatchObject([{ package: null, version: null }]);
    expect(findings[0]?.description).toContain('Unplug it');
  });

  it('becomes an OSV record as far as its products have package URLs and versions', () => {
    const { records, notes } = osvOfCsaf(read(whole));
    expect(records).toMatchObject([
      {
        id: 'CVE-2026-1000',
        modified: '2026-01-02T00:00:00Z',
        aliases: ['EX-2026-1'],
        affected: [
          { package: { ecosystem: 'npm', name: '@a/flat' }, versions: ['5.0.0'] },
          {
            package: { ecosystem: 'npm', name: '@a/flat' },
            ranges: [{ events: [{ introduced: '1.0.0' }, { fixed: '4.2.0' }] }],
          },
        ],
      },
    ]);
    expect(notes).toEqual(['CVE-2026-1000: 1 products have no package URL with versions.']);
  });

  it('is refused where its shape breaks the schema, at the place; failed tests are notes', () => {
    const broken = { ...whole, document: { ...document, title: '' } };
    expect(parseCsaf(utf8(JSON.stringify(broken)))).toMatchObject({
      ok: false,
      refusal: { code: 'csaf-nonconforming', pointer: '/document/title' },
    });
    const twice = { ...whole, vulnerabilities: [vulnerability, vulnerability] };
    expect(read(twice).notes[0]).toContain('mandatory tests (');
    expect(parseCsaf(utf8('{"document": {"csaf_version": "2.1"}}')).ok).toBe(false);
  });

  it('whose groups name more products than anybody could hold is refused', () => {
    const ids = Array.from({ length: 1_001 }, (_, i) => `P${i}`);
    const wide = {
      full_product_names: ids.map((id) => product(id)),
      product_groups: [{ group_id: 'G', product_ids: ids }],
    };
    const remediations = Array.from({ length: 1_000 }, (_, i) => ({
      category: 'mitigation',
      details: `No. ${i}`,
      group_ids: ['G'],
    }));
    const bomb = { document, product_tree: wide, vulnerabilities: [{ remediations }] };
    expect(parseCsaf(utf8(JSON.stringify(bomb)))).toMatchObject({
      refusal: { code: 'too-many-products' },
    });
  });

  it('any JSON is read or refused', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseCsaf(utf8(text)).ok).toBe(false);
      }),
    );
  });
});

const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const suite = resolve(data, 'conformance/csaf/csaf_2.0/test/validator/data');
const cisa = resolve(data, 'csaf-real/cisa');
const redHat = resolve(data, 'conformance/osv-schema/tools/redhat/testdata');

describe.skipIf(!existsSync(suite))("the committee's documents", () => {
  const Cases = z.object({
    tests: z.array(z.object({ valid: z.array(z.object({ name: z.string() })).default([]) })),
  });

  it('that are valid are all read', () => {
    const text = readFileSync(resolve(suite, 'testcases.json'), 'utf8');
    const names = Cases.parse(JSON.parse(text)).tests.flatMap(({ valid }) => valid);
    const refused = names.filter(({ name }) => !parseCsaf(readFileSync(resolve(suite, name))).ok);
    expect(names.length).toBe(94);
    expect(refused).toEqual([]);
  });
});

describe.skipIf(!existsSync(cisa))("CISA's advisories", () => {
  it('are all read, each vulnerability with what it affects', () => {
    const files = globSync('**/icsa-*.json', { cwd: cisa });
    let vulnerabilities = 0;
    for (const file of files) {
      const bytes = readFileSync(resolve(cisa, file));
      const advisory = parseCsaf(bytes);
      expect([file, advisory.ok]).toEqual([file, true]);
      if (!advisory.ok) continue;
      const text = new TextDecoder().decode(bytes);
      expect(advisory.value.vulnerabilities.length).toBe(text.match(/"cve": "CVE-/g)?.length);
      vulnerabilities += advisory.value.vulnerabilities.length;
      expect(toldByCsaf(advisory.value).findings.length).toBeGreaterThan(0);
    }
    expect(vulnerabilities).toBeGreaterThan(100);
  }, 60_000);
});

describe.skipIf(!existsSync(redHat))(
  "Red Hat's advisories, beside the OSV project's reading",
  () => {
    const Pair = z.object({
      affected: z.array(
        z.object({
          package: z.object({ name: z.string() }),
          ranges: z.array(z.object({ events: z.array(z.record(z.string(), z.string())) })),
        }),
      ),
    });
    /** An epoch of 0 is none (rpm-version(7)); the OSV project writes it. */
    const fixes = (record: z.infer<typeof Pair>) =>
      new Set(
        record.affected.flatMap(({ package: { name }, ranges }) =>
          ranges.flatMap(({ events }) =>
            events.flatMap(({ fixed }) => (fixed ? `${name} ${fixed.replace(/^0:/, '')}` : [])),
          ),
        ),
      );

    it.each(globSync('*.json', { cwd: resolve(redHat, 'OSV') }))('%s', (name) => {
      const csaf = readFileSync(resolve(redHat, 'CSAF', name.toLowerCase()));
      const expected = fixes(
        Pair.parse(JSON.parse(readFileSync(resolve(redHat, 'OSV', name), 'utf8'))),
      );
      const advisory = parseCsaf(csaf);
      if (!advisory.ok) throw new Error(advisory.refusal.got);
      const records = osvOfCsaf(advisory.value).records.map((record) => Pair.parse(record));
      expect(new Set(records.flatMap((record) => [...fixes(record)]))).toEqual(expected);
    });
  },
);
