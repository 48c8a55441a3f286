import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fileServer, type Served } from '../../../test/file-server.ts';
import { records, type Syncing, startSyncing, zipped } from '../../../test/syncing.ts';
import { isPublicAddress } from './addresses.ts';

// From where feeds are fetched, and what comes of a connection that breaks.

let syncing: Syncing;
let kept = '';
beforeEach(async () => {
  syncing = await startSyncing();
  ({ kept } = syncing);
});
afterEach(async () => await syncing[Symbol.asyncDispose]());

const sync: Syncing['sync'] = (...asked) => syncing.sync(...asked);

const day = 'Fri, 20 Nov 2026 10:00:00 GMT';

describe('a connection that breaks', () => {
  const data = zipped(records(200));
  const part = () => path.join(kept, 'partial/osv-npm');
  /** Until the client has put more onto its disk. */
  const arrived = () => {
    let before = 0;
    return async () => {
      const now = await vi.waitFor(async () => {
        const { size } = await stat(part());
        expect(size).toBeGreaterThan(before);
        return size;
      });
      before = now;
    };
  };

  test('is taken up again where it stopped', async () => {
    const cut = { after: 5_000, times: 1, ready: arrived() };
    await using server = await fileServer({ '/all.zip': { data, etag: '"1"', cut } });
    const { set } = await sync(`${server.address}/all.zip`);
    expect(set).toMatchObject({ outcome: 'fetched', kept: { records: 200, bytes: data.length } });
    expect(server.seen.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([
      [undefined, undefined],
      ['bytes=5000-', '"1"'],
    ]);
    expect(await readdir(path.join(kept, 'partial'))).toEqual([]);
  });

  test('starts over where the file changed in between', async () => {
    const other = zipped(records(150));
    const wait = arrived();
    const file: Served = { data, etag: '"1"' };
    const ready = async () => {
      await wait();
      Object.assign(file, { data: other, etag: '"2"' });
    };
    file.cut = { after: 5_000, times: 1, ready };
    await using server = await fileServer({ '/all.zip': file });
    const { set } = await sync(`${server.address}/all.zip`);
    expect(set).toMatchObject({ outcome: 'fetched', kept: { records: 150 } });
    expect(server.seen[1]?.headers['if-range']).toBe('"1"');
  });

  test('again and again: the part stays, and the next run goes on with it', async () => {
    const cut = { after: 1_000, times: 4, ready: arrived() };
    await using server = await fileServer({ '/all.zip': { data, lastModified: day, cut } });
    const first = await sync(`${server.address}/all.zip`);
    expect(first.code).toBe(4);
    expect(first.set).toMatchObject({
      refusal: { code: 'download-interrupted', got: expect.stringMatching(/^4000 bytes/) },
    });
    const second = await sync(`${server.address}/all.zip`);
    expect(second.set).toMatchObject({ outcome: 'fetched', kept: { records: 200 } });
    expect(server.seen.at(-1)?.headers).toMatchObject({ range: 'bytes=4000-', 'if-range': day });
  });

  test('a part of one address is never continued from another', async () => {
    const cut = { after: 1_000, times: 4, ready: arrived() };
    await using server = await fileServer({
      '/one.zip': { data, etag: '"1"', cut },
      '/two.zip': { data: zipped(records(40)), etag: '"1"' },
    });
    await sync(`${server.address}/one.zip`);
    const { set } = await sync(`${server.address}/two.zip`);
    expect(set).toMatchObject({ outcome: 'fetched', kept: { records: 40 } });
    expect(server.seen.at(-1)?.headers.range).toBeUndefined();
  });
});

describe('addresses', () => {
  test.each([
    'http://osv.example/all.zip',
    'ftp://127.0.0.1/all.zip',
    'file:///etc/passwd',
    'https://user:word@osv.example/all.zip',
    'http://127.0.0.1.osv.example/all.zip',
  ])('%s is not fetched', async (address) => {
    expect((await sync(address)).set).toMatchObject({ refusal: { code: 'address-refused' } });
  });

  test.each([
    'http://osv.example/all.zip',
    'https://127.0.0.1/all.zip',
    'https://[::1]/all.zip',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/all.zip',
    'https://[::ffff:10.0.0.1]/all.zip',
    'https://2130706433/all.zip',
    'https://localhost/all.zip',
    'file:///etc/passwd',
    '//10.0.0.1/all.zip',
  ])('a redirect to %s is not followed', async (location) => {
    await using server = await fileServer({ '/all.zip': { data: new Uint8Array(), location } });
    expect((await sync(`${server.address}/all.zip`)).set).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'redirect-refused' },
    });
  });

  test('a redirect on the same server is followed, for a while', async () => {
    const data = new Uint8Array();
    await using server = await fileServer({
      '/old.zip': { data, location: '/new.zip' },
      '/new.zip': { data: zipped(records(12)) },
      '/round.zip': { data, location: '/round.zip' },
    });
    expect((await sync(`${server.address}/old.zip`)).set).toMatchObject({ outcome: 'fetched' });
    expect((await sync(`${server.address}/round.zip`)).set).toMatchObject({
      refusal: { code: 'redirect-refused', got: 'a redirect to more than 5 redirects' },
    });
  });

  test.each([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['100.64.1.1', false],
    ['192.168.1.1', false],
    ['fd00::1', false],
    ['fe80::1', false],
    ['2002:a00:1::1', false],
    ['::ffff:8.8.8.8', false],
    ['example.org', false],
  ])('%s is public: %s', (address, is) => expect(isPublicAddress(address)).toBe(is));

  test('nobody there', async () => {
    const server = await fileServer({});
    await server[Symbol.asyncDispose]();
    const { code, set } = await sync(`${server.address}/all.zip`);
    expect(code).toBe(4);
    expect(set).toMatchObject({ refusal: { code: 'source-unreachable' } });
  });

  test('an answer that is an error', async () => {
    await using server = await fileServer({});
    const { code, set } = await sync(`${server.address}/all.zip`);
    expect(code).toBe(2);
    expect(set).toMatchObject({ refusal: { code: 'source-refused', got: 'status 404' } });
  });
});
