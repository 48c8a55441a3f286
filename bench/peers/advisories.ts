import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Component, inventoryLimits } from '@breakwater/formats/inventory';
import { type OsvAffected, type OsvRecord, parseOsv } from '@breakwater/formats/osv';
import { digestOf, utf8 } from '@breakwater/kernel';
import { compare } from '@breakwater/versions';
import { z } from 'zod';
import { readYaml } from '../../packages/formats/src/yaml/read-yaml.ts';
import { needData } from './data.ts';

const NativeRecord = z.object({
  id: z.string(),
  aliases: z.array(z.string()),
  ecosystem: z.string(),
  packages: z.tuple([z.string()]),
  summary: z.string(),
  fixed: z.tuple([z.string()]),
});
/** Of the forms that state one fix: what OSV calls the kind of their version order. */
const kinds: Readonly<Record<string, 'SEMVER' | 'ECOSYSTEM'>> = {
  npm: 'SEMVER',
  'crates.io': 'SEMVER',
  Go: 'SEMVER',
  RubyGems: 'ECOSYSTEM',
  PyPI: 'ECOSYSTEM',
};

/** Advisories that their publishers wrote as OSV, and others brought into it by their one fix. */
export function realAdvisories(): readonly OsvRecord[] {
  return [...publishedAsOsv(), ...byTheirFix()];
}

function publishedAsOsv(): OsvRecord[] {
  const folder = needData('advisories/native-A');
  const textOf = (file: string) => readFileSync(path.join(folder, file), 'utf8');
  const texts = [
    ...globSync('golang/data/osv/*.json', { cwd: folder }).map(textOf),
    ...globSync('pypa/**/*.yaml', { cwd: folder }).map((file) => {
      const read = readYaml(utf8(textOf(file)), inventoryLimits);
      return read.ok ? JSON.stringify(read.value[0]) : '';
    }),
  ];
  return texts.flatMap((text) => {
    const read = parseOsv(utf8(text));
    return read.ok ? [read.value] : [];
  });
}

/**
 * Records in forms other than OSV that name one fixed version and no more: all before it are
 * affected. Those with several branches are left out, since one version does not say them.
 */
function byTheirFix(): OsvRecord[] {
  const file = path.join(needData('advisories/derived/A'), 'records.jsonl.gz');
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n').filter(Boolean);
  return lines.flatMap((line): OsvRecord[] => {
    const read = NativeRecord.safeParse(JSON.parse(line));
    if (!read.success || /^(?:GO|PYSEC)-/.test(read.data.id)) return [];
    const { aliases, ecosystem, packages, summary, fixed } = read.data;
    // OSV gives no prefix to these: such names of one's own begin so.
    const id = read.data.id.replace(/^(?=RETIRE:|RUBY:|NSWG-)/, 'x_');
    const version = /^(?:>=)?\s*(\d[\w.+-]*)$/.exec(fixed[0])?.[1];
    const type = kinds[ecosystem];
    if (version === undefined || type === undefined) return [];
    const ranges = [{ type, events: [{ introduced: '0' }, { fixed: version }] }];
    const affected = [{ package: { ecosystem, name: packages[0] }, ranges }];
    return [{ ...head, id, aliases, summary: summary || id, affected }];
  });
}

const head = { schema_version: '1.6.0', modified: '2026-01-01T00:00:00Z' };

/**
 * One advisory for each package that the lock files name, its bounds being versions that they name,
 * so that each border is met: half-open, closed, open above, and a list. The digest of the name
 * decides which.
 */
export function advisoriesAbout(components: readonly Component[]): readonly OsvRecord[] {
  const written = components.map(asAdvisoriesDo);
  const named = Map.groupBy(written, ({ ecosystem, name }) => `${ecosystem} ${name}`);
  return [...named].flatMap(([key, same], at): OsvRecord[] => {
    const [first] = same;
    if (first === undefined || kinds[first.ecosystem] === undefined) return [];
    const { ecosystem, name } = first;
    const order = (a: string, b: string) => {
      const compared = compare(ecosystem, a, b);
      return compared.ok ? compared.value : 0;
    };
    const versions = [...new Set(same.map(({ version }) => version))].toSorted(order);
    const form = Number.parseInt(digestOf(utf8(key)).slice(-4), 16) % bounds.length;
    const bound = bounds[form]?.(versions, kinds[ecosystem] ?? 'ECOSYSTEM') ?? {};
    const affected = [{ package: { ecosystem, name }, ...bound }];
    return [{ ...head, id: `x_BENCH-${at + 1}`, summary: `About ${key}`, affected }];
  });
}

/** OSV's spelling: Go's versions without the `v`, PyPI's names normalized (PEP 503). */
function asAdvisoriesDo({ ecosystem, name, version }: Component) {
  if (ecosystem === 'Go') return { ecosystem, name, version: version.replace(/^v/, '') };
  if (ecosystem !== 'PyPI') return { ecosystem, name, version };
  return { ecosystem, name: name.toLowerCase().replaceAll(/[-_.]+/g, '-'), version };
}

type Bound = (versions: readonly string[], type: 'SEMVER' | 'ECOSYSTEM') => OsvAffected;
const bounds: readonly Bound[] = [
  (v, type) => ({ ranges: [{ type, events: [{ introduced: '0' }, { fixed: v.at(-1) ?? '0' }] }] }),
  (v, type) => ({
    ranges: [{ type, events: [{ introduced: v[0] ?? '0' }, { last_affected: v.at(-1) ?? '0' }] }],
  }),
  (v, type) => ({
    ranges: [{ type, events: [{ introduced: v[Math.floor(v.length / 2)] ?? '0' }] }],
  }),
  (v) => ({ versions: v.slice(0, 1) }),
];

/** As many advisories of one ecosystem about packages that nobody here has: what has to be passed. */
export function advisoriesAboutOthers(ecosystem: string, count: number): readonly OsvRecord[] {
  const type = kinds[ecosystem] ?? 'ECOSYSTEM';
  return Array.from({ length: count }, (_, n) => ({
    ...head,
    id: `x_BENCH-OTHER-${n + 1}`,
    summary: `About a package that is in no lock file, number ${n + 1}`,
    details: 'What happens, told at the length at which advisories tell it. '.repeat(8),
    affected: [
      {
        package: { ecosystem, name: `bench-package-of-others-${n + 1}` },
        ranges: [{ type, events: [{ introduced: '0' }, { fixed: `1.${n % 40}.0` }] }],
      },
    ],
  }));
}
