import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileServer, type Served } from '../../../test/file-server.ts';
import { runCli } from '../../../test/run-cli.ts';
import { record, records, type Syncing, startSyncing, zipped } from '../../../test/syncing.ts';
import { zipOf } from '../../../test/zip.ts';

let syncing: Syncing;
let folder = '';
let kept = '';
beforeEach(async () => {
  syncing = await startSyncing();
  ({ folder, kept } = syncing);
});
afterEach(async () => await syncing[Symbol.asyncDispose]());

const sync: Syncing['sync'] = (...asked) => syncing.sync(...asked);
const written: Syncing['written'] = (...given) => syncing.written(...given);

const kev = JSON.stringify({
  catalogVersion: '2026.11.20',
  dateReleased: '2026-11-20T10:00:00.000Z',
  count: 1,
  vulnerabilities: [
    {
      cveID: 'CVE-2026-32222',
      vendorProject: 'A',
      product: 'B',
      vulnerabilityName: 'C',
      dateAdded: '2026-11-02',
      requiredAction: 'Update',
      dueDate: '2026-11-23',
      knownRansomwareCampaignUse: 'Known',
    },
  ],
});
const epss = [
  '#model_version:v2025.03.14,score_date:2026-11-20T00:00:00+0000',
  'cve,epss,percentile',
  'CVE-2026-32222,0.91234,0.99876',
  'CVE-2026-32223,0.00123,0.40000',
].join('\n');

const lock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    'node_modules/package-22223': {
      version: '1.0.0',
      resolved: 'https://registry.npmjs.org/a.tgz',
    },
    'node_modules/package-22222': {
      version: '1.9.0',
      resolved: 'https://registry.npmjs.org/b.tgz',
    },
    'node_modules/other': { version: '1.0.0', resolved: 'https://registry.npmjs.org/c.tgz' },
  },
});

async function affected(...more: string[]) {
  return await runCli(['affected', '-', ...more], { stdin: lock, localDirectory: kept });
}

describe('from nothing to an answer', () => {
  test('without a sync, affected says what to do', async () => {
    const { code, err } = await affected();
    expect(code).toBe(2);
    expect(err).toContain('run breakwater sync once, or give --advisories');
  });

  test('three feeds from one server, then affected with KEV and EPSS, the exploited one first', async () => {
    await using server = await fileServer({
      '/npm/all.zip': { data: zipped(records(30)), etag: '"1"' },
      '/kev.json': { data: Buffer.from(kev) },
      '/epss.csv.gz': { data: gzipSync(epss) },
    });
    const { address } = server;
    const synced = await runCli(
      [
        'sync',
        '--osv',
        `${address}/npm/all.zip`,
        '--kev',
        `${address}/kev.json`,
        '--epss',
        `${address}/epss.csv.gz`,
      ],
      { localDirectory: kept },
    );
    expect(synced.out).toContain('fetched      osv npm      30 advisories');
    expect(synced.out).toContain('fetched      kev          1 exploited CVEs');
    expect(synced.out).toContain('fetched      epss         2 scores');
    expect(synced.code).toBe(0);

    const { code, out } = await affected();
    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringMatching(
        /^affected {5}GHSA-\S+ {2}package-22222 1\.9\.0: every version is affected until 2\.0\.0/,
      ),
      '             /packages/node_modules~1package-22222',
      '             CVE-2026-32222 · EXPLOITED (KEV since 2026-11-02, federal deadline 2026-11-23, by ransomware) · EPSS 91.2 %, higher than 99 % of all',
      '             "Something in package-22222"',
      expect.stringMatching(/^affected {5}GHSA-\S+ {2}package-22223 1\.0\.0/),
      '             /packages/node_modules~1package-22223',
      '             CVE-2026-32223 · EPSS 0.12 %, higher than 40 % of all',
      '             "Something in package-22223"',
      '2 affected, 0 undecided; 3 components (package-lock), 2 advisories about them of 30',
      'data: epss 0 minutes old, kev 0 minutes old, osv npm 0 minutes old',
    ]);
    const json = (await affected('--json')).json();
    expect(json).toMatchObject({
      affected: [
        { cves: ['CVE-2026-32222'], kev: { ransomware: true }, epss: { percentile: 0.99876 } },
        { cves: ['CVE-2026-32223'], kev: null, epss: { score: 0.00123 } },
      ],
      notCovered: [],
      data: [{ kind: 'epss' }, { kind: 'kev' }, { kind: 'osv', records: 30, refused: 0 }],
    });

    const status = await runCli(['sync', '--status'], { localDirectory: kept });
    expect(status.out).toContain(`from ${address}/npm/all.zip`);
    // A plain sync brings up to date what is kept, from where it came.
    const again = await runCli(['sync'], { localDirectory: kept });
    expect(again.out).toContain('unchanged    osv npm');
  });

  test('components of an ecosystem that is not kept are not called unaffected', async () => {
    await sync(await written('list.json', JSON.stringify(records(12))));
    const { code, err } = await runCli(['affected', '-', '--debian-release', '12'], {
      stdin: 'sed\t4.9-1\n',
      localDirectory: kept,
    });
    expect(code).toBe(2);
    expect(err).toContain(
      'not looked at 1 component of Debian: run breakwater sync --ecosystem "Debian"',
    );
  });
});

