import type { FrameLine } from '../frames/frame-line.ts';
import { readPythonFrame } from '../frames/managed.ts';
import { addFrame, addPlace } from '../frames/take-frame.ts';
import { type Report, setType, stateLinesMax } from '../report.ts';
import { applyRules } from '../rules/rule.ts';
import { type Exception, readException, readPythonException } from './exceptions.ts';
import {
  readMachineFrame,
  readNodeFrame,
  readRaceFrame,
  readRuntimeJavaFrame,
  runtimeSkipReason,
} from './runtime-frames.ts';
import { endsStack, runtimeRules } from './runtime-rules.ts';

/** How many lines a message may have between the exception's name and its stack. */
const messageLinesMax = 20;

/**
 * Reads what runtimes print where no published rule says that there was a crash: tracebacks of
 * Python, exceptions of Java and JavaScript, data races of Go, the C library's last words.
 */
export function readRuntime(report: Report, lines: readonly string[]): void {
  const traceback = lastTraceback(lines);
  if (traceback !== null) {
    readTraceback(report, traceback);
    return;
  }
  let candidate: { readonly exception: Exception; readonly at: number } | null = null;
  for (const [at, line] of lines.entries()) {
    applyRules(runtimeRules, line, report);
    const exception = report.type === '' ? readException(line) : null;
    if (exception !== null) candidate = { exception, at };
    const near = candidate !== null && at - candidate.at <= messageLinesMax;
    if (report.type === '' && candidate !== null && near) open(report, line, candidate.exception);
    if (report.type !== '') follow(report, line);
  }
}

/** An exception counts once its stack begins. */
function open(report: Report, line: string, exception: Exception): void {
  const node = readNodeFrame(line) !== null;
  if (!node && readRuntimeJavaFrame(line) === null) return;
  raise(report, node ? 'Node.js' : 'Java', exception);
}

function raise(report: Report, tool: 'Java' | 'Node.js' | 'Python', exception: Exception): void {
  if (exception.type === 'Out-of-memory' && !report.settings.exhaustion) return;
  setType(report, tool, exception.type);
  if (exception.type !== 'Uncaught exception') return;
  report.lines = [exception.name];
  report.taken = 1;
}

function follow(report: Report, line: string): void {
  if (endsStack(line) && report.frames.length > 0) report.taken = stateLinesMax;
  const read = forms[report.tool];
  const frame = read?.(line) ?? null;
  if (frame !== null) addRuntimeFrame(report, frame);
  else if (report.tool === 'Go') addPlace(report, line);
}

const forms: Readonly<Record<string, (line: string) => FrameLine | null>> = {
  Go: readRaceFrame,
  Java: (line) => readRuntimeJavaFrame(line) ?? readMachineFrame(line),
  'Node.js': readNodeFrame,
};

function addRuntimeFrame(report: Report, frame: FrameLine): void {
  addFrame(report, frame, (text) => runtimeSkipReason(report.tool, text));
}

const title = 'Traceback (most recent call last):';

/** The lines of the last traceback, which is what ended the program; null where there is none. */
function lastTraceback(lines: readonly string[]): readonly string[] | null {
  const at = lines.findLastIndex((line) => line.trim() === title);
  return at === -1 ? null : lines.slice(at + 1);
}

/** Python names the newest call last, and the exception after it. */
function readTraceback(report: Report, lines: readonly string[]): void {
  const frames: FrameLine[] = [];
  for (const line of lines) {
    const frame = readPythonFrame(line);
    if (frame !== null) frames.push(frame);
    const exception = frames.length > 0 && !/^\s/.test(line) ? readPythonException(line) : null;
    if (exception === null) continue;
    raise(report, 'Python', exception);
    break;
  }
  if (report.type === '') return;
  for (const frame of frames.toReversed()) {
    const library = frame.parts.file?.startsWith('<frozen ') ?? false;
    addRuntimeFrame(report, library ? { ...frame, text: '<frozen ' } : frame);
  }
}
