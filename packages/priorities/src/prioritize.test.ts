import { bod2604Table } from '@breakwater/formats/ssvc';
import { parseInstant } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PriorityFacts, Stated } from './facts.ts';
import { prioritize } from './prioritize.ts';

const at = (text: string) => {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(text);
  return instant;
};

const said = (value: string): Stated => ({ value, source: 'an analyst', date: '2026-11-20' });

const entry = {
  cve: 'CVE-2026-12345',
  vendor: 'v',
  product: 'p',
  name: 'n',
  dateAdded: '2026-11-10',
  dueDate: '2026-12-01',
  requiredAction: 'patch',
  knownRansomware: false,
  cwes: [],
};
const listed = { row: entry, source: 'KEV 2026.11.20', date: '2026-11-20' };
const unlisted = { ...listed, row: null };

const bare: PriorityFacts = {
  detectedAt: at('2026-11-19T15:30:00Z'),
  now: at('2026-11-21T00:00:00Z'),
};

function scored(facts: Partial<PriorityFacts>) {
  const priority = prioritize({ ...bare, ...facts });
  if (!priority.ok) throw new Error(priority.refusal.code);
  return priority.value;
}

describe('BOD 26-04', () => {
  const names: Record<string, string> = { N: 'no', Y: 'Yes', P: 'partial', T: 'TOTAL' };
  test.each(bod2604Table.rows.map((row, index) => ({ index, row })))(
    'row $index holds when every input is known',
    ({ index, row }) => {
      const name = (id: string) => said(names[row[id] ?? ''] ?? '');
      const { bod2604 } = scored({
        kev: row['cisa:KEV:1.0.0'] === 'Y' ? listed : unlisted,
        exposure: name('cisa:PE:1.0.0'),
        automatable: name('ssvc:A:2.0.0'),
        technicalImpact: name('ssvc:TI:1.0.0'),
      });
      const outcome = bod2604Table.outcome.values.find(
        (value) => value.key === row['cisa:BOD2604:1.0.0'],
      );
      expect([bod2604.row, bod2604.tier]).toEqual([
        `cisa:DT_BOD2604:1.0.0 row ${index}`,
        outcome?.name,
      ]);
    },
  );

  const y = said('yes');
  const n = said('no');
  const p = said('partial');
  const t = said('total');
  const rows: readonly (readonly [string, Partial<PriorityFacts>, string])[] = [
    ['no catalog', { exposure: y, automatable: y, technicalImpact: t }, 'undetermined'],
    [
      'unknown exposure is exposed',
      { kev: unlisted, automatable: n, technicalImpact: t },
      '14 days',
    ],
    ['not listed, both missing', { kev: unlisted, exposure: n }, '60 days'],
    ['not listed, exposed, both missing', { kev: unlisted, exposure: y }, '60 days'],
    ['not listed, impact missing', { kev: unlisted, exposure: y, automatable: y }, '3 days'],
    ['listed, both missing', { kev: listed, exposure: n }, '3 days & forensic investigation'],
    [
      'exploited outside KEV',
      {
        kev: unlisted,
        exploitation: said('Active'),
        exposure: n,
        automatable: n,
        technicalImpact: p,
      },
      '14 days',
    ],
    [
      'exploited, no catalog',
      { exploitation: said('active'), exposure: n, automatable: n, technicalImpact: t },
      '14 days',
    ],
  ];
  test.each(rows)('%s', (_name, facts, tier) => {
    expect(scored(facts).bod2604.tier).toBe(tier);
  });

  test('calendar days count from the earlier of listing and detection', () => {
    const facts = { exposure: y, automatable: n, technicalImpact: p };
    expect(scored({ ...facts, kev: listed }).bod2604).toMatchObject({
      days: 14,
      startsAt: '2026-11-10T00:00:00.000Z',
      dueAt: '2026-11-24T00:00:00.000Z',
      overdue: false,
    });
    expect(scored({ ...facts, kev: unlisted }).bod2604).toMatchObject({
      days: 60,
      startsAt: '2026-11-19T15:30:00.000Z',
      dueAt: '2027-01-18T15:30:00.000Z',
    });
  });

  test('forensic triage has its own clocks, and a passed deadline says so', () => {
    const { bod2604 } = scored({ kev: listed, exposure: y, automatable: y, technicalImpact: t });
    expect(bod2604).toMatchObject({
      tier: '3 days & forensic investigation',
      dueAt: '2026-11-13T00:00:00.000Z',
      overdue: true,
    });
    expect(bod2604.forensics.map(({ dueAt }) => dueAt)).toEqual([
      '2026-11-10T02:00:00.000Z',
      '2026-11-11T00:00:00.000Z',
      '2026-11-13T00:00:00.000Z',
    ]);
  });

  test('fix on system upgrade has no deadline', () => {
    const facts = { kev: unlisted, exposure: n, automatable: n, technicalImpact: t };
    expect(scored(facts).bod2604).toMatchObject({
      tier: 'Fix on system upgrade',
      days: null,
      dueAt: null,
    });
  });
});