describe('the forms a data set comes in', () => {
  const list = records(12);
  test.each<readonly [string, string | Uint8Array]>([
    ['list.json', JSON.stringify(list, null, 2)],
    ['lines.ndjson', list.map((r) => JSON.stringify(r)).join('\n')],
    ['lines.ndjson.gz', gzipSync(list.map((r) => JSON.stringify(r)).join('\n'))],
    ['all.zip', zipped(list)],
  ])('%s', async (name, data) => {
    const { code, set } = await sync(await written(name, data));
    expect({ code, set }).toMatchObject({
      code: 0,
      set: { outcome: 'fetched', kept: { records: 12, refused: 0 } },
    });
  });

  test('a folder with folders', async () => {
    const place = path.join(folder, 'osv');
    await mkdir(path.join(place, '2026/11'), { recursive: true });
    for (const [n, each] of list.entries()) {
      await writeFile(path.join(place, n % 2 ? '2026/11' : '.', `${n}.json`), JSON.stringify(each));
    }
    expect((await sync(place)).set).toMatchObject({ kept: { records: 12, sha256: null } });
  });
});

const day = 'Fri, 20 Nov 2026 10:00:00 GMT';

describe('what is kept stays, unless something whole and not smaller comes', () => {
  test.each([{ etag: '"7"' }, { lastModified: day }])('304 to %o', async (validator) => {
    await using server = await fileServer({
      '/all.zip': { data: zipped(records(12)), ...validator },
    });
    const first = await sync(`${server.address}/all.zip`);
    const second = await sync(`${server.address}/all.zip`);
    expect(first.set).toMatchObject({ outcome: 'fetched' });
    expect(second).toMatchObject({ code: 0, set: { outcome: 'unchanged', kept: { records: 12 } } });
  });

  test('far fewer records are refused, until a person accepts them', async () => {
    const file: Served = { data: zipped(records(200)) };
    await using server = await fileServer({ '/all.zip': file });
    const address = `${server.address}/all.zip`;
    await sync(address);
    file.data = zipped(records(179));
    const refused = await sync(address);
    expect(refused.code).toBe(2);
    expect(refused.set).toMatchObject({
      outcome: 'refused',
      kept: { records: 200 },
      refusal: {
        code: 'set-shrank',
        got: '179',
        expected: expect.stringMatching(/^about 200 records or more/),
      },
    });
    expect((await affected()).out).toContain('2 affected');
    expect((await sync(address, '--accept-smaller')).set).toMatchObject({ kept: { records: 179 } });
    file.data = zipped(records(162));
    expect((await sync(address)).set).toMatchObject({ outcome: 'fetched' });
    const named = (await readdir(kept)).filter((name) => /\.(data|index)$/.test(name));
    expect(named).toHaveLength(2);
  });

  test.each<readonly [string, (whole: Uint8Array) => Uint8Array]>([
    ['cut short', (whole) => whole.subarray(0, whole.length - 30)],
    ['with a flipped byte', (whole) => whole.with(90, (whole[90] ?? 0) ^ 1)],
    ['that is none', () => Buffer.from('<html>Not found</html>')],
    ['of nothing', () => zipOf([])],
    ['claiming another size', () => zipOf([{ name: 'a.json', data: '{}', size: 9_999 }])],
    ['with a path that leads out', () => zipOf([{ name: '../a.json', data: '{}' }])],
  ])('a zip %s is refused', async (_, spoil) => {
    const whole = zipped(records(30));
    const file: Served = { data: whole };
    await using server = await fileServer({ '/all.zip': file });
    await sync(`${server.address}/all.zip`);
    file.data = spoil(whole);
    const { code, set } = await sync(`${server.address}/all.zip`);
    expect(code).toBe(2);
    expect(set).toMatchObject({
      outcome: 'refused',
      kept: { records: 30 },
      refusal: { code: 'source-unreadable' },
    });
    expect((await affected()).out).toContain('2 affected');
  });

  test.each<readonly [string, string | Uint8Array]>([
    [
      'gzip cut short',
      gzipSync(
        records(30)
          .map((r) => JSON.stringify(r))
          .join('\n'),
      ).subarray(0, -20),
    ],
    ['a list cut between records', JSON.stringify(records(30)).slice(0, -1)],
    ['a list cut in a record', JSON.stringify(records(30)).slice(0, -10)],
    ['text around records', `hello ${JSON.stringify(records(3))}`],
  ])('%s is refused', async (_, data) => {
    const { set } = await sync(await written('osv.json', data));
    expect(set).toMatchObject({ outcome: 'refused', refusal: { code: 'source-unreadable' } });
  });

  test.each<readonly [string, string, Uint8Array | string]>([
    ['kev', 'kev-malformed', '{"vulnerabilities": []}'],
    ['kev', 'kev-malformed', kev.replace('"count":1', '"count":2')],
    ['epss', 'source-unreadable', gzipSync(epss).subarray(0, 60)],
    ['epss', 'epss-malformed', `${epss}\nCVE-2026-1,2`],
  ])('%s with %s', async (kind, code, data) => {
    const file = await written('feed', data);
    const words = ['sync', '--only', kind, `--${kind}`, file, '--json'];
    const run = await runCli(words, { localDirectory: kept });
    expect(run.code).toBe(2);
    expect(run.json()).toMatchObject({ sets: [{ outcome: 'refused', refusal: { code } }] });
  });
});

