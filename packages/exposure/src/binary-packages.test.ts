import type { OsvRecord } from '@breakwater/formats/osv';
import { expect, test } from 'vitest';
import { withBinaryPackages } from './binary-packages.ts';
import { compileAdvisory, matchInventory } from './index.ts';

const ranges = [{ type: 'ECOSYSTEM' as const, events: [{ introduced: '0' }, { fixed: '1.2-3' }] }];
const record: OsvRecord = {
  id: 'CVE-2026-1',
  modified: '2026-01-01T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'Debian:12', name: 'cjson' },
      ranges,
      ecosystem_specific: { binaries: ['libcjson1', 'cjson', 7] },
    },
    { package: { ecosystem: 'npm', name: 'cjson' }, ranges },
  ],
};

test('binary packages come after what was there, with the same ranges, and never twice', () => {
  const affected = withBinaryPackages(record).affected ?? [];
  expect(affected.map((each) => each.package)).toEqual([
    { ecosystem: 'Debian:12', name: 'cjson' },
    { ecosystem: 'npm', name: 'cjson' },
    { ecosystem: 'Debian:12', name: 'libcjson1' },
  ]);
  expect(affected[2]?.ranges).toEqual(ranges);
});

test('a list of binary packages alone matches with it, and not without', () => {
  const installed = { ecosystem: 'Debian:12', name: 'libcjson1', version: '1.2-2', path: 'line 1' };
  const matches = (advisory: OsvRecord) =>
    matchInventory([installed], [compileAdvisory(advisory)]).matches.length;
  expect([matches(record), matches(withBinaryPackages(record))]).toEqual([0, 1]);
});

test.each([
  ['nothing affected', { ...record, affected: [] }],
  ['binaries that are no list', { ...record, affected: [{ ecosystem_specific: { binaries: 1 } }] }],
])('%s stays as it is', (_, same) => {
  expect(withBinaryPackages(same)).toEqual(same);
});
