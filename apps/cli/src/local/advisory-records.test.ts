import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../test/run-cli.ts';
import { advisoriesIn } from './advisory-records.ts';

const cve = {
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: { cveId: 'CVE-2020-36632', state: 'PUBLISHED' },
  containers: {
    cna: {
      affected: [
        {
          collectionURL: 'https://registry.npmjs.org',
          packageName: 'flat',
          versions: [
            { version: '0', lessThan: '5.0.1', status: 'affected', versionType: 'semver' },
          ],
        },
      ],
    },
  },
};
const csaf = {
  document: {
    category: 'csaf_security_advisory',
    csaf_version: '2.0',
    publisher: { category: 'vendor', name: 'Example', namespace: 'https://example.com' },
    title: 'A bug in flat',
    tracking: {
      current_release_date: '2026-01-02T00:00:00Z',
      id: 'EX-2026-1',
      initial_release_date: '2026-01-01T00:00:00Z',
      revision_history: [{ date: '2026-01-01T00:00:00Z', number: '1', summary: 'First.' }],
      status: 'final',
      version: '1',
    },
  },
  product_tree: {
    full_product_names: [
      { name: 'A box', product_id: 'BOX' },
      {
        name: 'flat 5.0.0',
        product_id: 'FLAT',
        product_identification_helper: { purl: 'pkg:npm/flat@5.0.0' },
      },
    ],
  },
  vulnerabilities: [{ cve: 'CVE-2020-36632', product_status: { known_affected: ['BOX', 'FLAT'] } }],
};
const lock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    'node_modules/flat': { version: '5.0.0', resolved: 'https://registry.npmjs.org/flat/-/x.tgz' },
  },
});

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-records-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

async function affected(advisory: unknown) {
  const file = path.join(folder, 'advisory.json');
  await writeFile(file, JSON.stringify(advisory));
  return await runCli(['affected', '-', '--advisories', file, '--json'], { stdin: lock });
}

test.each([
  ['a CVE record', cve],
  ['a CSAF document', csaf],
])('an inventory is held against %s', async (_, advisory) => {
  const { code, json } = await affected(advisory);
  expect(code).toBe(1);
  expect(json()).toMatchObject({
    affected: [{ advisory: 'CVE-2020-36632', component: { name: 'flat', version: '5.0.0' } }],
  });
});

test('of products named in words alone nobody knows', async () => {
  const words = { known_affected: ['BOX'] };
  const { code, json } = await affected({
    ...csaf,
    vulnerabilities: [{ cve: 'CVE-2020-36632', product_status: words }],
  });
  expect(code).toBe(2);
  expect(json()).toMatchObject({
    affected: [],
    unread: [{ refusal: { code: 'product-unnamed' } }],
  });
});

test.each([
  ['{"bomFormat": "CycloneDX"}', 'format-unknown'],
  ['{"runs": [], "version": "2.1.0"}', 'format-unknown'],
  ['{"document": {"csaf_version": "2.0"}}', 'csaf-nonconforming'],
  ['{"cveMetadata": {}}', 'cve-unknown'],
  ['{"id": "x"}', 'osv-nonconforming'],
  ['[{"id": "x"}]', 'osv-nonconforming'],
  ['[', 'json-malformed'],
  ['hello', 'format-unknown'],
])('%s is refused as %s', (text, code) => {
  const results = advisoriesIn(utf8(text), 'file').map(({ result }) => result);
  expect(results).toMatchObject([{ ok: false, refusal: { code } }]);
});
