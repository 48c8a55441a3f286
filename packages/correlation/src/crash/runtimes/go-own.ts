import { type Report, stateLinesMax } from '../report.ts';
import { normalizeStateLine } from '../state-line.ts';

/**
 * The published rules skip whatever begins with `main`, which in Go is the whole package of a
 * program, and cannot read values marked as stale. Where that leaves no frame, those frames name
 * the crash.
 */
export function nameByPassedOver(report: Report): void {
  if (report.tool !== 'Go' || report.frames.some((frame) => frame.names !== undefined)) return;
  const reasons = new Map(report.skipped.map(({ index, reason }) => [index, reason]));
  for (const [at, frame] of report.frames.entries()) {
    const name = frame.function ?? '';
    if (report.taken >= stateLinesMax) return;
    if (reasons.get(frame.index) !== 'unread-form' && !isOwn(name)) continue;
    const label = name.split('/').at(-1) ?? name;
    report.taken += 1;
    report.lines.push(label);
    report.frames[at] = { ...frame, names: normalizeStateLine(label) };
    report.skipped = report.skipped.filter(({ index }) => index !== frame.index);
  }
}

/** A function of package main, neither its beginning nor what a fuzzing engine calls. */
function isOwn(name: string): boolean {
  return name.startsWith('main.') && name !== 'main.main' && !name.includes('LLVMFuzzer');
}
