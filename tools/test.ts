/**
 * `npm test`: the static check, the suite on the embedded database, and what touches a database on
 * PostgreSQL. What asks the engines the same is asked once, of PostgreSQL where there is one, and
 * of both with BREAKWATER_LONG=1. The last line sums up everything.
 *
 * Arguments are passed to vitest, so `npm test -- packages/log` runs a part.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { findPostgres, withPostgres } from './postgres.ts';
import { type Failure, failuresAsLines, type TestReport } from './test-report.ts';

const root = resolve(import.meta.dirname, '..');
const databaseSuites = ['apps/server/', 'test/journeys/', 'test/sim/'];
/**
 * What the engines differ in is told in apps/server/src/platform; every way that a person goes
 * through the server is gone on both, by the journeys. The slices stand in one dialect for both.
 */
const onPostgresAlone = [
  'apps/server/test/**',
  'apps/server/src/slices/**',
  'apps/server/src/platform/{directory,organizations,queue}/**',
];
/** What asks no database, or the embedded one by its name. */
const onEmbeddedAlone = [
  'apps/server/src/*.test.ts',
  'apps/server/src/platform/database/embedded.test.ts',
  'apps/server/src/platform/{backup,clock,content,edge,live,mail,outbound,policy,sandbox,signer}/**',
];
const onBoth = process.env['BREAKWATER_LONG'] === '1';

const Report = z.object({
  passed: z.number(),
  failed: z.number(),
  failures: z.array(z.object({ test: z.string(), message: z.string() })),
  skipped: z.array(z.object({ test: z.string(), reason: z.string() })),
});

type Run = { title: string; report: TestReport };

const folder = mkdtempSync(join(tmpdir(), 'breakwater-test-'));
try {
  process.exitCode = conclude(await runAll(process.argv.slice(2)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runAll(args: string[]): Promise<Run[]> {
  const check = await node('the static check', ['tools/check.ts']);
  const once = onBoth || args.length > 0 || 'missing' in findPostgres() ? [] : onPostgresAlone;
  const embedded = await vitest('the suite on the embedded database', [...args, ...but(once)]);
  const wanted =
    args.length > 0
      ? args.filter(touchesDatabase)
      : [...databaseSuites, ...but(onBoth ? [] : onEmbeddedAlone)];
  const runs = [check, embedded];
  if (wanted.length > 0) runs.push(await onPostgres(wanted));
  return runs;
}

function but(suites: readonly string[]): string[] {
  return suites.flatMap((each) => ['--exclude', each]);
}

function touchesDatabase(arg: string): boolean {
  return databaseSuites.some((suite) => arg.startsWith(suite));
}

async function onPostgres(args: string[]): Promise<Run> {
  const title = 'the database suites on PostgreSQL';
  const found = findPostgres();
  if ('missing' in found) {
    return {
      title,
      report: {
        passed: 0,
        failed: 0,
        failures: [],
        skipped: [{ test: title, reason: found.missing }],
      },
    };
  }
  return withPostgres(({ url, version }) =>
    vitest(`${title} ${version}`, args, {
      BREAKWATER_TEST_DATABASE: 'postgres',
      DATABASE_URL: url,
    }),
  );
}

async function vitest(title: string, args: string[], env: Record<string, string> = {}) {
  const reporters = ['--reporter=default', '--reporter=./tools/test-report.ts'];
  const script = 'node_modules/vitest/vitest.mjs';
  return node(title, [script, 'run', ...reporters, ...args], env);
}

/** Runs a program that writes a `TestReport`; one that dies without counts as one failure. */
async function node(title: string, args: string[], env: Record<string, string> = {}): Promise<Run> {
  console.log(`\n── ${title}\n`);
  const file = join(folder, 'report.json');
  rmSync(file, { force: true });
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env, BREAKWATER_TEST_REPORT: file },
  });
  const code = await new Promise<number>((done) => {
    child.once('error', () => done(1));
    child.once('close', (status) => done(status ?? 1));
  });
  const report = read(file);
  if (code !== 0 && report.failed === 0) {
    report.failed = 1;
    report.failures.push({ test: title, message: `ended with ${code}, and no test failed` });
  }
  return { title, report };
}

function read(file: string): TestReport {
  try {
    return Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    const failures = [{ test: 'the run itself', message: 'it ended without a report' }];
    return { passed: 0, failed: 1, failures, skipped: [] };
  }
}

function conclude(runs: Run[]): number {
  const skipped = runs.flatMap(({ title, report }) =>
    report.skipped.map((one) => ({ ...one, title })),
  );
  const sum = (count: (report: TestReport) => number) =>
    runs.reduce((total, { report }) => total + count(report), 0);
  const passed = sum((report) => report.passed);
  const failed = sum((report) => report.failed);
  console.log('\n── what it came to\n');
  for (const { title, report } of runs) {
    console.log(
      `${title}: ${report.passed} passed, ${report.failed} failed, ${report.skipped.length} skipped`,
    );
  }
  if (skipped.length > 0) console.log('\nNot run, and why:');
  for (const { title, test, reason } of skipped) console.log(`  ${test} (${title}): ${reason}`);
  // Last, because of a long run often only the end is kept.
  const failures = runs.flatMap(({ title, report }) =>
    report.failures.map((failure): Failure => ({ ...failure, test: `${failure.test} (${title})` })),
  );
  for (const line of failuresAsLines(failures)) console.log(line);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return failed === 0 ? 0 : 1;
}
