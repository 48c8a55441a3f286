import { existsSync } from 'node:fs';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { programFormats, programLimits, readPrograms } from './index.ts';

const bytesOf = (value: unknown) => utf8(JSON.stringify(value));

describe('disclose.io', () => {
  it('reads a program, and what is empty is not said', () => {
    const row = {
      program_name: 'Example',
      policy_url: 'https://example.com/policy',
      contact_url: '',
      contact_email: 'security@example.com',
      safe_harbor: 'full',
      securitytxt_url: 'https://example.com/.well-known/security.txt',
      offers_bounty: 'no',
    };
    expect(readPrograms(bytesOf([row]), 'disclose-io')).toEqual({
      ok: true,
      value: {
        programs: [
          {
            key: 'Example',
            name: 'Example',
            policy: 'https://example.com/policy',
            contacts: ['security@example.com'],
            safeHarbor: 'full',
            securityTxt: 'https://example.com/.well-known/security.txt',
            scopes: [],
          },
        ],
        notUnderstood: [],
      },
    });
  });

  it('tells row by row what it could not read', () => {
    const rows = [
      7,
      { policy_url: 'https://example.com' },
      { program_name: 'A', policy_url: 'www.example.com/policy' },
      { program_name: 'A', policy_url: 'https://example.com' },
      { program_name: 'B', contact_url: 'security@example.com', contact_email: 'a with https://b' },
    ];
    expect(readPrograms(bytesOf(rows), 'disclose-io')).toMatchObject({
      value: {
        programs: [
          { key: 'A', policy: null },
          { key: 'B', contacts: ['security@example.com'] },
        ],
        notUnderstood: [
          { where: '/0', code: 'no-object' },
          { where: '/1', code: 'name-missing' },
          { where: '/2/policy_url', code: 'not-an-address' },
          { where: '/3', code: 'twice' },
          { where: '/4/contact_email', code: 'not-an-address' },
        ],
      },
    });
  });
});

describe('platforms', () => {
  it.each([
    ['hackerone', { asset_identifier: '*.example.com', asset_type: 'URL' }],
    ['bugcrowd', { target: '*.example.com', type: 'website' }],
    ['intigriti', { endpoint: '*.example.com', type: 'wildcard', impact: 'Tier 1' }],
    ['yeswehack', { target: '*.example.com', type: 'web-application' }],
  ] as const)('%s: what is in scope and what is out', (format, scope) => {
    const url = 'https://platform.example/example';
    const row = { name: 'Example', url, targets: { in_scope: [scope], out_of_scope: [scope, {}] } };
    const kind = 'type' in scope ? scope.type : scope.asset_type;
    expect(readPrograms(bytesOf([row]), format)).toMatchObject({
      value: {
        programs: [
          {
            key: url,
            policy: url,
            scopes: [
              { written: '*.example.com', says: 'in', kind },
              { written: '*.example.com', says: 'out', kind },
            ],
          },
        ],
        notUnderstood: [{ where: '/0/targets/out_of_scope/1', code: 'no-object' }],
      },
    });
  });

  it('passes a program over that is closed or private', () => {
    const rows = [
      { id: 'a', name: 'A', public: false },
      { id: 'b', name: 'B', disabled: true },
      { id: 'c c', name: 'C', public: true, disabled: false },
    ];
    expect(readPrograms(bytesOf(rows), 'yeswehack')).toMatchObject({
      value: {
        programs: [{ name: 'C', policy: 'https://yeswehack.com/programs/c%20c' }],
        notUnderstood: [{ code: 'not-public' }, { code: 'not-public' }],
      },
    });
  });
});

it('refuses what is no list, and a list without end', () => {
  expect(readPrograms(bytesOf({}), 'bugcrowd')).toMatchObject({ refusal: { code: 'not-a-list' } });
  const many = Array.from({ length: programLimits.programsMax + 1 }, () => 0);
  expect(readPrograms(bytesOf(many), 'bugcrowd')).toMatchObject({
    refusal: { code: 'too-many-programs' },
  });
});

it('throws at nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(...programFormats), (rows, format) => {
      const read = readPrograms(bytesOf(rows), format);
      expect(read.ok).toBe(true);
      if (!read.ok) return;
      const { programs, notUnderstood } = read.value;
      expect(programs.length).toBeLessThanOrEqual(rows.length);
      expect(programs.length + notUnderstood.length).toBeGreaterThanOrEqual(rows.length);
    }),
  );
});

const data = path.resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data', 'scope/diodb');
it.skipIf(!existsSync(data))(
  'reads the directory of disclose.io (needs the data beside the repository)',
  async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const file = new DatabaseSync(path.join(data, 'program-list.sqlite'), { readOnly: true });
    const rows = file.prepare('select * from diodb').all();
    file.close();
    const read = readPrograms(bytesOf(rows), 'disclose-io');
    if (!read.ok) throw new Error(read.refusal.got);
    expect(read.value.programs).toHaveLength(rows.length);
    expect(rows.length).toBe(2_305);
    expect(read.value.notUnderstood.map(({ text }) => text)).toEqual([
      'mailo:security@bbc.co.uk is no mail address',
      'www.helios-gesundheit.de/bugbounty.html is no address of the web',
      'bounty@synology.com with https://www.synology.com/de-de/support/security_pgp_key is no mail address',
      'maitlto:security@vista.co is no mail address',
    ]);
    expect(read.value.programs.filter((each) => each.contacts.length > 0).length).toBe(2_285);
  },
);
