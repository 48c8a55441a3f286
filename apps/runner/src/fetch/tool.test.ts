import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { passedOn, runTool } from './tool.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a tool is not given what the server keeps in its environment', async () => {
  vi.stubEnv('BREAKWATER_DATABASE_URL', 'postgres://user:word@host/db');
  vi.stubEnv('PGPASSWORD', 'word');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'word');
  vi.stubEnv('npm_config__authToken', 'word');
  vi.stubEnv('https_proxy', 'http://proxy.example:3128');
  const { ok, stdout } = await runTool(['/usr/bin/env'], {
    cwd: tmpdir(),
    env: { GOVCS: '*:off' },
  });
  expect(ok).toBe(true);
  expect(stdout).not.toContain('word');
  const given = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => [line.split('=')[0], line] as const),
  );
  expect(given.get('https_proxy')).toBe('https_proxy=http://proxy.example:3128');
  expect(given.get('GOVCS')).toBe('GOVCS=*:off');
  expect([...given.keys()].filter((name) => /^(?:BREAKWATER|PG|AWS)/.test(name ?? ''))).toEqual([]);
  expect(given.get('HOME')).toMatch(/breakwater-tool-/);
  expect(existsSync(given.get('HOME')?.slice('HOME='.length) ?? '')).toBe(false);
});

test.each([
  ['PATH', true],
  ['HTTPS_PROXY', true],
  ['no_proxy', true],
  ['SSL_CERT_FILE', true],
  ['GIT_SSL_CAINFO', true],
  ['npm_config_registry', true],
  ['NPM_CONFIG_CAFILE', true],
  ['PIP_INDEX_URL', true],
  ['GOPROXY', true],
  ['HOME', false],
  ['NODE_OPTIONS', false],
  ['LD_PRELOAD', false],
  ['GIT_ASKPASS', false],
  ['NPM_TOKEN', false],
  ['GOOGLE_APPLICATION_CREDENTIALS', false],
  ['BREAKWATER_SMTP_URL', false],
])('%s is passed on: %s', (name, is) => {
  expect(Object.keys(passedOn({ [name]: 'x' }))).toEqual(is ? [name] : []);
});

test('a program that is not there is a failed run, and leaves no home behind', async () => {
  const run = await runTool(['/nowhere/tool'], { cwd: tmpdir() });
  expect(run).toMatchObject({ ok: false, stdout: '' });
  expect(run.problem).toContain('ENOENT');
});
