import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCsvFindings } from './csv-findings.ts';
import { csvCell, writeCsv } from './write.ts';

function rowsOf(text: string, named = {}) {
  const read = parseCsvFindings(utf8(text), named);
  if (!read.ok) return read.refusal.code;
  return read.value.rows.map(({ where, finding }) =>
    finding.ok ? [where, finding.value] : [where, finding.refusal.code],
  );
}

describe('a file of findings', () => {
  test('is read by its header, in any order and spelling', () => {
    const text =
      'CWE_ID,Title,Component Name,version,Date\r\n79,"A, ""quoted"" one",left,1.0,x\r\n';
    expect(rowsOf(text)).toEqual([
      ['line 2', { title: 'A, "quoted" one', package: 'left', version: '1.0', weakness: '79' }],
    ]);
  });

  test('says what each column was taken for', () => {
    const read = parseCsvFindings(utf8('Name,Severity,CVE\na,b,c\n'));
    expect(read.ok && read.value.columns).toEqual([
      { header: 'Name', column: 'title' },
      { header: 'Severity', column: null },
      { header: 'CVE', column: 'identifiers' },
    ]);
  });

  test('the first of two columns of one meaning speaks, unless another is named', () => {
    const text = 'title,summary\na,b\n';
    expect(rowsOf(text)).toEqual([['line 2', { title: 'a' }]]);
    expect(rowsOf(text, { title: 'Summary' })).toEqual([['line 2', { title: 'b' }]]);
    expect(rowsOf(text, { title: 'Headline' })).toBe('csv-column');
  });

  test('lines are those of the file, also after a cell of several lines', () => {
    expect(rowsOf('title,description\na,"x\ny"\n\nb,z\nc,z,w\n')).toEqual([
      ['line 2', { title: 'a', description: 'x\ny' }],
      ['line 4', { title: 'b', description: 'z' }],
      ['line 6', 'row-malformed'],
    ]);
  });

  test.each([
    ['a semicolon', 'title;version\na;1\n'],
    ['a tab', 'title\tversion\na\t1\n'],
    ['a byte order mark', '\uFEFFtitle,version\na,1\n'],
  ])('with %s', (_, text) => {
    expect(rowsOf(text)).toEqual([['line 2', { title: 'a', version: '1' }]]);
  });

  test.each([
    ['csv-malformed', ''],
    ['csv-malformed', 'title\n"open'],
    ['csv-malformed', 'title\n"a"b\n'],
    ['csv-malformed', `${'a,'.repeat(501)}\n`],
  ])('%s: %j', (code, text) => expect(rowsOf(text.slice(0, 2_000))).toBe(code));

  test('bytes that are not UTF-8 are refused', () => {
    const read = parseCsvFindings(new Uint8Array([0x74, 0xff]));
    expect(read.ok ? '' : read.refusal.code).toBe('csv-malformed');
  });

  test('whatever comes, it is read or refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = parseCsvFindings(utf8(text));
        expect(read.ok || read.refusal.todo !== '').toBe(true);
      }),
    );
  });
});

describe('what is written', () => {
  test.each([
    ['=cmd|x', "'=cmd|x"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' =1+1', "' =1+1"],
    ['\t=1', "'\t=1"],
    ['＝1', "'＝1"],
    ['=1,"2"', `"'=1,""2"""`],
    ['plain - text', 'plain - text'],
    ['a\nb', '"a\nb"'],
  ])('%j becomes %j', (text, cell) => expect(csvCell(text)).toBe(cell));

  test('is inert, and read back as it was', () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', ',', '"', '\n', '=', '+', '-', '@', "'", ' ', ';') })
      .filter((text) => text.trim() === text && text !== '' && !/^'[=+\-@|%]/.test(text));
    fc.assert(
      fc.property(cell, cell, (title, tool) => {
        const text = writeCsv([
          ['title', 'tool'],
          [title, tool],
        ]);
        const read = parseCsvFindings(utf8(text));
        const [row] = read.ok ? read.value.rows : [];
        expect(row?.finding).toEqual({ ok: true, value: { title, tool } });
        for (const each of [title, tool]) expect(csvCell(each)).not.toMatch(/^"?[=+\-@]/);
      }),
    );
  });
});

const data = resolve(
  process.env['BREAKWATER_DATA'] ?? '../shared/data',
  'findings-ingest/defectdojo',
);

describe.skipIf(!existsSync(data))('CSV files of real tools', () => {
  const files = globSync('unittests/scans/**/*.csv', { cwd: data });
  test.each(files)('%s', (file) => {
    const read = parseCsvFindings(readFileSync(resolve(data, file)));
    if (!read.ok) expect(read.refusal).toMatchObject({ code: expect.stringMatching(/^csv-/) });
    else expect(read.value.columns.length).toBeGreaterThan(0);
  });

  test('most are read; the others have quotes or rows that RFC 4180 does not', () => {
    const read = files.map((file) => parseCsvFindings(readFileSync(resolve(data, file))));
    const good = read.filter((each) => each.ok && each.value.rows.every((row) => row.finding.ok));
    expect(good.length / read.length).toBeGreaterThan(0.7);
  });
});