describe('records that do not conform', () => {
  const broken = { ...record(1, 'other'), modified: 'yesterday' };

  test('are counted, named, and never called "not affected" for what they name', async () => {
    const file = await written('osv.json', JSON.stringify([...records(12), broken]));
    const { code, set } = await sync(file);
    expect(code).toBe(0);
    expect(set).toMatchObject({
      kept: {
        records: 12,
        refused: 1,
        refusedFirst: [{ where: 'record 13', got: expect.stringMatching(/modified/) }],
      },
    });
    const onlyOther = JSON.stringify({
      lockfileVersion: 3,
      packages: {
        'node_modules/other': { version: '1.0.0', resolved: 'https://registry.npmjs.org/c.tgz' },
      },
    });
    const about = await runCli(['affected', '-'], { stdin: onlyOther, localDirectory: kept });
    expect(about.code).toBe(2);
    expect(about.err).toContain('1 advisory could not be read: of these nobody knows');
    const another = onlyOther.replaceAll('other', 'another');
    const away = await runCli(['affected', '-'], { stdin: another, localDirectory: kept });
    expect(away.code).toBe(0);
  });

  test('are refused as a whole where they are most', async () => {
    const file = await written('osv.json', JSON.stringify([record(1), broken, broken]));
    expect((await sync(file)).set).toMatchObject({
      refusal: {
        code: 'source-unreadable',
        got: expect.stringMatching(/^1 that do and 2 that do not/),
      },
    });
  });
});

describe('the folder', () => {
  test('two syncs at once are refused, one that died is not waited for', async () => {
    const file = await written('osv.json', JSON.stringify(records(12)));
    await mkdir(kept);
    await writeFile(path.join(kept, 'lock'), String(process.pid));
    expect(await sync(file)).toMatchObject({ code: 2, refusal: { code: 'sync-running' } });
    await writeFile(path.join(kept, 'lock'), '999999999');
    expect(await sync(file)).toMatchObject({ code: 0, set: { outcome: 'fetched' } });
  });

  test('damage is told, and is no answer', async () => {
    await sync(await written('osv.json', JSON.stringify(records(12))));
    const index = (await readdir(kept)).find((name) => name.endsWith('.index')) ?? '';
    const whole = await readFile(path.join(kept, index));
    await writeFile(path.join(kept, index), whole.subarray(0, -1));
    const run = await affected('--json');
    expect(run.code).toBe(2);
    expect(run.json()).toMatchObject({ refusal: { code: 'local-data-damaged' } });
  });
});
