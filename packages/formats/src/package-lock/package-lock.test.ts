import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { inventoryLimits } from '../inventory/inventory.ts';
import { asObject } from '../json/read-json.ts';
import { parsePackageLock } from './package-lock.ts';

const fixtures = resolve(import.meta.dirname, 'fixtures');
const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data', 'lockfiles');

function read(bytes: Uint8Array) {
  const lock = parsePackageLock(bytes);
  if (!lock.ok) throw new Error(`${lock.refusal.code}: ${lock.refusal.got}`);
  return lock.value;
}

function readFixture(name: string) {
  return read(readFileSync(resolve(fixtures, name)));
}

function refusalOf(value: unknown, limits = inventoryLimits): string | undefined {
  const lock = parsePackageLock(utf8(JSON.stringify(value)), limits);
  return lock.ok ? undefined : lock.refusal.code;
}

describe('a lock file', () => {
  it.each(['with-aliases.v1.json', 'with-aliases.v2.json'])('names what %s aliases', (name) => {
    const { components } = readFixture(name);
    const told = components.map((each) => [each.name, each.version, each.installedAs]);
    expect(told).toEqual([
      ['ansi-regex', '6.0.1', undefined],
      ['ansi-regex', '5.0.1', 'ansi-regex-cjs'],
      ['@babel/helper-validator-identifier', '7.22.20', 'babel-hvi'],
    ]);
    expect(components[2]?.purl).toBe('pkg:npm/%40babel/helper-validator-identifier@7.22.20');
  });

  it('lists what came from git, with a note that hides credentials', () => {
    const { components, notes } = readFixture('commits.v2.json');
    expect(components).toHaveLength(13);
    const origins = notes.filter((note) => note.code === 'not-from-registry');
    expect(origins).toHaveLength(11);
    expect(JSON.stringify(notes)).not.toContain('dummy-token');
    expect(JSON.stringify(readFixture('commits.v1.json').notes)).not.toContain('dummy-token');
  });

  it('of version 1 says where a version is not told', () => {
    const { components, notes } = readFixture('commits.v1.json');
    expect(components.map((each) => each.name)).toEqual(['ansi-styles', 'postcss-calc']);
    expect(new Set(notes.map((note) => note.code))).toEqual(new Set(['version-missing']));
    expect(notes).toHaveLength(13);
  });

  it.each(['nested-dependencies.v1.json', 'nested-dependencies.v2.json'])(
    'counts every copy of %s',
    (name) => {
      const told = readFixture(name).components.map((each) => `${each.name}@${each.version}`);
      expect(told.sort()).toEqual([
        'postcss-calc@7.0.1',
        'postcss@6.0.23',
        'postcss@7.0.16',
        'supports-color@5.5.0',
        'supports-color@6.1.0',
      ]);
    },
  );

  it('keeps workspaces, links and the project apart from what is installed', () => {
    const packages = {
      '': { name: 'root', version: '1.0.0' },
      'packages/a': { name: '@root/a', version: '1.0.0' },
      'node_modules/@root/a': { resolved: 'packages/a', link: true },
      'packages/a/node_modules/b': { version: '2.0.0', inBundle: true, dev: true },
      'node_modules/c/node_modules/@d/e~f': { version: '3.0.0' },
      'node_modules/g': {},
      'node_modules/h': 7,
    };
    const { components, notes } = read(utf8(JSON.stringify({ lockfileVersion: 3, packages })));
    expect(components.map(({ name, path }) => [name, path])).toEqual([
      ['b', '/packages/packages~1a~1node_modules~1b'],
      ['@d/e~f', '/packages/node_modules~1c~1node_modules~1@d~1e~0f'],
    ]);
    expect(notes.map((note) => note.code)).toEqual([
      'own-project',
      'own-project',
      'link',
      'version-missing',
      'entry-malformed',
    ]);
  });

  it('is refused where it is not one, or beyond the limits', () => {
    expect(refusalOf({ lockfileVersion: 4, packages: {} })).toBe('format-version-unsupported');
    expect(refusalOf([])).toBe('format-version-unsupported');
    expect(refusalOf(null)).toBe('format-version-unsupported');
    const packages = {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0' },
    };
    const limits = { ...inventoryLimits, entriesMax: 1 };
    expect(refusalOf({ lockfileVersion: 3, packages }, limits)).toBe('too-many-components');
    expect(refusalOf({ lockfileVersion: 3, packages }, { ...limits, bytesMax: 9 })).toBe(
      'too-large',
    );
    const deep = utf8(
      `{"lockfileVersion":1,"dependencies":${'{"a":'.repeat(500)}0${'}'.repeat(501)}`,
    );
    const refused = parsePackageLock(deep);
    expect(refused.ok ? '' : refused.refusal.code).toBe('too-deep');
  });

  it('with members named __proto__ reads as any other', () => {
    const text = '{"lockfileVersion":1,"dependencies":{"__proto__":{"version":"1.0.0"}}}';
    expect(read(utf8(text)).components.map((each) => each.name)).toEqual(['__proto__']);
  });
});

describe.skipIf(!existsSync(data))('every real lock file of npm', () => {
  const files = globSync(resolve(data, 'real/**/package-lock.json'));
  it('is accounted for, entry by entry', () => {
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const bytes = readFileSync(file);
      const { components, notes } = read(bytes);
      const packages = asObject(asObject(JSON.parse(bytes.toString()))?.['packages']);
      const entries =
        components.length + notes.filter((n) => n.code !== 'not-from-registry').length;
      if (packages !== null) expect([file, entries]).toEqual([file, Object.keys(packages).length]);
      else expect(entries).toBeGreaterThan(0);
    }
  });

  it("of Trivy's tests lists what Trivy lists", () => {
    const folder = resolve(data, 'trivy-matching/integration/testdata');
    const lock = read(readFileSync(resolve(folder, 'fixtures/repo/npm/package-lock.json')));
    const golden = readFileSync(resolve(folder, 'npm-with-dev.json.golden'), 'utf8');
    const purls = [...golden.matchAll(/"PURL": "(pkg:npm[^"]+)"/g)].map((found) => found[1]);
    expect(new Set(lock.components.map((each) => each.purl))).toEqual(new Set(purls));
  });
});
