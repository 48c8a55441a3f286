import type { Crash, Frame } from './crash.ts';
import type { Report } from './report.ts';
import { stateLinesMax } from './report.ts';
import { isSecurityRelevant, type Marks, nullPageEnd, numberOf } from './security.ts';
import { cycleOf, filteredFrame, normalizeStateLine } from './state-line.ts';

/** What decides besides the report itself. */
export interface Judgement {
  readonly marks: Marks;
  readonly asserts: boolean;
  readonly checks: boolean;
}

/** Brings what was read into the form every tool's report has. */
export function conclude(report: Report, judgement: Judgement): Crash {
  const address = shortened(report.address);
  const type = typeOf(report.type, address).slice(0, 120);
  const state = stateOf(report);
  return {
    tool: report.tool,
    type,
    ...(address === '' ? {} : { address }),
    instrumented: judgement.marks.instrumented,
    security: isSecurityRelevant({ ...judgement, type, address }),
    frames: framesOf(report, state),
    state,
    skipped: report.skipped,
  };
}

/**
 * The frames, each with the line of the state that it gave: none where a target stands in for the
 * stack, and the first of each line where a recursion was found further down.
 */
function framesOf(report: Report, state: readonly string[]): readonly Frame[] {
  const passed = new Set(report.skipped.map(({ index }) => index));
  const wanted = new Set(report.type === 'Stack-overflow' ? state : []);
  return report.frames.map(({ names, ...frame }) => {
    const again = wanted.size > 0 && !passed.has(frame.index) ? frame.function : undefined;
    const line = again === undefined ? names : normalizeStateLine(filteredFrame(again));
    if (line === undefined || !state.includes(line)) return frame;
    if (again !== undefined && !wanted.delete(line)) return frame;
    return { ...frame, names: line };
  });
}

/** Some platforms print four zeros more than an address has. */
function shortened(address: string): string {
  const printable = address.trim().replace(/[^\x20-\x7e]/g, '');
  const long = printable.startsWith('0x0000') && printable.length === 18;
  return long ? `0x${printable.slice(6)}` : printable;
}

/** Sizes above 16 bytes vary with the input; a wild access near null is a null dereference. */
function typeOf(raw: string, address: string): string {
  const printable = raw.replace(/[^\x20-\x7e]/g, '').trim();
  if (printable === '') return 'UNKNOWN';
  const number = /\d{1,19}/.exec(printable);
  const sized =
    number === null || number.index === 0
      ? printable
      : `${printable.slice(0, number.index)}${Number(number[0]) > 16 ? '{*}' : Number(number[0])}${printable.slice(number.index + number[0].length)}`;
  if (!sized.startsWith('UNKNOWN') || address === '') return sized;
  return numberOf(address) < nullPageEnd ? sized.replace('UNKNOWN', 'Null-dereference') : sized;
}

/** Kinds whose stack differs from run to run, so that the target stands in for it. */
const targetNamed: readonly string[] = ['Out-of-memory', 'Overwrites-const-input', 'Timeout'];
const jni = 'JNI DETECTED ERROR IN APPLICATION:';

function stateOf(report: Report): readonly string[] {
  const { type, settings, process } = report;
  const target = normalizeStateLine(settings.target);
  if (target !== '' && targetNamed.includes(type)) return [target];
  const cycle = type === 'Stack-overflow' ? cycleOf(report.named) : null;
  const raw = cycle === null ? report.lines : cycle.slice(0, stateLinesMax);
  const keepNumbers = type === 'V8 correctness failure';
  const lines = raw
    .map((line) => normalizeStateLine(line.trim().replaceAll(jni, 'JNI:'), keepNumbers))
    .filter((line) => line.trim() !== '');
  if (lines.length > 0) return lines;
  return [[normalizeStateLine(process), target].find((name) => name !== '') ?? 'NULL'];
}
