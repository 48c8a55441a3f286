import { describe, expect, test } from 'vitest';
import { judgeKnock, type Knock } from './door.ts';

const local: Knock = {
  method: 'GET',
  path: '/v1/me',
  host: 'localhost:8420',
  origin: undefined,
  fetchSite: undefined,
  hasCookie: false,
  hasKey: false,
  peer: { address: '127.0.0.1', scheme: null, direct: true },
};
const far = 'https://clearinghouse.example.org';
const proxied: Knock = {
  ...local,
  host: 'clearinghouse.example.org',
  peer: { address: '198.51.100.9', scheme: 'https', direct: false },
};

function judge(knock: Partial<Knock>, base = local, publicUrl: string | null = null): string {
  const verdict = judgeKnock({ ...base, ...knock }, publicUrl);
  if (verdict.kind === 'refuse') return `${verdict.status} ${verdict.refusal.code}`;
  return verdict.kind === 'redirect' ? verdict.to : verdict.kind;
}

describe('the name in Host', () => {
  test.each(['localhost', 'localhost:8420', '127.0.0.1:1', '[::1]:8420', 'LOCALHOST:8420'])(
    'on loopback: %s comes in',
    (host) => expect(judge({ host })).toBe('in'),
  );

  test.each([
    'evil.example',
    'evil.example:8420',
    '127.0.0.1.evil.example',
    'localhost.evil.example:8420',
    'localhost:8420.evil.example',
    '127.0.0.1@evil.example',
    '0.0.0.0:8420',
    '[::]:8420',
    '',
    undefined,
    'x'.repeat(301),
  ])('a page whose name was pointed at this machine does not: %s', (host) => {
    expect(judge({ host })).toBe('421 wrong-host');
  });

  test('behind a proxy: the public name, or the one a proxy uses for its upstream', () => {
    expect(judge({}, proxied, far)).toBe('in');
    expect(judge({ host: '127.0.0.1:8420' }, proxied, far)).toBe('in');
    expect(judge({ host: 'evil.example' }, proxied, far)).toBe('421 wrong-host');
  });

  test('from another machine, loopback is no name of ours', () => {
    const peer = { address: '198.51.100.9', scheme: 'https', direct: true } as const;
    expect(judge({ peer, host: 'localhost:8420' }, local, far)).toBe('421 wrong-host');
    expect(judge({ peer, host: 'clearinghouse.example.org' }, local, far)).toBe('in');
  });

  test('probes ask by address', () => {
    expect(judge({ host: '10.0.0.7:8420', path: '/readyz' })).toBe('in');
    expect(judge({ host: '10.0.0.7:8420', path: '/readyz', method: 'POST' })).toBe(
      '421 wrong-host',
    );
  });
});

describe('in the clear', () => {
  const peer = { address: '198.51.100.9', scheme: 'http', direct: false } as const;

  test('a page is asked for again over https', () => {
    expect(judge({ peer, path: '/cases/1' }, proxied, far)).toBe(`${far}/cases/1`);
  });

  test('where the redirect leads does not depend on what was sent', () => {
    const path = '//evil.example/x';
    expect(judge({ peer, path, host: 'evil.example' }, proxied, far)).toBe(`${far}${path}`);
  });

  test('a write or a key is refused: it was read on the way', () => {
    expect(judge({ peer, method: 'POST' }, proxied, far)).toBe('403 https-needed');
    expect(judge({ peer, hasKey: true }, proxied, far)).toBe('403 https-needed');
    expect(judge({ peer }, proxied, null)).toBe('403 https-needed');
  });
});

describe('which page asks for a write', () => {
  const write = { method: 'POST' };

  test('no page: a program with a key', () => {
    expect(judge({ ...write, hasKey: true })).toBe('in');
  });

  test('a page of ours', () => {
    const own = { ...write, hasCookie: true };
    expect(judge({ ...own, origin: 'http://localhost:8420' })).toBe('in');
    expect(judge({ ...own, origin: 'http://localhost:8420', fetchSite: 'same-origin' })).toBe('in');
    expect(judge({ ...own, fetchSite: 'same-origin' })).toBe('in');
    expect(judge({ ...own, origin: far }, proxied, far)).toBe('in');
  });

  test.each([
    'https://evil.example',
    'null',
    '',
    'http://localhost:9999',
    'http://127.0.0.1:8420',
    'https://localhost:8420',
    'http://localhost:8420.evil.example',
    'http://localhost:8420@evil.example',
    `${far}.evil.example`,
    'http://clearinghouse.example.org',
  ])('a page of %j does not come in, with a cookie or without', (origin) => {
    for (const hasCookie of [true, false]) {
      expect(judge({ ...write, hasCookie, origin })).toBe('403 other-site');
    }
  });

  test.each(['cross-site', 'same-site', 'nonsense'])('sent as %s', (fetchSite) => {
    expect(judge({ ...write, fetchSite, origin: 'http://localhost:8420' })).toBe('403 other-site');
  });

  test('with a cookie, somebody has to say that it is us', () => {
    expect(judge({ ...write, hasCookie: true })).toBe('403 other-site');
    expect(judge({ ...write, hasCookie: true, fetchSite: 'none' })).toBe('403 other-site');
  });

  test('loopback is no origin of ours at the public name', () => {
    const knock = { ...write, hasCookie: true, origin: 'http://localhost:8420' };
    expect(judge(knock, proxied, far)).toBe('403 other-site');
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('%s is a write as well', (method) => {
    expect(judge({ method, origin: 'https://evil.example' })).toBe('403 other-site');
  });
});

test('another site reads nothing with a cookie, and may link to a page', () => {
  const cross = { hasCookie: true, fetchSite: 'cross-site' };
  expect(judge(cross)).toBe('403 other-site');
  expect(judge({ ...cross, path: '/cases/1' })).toBe('in');
  expect(judge({ ...cross, hasCookie: false })).toBe('in');
});
