import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fakeServer, problem } from '../../../test/fake-server.ts';
import { type RunOptions, runCli } from '../../../test/run-cli.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-import-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

async function imports(text: string, words: readonly string[] = [], more: RunOptions = {}) {
  const file = path.join(folder, 'findings');
  await writeFile(file, text);
  return await runCli(['import', file, ...words], { localDirectory: folder, ...more });
}

const dojo = JSON.stringify({
  results: [
    {
      title: 'Prototype pollution',
      description: 'unflatten() writes to __proto__',
      cwe: 1321,
      component_name: 'flat',
      component_version: '5.0.0',
      vulnerability_ids: [{ vulnerability_id: 'CVE-2020-36632' }],
      mitigation: 'Update',
      file_path: 'index.js',
      line: 3,
    },
    { title: 'Again', duplicate: true },
    { title: 'Missing header', description: 'X-Frame-Options' },
    { title: 5 },
  ],
});

const answer = {
  finding: `finding_${'a'.repeat(26)}`,
  standing: 'new',
  case: `case_${'b'.repeat(26)}`,
  joinedBy: [],
  advisory: null,
};

describe('without --send', () => {
  test('it is said what is understood and what is not, and nothing is sent', async () => {
    await using server = await fakeServer({});
    const { code, out, err } = await imports(dojo, ['--package-type', 'npm'], {
      server: server.address,
      key: 'key',
    });
    expect(code).toBe(1);
    expect(out.split('\n').slice(0, -1)).toEqual([
      'read            4 rows of DefectDojo findings',
      'understood      1',
      '  /results/0    new: pkg:npm/flat 5.0.0, Prototype pollution',
      'left out        1',
      '  /results/1    left out: duplicate in DefectDojo',
      'not understood  2',
      '  /results/2    not understood: expected a package URL, such as pkg:npm/flat, got none; add it to the row, or give --package for all without',
      '  /results/3    not understood: expected a finding as DefectDojo writes it, got title: Invalid input: expected string, received number; correct it in DefectDojo and export again',
      'would hand in   1',
    ]);
    expect(err).toContain('nothing was sent: add --send to hand them in');
    expect(server.seen).toEqual([]);
  });

  test('a name without its kind of package is not guessed', async () => {
    const { out } = await imports(dojo);
    expect(out).toContain('"flat" is a name alone: say of which kind, such as --package-type npm');
  });

  test('GitHub advisories: one finding a package, the version only where the range names it', async () => {
    const advisory = {
      ghsa_id: 'GHSA-2j2x-2gpw-g8fm',
      cve_id: 'CVE-2020-36632',
      summary: 'flat vulnerable to Prototype Pollution',
      description: 'At length',
      state: 'published',
      cwe_ids: ['CWE-1321'],
      vulnerabilities: [
        { package: { ecosystem: 'npm', name: '@a/flat' }, vulnerable_version_range: '<= 5.0.0' },
        { package: { ecosystem: 'maven', name: 'org.a:flat' }, vulnerable_version_range: '= 1.0' },
        { package: { ecosystem: 'npm', name: 'flat' }, vulnerable_version_range: '< 5.0.1' },
        { package: { ecosystem: 'other', name: 'flat' }, vulnerable_version_range: '= 1' },
      ],
    };
    const closed = { ...advisory, state: 'closed' };
    const { json } = await imports(JSON.stringify([advisory, closed]), ['--json']);
    expect(json()).toMatchObject({
      format: 'github',
      dryRun: true,
      counts: { rows: 5, understood: 2, leftOut: 1, notUnderstood: 2, wouldSend: 2 },
      rows: [
        {
          where: '/0/vulnerabilities/0',
          finding: {
            kind: 'native',
            package: 'pkg:npm/%40a/flat',
            version: '5.0.0',
            weakness: 'CWE-1321',
            identifiers: ['GHSA-2j2x-2gpw-g8fm', 'CVE-2020-36632'],
            description: 'At length\n\nAffected versions, as the advisory says:\n<= 5.0.0',
          },
        },
        { finding: { package: 'pkg:maven/org.a/flat', version: '1.0' } },
        { outcome: 'not-understood', refusal: { expected: 'the version it was found in' } },
        { outcome: 'not-understood', refusal: { expected: 'a package URL, such as pkg:npm/flat' } },
        { outcome: 'left-out', why: 'closed on GitHub' },
      ],
    });
  });

  test('CSV: columns by their header, or as they are told', async () => {
    const csv =
      'Issue,purl,CWE,CVE,extra\nBad parsing,pkg:npm/flat@5.0.0,79,"CVE-2020-36632, CVE-2021-1",x\n';
    const { code, out } = await imports(csv, ['--column', 'title=issue']);
    expect(code).toBe(0);
    expect(out).toContain('column        "Issue" is the title');
    expect(out).toContain('column        "extra" is left out');
    expect(out).toContain('line 2        new: pkg:npm/flat 5.0.0, Bad parsing');
    const wrong = await imports(csv, ['--column', 'heading=issue', '--json']);
    expect(wrong.json()).toMatchObject({ refusal: { code: 'option-malformed' } });
    const absent = await imports(csv, ['--column', 'title=Headline', '--json']);
    expect(absent.json()).toMatchObject({ refusal: { code: 'csv-column' } });
  });

  test('CSV without a title says how to name it', async () => {
    const { code, out } = await imports('Rule,purl\nBad parsing,pkg:npm/flat@5.0.0\n');
    expect(code).toBe(1);
    expect(out).toContain('note          no column is the title: --column title="…" says which');
    expect(out).not.toContain('no column is the package');
  });

  test('text that is no CSV is told what to do beyond saving it again', async () => {
    const { err } = await imports('# A page, "quoted" here\nand, a"b\n');
    expect(err).toContain('if it is no CSV, export SARIF');
  });

  test('an advisory in OSV, CVE or CSAF form: a row for each package', async () => {
    const osv = {
      id: 'CVE-2020-36632',
      modified: '2026-01-01T00:00:00Z',
      summary: 'Prototype pollution',
      affected: [
        { package: { ecosystem: 'npm', name: 'flat', purl: 'pkg:npm/flat' }, versions: ['5.0.0'] },
        { package: { ecosystem: 'npm', name: 'other' }, versions: ['1.0.0'] },
      ],
    };
    const read = await imports(JSON.stringify(osv), ['--json']);
    expect(read.json()).toMatchObject({
      format: 'osv',
      notes: ['No package URL is given for other.'],
      counts: { understood: 1, notUnderstood: 1 },
      rows: [
        { finding: { package: 'pkg:npm/flat', version: '5.0.0', title: 'Prototype pollution' } },
        { outcome: 'not-understood' },
      ],
    });
    const cve = {
      dataVersion: '5.1',
      cveMetadata: { cveId: 'CVE-2020-36632', state: 'REJECTED' },
      containers: { cna: { rejectedReasons: [{ lang: 'en', value: 'A duplicate.' }] } },
    };
    const rejected = await imports(JSON.stringify(cve));
    expect(rejected.out).toContain('CVE-2020-36632 was rejected: A duplicate.');
    const csaf = await imports('{"document": {"csaf_version": "2.0"}}', ['--json']);
    expect(csaf.json()).toMatchObject({ refusal: { code: 'csaf-nonconforming' } });
  });

  test('what it is, is said of a file that holds no findings', async () => {
    const bom = await imports('{"bomFormat": "CycloneDX", "specVersion": "1.6"}', ['--json']);
    expect(bom.json()).toMatchObject({
      refusal: {
        got: 'a CycloneDX document',
        todo: expect.stringContaining('breakwater affected'),
      },
    });
  });

  test('a row beyond what is shown is in the report', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `Row ${i},pkg:npm/flat,1.0.${i}`);
    const report = path.join(folder, 'report.csv');
    const { out } = await imports(['title,package,version', ...rows].join('\n'), [
      '--report',
      report,
    ]);
    expect(out).toContain('… 10 more; --report <file> has all');
    expect((await readFile(report, 'utf8')).split('\r\n').length).toBe(32);
  });

  test('an import that breaks off leaves no report', async () => {
    const report = path.join(folder, 'report.csv');
    const csv = 'title,package,version\nOne,pkg:npm/flat,1.0.0';
    const run = await imports(csv, ['--report', report, '--send'], {
      server: 'http://127.0.0.1:9',
      key: 'key',
    });
    expect(run.code).not.toBe(0);
    await expect(readFile(report)).rejects.toThrow('ENOENT');
  });

  test('the report is CSV in which nothing is a formula', async () => {
    const csv = 'title,package,version\n"=HYPERLINK(""http://x"")",pkg:npm/flat,1\n';
    const report = path.join(folder, 'report.csv');
    await imports(csv, ['--report', report]);
    const text = await readFile(report, 'utf8');
    expect(text).toBe(
      'where,state,detail\r\nline 2,new,"pkg:npm/flat 1, =HYPERLINK(""http://x"")"\r\n',
    );
  });

  test.each([
    ['{"a": 1}', 'format-unknown'],
    ['{', 'format-unknown'],
    ['', 'csv-malformed'],
    ['module example.org/m\n\ngo 1.22\nrequire example.org/n v1.0.0\n', 'csv-column'],
  ])('%j is refused', async (text, code) => {
    const run = await imports(text, ['--json']);
    expect(run.code).toBe(2);
    expect(run.json()).toMatchObject({ refusal: { code } });
  });
});

