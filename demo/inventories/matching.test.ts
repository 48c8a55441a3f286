import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileAdvisory, matchInventory } from '@breakwater/exposure';
import { parseInventory } from '@breakwater/formats/inventory';
import { expect, test } from 'vitest';
import { z } from 'zod';

const Advisories = z.object({
  advisories: z.array(
    z.object({
      id: z.string(),
      package: z.string(),
      binaries: z.array(z.string()).optional(),
      affected: z.array(
        z.object({
          ecosystem: z.string(),
          events: z.array(z.object({ introduced: z.string() }).or(z.object({ fixed: z.string() }))),
        }),
      ),
    }),
  ),
});
const Expected = z.object({
  inventories: z.array(
    z.object({
      file: z.string(),
      release: z.string().optional(),
      verdicts: z.record(
        z.string(),
        z.object({ affected: z.boolean(), components: z.array(z.string()).default([]) }),
      ),
    }),
  ),
});

const { advisories } = Advisories.parse(read('advisories.json'));
const { inventories } = Expected.parse(read('expected.json'));

test('our matching and the second opinion name the same components of the same inventories', () => {
  const compiled = advisories.map((advisory) => compileAdvisory(osvOf(advisory)));
  const ours = inventories.map(({ file, release }) => ({
    file,
    ...matchInventory(componentsOf(file, release), compiled),
  }));
  expect(ours.flatMap(({ undecided }) => undecided)).toEqual([]);
  const found = ours.flatMap(({ file, matches }) =>
    matches.map(({ advisoryId, component }) =>
      [file, advisoryId, component.installedAs ?? component.name, component.version].join(' '),
    ),
  );
  const wanted = inventories.flatMap(({ file, verdicts }) =>
    Object.entries(verdicts).flatMap(([id, { affected, components }]) =>
      affected ? components.map((component) => `${file} ${id} ${component}`) : [],
    ),
  );
  expect(found.sort()).toEqual(wanted.sort());
});

function componentsOf(file: string, release: string | undefined) {
  const sources = new Map(
    advisories.flatMap((advisory) =>
      (advisory.binaries ?? []).map((binary): [string, string] => [binary, advisory.package]),
    ),
  );
  const dpkg = release === undefined ? {} : { distribution: 'Debian' as const, release, sources };
  const inventory = parseInventory(readFileSync(join(import.meta.dirname, file)), { dpkg });
  if (!inventory.ok) throw new Error(`${file}: ${inventory.refusal.code}`);
  return inventory.value.components;
}

function osvOf(advisory: z.infer<typeof Advisories>['advisories'][number]) {
  return {
    schema_version: '1.7.4',
    id: advisory.id,
    modified: '2025-11-20T00:00:00Z',
    affected: advisory.affected.map(({ ecosystem, events }) => ({
      package: { ecosystem, name: advisory.package },
      ranges: [{ type: 'ECOSYSTEM' as const, events }],
    })),
  };
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));
}
