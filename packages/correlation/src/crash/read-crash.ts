import { ok, type Result, refuse } from '@breakwater/kernel';
import { conclude } from './conclude.ts';
import type { Crash } from './crash.ts';
import { plainLines } from './lines.ts';
import { readLine } from './read-line.ts';
import { newReport, type Report } from './report.ts';
import { pythonLines } from './rules/interpreters.ts';
import { nameByPassedOver } from './runtimes/go-own.ts';
import { readRuntime } from './runtimes/read-runtime.ts';
import { marksOf } from './security.ts';
import { surveyOf } from './survey.ts';

/** Bounds on one report, in UTF-16 units and lines. What exceeds a line is cut off. */
export const crashLimits = {
  textMax: 8 * 1024 * 1024,
  linesMax: 200_000,
  lineMax: 16_384,
} as const;

export type ReadCrashCode = 'crash-too-large' | 'no-crash-report';

/** The settings of a fuzzing job that change what a report means; each has ClusterFuzz's name. */
export interface ReadCrashOptions {
  /**
   * Name of the fuzz target. It replaces the state of time-outs, out-of-memory and overwritten
   * inputs, whose stacks differ from run to run, and stands in where no frame is left.
   */
  readonly target?: string;
  /** Whether time-outs and out-of-memory are crashes (REPORT_OOMS_AND_HANGS); true. */
  readonly exhaustion?: boolean;
  /** Whether `# Runtime error` of V8 is one (DETECT_V8_RUNTIME_ERRORS); true. */
  readonly v8RuntimeErrors?: boolean;
  /** Whether a failed assertion is security-relevant (ASSERTS_HAVE_SECURITY_IMPLICATION); true. */
  readonly asserts?: boolean;
  /** Whether a failed CHECK is (CHECKS_HAVE_SECURITY_IMPLICATION); false. */
  readonly checks?: boolean;
}

/**
 * Reads a crash report out of a program's output; other output around it is allowed.
 *
 * Obeys the crash-state rules that ClusterFuzz publishes (clusterfuzz/stacktraces at 775849763).
 * Time is linear in the text.
 */
export function readCrash(
  text: string,
  options: ReadCrashOptions = {},
): Result<Crash, ReadCrashCode> {
  if (text.length > crashLimits.textMax) return tooLarge('characters', text.length);
  const lines = plainLines(text, crashLimits);
  if (lines === null) return tooLarge('lines', crashLimits.linesMax + 1);
  const settings = {
    target: options.target ?? '',
    exhaustion: options.exhaustion ?? true,
    v8RuntimeErrors: options.v8RuntimeErrors ?? true,
  };
  const survey = surveyOf(text);
  const report = newReport(survey, settings);
  const counts = readAll(report, survey.python ? pythonLines(lines) : lines);
  if (counts && report.type === '') readRuntime(report, lines);
  nameByPassedOver(report);
  if (!counts || report.type === '') {
    return refuse({
      code: 'no-crash-report',
      expected: 'the output of a crash: of a sanitizer, a fuzzer, a kernel or a language runtime',
      got: `${lines.length} lines without a report`,
      todo: 'send the standard error of the crashing run, complete and unfiltered',
    });
  }
  const { asserts = true, checks = false } = options;
  return ok(conclude(report, { marks: marksOf(text), asserts, checks }));
}

function readAll(report: Report, lines: readonly string[]): boolean {
  for (const line of lines) {
    if (readLine(report, line) === 'no-crash') return false;
    report.before = line;
    if (report.flags.has('process-died')) break;
  }
  return true;
}

function tooLarge(unit: 'characters' | 'lines', got: number): Result<Crash, ReadCrashCode> {
  const limit = unit === 'lines' ? crashLimits.linesMax : crashLimits.textMax;
  return refuse({
    code: 'crash-too-large',
    expected: `at most ${limit} ${unit}`,
    got: `${got} ${unit}`,
    todo: 'cut the output down to the crash report itself',
  });
}
