import path from 'node:path';
import { type CompiledAdvisory, compileAdvisory, withBinaryPackages } from '@breakwater/exposure';
import type { Component } from '@breakwater/formats/inventory';
import type { OsvRecord } from '@breakwater/formats/osv';
import type { Refusal } from '@breakwater/kernel';
import { baseEcosystem } from '@breakwater/versions';
import { Stop } from '../stop.ts';
import type { LoadedAdvisories } from './advisories.ts';
import { openSet } from './sync/advisory-set.ts';
import {
  type EpssFact,
  type Exploitation,
  type KevFact,
  openExploitation,
} from './sync/exploitation.ts';
import { type DataSet, nameOf, readManifest } from './sync/manifest.ts';

/** What is known of an advisory beside which versions it concerns. */
export interface Background {
  readonly summary: string | null;
  readonly cves: readonly string[];
  readonly kev: KevFact | null;
  readonly epss: EpssFact | null;
}

/** Components of an ecosystem that no kept data set speaks about. */
export interface NotCovered {
  readonly ecosystem: string;
  readonly components: number;
}

export interface KeptAdvisories extends LoadedAdvisories {
  readonly background: ReadonlyMap<string, Background>;
  /** The data sets that answered. */
  readonly sets: readonly DataSet[];
  readonly notCovered: readonly NotCovered[];
}

/** Reads, of what `sync` keeps in `folder`, the advisories about these components alone. */
export async function loadKept(
  folder: string,
  components: readonly Component[],
): Promise<KeptAdvisories> {
  const sets = (await readManifest(folder))?.sets ?? [];
  const osv = sets.filter(({ kind }) => kind === 'osv');
  if (osv.length === 0) throw new Stop(nothingKept(folder));
  const { records, unread } = await readRecords(folder, osv, components);
  const exploitation = await readExploitation(folder, sets);
  const advisories: CompiledAdvisory[] = [];
  const background = new Map<string, Background>();
  for (const record of records.values()) {
    advisories.push(compileAdvisory(withBinaryPackages(record)));
    background.set(record.id, backgroundOf(record, exploitation));
  }
  return { advisories, unread, background, sets, notCovered: notCovered(osv, components) };
}

async function readRecords(
  folder: string,
  sets: readonly DataSet[],
  components: readonly Component[],
) {
  const records = new Map<string, OsvRecord>();
  const unread: { where: string; refusal: Refusal }[] = [];
  for (const set of sets) {
    await using open = await openKept(folder, set);
    for (const { where, result } of await open.recordsAbout(components)) {
      if (!result.ok) unread.push({ where: `${nameOf(set)} ${where}`, refusal: result.refusal });
      else {
        // The same advisory in two data sets: the newer one speaks.
        const before = records.get(result.value.id);
        if (before === undefined || before.modified < result.value.modified) {
          records.set(result.value.id, result.value);
        }
      }
    }
  }
  return { records, unread };
}

async function openKept(folder: string, { data, index, kind, name }: DataSet) {
  const files = { data: path.join(folder, data), index: path.join(folder, index) };
  const set = await openSet(files).catch(() => null);
  if (set === null) throw new Stop(damaged(nameOf({ kind, name }), folder));
  return set;
}

async function readExploitation(folder: string, sets: readonly DataSet[]): Promise<Exploitation> {
  const fileOf = (kind: 'kev' | 'epss', part: 'data' | 'index') => {
    const set = sets.find((each) => each.kind === kind);
    return set === undefined ? null : path.join(folder, set[part]);
  };
  try {
    return await openExploitation({ kev: fileOf('kev', 'data'), epss: fileOf('epss', 'index') });
  } catch {
    throw new Stop(damaged('KEV or EPSS', folder));
  }
}

function backgroundOf(record: OsvRecord, { kev, epss }: Exploitation): Background {
  const ids = [record.id, ...(record.aliases ?? []), ...(record.upstream ?? [])];
  const cves = [...new Set(ids.filter((id) => /^CVE-\d{4}-\d{4,19}$/.test(id)))];
  return { summary: record.summary ?? null, cves, kev: kev(cves), epss: epss(cves) };
}

function notCovered(
  sets: readonly DataSet[],
  components: readonly Component[],
): readonly NotCovered[] {
  const covered = new Set(sets.flatMap(({ ecosystems }) => ecosystems));
  const counts = new Map<string, number>();
  for (const { ecosystem } of components) {
    const base = baseEcosystem(ecosystem);
    if (!covered.has(base)) counts.set(base, (counts.get(base) ?? 0) + 1);
  }
  return [...counts].map(([ecosystem, count]) => ({ ecosystem, components: count }));
}

function nothingKept(folder: string): Refusal {
  return {
    code: 'advisories-missing',
    expected: `advisories in ${folder}, as breakwater sync puts them there`,
    got: 'none',
    todo: 'run breakwater sync once, or give --advisories <folder or file with OSV records>',
  };
}

function damaged(what: string, folder: string): Refusal {
  return {
    code: 'local-data-damaged',
    expected: `the data of ${what} as breakwater sync wrote it`,
    got: 'a missing or damaged file',
    todo: `remove ${folder} and run breakwater sync again`,
  };
}
