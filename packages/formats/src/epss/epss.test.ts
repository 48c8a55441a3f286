import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEpss } from './epss.ts';

const header = '#model_version:v2025.03.14,score_date:2026-08-16T12:55:00+0000';

test('a file gives model, date and rows by CVE', () => {
  const text = `${header}\r\ncve,epss,percentile\r\nCVE-1999-1546,0.01106,0.63027\r\n`;
  expect(parseEpss(text)).toEqual({
    ok: true,
    value: {
      model: 'v2025.03.14',
      scoredAt: '2026-08-16T12:55:00+00:00',
      rows: new Map([
        ['CVE-1999-1546', { cve: 'CVE-1999-1546', score: 0.01106, percentile: 0.63027 }],
      ]),
    },
  });
});

test('without its comment line the date is unknown, not guessed', () => {
  expect(parseEpss('cve,epss,percentile\nCVE-1999-1546,9e-05,1\n')).toMatchObject({
    value: { model: null, scoredAt: null, rows: new Map([['CVE-1999-1546', { score: 0.00009 }]]) },
  });
});

describe('refused', () => {
  test.each([
    ['nothing', ''],
    ['another header', 'cve,score\n'],
    ['a comment without date', '#model_version:v1\ncve,epss,percentile\n'],
    ['a date that is none', '#model_version:v1,score_date:soon\ncve,epss,percentile\n'],
    ['a score above one', 'cve,epss,percentile\nCVE-2020-1234,1.1,0.5\n'],
    ['a missing column', 'cve,epss,percentile\nCVE-2020-1234,0.1\n'],
    ['a CVE twice', 'cve,epss,percentile\nCVE-2020-1234,0,0\nCVE-2020-1234,0,0\n'],
    ['an endless line', `cve,epss,percentile\nCVE-2020-1234,0.${'1'.repeat(1_000_000)},0\n`],
  ])('%s', (_name, text) => {
    expect(parseEpss(text)).toMatchObject({ refusal: { code: 'epss-malformed' } });
  });
  test('any text, never thrown at', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseEpss(text).ok).toBe(false);
        expect(parseEpss(`${header}\ncve,epss,percentile\nx${text}`).ok).toBe(false);
      }),
    );
  });
});

describe('the published scores', () => {
  const file = path.join(
    process.env['BREAKWATER_DATA'] ?? '../shared/data',
    'prioritisation/A-epss-2026-08-16-sample.csv.gz',
  );
  test.skipIf(!existsSync(file))('are all read', () => {
    const text = gunzipSync(readFileSync(file)).toString('utf8');
    const scores = parseEpss(text);
    if (!scores.ok) throw new Error(scores.refusal.got);
    expect(scores.value.rows.size).toBe(text.trim().split('\n').length - 1);
  });
});
