import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseInventory } from '@breakwater/formats/inventory';
import type { OsvEvent, OsvRecord } from '@breakwater/formats/osv';
import { describe, expect, it } from 'vitest';
import { compileAdvisory, matchInventory } from './index.ts';

const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const folder = resolve(data, 'lockfiles/trivy-matching/integration/testdata');

/** OSV's names of what Trivy's buckets begin with. */
const ecosystems = new Map([
  ['npm', 'npm'],
  ['pip', 'PyPI'],
  ['go', 'Go'],
  ['maven', 'Maven'],
  ['composer', 'Packagist'],
  ['cargo', 'crates.io'],
]);

/** The rows of Trivy's small databases (`fixtures/db/*.yaml`) as OSV records, one for each range. */
function databaseOf(yaml: string): OsvRecord[] {
  const records: OsvRecord[] = [];
  let ecosystem = '';
  let name = '';
  let id = '';
  let list = '';
  for (const line of yaml.split('\n')) {
    const source = /^- bucket: "?([a-z]+)::/.exec(line)?.[1];
    if (source !== undefined) ecosystem = ecosystems.get(source) ?? '';
    name = /^ {4}- bucket: (\S+)/.exec(line)?.[1] ?? name;
    id = /key: "?([\w-]+)/.exec(line)?.[1] ?? id;
    list = /^ +(\w+Versions):/.exec(line)?.[1] ?? list;
    const range = /^ +- "?([<>=[].*?)"?$/.exec(line)?.[1];
    if (range === undefined || ecosystem === '' || list !== 'VulnerableVersions') continue;
    const affected = [
      {
        package: { ecosystem, name },
        ranges: [{ type: 'ECOSYSTEM' as const, events: eventsOf(range) }],
      },
    ];
    records.push({ id, modified: '2026-01-01T00:00:00Z', affected });
  }
  return records;
}

/** `>= 2.0.0, <= 2.9.10.3`, or Maven's `[2.9.0,2.9.10.7)`. */
function eventsOf(range: string): OsvEvent[] {
  const [, from, to] = /^\[([^,]+),([^)]+)\)$/.exec(range) ?? [];
  if (from !== undefined && to !== undefined) return [{ introduced: from }, { fixed: to }];
  const events: OsvEvent[] = [];
  if (!range.startsWith('>')) events.push({ introduced: '0' });
  for (const [, sign, version = ''] of range.matchAll(/(>=|<=|<)\s*([^,\s]+)/g)) {
    if (sign === '>=') events.push({ introduced: version });
    else events.push(sign === '<' ? { fixed: version } : { last_affected: version });
  }
  return events;
}

/** The findings of a golden result for one file in it. */
function findingsOf(golden: string, target: string): string[] {
  const { Results } = JSON.parse(readFileSync(resolve(folder, golden), 'utf8')) as Golden; // pays: Trivy's own report
  return (Results ?? [])
    .filter((result) => result.Target === target)
    .flatMap(({ Vulnerabilities = [] }) => Vulnerabilities)
    .map((each) => `${each.VulnerabilityID} ${each.PkgName} ${each.InstalledVersion}`);
}

interface Golden {
  readonly Results?: readonly {
    readonly Target: string;
    readonly Vulnerabilities?: readonly {
      readonly VulnerabilityID: string;
      readonly PkgName: string;
      readonly InstalledVersion: string;
    }[];
  }[];
}

// Not among them: gomod/submod2, where Trivy reads go.sum, which also names versions that do not run.
describe.skipIf(!existsSync(folder))("Trivy's golden results", () => {
  it.each([
    ['npm/package-lock.json', 'npm-with-dev.json.golden', 1],
    ['yarn/yarn.lock', 'yarn.json.golden', 1],
    ['gomod/go.mod', 'gomod.json.golden', 3],
    ['gomod/submod/go.mod', 'gomod.json.golden', 1],
    ['gradle/gradle.lockfile', 'gradle.json.golden', 2],
    ['composer/composer.lock', 'composer.lock.json.golden', 1],
    ['uv/uv.lock', 'uv.json.golden', 2],
    ['pylock/pylock.toml', 'pylock.json.golden', 2],
  ])('are found in %s, no more and no less', (file, golden, count) => {
    const inventory = parseInventory(readFileSync(resolve(folder, 'fixtures/repo', file)));
    if (!inventory.ok) throw new Error(inventory.refusal.got);
    const databases = globSync('fixtures/db/*.yaml', { cwd: folder });
    const records = databases.flatMap((each) =>
      databaseOf(readFileSync(resolve(folder, each), 'utf8')),
    );
    const { matches, undecided } = matchInventory(
      inventory.value.components,
      records.map(compileAdvisory),
    );
    const found = matches.map(({ advisoryId, component }) => {
      return `${advisoryId} ${component.name} ${component.version}`;
    });
    const target = file.slice(file.indexOf('/') + 1);
    const expected = findingsOf(golden, target);
    expect(expected).toHaveLength(count);
    expect(found.sort()).toEqual(expected.sort());
    expect(undecided).toEqual([]);
  });
});
