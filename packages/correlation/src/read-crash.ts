import { ok, type Result, refuse } from '@breakwater/kernel';
import { type Assertion, readAssertion } from './assertion.ts';
import type { Crash, Frame, SkippedFrame } from './crash.ts';
import { isSecurityRelevant, nullPageEnd } from './crash-security.ts';
import { cycleOf, normalizeStateLine, stateLineOf, stateLinesMax } from './crash-state.ts';
import { readFailedCheck } from './failed-check.ts';
import { type Headline, readHeadline } from './headline.ts';
import { readCastSource, readRuntimeError } from './runtime-error.ts';
import { skipReasonOf } from './skip-rules.ts';
import { readFrameLine } from './stack-frame.ts';

/** Bounds on one report, in UTF-16 units, lines and frames. What exceeds a line is cut off. */
export const crashLimits = {
  textMax: 8 * 1024 * 1024,
  linesMax: 200_000,
  lineMax: 16_384,
  framesMax: 512,
} as const;

export type ReadCrashCode = 'crash-too-large' | 'no-crash-report';

export interface ReadCrashOptions {
  /**
   * Name of the fuzz target. It replaces the state of time-outs, out-of-memory and overwritten
   * inputs, whose stacks differ from run to run, and stands in where no frame is left.
   */
  readonly target?: string;
}

/**
 * Reads a crash report of ASan, HWASan, MSan, TSan, LSan, UBSan or libFuzzer out of a program's
 * output; other output around it is allowed. Where there are several reports the last one counts,
 * but an undefined-behavior message never hides an earlier or later memory error.
 * Obeys ClusterFuzz's published crash-state rules. Time is linear in the text.
 */
