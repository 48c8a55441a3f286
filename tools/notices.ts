/**
 * THIRD_PARTY_NOTICES.md: what others wrote that runs in production here or lies in the
 * repository, and under which license.
 * Made from the lock file, so that it reads the same on every machine. `--write` renews it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** Licenses that ask for no more than naming the authors; MPL-2.0 binds only its own files. */
const expected = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PostgreSQL',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
]);

const LockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
    }),
  ),
});

type Notice = { name: string; version: string; license: string };

/** What others wrote that lies in this repository. Each folder holds the license it names. */
const material: readonly { folder: string; what: string; license: string; text?: string }[] = [
  {
    folder: 'packages/formats/src/cve/schema',
    what: 'the JSON Schema of the CVE Record Format, from CVEProject/cve-schema by way of cvelib',
    license: 'MIT',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/cve/fixtures',
    what: 'CVE records, from CVEProject/cve-services',
    license: 'CC0-1.0',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/openvex/schema',
    what: 'the JSON Schema of OpenVEX, from openvex/spec',
    license: 'CC0-1.0',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/openvex/fixtures',
    what: 'OpenVEX documents, from openvex/go-vex',
    license: 'Apache-2.0',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/cwe',
    what: 'names of the Common Weakness Enumeration 4.17, by MITRE',
    license: 'CWE Terms of Use',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/osv/schema',
    what: 'the JSON Schema of OSV, from ossf/osv-schema',
    license: 'Apache-2.0',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/ssvc/tables',
    what: "decision tables of CERT/CC's SSVC, © Carnegie Mellon University",
    license: 'MIT (SEI)',
    text: 'LICENSE',
  },
  {
    folder: 'demo/feeds',
    what: "CISA's catalog of known exploited vulnerabilities",
    license: 'CC0-1.0',
    text: 'LICENSE',
  },
  {
    folder: 'demo/patches',
    what: "upstream's fixes of cJSON, © Dave Gamble and contributors",
    license: 'MIT',
    text: 'LICENSE.cJSON',
  },
  {
    folder: 'demo/patches',
    what: "upstream's fix of ini, © Isaac Z. Schlueter and contributors",
    license: 'ISC',
    text: 'LICENSE.ini',
  },
  {
    folder: 'demo/patches',
    what: "upstream's fix of flat, © Hugh Kennedy",
    license: 'BSD-3-Clause',
    text: 'LICENSE.flat',
  },
  {
    folder: 'targets/patches',
    what: 'lines around what patches of jq change, © Stephen Dolan',
    license: 'MIT',
    text: 'LICENSE.jq',
  },
  {
    folder: 'targets/patches',
    what: "upstream's fix of yaml.v3, © Canonical Ltd. and Kirill Simonov",
    license: 'MIT and Apache-2.0',
    text: 'LICENSE.yaml-v3',
  },
  {
    folder: 'demo/inventories',
    what: 'lock files, package lists and bills of materials as npm, dpkg and CycloneDX tools print them: names, versions, digests, and descriptions quoted from the packages',
    license: 'facts; see its README',
  },
  {
    folder: 'packages/correlation/src/vectors/clusterfuzz',
    what: 'crash reports and expectations from the tests of ClusterFuzz',
    license: 'Apache-2.0',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/cvss/vectors',
    what: 'vectors from the tests of go-cvss, © Lucas Tesson',
    license: 'MIT',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/defectdojo/fixtures',
    what: 'a report from the tests of DefectDojo, © DefectDojo, Inc.',
    license: 'BSD-3-Clause',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/eval-log/vectors',
    what: 'logs of the tests of Inspect, © 2024 UK AI Security Institute',
    license: 'MIT',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/interchange/vectors',
    what: 'JSON schema of the federation records of scrutineer, © 2026 Alpha-Omega',
    license: 'MIT',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/inventory/vectors',
    what: 'what the tests of osv-detector expect of lock files, © Gareth Jones',
    license: 'MIT',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/osv/fixtures',
    what: 'records from the linter tests of ossf/osv-schema',
    license: 'Apache-2.0',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/package-lock/fixtures',
    what: 'lock files from the tests of osv-detector, © Gareth Jones',
    license: 'MIT',
    text: 'LICENSE',
  },
  {
    folder: 'packages/formats/src/ssvc/vectors',
    what: "rows of CERT/CC's SSVC tables, © Carnegie Mellon University",
    license: 'MIT (SEI)',
    text: 'LICENSE',
  },
  {
    folder: 'packages/log/src',
    what: 'worked examples of the C2SP specifications signed-note, tlog-checkpoint, tlog-cosignature and tlog-tiles, in the tests',
    license: 'CC-BY-4.0',
  },
  {
    folder: 'packages/log/vectors/merkle',
    what: 'proofs from the tests of transparency-dev/merkle',
    license: 'Apache-2.0',
    text: 'LICENSE',
  },
  {
    folder: 'packages/log/vectors/tessera',
    what: 'a log from the tests of transparency-dev/tessera',
    license: 'Apache-2.0',
    text: 'LICENSE',
  },
  {
    folder: 'packages/precheck/vectors/rfc9497',
    what: 'test vectors of RFC 9497, © IETF Trust and the persons identified as authors',
    license: 'BSD-3-Clause',
    text: 'LICENSE',
  },
  {
    folder: 'packages/statistics/vectors/cyber-horizons',
    what: 'runs and fits of lyptus-research/cyber-task-horizons-data, © Payne, Miller and Peters',
    license: 'CC-BY-4.0',
    text: 'LICENSE',
  },
  {
    folder: 'packages/versions/vectors',
    what: 'ordered versions from the tests of google/osv-scalibr',
    license: 'Apache-2.0',
    text: 'LICENSE',
  },
];

