import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

test('without any setting it serves on loopback, from a directory of its own', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 8420,
    publicUrl: null,
    tls: null,
    trustedProxies: [],
    dataDirectory: path.resolve('.breakwater'),
    databaseUrl: null,
    logOrigin: null,
    logCadenceMs: 30_000,
    sandboxSlots: 2,
    logLevel: 'info',
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
    ['BREAKWATER_LOG_CADENCE_SECONDS', '0'],
    ['BREAKWATER_SANDBOX_SLOTS', '0'],
    ['BREAKWATER_LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(name);
  });
});
