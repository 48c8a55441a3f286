import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** What one run of vitest came to. */
export type TestReport = {
  passed: number;
  failed: number;
  /** The tests that failed, and files that failed without one, with the first line of why. */
  failures: Failure[];
  /** The tests that did not run, with the reason they gave. */
  skipped: { test: string; reason: string }[];
};

export type Failure = { test: string; message: string };

/**
 * A vitest reporter that writes a `TestReport` as JSON to the file named by
 * BREAKWATER_TEST_REPORT. vitest's own JSON leaves out why a test was skipped, and a file that does
 * not load counts as no failed test there; here it counts as one.
 */
export default class TestReportWriter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const failures = errors.map((error) => ({
      test: 'outside every test',
      message: lineOf([error]),
    }));
    const report: TestReport = { passed: 0, failed: errors.length, failures, skipped: [] };
    for (const module of modules) add(report, module);
    const file = process.env['BREAKWATER_TEST_REPORT'];
    if (file) writeFileSync(file, JSON.stringify(report));
  }
}

function add(report: TestReport, module: TestModule): void {
  const file = relative(process.cwd(), module.moduleId);
  let failed = 0;
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === 'passed') report.passed += 1;
    if (result.state === 'failed') {
      failed += 1;
      report.failures.push({ test: `${file} › ${test.fullName}`, message: lineOf(result.errors) });
    }
    if (result.state === 'skipped') {
      const reason = result.note ?? 'its condition is not met here';
      report.skipped.push({ test: `${file} › ${test.fullName}`, reason });
    }
  }
  // A file or a beforeAll that throws fails the module without failing a test of it.
  if (failed === 0 && module.state() === 'failed') {
    failed = 1;
    report.failures.push({ test: file, message: lineOf(module.errors()) });
  }
  report.failed += failed;
}

const listedMax = 200;

/** Each failed test with why, two lines each, to be printed where a run ends. */
export function failuresAsLines(failures: readonly Failure[]): string[] {
  if (failures.length === 0) return [];
  const listed = failures.slice(0, listedMax);
  const more = failures.length - listed.length;
  return [
    '\nFailed, and why:',
    ...listed.flatMap(({ test, message }) => [`  ${test}`, `      ${message}`]),
    ...(more === 0 ? [] : [`  … and ${more} more`]),
  ];
}

const messageMax = 200;
// What colors a terminal is only in the way where the line is read elsewhere.
const colors = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** The first line of what went wrong first. */
function lineOf(errors: readonly unknown[]): string {
  const [first] = errors;
  const has = typeof first === 'object' && first !== null && 'message' in first;
  const said = has ? String(first.message) : (JSON.stringify(first) ?? 'no reason was given');
  const line = said
    .replace(colors, '')
    .split('\n')
    .find((each) => each.trim() !== '');
  return (line ?? 'an empty message').trim().slice(0, messageMax);
}
