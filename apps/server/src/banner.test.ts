import { expect, test } from 'vitest';
import { bannerOf } from './banner.ts';
import { linkTo, siteAt } from './platform/directory/site.ts';

test.each([
  ['without a public address, the one that passkeys work at', null, 'http://localhost:8420'],
  ['the public one, where it is set', 'https://clear.example.org/', 'https://clear.example.org'],
])('every address a start prints is the same: %s', (_, publicUrl, expected) => {
  const site = siteAt(publicUrl, 'http://127.0.0.1:8420');
  const lines = bannerOf({
    url: site.url,
    gateway: null,
    dataDirectory: '.breakwater',
    database: 'embedded',
    sandbox: 'none',
    mail: 'as files',
    checkerSha256: 'ab',
    link: linkTo(site, 'token'),
  });
  const origins = lines.flatMap((line) => line.match(/https?:\/\/[^/\s]+/g) ?? []);
  expect(origins).toEqual([expected, expected, expected]);
});

test('where the gateway is reached stands beneath, in a process that has one', () => {
  const started = {
    ...{ url: 'http://localhost:8420', dataDirectory: '.breakwater', database: 'embedded' },
    ...{ sandbox: 'none', mail: 'as files', checkerSha256: 'ab', link: null },
  };
  const told = 'the gateway          http://127.0.0.1:8430';
  expect(bannerOf({ ...started, gateway: 'http://127.0.0.1:8430' }).join()).toContain(told);
  expect(bannerOf({ ...started, gateway: null }).join()).not.toContain('gateway');
});
