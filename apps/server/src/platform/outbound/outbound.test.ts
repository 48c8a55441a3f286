import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type NameServer, startNameServer } from '../../../test/name-server.ts';
import { startWebServer, type WebServer } from '../../../test/web-server.ts';
import { createOutbound, type Outbound } from './outbound.ts';
import { openNet, reachOf } from './reach.ts';

let names: NameServer;
let site: WebServer;
let outbound: Outbound;
let count = 0;
let host: string;
beforeAll(async () => {
  names = await startNameServer();
  site = await startWebServer(['*.example.org']);
  outbound = createOutbound({
    resolvers: [names.address],
    reach: reachOf([openNet, '127.0.0.1/32']),
    authorities: site.authority,
  });
});
afterAll(async () => {
  await names[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});
beforeEach(() => {
  host = `site-${count++}.example.org`;
});

const at = (pathname: string) => `https://${host}:${site.port}${pathname}`;
const codeOf = async (asking: ReturnType<Outbound['text']>) => {
  const answer = await asking;
  return answer.ok ? answer.value : answer.refusal.code;
};
const timesAsked = () => names.asked.filter((each) => each === `A ${host}`).length;

describe('TXT records', () => {
  test('are read with the strings of each joined', async () => {
    names.set(`_x.${host}`, { txt: [['one'], ['two ', 'halves']] });
    expect(await outbound.txt(`_x.${host}`)).toEqual({ ok: true, value: ['one', 'two halves'] });
  });

  test.each<[string, { readonly txt: [] } | undefined]>([
    ['a name that is not there', undefined],
    ['a name without one', { txt: [] }],
  ])('%s: nothing is there', async (_, records) => {
    if (records !== undefined) names.set(`_x.${host}`, records);
    expect(await outbound.txt(`_x.${host}`)).toMatchObject({ refusal: { code: 'nothing-there' } });
  });
});

describe('a page', () => {
  test('is read over https from an address that was judged', async () => {
    names.set(host, { addresses: ['127.0.0.1'] });
    site.set('/here', 'the text');
    expect(await codeOf(outbound.text(at('/here')))).toBe('the text');
  });

  test('of a name that means another address a moment later comes from the one that was judged', async () => {
    names.set(host, { addresses: ['127.0.0.1'] }, { addresses: ['10.0.0.1'] });
    site.set('/rebound', 'still the first');
    expect(await codeOf(outbound.text(at('/rebound')))).toBe('still the first');
    expect(timesAsked()).toBe(1);
  });

  test.each([
    ['a private address', ['10.1.2.3']],
    ['the link-local address of a cloud', ['169.254.169.254']],
    ['a private address beside one that may be asked', ['127.0.0.1', '192.168.0.1']],
    ['a private IPv6 address', ['fd00::1']],
    ['loopback in IPv6', ['::1']],
    ['a private address mapped into IPv6', ['::ffff:a00:1']],
    ['loopback beyond the network that was named', ['127.0.0.2']],
  ])('of a name with %s is not asked for', async (_, addresses) => {
    names.set(host, { addresses });
    const before = site.asked.length;
    expect(await codeOf(outbound.text(at('/here')))).toBe('address-not-allowed');
    expect(site.asked.length).toBe(before);
  });

  test.each([
    'http://example.org/',
    'https://user@example.org/',
    'https://192.168.0.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://2130706434/',
    'ftp://example.org/',
    'not an address',
  ])('at %s is not asked for', async (address) => {
    expect(await codeOf(outbound.text(address))).toBe('address-not-allowed');
  });

  test('is followed within its origin, and no further', async () => {
    names.set(host, { addresses: ['127.0.0.1'] });
    names.set('other.example.org', { addresses: ['127.0.0.1'] });
    const to = (location: string) =>
      site.set('/away', (_, response) => void response.writeHead(302, { location }).end());
    site.set('/there', 'moved');
    to('/there');
    expect(await codeOf(outbound.text(at('/away')))).toBe('moved');
    for (const elsewhere of [
      `https://other.example.org:${site.port}/there`,
      'https://169.254.169.254/latest/meta-data/',
      `http://${host}:${site.port}/there`,
      `https://${host}/there`,
      '//other.example.org/there',
    ]) {
      to(elsewhere);
      expect(await codeOf(outbound.text(at('/away')))).toBe('redirected-elsewhere');
    }
    to('/away');
    expect(await codeOf(outbound.text(at('/away')))).toBe('redirected-elsewhere');
    expect(site.asked.filter((each) => each.startsWith('other'))).toEqual([]);
  });

  test('that is larger than is read is refused', async () => {
    names.set(host, { addresses: ['127.0.0.1'] });
    site.set('/large', (_, response) => void response.end(Buffer.alloc(70_000)));
    expect(await codeOf(outbound.text(at('/large')))).toBe('answer-too-large');
  });

  test('that breaks off, or whose server fails, may be there later', async () => {
    names.set(host, { addresses: ['127.0.0.1'] });
    site.set('/broken', (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      response.destroy();
    });
    site.set('/failing', (_, response) => void response.writeHead(503).end());
    expect(await codeOf(outbound.text(at('/broken')))).toBe('unreachable');
    expect(await codeOf(outbound.text(at('/failing')))).toBe('unreachable');
  });

  test('that is not there is an answer', async () => {
    names.set(host, { addresses: ['127.0.0.1'] });
    expect(await codeOf(outbound.text(at('/nowhere')))).toBe('nothing-there');
    host = 'unknown.example.org';
    expect(await codeOf(outbound.text(at('/here')))).toBe('nothing-there');
  });

  test('under a certificate for another name, or of nobody known, is not believed', async () => {
    host = `elsewhere-${host}`.replace('.org', '.net');
    names.set(host, { addresses: ['127.0.0.1'] });
    site.set('/here', 'the text');
    expect(await outbound.text(at('/here'))).toMatchObject({
      refusal: { code: 'unreachable', got: expect.stringContaining('certificate') },
    });
  });

  test('that is never finished is given up when its time is over', async () => {
    names.set(host, { addresses: ['127.0.0.1'] });
    site.set('/slow', (_, response) => void response.write('a'));
    const hurried = createOutbound({
      resolvers: [names.address],
      reach: reachOf([openNet, '127.0.0.1']),
      authorities: site.authority,
      waitMs: 300,
    });
    expect(await hurried.text(at('/slow'))).toMatchObject({
      refusal: { code: 'unreachable', got: 'no answer in time' },
    });
  });
});

test('a name server that says nothing is waited for no longer than a name may take', async () => {
  names.set(host, null);
  const hurried = createOutbound({
    resolvers: [names.address],
    reach: reachOf([openNet]),
    authorities: null,
    waitMs: 300,
  });
  expect(await codeOf(hurried.text(at('/here')))).toBe('unreachable');
});

test('nothing of this machine is asked unless it was named', async () => {
  names.set(host, { addresses: ['127.0.0.1'] });
  const strict = createOutbound({
    resolvers: [names.address],
    reach: reachOf([openNet]),
    authorities: site.authority,
  });
  expect(await codeOf(strict.text(at('/here')))).toBe('address-not-allowed');
});
