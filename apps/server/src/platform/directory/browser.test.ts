import { describe, expect, test } from 'vitest';
import { cookieName, sessionCookie, tokenIn } from './cookie.ts';
import { deviceWords } from './device.ts';
import { linkTo, siteAt } from './site.ts';

const token = 'A'.repeat(43);
const https = siteAt('https://clearing.example.org', 'http://127.0.0.1:8420');
const local = siteAt(null, 'http://127.0.0.1:8420');

describe('DIR-12 what a browser keeps', () => {
  test('is bound to the host over https, and has no prefix on loopback, which cannot keep one', () => {
    expect(sessionCookie(https, { token, seconds: 60 })).toBe(
      `__Host-breakwater=${token}; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure`,
    );
    expect(sessionCookie(local, null)).toBe(
      'breakwater-local=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
    );
    expect(cookieName(siteAt(null, 'https://127.0.0.1:8420'))).toBe('__Host-breakwater');
  });

  test.each([
    [`__Host-breakwater=${token}`, token],
    [`a=b; __Host-breakwater=${token}; c=d`, token],
    [`__Host-breakwater=${token}; __Host-breakwater=${'B'.repeat(43)}`, null],
    [`breakwater-local=${token}`, null],
    [`x__Host-breakwater=${token}`, null],
    [`__Host-breakwater=${token}x`, null],
    [`__Host-breakwater="${token}"`, null],
    ['__Host-breakwater', null],
    ['', null],
    [`__Host-breakwater=${token};${' '.repeat(9_000)}`, null],
    [undefined, null],
  ])('%s', (header, expected) => {
    expect(tokenIn(header, https)).toBe(expected);
  });
});

test('DIR-10 a link holds its token in the fragment, at the public address', () => {
  expect(linkTo(https, token)).toBe(`https://clearing.example.org/sign-in#${token}`);
  expect(linkTo(local, token)).toBe(`http://localhost:8420/sign-in#${token}`);
  expect([local.host, local.origins]).toEqual(['localhost', ['http://localhost:8420']]);
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1',
    'Chrome on iOS',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'Chrome on Linux',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
    'Chrome on Linux',
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/140.0.0.0',
    'Edge on Android',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0',
    'Opera on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15',
    'Firefox on iOS',
  ],
  ['curl/8.5.0', 'curl on an unknown system'],
  ['<script>alert(1)</script>', 'An unknown program'],
  ['', 'An unknown program'],
])('DIR-12 %s', (userAgent, words) => {
  expect(deviceWords(userAgent)).toBe(words);
});
