import { globSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OsvRecord } from '@breakwater/formats/osv';
import { zipOf } from '../apps/cli/test/zip.ts';
import { advisoriesAbout, advisoriesAboutOthers, realAdvisories } from './peers/advisories.ts';
import { breakwater, inventoryAt, keep } from './peers/breakwater.ts';
import { needData } from './peers/data.ts';
import type { Database, Matcher, Matches } from './peers/matcher.ts';
import { findOsvScanner, osvScanner } from './peers/osv-scanner.ts';
import type { BenchOptions, Report, Row } from './row.ts';
import { quantile } from './timing.ts';

const ecosystems = ['npm', 'PyPI', 'Go', 'crates.io', 'RubyGems'];
/** Both read these. */
const lockFiles =
  '{package-lock.json,pnpm-lock.yaml,yarn.lock,uv.lock,poetry.lock,Pipfile.lock,' +
  'requirements.txt,go.mod,Cargo.lock}';

/**
 * Real lock files held against the same advisories by `breakwater affected` and by osv-scanner, both
 * offline, each lock file by a process of its own: how long each takes, and what each finds.
 */
export async function run({ short }: BenchOptions): Promise<Report> {
  const place = needData('lockfiles/real');
  const peer = await findOsvScanner();
  if ('missing' in peer) {
    return { rows: [], notes: [`osv-scanner ${peer.version} cannot run here: ${peer.missing}`] };
  }
  const files = globSync(`**/${lockFiles}`, { cwd: place }).toSorted();
  const some = short ? files.filter((_, at) => at % 12 === 0) : files;
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-bench-matching-'));
  try {
    const whole = some.map((file) => path.join(place, file));
    const { database, rows } = await fill(folder, whole, short ? 500 : 20_000);
    const ours = breakwater(database);
    const theirs = osvScanner(peer.command, database);
    const found: Found[] = [];
    for (const [at, file] of whole.entries()) {
      // By turns, so that neither always finds the file's pages warm.
      const first = at % 2 === 0 ? await ours.match(file) : null;
      const their = await theirs.match(file);
      found.push({ file, ours: first ?? (await ours.match(file)), theirs: their });
    }
    const told = await compare(found, { ours, theirs });
    return {
      peers: [`osv-scanner ${peer.version}, offline`],
      rows: [...rows, ...speed(found), ...told.rows],
      notes: [...told.notes, ...absent],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function fill(folder: string, files: readonly string[], others: number) {
  const components = (await Promise.all(files.map(inventoryAt))).flat();
  const real = realAdvisories();
  const made = advisoriesAbout(components);
  const database = { zips: folder, kept: path.join(folder, 'kept') };
  const zips: [string, string][] = [];
  for (const ecosystem of ecosystems) {
    const records = [...real, ...made].filter((record) => concerns(record, ecosystem));
    const all = [...records, ...advisoriesAboutOthers(ecosystem, others)];
    const file = path.join(folder, 'osv-scanner', ecosystem, 'all.zip');
    await mkdir(path.dirname(file), { recursive: true });
    const entries = all.map((record) => ({
      name: `${record.id}.json`,
      data: JSON.stringify(record),
    }));
    await writeFile(file, zipOf(entries));
    zips.push([ecosystem, file]);
  }
  const kept = await keep(zips, database.kept);
  const count = real.length + made.length + others * ecosystems.length;
  const rows: Row[] = [
    { name: 'lock files', value: files.length, unit: '' },
    { name: 'components in them', value: components.length, unit: '' },
    { name: 'advisories, of them', value: count, unit: '' },
    { name: '  real', value: real.length, unit: '' },
    { name: '  made about packages of the lock files', value: made.length, unit: '' },
    { name: '  made about other packages', value: others * ecosystems.length, unit: '' },
    { name: 'sync, once', value: kept / 1_000, unit: 's' },
  ];
  return { database: database satisfies Database, rows };
}

function concerns({ affected }: OsvRecord, ecosystem: string): boolean {
  return (affected ?? []).some((one) => one.package?.ecosystem === ecosystem);
}

interface Found {
  readonly file: string;
  readonly ours: Matches;
  readonly theirs: Matches;
}

function speed(found: readonly Found[]): Row[] {
  const times = { ours: found.map(({ ours }) => ours.ms), theirs: found.map((f) => f.theirs.ms) };
  return [0.5, 0.95].flatMap((share): Row[] => {
    const [our, their] = [quantile(times.ours, share), quantile(times.theirs, share)];
    const part = `p${share * 100}`;
    return [
      { name: `osv-scanner, one lock file, ${part}`, value: their, unit: 'ms' },
      { name: `affected, one lock file, ${part}`, value: our, unit: 'ms', ratio: our / their },
    ];
  });
}

async function compare(found: readonly Found[], by: Record<'ours' | 'theirs', Matcher>) {
  let both = 0;
  const differing = { ours: new Differences('only ours'), theirs: new Differences('only theirs') };
  for (const { file, ours, theirs } of found) {
    const [our, their] = [[...ours.matches], [...theirs.matches]];
    both += our.filter((match) => theirs.matches.has(match)).length;
    for (const [side, other, all] of [
      ['ours', 'theirs', our.filter((match) => !theirs.matches.has(match))],
      ['theirs', 'ours', their.filter((match) => !ours.matches.has(match))],
    ] as const) {
      if (all.length > 0) differing[side].add(file, all, await by[other].components(file));
    }
  }
  const sides = [differing.ours, differing.theirs];
  const rows: Row[] = [
    { name: 'matches that both find', value: both, unit: '' },
    ...sides.flatMap((side) => side.rows()),
  ];
  return { rows, notes: sides.flatMap((side) => side.notes()) };
}

/** Matches of one side that the other has not, by whether the other reads that component at all. */
class Differences {
  readonly #kinds = { 'component not read by the other': 0, 'judged otherwise': 0 };
  readonly #groups = new Map<string, { count: number; readonly sample: string }>();
  readonly side: string;

  constructor(side: string) {
    this.side = side;
  }

  add(file: string, matches: readonly string[], othersComponents: ReadonlySet<string>): void {
    for (const match of matches) {
      const component = match.slice(match.indexOf(' ') + 1);
      const read = othersComponents.has(component);
      const kind = read ? 'judged otherwise' : 'component not read by the other';
      this.#kinds[kind] += 1;
      const key = `${kind}, ${path.basename(path.dirname(file))}/${path.basename(file)}`;
      const group = this.#groups.get(key) ?? { count: 0, sample: match };
      this.#groups.set(key, { ...group, count: group.count + 1 });
    }
  }

  rows(): Row[] {
    return Object.entries(this.#kinds).map(([kind, value]) => ({
      name: `${this.side}, ${kind}`,
      value,
      unit: '',
    }));
  }

  /** Of each lock file one match, of the lock files with most of them. */
  notes(): string[] {
    const groups = [...this.#groups].toSorted(([, a], [, b]) => b.count - a.count).slice(0, 12);
    return groups.map(
      ([key, { count, sample }]) => `${this.side}, ${key}: ${count}, such as ${sample}`,
    );
  }
}

/** Who else matches inventories, and why it is not measured. */
const absent = [
  'grype 0.110.0: cannot be given the same advisories. Its database (version 6) comes from a pipeline ' +
    "of its own over its providers' feeds, and no command of it takes OSV records",
  'trivy: its database too is built elsewhere, and fetched from a registry of images; its golden ' +
    'matches, with the advisories that they come from, are held by the tests of packages/exposure',
];
