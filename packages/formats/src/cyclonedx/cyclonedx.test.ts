import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { inventoryLimits } from '../inventory/inventory.ts';
import { parseCycloneDx } from './cyclonedx.ts';

const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');

function bytesOf(components: unknown, more: object = {}): Uint8Array {
  return utf8(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components, ...more }));
}

function read(bytes: Uint8Array) {
  const inventory = parseCycloneDx(bytes);
  if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
  return inventory.value;
}

describe('a CycloneDX document', () => {
  it('gives components by purl, nested ones too', () => {
    const child = { name: 'b', purl: 'pkg:npm/%40s/b@2.0.0' };
    const { components, notes } = read(
      bytesOf([{ name: 'a', purl: 'pkg:npm/a@1.0.0', components: [child] }], {
        metadata: { component: { name: 'app', components: [{ purl: 'pkg:pypi/Django@4.2' }] } },
      }),
    );
    expect(
      components.map(({ ecosystem, name, version, path }) => [ecosystem, name, version, path]),
    ).toEqual([
      ['npm', 'a', '1.0.0', '/components/0'],
      ['npm', '@s/b', '2.0.0', '/components/0/components/0'],
      ['PyPI', 'django', '4.2', '/metadata/component/components/0'],
    ]);
    expect(notes.map((note) => note.code)).toEqual(['own-project']);
  });

  it('names source packages of Debian where syft or Trivy tell them', () => {
    const { components, notes } = read(
      bytesOf([
        {
          name: 'libc6',
          purl: 'pkg:deb/debian/libc6@2.36-9+deb12u4?arch=amd64&distro=debian-12.5&upstream=glibc',
        },
        {
          name: 'libgcc-s1',
          purl: 'pkg:deb/debian/libgcc-s1@12.2.0-14?distro=debian-12&upstream=gcc-12@12.2.0-13',
        },
        {
          name: 'zlib1g',
          purl: 'pkg:deb/ubuntu/zlib1g@1:1.2.11-2?distro=ubuntu-20.04',
          properties: [
            { name: 'aquasecurity:trivy:SrcName', value: 'zlib' },
            { name: 'aquasecurity:trivy:SrcVersion', value: '1.2.11' },
            { name: 'aquasecurity:trivy:SrcRelease', value: '2' },
            { name: 'aquasecurity:trivy:SrcEpoch', value: '1' },
          ],
        },
        { name: 'sed', purl: 'pkg:deb/debian/sed@4.9-1' },
        { name: 'acl', purl: 'pkg:deb/debian/acl@2.2.53-4?distro=debian-10&package-id=3fca' },
      ]),
    );
    expect(
      components.map((each) => [each.ecosystem, each.name, each.version, each.installedAs]),
    ).toEqual([
      ['Debian:12', 'glibc', '2.36-9+deb12u4', 'libc6'],
      ['Debian:12', 'gcc-12', '12.2.0-13', 'libgcc-s1'],
      ['Ubuntu:20.04:LTS', 'zlib', '1:1.2.11-2', 'zlib1g'],
      ['Debian', 'sed', '4.9-1', undefined],
      ['Debian:10', 'acl', '2.2.53-4', undefined],
    ]);
    expect(notes.map((note) => [note.code, note.path])).toEqual([
      ['source-unknown', '/components/3'],
    ]);
  });

  it('says what it cannot name', () => {
    const { components, notes } = read(
      bytesOf([
        { name: 'no purl' },
        { name: 'bad', purl: 'pkg:' },
        { name: 'os', purl: 'pkg:rpm/fedora/curl@7.50.3' },
        { name: 'unversioned', purl: 'pkg:npm/unversioned' },
        'text',
        { purl: 'pkg:npm/a@1.0.0', components: 7 },
      ]),
    );
    expect(components).toHaveLength(1);
    expect(notes.map((note) => note.code)).toEqual([
      'identity-missing',
      'identity-malformed',
      'ecosystem-unknown',
      'version-missing',
      'entry-malformed',
      'entry-malformed',
    ]);
  });

  it.each([
    ['format-version-unsupported', bytesOf([], { specVersion: '1.1' })],
    ['format-version-unsupported', bytesOf([], { bomFormat: 'SPDX' })],
    [
      'too-many-components',
      bytesOf(Array.from({ length: 11 }, () => ({ purl: 'pkg:npm/a@1.0.0' }))),
    ],
    ['not-json', utf8('{"bomFormat":"CycloneDX"')],
    ['not-json', utf8('{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":tru}]}')],
    ['too-deep', utf8(`{"components":${'[{"components":'.repeat(100)}1`)],
  ])('is refused as %s', (code, bytes) => {
    const inventory = parseCycloneDx(bytes, { ...inventoryLimits, entriesMax: 10 });
    expect(inventory.ok ? '' : inventory.refusal.code).toBe(code);
  });
});

const official = resolve(data, 'conformance/cyclonedx/specification/tools/src/test/resources');

describe.skipIf(!existsSync(official))('the official documents', () => {
  it('are read, every component as a component or a note', () => {
    const files = globSync('1.[2-7]/valid-*.json', { cwd: official });
    expect(files.length).toBeGreaterThan(50);
    for (const file of files) {
      const bytes = readFileSync(resolve(official, file));
      const { components, notes } = read(bytes);
      const doubts = notes.filter((note) => !/source-unknown|own-project/.test(note.code));
      const tree: unknown = JSON.parse(bytes.toString());
      expect([file, components.length + doubts.length]).toEqual([file, countComponents(tree)]);
    }
  });
});

describe.skipIf(!existsSync(official))('the official documents that are invalid', () => {
  it('are refused where the fault is in what is read, and give no component from a faulty one', () => {
    // Schemas are for whoever writes: a wrong license, hash or timestamp decides no match, and a
    // component that names nothing becomes a note.
    const files = globSync('1.[2-7]/invalid-*.json', { cwd: official });
    expect(files.length).toBeGreaterThan(40);
    const refused: string[] = [];
    for (const file of files) {
      const inventory = parseCycloneDx(readFileSync(resolve(official, file)));
      if (!inventory.ok) refused.push(file);
      else expect([file, inventory.value.components]).toEqual([file, []]);
    }
    expect(refused.sort()).toEqual([
      '1.5/invalid-bomformat-1.5.json',
      '1.6/invalid-bomformat-1.6.json',
    ]);
  });
});

/** Members of every `components` list below the root and below `metadata.component`. */
function countComponents(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 0;
  const list = 'components' in value && Array.isArray(value.components) ? value.components : [];
  let count = list.length;
  for (const each of list) count += countComponents(each, depth + 1);
  const described =
    depth === 0 && 'metadata' in value && typeof value.metadata === 'object' && value.metadata
      ? Object.entries(value.metadata).find(([key]) => key === 'component')?.[1]
      : undefined;
  return count + countComponents(described, depth + 1);
}
