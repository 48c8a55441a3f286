import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Component, parseInventory } from '@breakwater/formats/inventory';
import { expect, test } from 'vitest';
import { z } from 'zod';

const Verdict = z.object({
  affected: z.boolean(),
  nearMiss: z.enum(['neighboring-version', 'backported-fix', 'same-name-elsewhere']).optional(),
  components: z.array(z.string()).optional(),
});
const Expected = z.object({
  inventories: z.array(
    z.object({
      file: z.string(),
      sha256: z.string(),
      kind: z.enum(['package-lock', 'dpkg', 'cyclonedx']),
      release: z.string().optional(),
      components: z.number(),
      verdicts: z.record(z.string(), Verdict),
    }),
  ),
});

const home = import.meta.dirname;
const expected = Expected.parse(JSON.parse(readFileSync(join(home, 'expected.json'), 'utf8')));
const debianCve = 'CVE-2023-53154';
const npmCve = 'CVE-2020-36632';

test('there are 100 inventories, each with a digest of its own that the expected set names', () => {
  const files = ['npm', 'debian', 'cyclonedx'].flatMap((folder) =>
    readdirSync(join(home, folder)).map((file) => `${folder}/${file}`),
  );
  expect(files).toHaveLength(100);
  const digests = new Map(files.map((file) => [file, digest(file)]));
  expect(new Set(digests.values()).size).toBe(100);
  expect(digests).toEqual(
    new Map(expected.inventories.map(({ file, sha256 }): [string, string] => [file, sha256])),
  );
});

test('half are lock files, the rest package lists and software bills of materials', () => {
  expect(tally(expected.inventories.map(({ kind }) => kind))).toEqual({
    'package-lock': 50,
    dpkg: 30,
    cyclonedx: 20,
  });
});

test('both ecosystems have at least ten affected inventories and ten near misses', () => {
  expect(tally(outcomes(debianCve))).toEqual({
    affected: 12,
    'backported-fix': 9,
    'neighboring-version': 3,
    'same-name-elsewhere': 6,
    unrelated: 70,
  });
  expect(tally(outcomes(npmCve))).toEqual({
    affected: 18,
    'neighboring-version': 12,
    'same-name-elsewhere': 4,
    unrelated: 66,
  });
});

test('lock files and bills of materials alike have affected copies of flat and near misses', () => {
  const cell = (kind: string, affected: boolean) =>
    expected.inventories.filter(({ kind: own, verdicts }) => {
      const verdict = verdicts[npmCve];
      return own === kind && (affected ? verdict?.affected : verdict?.nearMiss !== undefined);
    }).length;
  expect([cell('package-lock', true), cell('package-lock', false)]).toEqual([12, 9]);
  expect([cell('cyclonedx', true), cell('cyclonedx', false)]).toEqual([6, 5]);
});

test('no inventory becomes another by editing one name or one version', () => {
  const sets = expected.inventories.map(({ file, release }) => ({
    file,
    set: labels(file, release),
  }));
  const twins = sets.flatMap((left, index) =>
    sets
      .slice(index + 1)
      .filter((right) => lacking(left.set, right.set) < 2 && lacking(right.set, left.set) < 2)
      .map((right) => `${left.file} and ${right.file}`),
  );
  expect(twins).toEqual([]);
});

function outcomes(cve: string): string[] {
  return expected.inventories.map(({ verdicts }) => {
    const verdict = verdicts[cve];
    return verdict?.affected === true ? 'affected' : (verdict?.nearMiss ?? 'unrelated');
  });
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function labels(file: string, release: string | undefined): Set<string> {
  const dpkg = release === undefined ? {} : { distribution: 'Debian' as const, release };
  const inventory = parseInventory(readFileSync(join(home, file)), { dpkg });
  if (!inventory.ok) throw new Error(`${file}: ${inventory.refusal.code}`);
  return new Set(inventory.value.components.map(label));
}

// Package lists are compared by what is installed, not by source: one source makes many packages.
function label({ ecosystem, name, installedAs, version }: Component): string {
  return `${ecosystem} ${installedAs ?? name} ${version}`;
}

function lacking(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  return Array.from(left).filter((one) => !right.has(one)).length;
}

function digest(file: string): string {
  return createHash('sha256')
    .update(readFileSync(join(home, file)))
    .digest('hex');
}
