import type { SkipReason } from '../crash.ts';
import { linePartMax, type Report, stateLinesMax } from '../report.ts';
import { javaKinds } from '../rules/java.ts';
import { kernelAddress } from '../rules/kernel.ts';
import { readRustFrame, readRustPlace, runtimeSkipReason } from '../runtimes/runtime-frames.ts';
import { normalizeStateLine } from '../state-line.ts';
import type { FrameLine } from './frame-line.ts';
import { readAddressedKernelFrame, readKernelFrame, readTrustyFrame } from './kernel.ts';
import {
  readCorrectnessFrame,
  readGoFrame,
  readGoPlace,
  readJavaFrame,
  readPythonFrame,
  readScriptFrame,
  readStaleGoFrame,
} from './managed.ts';
import {
  readBareFrame,
  readCdbFrame,
  readMacFrame,
  readNativeFrame,
  readWindowsFrame,
} from './native.ts';
import { skipReasonOf } from './skip-rules.ts';

/** Frames kept for display; and those kept to find a recursion. */
export const framesMax = 512;

/** Forms of stacks, tried in this order; the first that reads the line has it. */
const forms: readonly (readonly [
  when: (report: Report) => boolean,
  read: (line: string) => FrameLine | null,
])[] = [
  [() => true, readCdbFrame],
  [() => true, readNativeFrame],
  [({ tool }) => tool === 'gdb' || tool === 'ThreadSanitizer', readBareFrame],
  [() => true, readMacFrame],
  [() => true, readWindowsFrame],
  [isJava, readJavaFrame],
  [(report) => !isJava(report), readAddressedKernelFrame],
  [(report) => !isJava(report), readKernelFrame],
  [(report) => !isJava(report), readCorrectnessFrame],
  [({ tool }) => tool === 'Rust', readRustFrame],
  [({ survey }) => survey.go, readGoFrame],
  [({ survey }) => survey.go, readStaleGoFrame],
  [({ survey }) => survey.python, readPythonFrame],
  [({ survey }) => survey.jazzerJs, readScriptFrame],
  [({ survey }) => survey.trusty, readTrustyFrame],
];

function isJava(report: Report): boolean {
  return report.flags.has('java-stack') && javaKinds.includes(report.type);
}

/** Takes the line as a frame of the stack that names the crash, if it is one. */
export function takeFrame(report: Report, line: string): void {
  for (const [when, read] of forms) {
    if (!when(report)) continue;
    const frame = read(line);
    if (frame === null) continue;
    addFrame(report, frame, skipOf(read));
    if (read === readAddressedKernelFrame && report.taken === 1 && !report.survey.kasan) {
      report.address = `0x${kernelAddress(line)}`;
    }
    return;
  }
  if (report.survey.go || report.tool === 'Rust') addPlace(report, line);
}

/** Rust's backtrace shows its library by name, and a crate may be called `main`. */
function skipOf(read: (line: string) => FrameLine | null): (text: string) => SkipReason | null {
  if (read === readStaleGoFrame) return (text) => skipReasonOf(text) ?? 'unread-form';
  return read === readRustFrame ? (text) => runtimeSkipReason('Rust', text) : skipReasonOf;
}

/** Adds a frame: to the stack, and to the state unless `skip` gives a reason against it. */
export function addFrame(
  report: Report,
  { index = report.lastIndex + 1, parts, text, label: whole }: FrameLine,
  skip: (text: string) => SkipReason | null,
): void {
  if (report.stacks === 0 || index === 0) report.stacks += 1;
  report.lastIndex = index;
  const open = report.taken < stateLinesMax;
  const label = whole.slice(0, linePartMax);
  const said = normalizeStateLine(label);
  const reason = skip(text) ?? (said.trim() === '' ? 'no-symbol' : null);
  const line = reason === null ? said : '';
  const names = line !== '' && open;
  if (reason === null) {
    if (report.named.length < framesMax) report.named.push(label);
    if (open) {
      report.lines.push(label);
      report.taken += 1;
    }
  } else if (open && report.skipped.length < framesMax) {
    report.skipped.push({ index, text: text.slice(0, 80), reason });
  }
  if ((open || report.stacks === 1) && report.frames.length < framesMax) {
    report.frames.push({ index, ...parts, ...(names ? { names: line } : {}) });
  }
}

/** Go and Rust print the place of a frame below it. */
export function addPlace(report: Report, line: string): void {
  const place = readGoPlace(line) ?? readRustPlace(line);
  const last = report.frames.at(-1);
  if (place === null || last === undefined || last.file !== undefined) return;
  report.frames[report.frames.length - 1] = { ...last, ...place };
}
