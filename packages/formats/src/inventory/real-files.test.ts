import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Inventory } from './inventory.ts';
import { parseInventory } from './parse.ts';

const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const detector = resolve(data, 'lockfiles/osv-detector/pkg/lockfile/testdata');
const vectors = resolve(import.meta.dirname, 'vectors/osv-detector.json');
const Expected = z.record(z.string(), z.union([z.array(z.string()), z.literal('error')]));

/** Where our answer is another one, and why. Everything else must be equal, name and version. */
const differences: readonly (readonly [why: string, files: RegExp])[] = [
  ['formats of ecosystems that are not read', /^(?:mix|pub|renv|csv|maven)\//],
  ['a requirement held by a range has no version: they take its lower end, we say so', /^pip\//],
  ['a list of bare names is no format', /^pip\/one-package-unconstrained/],
  ['folders of the project are no components', /^(?:bundler\/has-local-gem|go\/replace-local)/],
  ['folders of the project are no components', /^(?:npm|bun)\/files|^yarn\/exclude-root/],
  ['no version is told: we say so instead of listing none', /^(?:npm|bun)\/commits/],
  ['they stop at an entry they cannot read; we say so and go on', /^pnpm\/invalid-package-path/],
  ['their test names a part of the packages', /^npm\/nested-dependencies-dup\.v1/],
];

describe.skipIf(!existsSync(detector))("osv-detector's test files", () => {
  it('give the packages that its own tests expect', () => {
    const expected = Expected.parse(JSON.parse(readFileSync(vectors, 'utf8')));
    const other: unknown[] = [];
    let equal = 0;
    for (const [file, wanted] of Object.entries(expected)) {
      const path = resolve(detector, file);
      if (!existsSync(path)) continue;
      const got = packagesIn(path);
      const names = wanted === 'error' ? [] : [...new Set(wanted.map(spelled))].sort();
      if (JSON.stringify(got) === JSON.stringify(names)) equal += 1;
      else if (!differences.some(([, files]) => files.test(file))) other.push([file, got, names]);
    }
    expect(other).toEqual([]);
    expect(equal).toBeGreaterThanOrEqual(175);
  });
});

/** Each `name@version` once; of a file that is refused, none. */
function packagesIn(path: string): string[] {
  const inventory = parseInventory(readFileSync(path));
  if (!inventory.ok) return [];
  const all = inventory.value.components.map((each) => {
    const version = each.ecosystem === 'Go' ? each.version.replace(/^v/, '') : each.version;
    return spelled(`${each.name}@${version}`);
  });
  return [...new Set(all)].sort();
}

/** PyPI reads names without case and with any of three signs between. */
function spelled(text: string): string {
  const cut = text.lastIndexOf('@');
  return (
    text
      .slice(0, cut)
      .toLowerCase()
      .replace(/[-_.]+/g, '-') + text.slice(cut)
  );
}

/** What lies among the inventories and is none, or none that is read, by what the refusal says. */
const refusals: readonly RegExp[] = [
  /^format-unknown (?:another JSON file|a JSON file that is no object|an empty file)/,
  /^format-unknown a text in none of these formats/,
  /^format-unknown (?:go\.sum|a Maven project|CycloneDX as XML|SPDX as RDF|SPDX 3)/,
  /^format-version-unsupported /,
  /^not-json /,
  /^document-malformed /,
];

const folders = ['lockfiles/real', 'lockfiles', 'sbom'] as const;

describe.skipIf(!existsSync(resolve(data, 'sbom')))('every file of the set', () => {
  it.each(folders)('%s is read, or refused with a reason', (folder) => {
    const root = resolve(data, folder);
    const table = new Map<string, { files: number; components: number; notes: number }>();
    const refused = new Map<string, number>();
    for (const file of globSync('**/*', { cwd: root }).sort()) {
      const path = resolve(root, file);
      if (!statSync(path).isFile()) continue;
      const inventory = parseInventory(readFileSync(path));
      if (inventory.ok) count(table, inventory.value);
      else {
        const { code, got } = inventory.refusal;
        const reason = `${code} ${code === 'not-json' ? '' : got.slice(0, 60)}`;
        refused.set(reason, (refused.get(reason) ?? 0) + 1);
      }
    }
    process.stdout.write(described(folder, table, refused));
    const unexpected = [...refused.keys()].filter((each) => !refusals.some((r) => r.test(each)));
    expect(unexpected).toEqual([]);
    expect(table.size).toBeGreaterThanOrEqual(folder === 'sbom' ? 2 : 8);
  });

  it('of the real lock files only those are refused that no inventory can be made of', () => {
    const root = resolve(data, 'lockfiles/real');
    const refused = globSync('**/*', { cwd: root })
      .filter((file) => statSync(resolve(root, file)).isFile())
      .filter((file) => !parseInventory(readFileSync(resolve(root, file))).ok);
    const kinds = refused.map((file) => file.slice(file.lastIndexOf('/') + 1));
    expect([...new Set(kinds)].sort()).toEqual(['flake.lock', 'go.sum', 'pom.xml', 'vcpkg.json']);
  });
});

type Table = Map<string, { files: number; components: number; notes: number }>;

function count(table: Table, { format, components, notes }: Inventory): void {
  const row = table.get(format) ?? { files: 0, components: 0, notes: 0 };
  row.files += 1;
  row.components += components.length;
  row.notes += notes.length;
  table.set(format, row);
}

function described(folder: string, table: Table, refused: ReadonlyMap<string, number>): string {
  const rows = [...table].sort(byName).map(([format, { files, components, notes }]) => {
    return `  ${format.padEnd(14)} ${files} files, ${components} components, ${notes} notes`;
  });
  const others = [...refused]
    .sort(byName)
    .map(([reason, files]) => `  refused ${files}: ${reason}`);
  return `${[folder, ...rows, ...others].join('\n')}\n`;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
