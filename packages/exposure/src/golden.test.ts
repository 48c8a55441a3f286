import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseInventory } from '@breakwater/formats/inventory';
import type { OsvRecord } from '@breakwater/formats/osv';
import { describe, expect, it } from 'vitest';
import { compileAdvisory, matchInventory } from './index.ts';

const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const folder = resolve(data, 'lockfiles/trivy-matching/integration/testdata');

/** The rows of Trivy's small database for npm (`fixtures/db/nodejs.yaml`), as OSV records. */
function databaseOf(yaml: string): OsvRecord[] {
  const records: OsvRecord[] = [];
  let name = '';
  let id = '';
  for (const line of yaml.split('\n')) {
    name = /^ {4}- bucket: (\S+)/.exec(line)?.[1] ?? name;
    id = /key: (CVE-\S+)/.exec(line)?.[1] ?? id;
    const fixed = /^ +- < (\S+)/.exec(line)?.[1];
    if (fixed === undefined) continue;
    const ranges = [{ type: 'SEMVER' as const, events: [{ introduced: '0' }, { fixed }] }];
    const affected = [{ package: { ecosystem: 'npm', name }, ranges }];
    records.push({ id, modified: '2026-01-01T00:00:00Z', affected });
  }
  return records;
}

describe.skipIf(!existsSync(folder))("Trivy's golden result for npm", () => {
  it('is found, no more and no less', () => {
    const lock = parseInventory(
      readFileSync(resolve(folder, 'fixtures/repo/npm/package-lock.json')),
    );
    if (!lock.ok) throw new Error(lock.refusal.got);
    const records = databaseOf(readFileSync(resolve(folder, 'fixtures/db/nodejs.yaml'), 'utf8'));
    expect(records.length).toBe(3);
    const { matches, undecided } = matchInventory(
      lock.value.components,
      records.map(compileAdvisory),
    );
    const found = matches.map((match) => `${match.advisoryId} ${match.component.purl}`);
    const golden = readFileSync(resolve(folder, 'npm-with-dev.json.golden'), 'utf8');
    const ids = [...golden.matchAll(/"VulnerabilityID": "([^"]+)"/g)].map((each) => each[1]);
    expect(found.map((each) => each.split(' ')[0])).toEqual(ids);
    expect(found).toEqual(['CVE-2019-11358 pkg:npm/jquery@3.3.9']);
    expect(undecided).toEqual([]);
  });
});
