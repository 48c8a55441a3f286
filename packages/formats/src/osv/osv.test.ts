import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { digestOf, utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { conform, parseOsv } from './osv.ts';

const fixtures = resolve(import.meta.dirname, 'fixtures');
const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const linter = resolve(data, 'conformance/osv-schema/tools/osv-linter/testdata');
const published = resolve(data, 'advisories/osv.dev-testdata');

const minimal = {
  id: 'x_BW-2026-1',
  modified: '2026-11-21T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'npm', name: 'left' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.0.0' }] }],
    },
  ],
};

function pointerOf(value: unknown): string | undefined {
  const record = conform(value);
  return record.ok ? undefined : record.refusal.pointer;
}

describe('the OSV schema', () => {
  it('is the published one, unchanged', () => {
    const schema = readFileSync(resolve(import.meta.dirname, 'schema/osv.schema.json'));
    expect(digestOf(schema)).toBe(
      'sha256:7a511902b57297197b37298f6adaa2acb15f22b3f641bb9f547f19dcbe533ba8',
    );
  });
});

describe('an OSV record', () => {
  it('that conforms comes back as it was', () => {
    expect(conform(minimal)).toEqual({ ok: true, value: minimal });
    expect(parseOsv(utf8(JSON.stringify(minimal)))).toEqual({ ok: true, value: minimal });
  });

  it.each([
    ['an id of no database', { ...minimal, id: 'BW-2026-1' }, '/id'],
    ['no modified', { id: 'x_1' }, ''],
    ['a day that is not', { ...minimal, modified: '2026-02-30T00:00:00Z' }, '/modified'],
    ['a time without zone', { ...minimal, modified: '2026-02-03T00:00:00' }, '/modified'],
    [
      'an unknown ecosystem',
      { ...minimal, affected: [{ package: { ecosystem: 'NPM', name: 'a' } }] },
      '/affected/0/package/ecosystem',
    ],
    [
      'no introduced',
      {
        ...minimal,
        affected: [{ ranges: [{ type: 'SEMVER', events: [{ fixed: '1.0.0' }] }] }],
      },
      '/affected/0/ranges/0/events',
    ],
    ['a list', [], ''],
    ['nothing', null, ''],
  ])('with %s is refused at its place', (_, value, pointer) => {
    expect(pointerOf(value)).toBe(pointer);
  });

  it.each([
    ['not-json', '{'],
    ['too-deep', `${'['.repeat(65)}${']'.repeat(65)}`],
    ['osv-nonconforming', '{}'],
  ])('is refused as %s', (code, text) => {
    const record = parseOsv(utf8(text));
    expect(record.ok ? '' : record.refusal.code).toBe(code);
  });
});

for (const folder of [fixtures, linter]) {
  describe.skipIf(!existsSync(folder))(`the linter's records in ${folder}`, () => {
    it.each(globSync('*.json', { cwd: folder }))('%s', (file) => {
      const record = parseOsv(readFileSync(resolve(folder, file)));
      expect(record.ok).toBe(!basename(file).startsWith('nointroduced'));
    });
  });
}

/** What osv.dev's own records invent: ids of no registered database, and two ecosystems. */
const madeUp = /: \/id |\/CVE-[25]\.json: .*\/ecosystem /;

describe.skipIf(!existsSync(published))('records osv.dev keeps for its tests', () => {
  it('conform, but for what they make up', () => {
    const files = globSync('**/testdata/osv/*.json', { cwd: published });
    const faults = files.flatMap((file) => {
      const record = parseOsv(readFileSync(resolve(published, file)));
      return record.ok ? [] : [`/${file}: ${record.refusal.got}`];
    });
    expect(files.length).toBeGreaterThan(10);
    expect(faults.filter((fault) => !madeUp.test(fault))).toEqual([]);
  });
});
