import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** What one run of vitest came to. */
export type TestReport = {
  passed: number;
  failed: number;
  /** The tests that did not run, with the reason they gave. */
  skipped: { test: string; reason: string }[];
};

/**
 * A vitest reporter that writes a `TestReport` as JSON to the file named by
 * BREAKWATER_TEST_REPORT. vitest's own JSON leaves out why a test was skipped, and a file that does
 * not load counts as no failed test there; here it counts as one.
 */
export default class TestReportWriter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const report: TestReport = { passed: 0, failed: errors.length, skipped: [] };
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
    if (result.state === 'failed') failed += 1;
    if (result.state === 'skipped') {
      const reason = result.note ?? 'its condition is not met here';
      report.skipped.push({ test: `${file} › ${test.fullName}`, reason });
    }
  }
  // A file or a beforeAll that throws fails the module without failing a test of it.
  report.failed += failed === 0 && module.state() === 'failed' ? 1 : failed;
}