describe("CISA's coordinator tree", () => {
  test('gives decision, table and row', () => {
    const facts = {
      exploitation: said('PoC'),
      automatable: said('yes'),
      technicalImpact: said('total'),
      missionPrevalence: said('support'),
      publicWellBeing: said('minimal'),
    };
    expect(scored(facts).ssvc).toEqual({
      decision: 'Track*',
      table: 'cisa:DT_CO:2.0.3',
      row: 'cisa:DT_CO:2.0.3 row 22',
      isCertain: true,
    });
  });

  test('takes the most urgent of what is possible, and says that it is not certain', () => {
    expect(scored({ kev: unlisted, exploitation: said('none') }).ssvc).toMatchObject({
      decision: 'Attend',
      isCertain: false,
    });
    const facts = { automatable: said('no'), technicalImpact: said('partial') };
    expect(scored({ ...facts, missionPrevalence: said('minimal') }).ssvc.isCertain).toBe(false);
  });

  test('takes a KEV listing for active exploitation', () => {
    const facts = { kev: listed, automatable: said('yes'), technicalImpact: said('total') };
    expect(scored({ ...facts, missionPrevalence: said('essential') }).ssvc).toMatchObject({
      decision: 'Act',
      isCertain: true,
    });
  });
});

test('every input is shown with source and date, or as missing with what was assumed', () => {
  const { inputs, cvss } = scored({
    kev: listed,
    epss: {
      row: { cve: entry.cve, score: 0.5, percentile: 0.9 },
      source: 'EPSS v4',
      date: '2026-11-20',
    },
    cvss: said('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'),
    automatable: said('yes'),
  });
  const analyst = { source: 'an analyst', date: '2026-11-20', assumed: null };
  const missing = { value: null, source: 'not stated', date: null };
  const open = 'any value is possible, so the most urgent decision holds';
  expect(inputs).toEqual([
    {
      name: 'In KEV',
      value: 'yes, since 2026-11-10',
      source: listed.source,
      date: listed.date,
      assumed: null,
    },
    {
      name: 'Publicly Exposed',
      ...missing,
      assumed: 'yes: unknown exposure counts as exposed (BOD 26-04)',
    },
    { name: 'Exploitation', ...missing, assumed: 'active: listed in KEV' },
    { name: 'Automatable', value: 'yes', ...analyst },
    { name: 'Technical Impact', ...missing, assumed: open },
    { name: 'Mission Prevalence', ...missing, assumed: open },
    { name: 'Public Well-Being Impact', ...missing, assumed: open },
    {
      name: 'CVSS',
      value: '9.8 CRITICAL CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      ...analyst,
    },
    {
      name: 'EPSS',
      value: '0.5 (percentile 0.9)',
      source: 'EPSS v4',
      date: '2026-11-20',
      assumed: null,
    },
  ]);
  expect(cvss).toMatchObject({ score: 9.8, severity: 'CRITICAL', version: '3.1' });
});

describe('refused', () => {
  test.each([
    [{ automatable: said('perhaps') }, 'input-unknown'],
    [{ exploitation: said('__proto__') }, 'input-unknown'],
    [{ cvss: said('CVSS:4.0/AV:N') }, 'cvss-malformed'],
  ])('%o as %s', (facts, code) => {
    expect(prioritize({ ...bare, ...facts })).toMatchObject({ ok: false, refusal: { code } });
  });
});

test('stating a missing value brings no deadline forward but that of the default', () => {
  const maybe = (...values: string[]) =>
    fc.option(fc.constantFrom(...values).map(said), { nil: undefined });
  const feed = fc.constantFrom(listed, unlisted);
  fc.assert(
    fc.property(feed, maybe('no', 'yes'), maybe('partial', 'total'), (kev, exposure, impact) => {
      const known = {
        kev,
        ...(exposure === undefined ? {} : { exposure }),
        ...(impact === undefined ? {} : { technicalImpact: impact }),
      };
      const before = scored(known).bod2604;
      if (before.row.startsWith('no row')) return;
      for (const automatable of ['no', 'yes']) {
        const after = scored({ ...known, automatable: said(automatable) }).bod2604;
        expect(after.days ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(before.days ?? 0);
      }
    }),
  );
});
