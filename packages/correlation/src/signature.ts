import type { Crash } from './crash/crash.ts';

/**
 * The crash in one stable text: kind without access size, then the state, separated by ` | `.
 * Two crashes with equal signatures in one package are taken for one defect. The size is left
 * out because one overflow reads one byte or eight, as the input has it.
 */
export function signatureOf(crash: Crash): string {
  return [familyOf(crash.type), ...crash.state].join(' | ');
}

/** `Heap-buffer-overflow READ 8` gives `Heap-buffer-overflow READ`. */
function familyOf(type: string): string {
  return type.replace(/ (?:\d{1,2}|\{\*\})$/, '');
}

/** Whether the signature says enough to join by: not if no frame was left to name the crash. */
export function isNamed(crash: Crash): boolean {
  return crash.state.some((line) => line !== 'NULL' && /[A-Za-z]/.test(line));
}
