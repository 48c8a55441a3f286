import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKevCsv, parseKevJson } from './catalog.ts';
import { readCsv } from './csv.ts';

const row = {
  cveID: 'CVE-2025-48384',
  vendorProject: 'Git',
  product: 'Git',
  vulnerabilityName: 'Git Link Following Vulnerability',
  dateAdded: '2025-08-25',
  shortDescription: 'Carriage returns, "quoted".',
  requiredAction: 'Apply mitigations.',
  dueDate: '2025-09-15',
  knownRansomwareCampaignUse: 'Known',
  notes: '',
  cwes: ['CWE-59', 'CWE-436'],
};

const entry = {
  cve: 'CVE-2025-48384',
  vendor: 'Git',
  product: 'Git',
  name: 'Git Link Following Vulnerability',
  dateAdded: '2025-08-25',
  dueDate: '2025-09-15',
  requiredAction: 'Apply mitigations.',
  knownRansomware: true,
  cwes: ['CWE-59', 'CWE-436'],
};

const catalog = (rows: readonly object[], count = rows.length) =>
  JSON.stringify({
    catalogVersion: '2025.08.25',
    dateReleased: '2025-08-25T17:04:19.9796Z',
    count,
    vulnerabilities: rows,
  });

test('JSON gives version, release and entries by CVE', () => {
  expect(parseKevJson(catalog([row]))).toEqual({
    ok: true,
    value: {
      version: '2025.08.25',
      released: '2025-08-25T17:04:19.9796Z',
      entries: new Map([[entry.cve, entry]]),
    },
  });
});

test('CSV gives the same entries, whatever the order of its columns', () => {
  const csv = [
    'vendorProject,cveID,product,vulnerabilityName,dateAdded,requiredAction,dueDate,knownRansomwareCampaignUse,cwes',
    'Git,CVE-2025-48384,Git,"Git Link Following Vulnerability",2025-08-25,Apply mitigations.,2025-09-15,Known,"CWE-59, CWE-436"',
  ].join('\r\n');
  expect(parseKevCsv(csv)).toEqual({
    ok: true,
    value: { version: null, released: null, entries: new Map([[entry.cve, entry]]) },
  });
});

describe('refused', () => {
  test.each([
    ['no JSON', '{'],
    ['another document', '{"a":1}'],
    ['a count that does not agree', catalog([row], 2)],
    ['a CVE twice', catalog([row, row])],
    ['a malformed CVE', catalog([{ ...row, cveID: 'CVE-1' }])],
    ['a day that is none', catalog([{ ...row, dateAdded: '2025-02-30' }])],
  ])('%s', (_name, text) => {
    expect(parseKevJson(text)).toMatchObject({ refusal: { code: 'kev-malformed' } });
  });
  test.each(['', 'a,b\n1,2', 'cveID\n"open', 'cveID\nCVE-2025-48384'])('CSV %j', (text) => {
    expect(parseKevCsv(text)).toMatchObject({ refusal: { code: 'kev-malformed' } });
  });
  test('a header wide enough to make every row cost too much', () => {
    const wide = `cveID${',a'.repeat(60)}\nCVE-2025-48384\n`;
    const got = { refusal: { code: 'kev-malformed', got: '61' } };
    expect(parseKevCsv(wide)).toMatchObject(got);
  });

  test('any text is refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseKevJson(text).ok || parseKevCsv(text).ok).toBe(false);
      }),
    );
  });
});

test('CSV is read back as it was written', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ') });
  const write = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1 }), { minLength: 1 }), (rows) => {
      const text = rows.map((cells) => cells.map(write).join(',')).join('\r\n');
      expect(readCsv(text, rows.length)).toEqual(rows);
      expect(readCsv(text, rows.length - 1)).toBeNull();
    }),
  );
});

describe('the published catalog', () => {
  const folder = path.join(
    process.env['BREAKWATER_DATA'] ?? '../shared/data',
    'prioritisation/kev',
  );
  test.skipIf(!existsSync(folder))('reads alike from JSON and CSV', () => {
    const json = parseKevJson(
      readFileSync(path.join(folder, 'known_exploited_vulnerabilities.json'), 'utf8'),
    );
    const csv = parseKevCsv(
      readFileSync(path.join(folder, 'known_exploited_vulnerabilities.csv'), 'utf8'),
    );
    if (!(json.ok && csv.ok)) throw new Error('refused');
    expect(json.value.entries.size).toBe(1404);
    expect([...csv.value.entries.keys()]).toEqual([...json.value.entries.keys()]);
    for (const [cve, fromCsv] of csv.value.entries) {
      expect(fromCsv.dateAdded).toBe(json.value.entries.get(cve)?.dateAdded);
      expect(fromCsv.cwes).toEqual(json.value.entries.get(cve)?.cwes);
    }
  });
});
