import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { failuresAsLines } from './test-report.ts';

const root = resolve(import.meta.dirname, '..');

test('a report counts what passed and failed, files that do not load too, and why others did not run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-report-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const suites = {
    'mixed.test.ts': `
      import { describe, expect, test } from 'vitest';
      test('passes', () => expect(1).toBe(1));
      describe('group', () => { test('fails', () => expect(1).toBe(2)); });
      test('says more', () => { throw new Error('\\n\\u001b[31mthe first line\\u001b[39m\\nthe second'); });
      test('lacks', (context) => context.skip('the data is not here'));
      test.skipIf(true)('waits', () => expect(1).toBe(1));`,
    'broken.test.ts': `throw new Error('does not load');`,
  };
  for (const [name, text] of Object.entries(suites)) writeFileSync(join(folder, name), text);

  expect(await report(folder)).toEqual({
    passed: 1,
    failed: 3,
    failures: [
      { test: 'broken.test.ts', message: 'does not load' },
      {
        test: 'mixed.test.ts › group > fails',
        message: 'expected 1 to be 2 // Object.is equality',
      },
      { test: 'mixed.test.ts › says more', message: 'the first line' },
    ],
    skipped: [
      { test: 'mixed.test.ts › lacks', reason: 'the data is not here' },
      { test: 'mixed.test.ts › waits', reason: 'its condition is not met here' },
    ],
  });
});

test('what failed is listed with why, and not without end', () => {
  expect(failuresAsLines([])).toEqual([]);
  const failures = Array.from({ length: 203 }, (_, n) => ({ test: `a › ${n}`, message: 'why' }));
  const lines = failuresAsLines(failures);
  expect(lines.slice(0, 3)).toEqual(['\nFailed, and why:', '  a › 0', '      why']);
  expect(lines.at(-1)).toBe('  … and 3 more');
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
