import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

test('a report counts what passed and failed, files that do not load too, and why others did not run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-report-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const suites = {
    'mixed.test.ts': `
      import { expect, test } from 'vitest';
      test('passes', () => expect(1).toBe(1));
      test('fails', () => expect(1).toBe(2));
      test('lacks', (context) => context.skip('the data is not here'));
      test.skipIf(true)('waits', () => expect(1).toBe(1));`,
    'broken.test.ts': `throw new Error('does not load');`,
  };
  for (const [name, text] of Object.entries(suites)) writeFileSync(join(folder, name), text);

  expect(await report(folder)).toEqual({
    passed: 1,
    failed: 2,
    skipped: [
      { test: 'mixed.test.ts › lacks', reason: 'the data is not here' },
      { test: 'mixed.test.ts › waits', reason: 'its condition is not met here' },
    ],
  });
});

async function report(folder: string): Promise<unknown> {
  const file = join(folder, 'report.json');
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    `--root=${folder}`,
    `--reporter=${join(root, 'tools/test-report.ts')}`,
  ];
  const env = { PATH: process.env['PATH'], HOME: folder, BREAKWATER_TEST_REPORT: file };
  await new Promise<void>((done) => {
    execFile(process.execPath, args, { cwd: folder, env }, () => done());
  });
  return JSON.parse(readFileSync(file, 'utf8'));
}
