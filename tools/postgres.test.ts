import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findPostgres, withPostgres } from './postgres.ts';

const found = findPostgres();

test.skipIf('missing' in found)('a private cluster answers and leaves nothing behind', async () => {
  const folder = await withPostgres(async ({ url, version }) => {
    const args = [url, '--no-psqlrc', '-Atc', 'select current_user'];
    expect(execFileSync('psql', args, { encoding: 'utf8' })).toBe('breakwater\n');
    expect(version).toBeGreaterThanOrEqual(15);
    return new URL(url).searchParams.get('host');
  });
  expect(folder).toContain('breakwater-postgres-');
  expect(existsSync(String(folder))).toBe(false);
});
