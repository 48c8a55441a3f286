import type { Frame } from './crash.ts';
import { withoutOffset } from './stack-frame.ts';

/** How many lines name a crash, and how long each may be (ClusterFuzz's published limits). */
export const stateLinesMax = 3;
const lineLengthMax = 80;
const cycleLengthMax = 10;
const cycleRepeats = 3;

/**
 * One line of crash state from a frame: function without namespace noise, arguments, addresses
 * and long numbers. A frame without a function gives its module; null where it has neither.
 */
export function stateLineOf(frame: Frame): string | null {
  if (frame.function === undefined) {
    return frame.module === undefined ? null : normalizeStateLine(frame.module);
  }
  const name = frame.function.startsWith('LLVMFuzzerTestOneInput')
    ? entryPointOf(frame)
    : bareName(frame.function);
  return normalizeStateLine(name);
}

/** Fuzz entry points are all called alike, so the source file stands for the function. */
function entryPointOf(frame: Frame): string {
  if (frame.file === undefined) return bareName(frame.function ?? '');
  return frame.file.replaceAll('\\', '/').split('/').at(-1) ?? frame.file;
}

/** A function as printed, without namespace noise and arguments. */
export function bareName(printed: string): string {
  let name = printed;
  for (const noise of [
    'non-virtual thunk to ',
    '(anonymous namespace)::',
    "`anonymous namespace'::",
  ]) {
    name = name.replaceAll(noise, '');
  }
  name = name.slice(name.lastIndexOf('!') + 1);
  const cut = firstOf(name, '(', '[');
  if (cut > 0) return name.slice(0, cut).trim();
  return name.trim().split(' ', 1)[0] ?? '';
}

function firstOf(text: string, a: string, b: string): number {
  const at = text.indexOf(a);
  const other = text.indexOf(b);
  if (at === -1) return other;
  return other === -1 ? at : Math.min(at, other);
}

/**
 * Strips what differs between two runs of one defect: offsets, addresses of four and more hex
 * digits, long numbers, unprintable characters, and all beyond 80 characters.
 * A line that begins with `Bad-cast` keeps its length, as published.
 */
export function normalizeStateLine(line: string): string {
  const printable = line.replace(/[^\x20-\x7e]/g, '');
  const plain = withoutOffset(printable.trim())
    .replace(/0x[a-fA-F0-9]{4,}U*/g, 'ADDRESS')
    .replace(longNumber, 'NUMBER');
  return plain.startsWith('Bad-cast') ? plain.slice(0, 1024) : plain.slice(0, lineLengthMax);
}

// Not after ":" (a source line) nor inside a longer number or version: those are stable.
const longNumber = /(?<![:0-9.])(?:[0-9.]{4,}|(?<=[@#])[0-9]+|(?<= )[0-9]{2,})(?![A-Za-z0-9.])/g;

/**
 * The repeating part of a stack overflow: the first one to ten lines that occur three times in a
 * row. Null where the stack does not repeat.
 */
export function cycleOf(lines: readonly string[]): readonly string[] | null {
  for (let start = 0; start < lines.length; start += 1) {
    for (let length = 1; length <= cycleLengthMax; length += 1) {
      if (start + cycleRepeats * length >= lines.length) break;
      if (repeats(lines, start, length)) return lines.slice(start, start + length);
    }
  }
  return null;
}

function repeats(lines: readonly string[], start: number, length: number): boolean {
  for (let offset = 0; offset < length * (cycleRepeats - 1); offset += 1) {
    if (lines[start + offset] !== lines[start + offset + length]) return false;
  }
  return true;
}