test('--dry-run says what happens anyway, and does not go with --send', async () => {
  const csv = 'title,package,version\nOne,pkg:npm/flat,1.0.0\n';
  await using server = await fakeServer({ 'POST /v1/findings': [200, answer] });
  const at = { server: server.address, key: 'key' };
  const dry = await imports(csv, ['--dry-run', '--json'], at);
  expect(dry.json()).toMatchObject({ dryRun: true, counts: { understood: 1 } });
  const both = await imports(csv, ['--dry-run', '--send', '--json'], at);
  expect([both.code, both.json()]).toMatchObject([2, { refusal: { code: 'options-contradict' } }]);
  expect(server.seen).toEqual([]);
});

describe('with --send', () => {
  const csv = [
    'title,package,version',
    'One,pkg:npm/flat,1.0.0',
    'Two,pkg:npm/flat,2.0.0',
    'One,pkg:npm/flat,1.0.0',
  ].join('\n');
  const send = ['--send', '--json'];

  test('each row is one request with a key made of its content; a repeated import sends nothing', async () => {
    await using server = await fakeServer({ 'POST /v1/findings': [200, answer] });
    const at = { server: server.address, key: 'key' };
    const first = await imports(csv, send, at);
    expect(first.code).toBe(0);
    expect(first.json()).toMatchObject({ counts: { understood: 3 } });
    const keys = server.seen.map(({ idempotencyKey }) => String(idempotencyKey));
    expect(new Set(keys).size).toBe(2);
    expect(keys.every((key) => /^import-[0-9a-f]{48}$/.test(key))).toBe(true);
    const before = server.seen.length;
    const again = await imports(`${csv}\nThree,pkg:npm/flat,3.0.0\n`, send, at);
    expect(again.json()).toMatchObject({ counts: { sent: 1, sentBefore: 3 } });
    expect(server.seen.length).toBe(before + 1);
    const dry = await imports(csv, [], at);
    expect(dry.out).toContain('would hand in   0; 3 are there already');
  });

  test('another key or another server knows nothing of it, and sends the same keys again', async () => {
    await using server = await fakeServer({ 'POST /v1/findings': [200, answer] });
    await imports(csv, send, { server: server.address, key: 'one' });
    const first = server.seen.map(({ idempotencyKey }) => idempotencyKey);
    await imports(csv, send, { server: server.address, key: 'two' });
    const second = server.seen.slice(first.length).map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(second)).toEqual(new Set(first));
  });

  test('a row the server refuses is reported, the others are handed in', async () => {
    let count = 0;
    await using server = await fakeServer({
      get 'POST /v1/findings'(): [number, unknown] {
        count += 1;
        return count === 1 ? [422, problem(422, 'recipe-unknown')] : [200, answer];
      },
    });
    const { code, out } = await imports(csv, ['--send'], { server: server.address, key: 'key' });
    expect(code).toBe(1);
    expect(out).toContain('refused         1 by the server');
    expect(out).toContain('refused: expected another thing, got this one; change it');
  });

  test.each([401, 403])('a key that may not (%i) ends it at once', async (status) => {
    await using server = await fakeServer({
      'POST /v1/findings': [status, problem(status, 'forbidden')],
    });
    const { code, err, json } = await imports(csv, send, { server: server.address, key: 'key' });
    expect(code).toBe(2);
    expect(json()).toMatchObject({ refusal: { code: 'forbidden' } });
    expect(err).toContain('0 rows are handed in; run the same command again for the others');
  });

  test('a server that goes away: what is done is noted, the next run does the rest', async () => {
    const server = await fakeServer({ 'POST /v1/findings': [200, answer] });
    const at = { server: server.address, key: 'key' };
    await imports('title,package,version\nOne,pkg:npm/flat,1.0.0\n', send, at);
    await server[Symbol.asyncDispose]();
    const { code, json } = await imports(csv, send, at);
    expect(code).toBe(4);
    expect(json()).toMatchObject({ refusal: { code: 'server-unreachable' } });
    const dry = await imports(csv, [], at);
    expect(dry.out).toContain('would hand in   1; 2 are there already');
  });

  test('without an API key it is refused before anything is sent', async () => {
    const { code, json } = await imports(csv, send);
    expect(code).toBe(2);
    expect(json()).toMatchObject({ refusal: { code: 'key-missing' } });
  });
});