/** License texts that the list above names, as paths from the root. */
export const licenseTexts: readonly string[] = material.flatMap(({ folder, text }) =>
  text === undefined ? [] : [`${folder}/${text}`],
);

/** The page's text, and one sentence for each license that nobody has judged yet. */
export function notices(lockText: string): { text: string; faults: string[] } {
  const all = production(lockText);
  const rows = all.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`);
  const text = [
    '# Third-party notices',
    '',
    'Breakwater stands on these packages in production. Each keeps its own copyright and license;',
    'the full texts come with the packages, in `node_modules`. Made by `node tools/notices.ts --write`.',
    '',
    '| package | version | license |',
    '|---|---|---|',
    ...rows,
    '',
    'And this lies in the repository, with the full text of the license beside it where one is linked:',
    '',
    '| folder | what | license |',
    '|---|---|---|',
    ...material.map(({ folder, what, license, text: file }) => {
      const named = file === undefined ? license : `[${license}](${folder}/${file})`;
      return `| ${folder} | ${what} | ${named} |`;
    }),
    '',
  ].join('\n');
  const faults = all
    .filter(({ license }) => !isExpected(license))
    .map(
      ({ name, license }) => `${name} has the license "${license}": judge it in tools/notices.ts`,
    );
  return { text, faults };
}

// An entry without a digest is of another system and never installed here (tools/lock.ts).
function production(lockText: string): Notice[] {
  const { packages } = LockFile.parse(JSON.parse(lockText));
  const found = new Map<string, Notice>();
  for (const [path, { version, license, integrity, dev }] of Object.entries(packages)) {
    if (!path.includes('node_modules/') || dev || !version || !integrity) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(`${name}@${version}`, { name, version, license: license ?? 'none given' });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isExpected(license: string): boolean {
  const words = license.replace(/[()]/g, '').split(/ (?:OR|AND) /);
  return license.includes(' OR ')
    ? words.some((word) => expected.has(word))
    : words.every((word) => expected.has(word));
}

if (import.meta.main && process.argv.includes('--write')) {
  const lock = readFileSync('package-lock.json', 'utf8');
  writeFileSync('THIRD_PARTY_NOTICES.md', notices(lock).text);
}
