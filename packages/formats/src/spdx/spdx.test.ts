import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { parseInventory } from '../inventory/parse.ts';
import { parseSpdx } from './spdx.ts';

const reference = (locator: string) => ({
  referenceCategory: 'PACKAGE-MANAGER',
  referenceType: 'purl',
  referenceLocator: locator,
});

const document = {
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  packages: [
    { SPDXID: 'SPDXRef-app', name: 'app', versionInfo: '1.0' },
    {
      SPDXID: 'SPDXRef-a',
      name: 'a',
      versionInfo: '2.0.0',
      externalRefs: [reference('pkg:npm/%40s/a@2.0.0')],
    },
    {
      SPDXID: 'SPDXRef-libc',
      name: 'libc6',
      sourceInfo: 'built package from: glibc 2.36-9+deb12u4',
      externalRefs: [reference('pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?distro=debian-12.5')],
    },
    { SPDXID: 'SPDXRef-none', name: 'none' },
    { name: 'bad', externalRefs: [reference('pkg:')] },
    'text',
  ],
  relationships: [
    {
      spdxElementId: 'SPDXRef-DOCUMENT',
      relationshipType: 'DESCRIBES',
      relatedSpdxElement: 'SPDXRef-app',
    },
  ],
};

const tagValue = `SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
DocumentComment: <text>of many
lines: with a colon</text>
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app

# the parts
PackageName: app
SPDXID: SPDXRef-app
PackageVersion: 1.0

PackageName: a
SPDXID: SPDXRef-a
ExternalRef: PACKAGE-MANAGER purl pkg:npm/%40s/a@2.0.0
PackageComment: <text>one line</text>

PackageName: libc6
SPDXID: SPDXRef-libc
PackageSourceInfo: <text>built package from: glibc 2.36-9+deb12u4</text>
ExternalRef: PACKAGE_MANAGER purl pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?distro=debian-12.5

PackageName: none
FileName: ./a.c
ExternalRef: PACKAGE-MANAGER purl pkg:npm/notthis@1.0.0
`;

function read(text: string) {
  const inventory = parseInventory(utf8(text));
  if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
  const { format, components, notes } = inventory.value;
  return {
    format,
    components: components.map((c) => [c.ecosystem, c.name, c.version, c.path].join(' ')),
    notes: notes.map((note) => `${note.code} ${note.path}`),
  };
}

describe('an SPDX document', () => {
  it('in JSON: packages by their purl, and the whole they are parts of', () => {
    expect(read(JSON.stringify(document))).toEqual({
      format: 'spdx',
      components: ['npm @s/a 2.0.0 /packages/1', 'Debian:12 glibc 2.36-9+deb12u4 /packages/2'],
      notes: [
        'own-project /packages/0',
        'identity-missing /packages/3',
        'identity-malformed /packages/4',
        'identity-missing /packages/5',
      ],
    });
  });

  it('in YAML: the same', () => {
    // JSON is YAML: that its own reader takes it is said by what begins the file.
    const { spdxVersion, ...rest } = document;
    const yaml = `spdxVersion: ${spdxVersion}\npackages: ${JSON.stringify(rest.packages)}\n`;
    expect(read(yaml).components).toEqual(read(JSON.stringify(document)).components);
  });

  it('in tag-value: the same, each at its line', () => {
    expect(read(tagValue)).toEqual({
      format: 'spdx',
      components: ['npm @s/a 2.0.0 line 12', 'Debian:12 glibc 2.36-9+deb12u4 line 17'],
      notes: ['own-project line 8', 'identity-missing line 22'],
    });
  });

  it('that describes all its packages has no whole', () => {
    const all = { ...document, relationships: [], documentDescribes: ['SPDXRef-app', 'SPDXRef-a'] };
    expect(read(JSON.stringify(all)).notes).not.toContain('own-project /packages/0');
  });

  it.each([
    ['json', '{"spdxVersion":"SPDX-2.1"}', 'format-version-unsupported'],
    ['json', '{}', 'format-version-unsupported'],
    ['json', '{', 'not-json'],
    ['yaml', 'spdxVersion: [', 'not-yaml'],
    ['tag-value', 'SPDXVersion: SPDX-2.3\nno tag here\n', 'document-malformed'],
    ['tag-value', 'SPDXVersion: SPDX-2.3\nComment: <text>never\nends\n', 'document-malformed'],
    ['tag-value', 'SPDXVersion: SPDX-3.0\n', 'format-version-unsupported'],
  ] as const)('%s %j is refused as %s', (form, text, code) => {
    const inventory = parseSpdx(utf8(text), form);
    expect(inventory.ok ? 'read' : inventory.refusal.code).toBe(code);
  });

  it('of version 3 is refused with what to send instead', () => {
    const inventory = parseInventory(utf8('{"@context":"x","@graph":[]}'));
    expect(inventory.ok ? '' : inventory.refusal).toMatchObject({
      code: 'format-unknown',
      got: 'SPDX 3 or other JSON-LD',
      todo: 'export the SBOM as SPDX 2.3 or CycloneDX JSON',
    });
  });
});

const sboms = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data', 'sbom');

describe.skipIf(!existsSync(sboms))('the documents of real tools', () => {
  it('are read, every package as a component or a note', () => {
    let packages = 0;
    for (const file of globSync('**/*.json', { cwd: sboms })) {
      const bytes = readFileSync(resolve(sboms, file));
      const inventory = parseInventory(bytes);
      if (!inventory.ok || inventory.value.format !== 'spdx') continue;
      const { components, notes } = inventory.value;
      const doubts = notes.filter((note) => note.code !== 'source-unknown');
      const tree: unknown = JSON.parse(bytes.toString());
      expect([file, components.length + doubts.length]).toEqual([file, countPackages(tree)]);
      packages += components.length;
    }
    expect(packages).toBeGreaterThan(250);
  });
});

function countPackages(tree: unknown): number {
  const list = typeof tree === 'object' && tree !== null && 'packages' in tree ? tree.packages : [];
  return Array.isArray(list) ? list.length : 0;
}