export function readCrash(
  text: string,
  options: ReadCrashOptions = {},
): Result<Crash, ReadCrashCode> {
  if (text.length > crashLimits.textMax) return tooLarge('characters', text.length);
  const report = newReport();
  let lines = 0;
  for (let start = 0; start <= text.length; lines += 1) {
    if (lines === crashLimits.linesMax) return tooLarge('lines', lines + 1);
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    take(report, text.slice(start, Math.min(end, start + crashLimits.lineMax)));
    start = end + 1;
  }
  if (report.headline === null) {
    return refuse({
      code: 'no-crash-report',
      expected: 'the output of a program built with a sanitizer or of libFuzzer',
      got: `${lines} lines without a report`,
      todo: 'send the standard error of the crashing run, complete and unfiltered',
    });
  }
  return ok(conclude(report, report.headline, options.target));
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

/** What has been read so far; a new headline starts over. */
interface Report {
  headline: Headline | null;
  access: string;
  /** What a failed assertion said, before any report. */
  assertion: Assertion | null;
  /** The line before this one: V8 names the file of a failed check there. */
  before: string;
  castSource: string | null;
  frames: Frame[];
  /** Frames still to skip or keep, of the first stack and those that fill it up. */
  lines: string[];
  skipped: SkippedFrame[];
  lastIndex: number;
  stacks: number;
  closed: boolean;
  raised: boolean;
  pcIsZero: boolean;
  /** Chromium's MiraclePtr made the use after free harmless. */
  defused: boolean;
}

function newReport(): Report {
  return {
    headline: null,
    access: '',
    assertion: null,
    before: '',
    castSource: null,
    frames: [],
    lines: [],
    skipped: [],
    lastIndex: -1,
    stacks: 0,
    closed: false,
    raised: false,
    pcIsZero: false,
    defused: false,
  };
}

function take(report: Report, line: string): void {
  noteSignals(report, line);
  if (takeFrame(report, line)) return;
  const headline = readHeadline(line) ?? readLeak(report, line);
  if (headline !== null) {
    open(report, headline);
    return;
  }
  report.assertion ??= readFailedCheck(line, report.before) ?? readAssertion(line);
  report.before = line;
  const undefinedBehavior = report.headline === null ? readRuntimeError(line) : null;
  if (undefinedBehavior !== null) {
    open(report, undefinedBehavior);
    return;
  }
  if (report.headline !== null) takeDetail(report, report.headline, line);
}

/** Signals count wherever they stand, as published: an abort after a report explains it. */
function noteSignals(report: Report, line: string): void {
  if (raisedSignals.some((signal) => line.includes(signal))) report.raised = true;
  if (/^[ \t]{1,64}#0[ \t]{1,16}0x[0-9a-f]{1,16}[ \t]{1,16}in gsignal /.test(line)) {
    report.raised = true;
  }
  if (/\(?pc (?:0x0{8}|0x0{12}|\(nil\)) /.test(line)) report.pcIsZero = true;
}

const raisedSignals: readonly string[] = [
  'Sanitizer: ABRT',
  'Sanitizer: BUS',
  'Sanitizer: FPE',
  'Sanitizer: ILL',
  'Sanitizer: breakpoint',
];

/** Kinds that only say that it stopped: a failed assertion before them is what stopped it. */
const consequences: readonly string[] = ['Abrt', 'Breakpoint', 'Fatal-signal', 'Ill', 'Trap'];

function open(report: Report, headline: Headline): void {
  const before = report.headline;
  if (before !== null && headline.type === 'Fatal-signal') return;
  const { assertion, raised, pcIsZero } = report;
  const cause =
    assertion !== null && consequences.includes(headline.type)
      ? { ...assertion, tool: headline.tool }
      : headline;
  Object.assign(report, { ...newReport(), headline: cause, assertion, raised, pcIsZero });
}

/** LeakSanitizer: the first direct leak names the report, an indirect one only if alone. */
function readLeak(report: Report, line: string): Headline | null {
  const type = report.headline?.type;
  if (line.includes('Direct leak of ') && (type === undefined || type === 'Indirect-leak')) {
    return { tool: 'LeakSanitizer', type: 'Direct-leak' };
  }
  if (line.includes('Indirect leak of ') && type === undefined) {
    return { tool: 'LeakSanitizer', type: 'Indirect-leak' };
  }
  return null;
}

function takeDetail(report: Report, headline: Headline, line: string): void {
  if (stopMarkers.some((marker) => line.includes(marker))) {
    if (report.lines.length > 0) report.closed = true;
    return;
  }
  if (line.startsWith('MiraclePtr Status: PROTECTED')) report.defused = true;
  if (headline.type === 'Bad-cast') report.castSource ??= readCastSource(line);
  if (headline.type === 'UNKNOWN' && report.access === '') {
    const cause = /The signal is caused by a (READ|WRITE) memory access/.exec(line);
    if (cause?.[1] !== undefined) report.access = ` ${cause[1]}`;
    return;
  }
  const access =
    /^ {0,16}(READ|WRITE|Atomic [a-z]{1,16}) of size (\d{1,19}) at (0x[0-9a-f]{1,16})/.exec(line);
  if (access?.[1] === undefined || report.access !== '') return;
  const size = Number(access[2]) > 16 ? '{*}' : String(Number(access[2]));
  report.access = ` ${access[1].toUpperCase()} ${size}`;
}

/** Stacks after these lines tell of another moment: where the memory came from. */
const stopMarkers: readonly string[] = [
  'Direct leak of',
  'Uninitialized value was stored to memory at',
  'allocated by thread',
  'created by main thread at',
  'located in stack of thread',
  'previously allocated by',
];

function takeFrame(report: Report, line: string): boolean {
  const read = readFrameLine(line);
  if (read === null) return false;
  if (report.headline === null || report.closed) return true;
  const { frame, text } = read;
  if (report.lastIndex === -1 || frame.index === 0) report.stacks += 1;
  report.lastIndex = frame.index;
  const first = report.stacks === 1;
  if (first && report.frames.length === crashLimits.framesMax) return true;
  if (!first && report.lines.length >= stateLinesMax) return true;
  if (first) report.frames.push(frame);
  const shown = entryPointShown(frame, text);
  const reason = skipReasonOf(shown);
  const stateLine = reason === null ? stateLineOf(frame) : null;
  if (stateLine !== null && stateLine !== '') {
    report.lines.push(stateLine);
  } else if (first && report.lines.length < stateLinesMax) {
    report.skipped.push({
      index: frame.index,
      text: shown.slice(0, 80),
      reason: reason ?? 'no-symbol',
    });
  }
  return true;
}

/** A fuzz entry point with a known file is a frame like any other, named by its file. */
function entryPointShown(frame: Frame, text: string): string {
  const named = text.startsWith('LLVMFuzzerTestOneInput') && frame.file !== undefined;
  return named ? `${stateLineOf(frame) ?? ''} ${frame.file}` : text;
}

const targetNamed: readonly string[] = ['Out-of-memory', 'Overwrites-const-input', 'Timeout'];

function conclude(report: Report, headline: Headline, target: string | undefined): Crash {
  const type = typeOf(report, headline);
  const { pcIsZero, raised } = report;
  const relevant = isSecurityRelevant({ type, address: headline.address, pcIsZero, raised });
  return {
    tool: headline.tool,
    type,
    ...(headline.address === undefined ? {} : { address: headline.address }),
    security: relevant && !report.defused,
    frames: report.frames,
    state: stateOf(report, headline, target),
    skipped: report.skipped,
  };
}

function typeOf(report: Report, headline: Headline): string {
  if (headline.type !== 'UNKNOWN') return `${headline.type}${report.access}`;
  const nearNull = headline.address !== undefined && Number(headline.address) < nullPageEnd;
  return `${nearNull ? 'Null-dereference' : 'UNKNOWN'}${report.access}`;
}

function stateOf(
  report: Report,
  headline: Headline,
  target: string | undefined,
): readonly string[] {
  if (target !== undefined && targetNamed.includes(headline.type)) {
    return [normalizeStateLine(target)];
  }
  if (headline.type === 'Stack-overflow') {
    const cycle = cycleOf(report.lines);
    if (cycle !== null) return cycle.slice(0, stateLinesMax);
  }
  const subject =
    headline.subject === undefined
      ? []
      : [normalizeStateLine(`${headline.subject}${report.castSource ?? ''}`)];
  const lines = [...subject, ...report.lines].slice(0, stateLinesMax);
  if (lines.length > 0) return lines;
  return [target === undefined ? 'NULL' : normalizeStateLine(target)];
}
