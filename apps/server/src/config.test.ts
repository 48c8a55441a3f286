import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { limits } from './platform/edge/limits.ts';

test('without any setting it serves on loopback, from a directory of its own', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 8420,
    publicUrl: null,
    tls: null,
    trustedProxies: [],
    rates: limits,
    localIssuers: [],
    dataDirectory: path.resolve('.breakwater'),
    databaseUrl: null,
    logOrigin: null,
    logCadenceMs: 30_000,
    precheckElementsPerDay: 256,
    outcomeKeys: [],
    openWeight: 'outside',
    gatewayPlacesFile: null,
    otlpEndpoint: null,
    gatewayListen: null,
    gatewayUrl: null,
    gatewayUpstreams: ['public'],
    sandboxSlots: 2,
    logLevel: 'info',
    smtpUrl: null,
    mailFrom: null,
    publisher: { name: null, contact: null },
    federation: null,
    liveTickMs: 1_000,
    outbound: { resolvers: [], localTargets: [], authoritiesFile: null },
  });
});

test('a setting of no characters is not set', () => {
  expect(readConfig({ BREAKWATER_PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}));
});

test('what is read cannot be changed afterwards', () => {
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});

describe('a setting that cannot be used is named', () => {
  test.each([
    ['BREAKWATER_PORT', 'http'],
    ['BREAKWATER_PORT', '65536'],
    ['BREAKWATER_PORT', '1.5'],
    ['BREAKWATER_HOST', '0.0.0.0'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['BREAKWATER_LOG_ORIGIN', 'two words'],
    ['BREAKWATER_LOG_ORIGIN', 'a+b'],
    ['BREAKWATER_FEDERATION_SALT', 'short'],
    ['BREAKWATER_FEDERATION_SALT', 'long enough, and nobody to write to'],
    ['BREAKWATER_LOG_CADENCE_SECONDS', '0'],
    ['BREAKWATER_SANDBOX_SLOTS', '0'],
    ['BREAKWATER_GATEWAY_LISTEN', '8430'],
    ['BREAKWATER_GATEWAY_URL', 'http://gateway.example.org'],
    ['BREAKWATER_GATEWAY_LISTEN', '0.0.0.0:8430'],
    ['BREAKWATER_GATEWAY_UPSTREAMS', 'models.internal'],
    ['BREAKWATER_GATEWAY_UPSTREAMS', 'public,10.0.0.0/33'],
    ['BREAKWATER_LOG_LEVEL', 'loud'],
    ['BREAKWATER_PUBLIC_URL', 'clearinghouse.example.org'],
    ['BREAKWATER_PUBLIC_URL', 'http://clearinghouse.example.org'],
    ['BREAKWATER_PUBLIC_URL', 'https://clearinghouse.example.org/path'],
    ['BREAKWATER_PUBLIC_URL', 'https://clearinghouse.example.org?'],
    ['BREAKWATER_PUBLIC_URL', 'https://user@clearinghouse.example.org'],
    ['BREAKWATER_PUBLIC_URL', 'javascript:alert(1)'],
    ['BREAKWATER_PUBLIC_URL', 'https://clearinghouse.example.org'],
    ['BREAKWATER_TLS_CERT', '/etc/ssl/cert.pem'],
    ['BREAKWATER_TLS_KEY', '/etc/ssl/key.pem'],
    ['BREAKWATER_TRUSTED_PROXY', 'proxy.example.org'],
    ['BREAKWATER_TRUSTED_PROXY', '10.0.0.0/33'],
    ['BREAKWATER_TRUSTED_PROXY', '127.0.0.1;::1'],
    ['BREAKWATER_PRECHECK_ELEMENTS_PER_DAY', '7'],
    ['BREAKWATER_RATE_LIMITS', 'read=0'],
    ['BREAKWATER_RATE_LIMITS', 'constructor=5'],
    ['BREAKWATER_RATE_LIMITS', 'read=5/0'],
    ['BREAKWATER_LOCAL_ISSUERS', 'http://sso.corp.example'],
    ['BREAKWATER_RESOLVER', 'dns.example.org'],
    ['BREAKWATER_RESOLVER', '192.0.2.53:70000'],
    ['BREAKWATER_LOCAL_TARGETS', '10.0.0.0/33'],
    ['BREAKWATER_LOCAL_TARGETS', 'intranet.example.org'],
  ])('%s=%s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(name);
  });
});

test.each(['192.0.2.53', '127.0.0.1:5353', '2001:db8::53', '[2001:db8::53]:5353'])(
  'a name server is named as %s',
  (server) => {
    const { outbound } = readConfig({ BREAKWATER_RESOLVER: `192.0.2.1, ${server}` });
    expect(outbound.resolvers).toEqual(['192.0.2.1', server]);
  },
);

describe('how others reach the server', () => {
  const reached = (environment: Record<string, string>) => {
    const { publicUrl, tls, trustedProxies } = readConfig(environment);
    return { publicUrl, tls, trustedProxies };
  };

  test('behind a proxy on this machine', () => {
    const environment = {
      BREAKWATER_PUBLIC_URL: 'https://Clearinghouse.example.org:443/',
      BREAKWATER_TRUSTED_PROXY: '127.0.0.1, ::1',
    };
    expect(reached(environment)).toEqual({
      publicUrl: 'https://clearinghouse.example.org',
      tls: null,
      trustedProxies: ['127.0.0.1', '::1'],
    });
  });

  test('with a certificate of its own, on any address', () => {
    const environment = {
      BREAKWATER_HOST: '0.0.0.0',
      BREAKWATER_PUBLIC_URL: 'https://clearinghouse.example.org:8443',
      BREAKWATER_TLS_CERT: '/etc/ssl/cert.pem',
      BREAKWATER_TLS_KEY: '/etc/ssl/key.pem',
    };
    expect(reached(environment)).toEqual({
      publicUrl: 'https://clearinghouse.example.org:8443',
      tls: { certificate: '/etc/ssl/cert.pem', key: '/etc/ssl/key.pem' },
      trustedProxies: [],
    });
    const { BREAKWATER_PUBLIC_URL: _, ...nameless } = environment;
    expect(() => readConfig(nameless)).toThrow('set BREAKWATER_PUBLIC_URL');
  });

  test('plain http is for this machine alone', () => {
    expect(reached({ BREAKWATER_PUBLIC_URL: 'http://localhost:8420' }).publicUrl).toBe(
      'http://localhost:8420',
    );
    expect(() => readConfig({ BREAKWATER_HOST: '192.0.2.7' })).toThrow(
      'plain HTTP is served on loopback only',
    );
    const proxied = { BREAKWATER_HOST: '192.0.2.7', BREAKWATER_TRUSTED_PROXY: '192.0.2.8' };
    expect(() => readConfig(proxied)).toThrow('plain HTTP is served on loopback only');
  });
});

test('a limit that is named is changed, and no other', () => {
  const { rates } = readConfig({ BREAKWATER_RATE_LIMITS: 'read=5000, upload=600/1000' });
  expect(rates).toEqual({
    ...limits,
    read: { perMinute: 5_000, burst: 5_000 },
    upload: { perMinute: 600, burst: 1_000 },
  });
  expect(readConfig({ BREAKWATER_RATE_LIMITS: 'off' }).rates).toBe('off');
});
