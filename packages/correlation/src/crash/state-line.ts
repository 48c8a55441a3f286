/** How long a line that names a crash may be (ClusterFuzz's published limit). */
const lineLengthMax = 80;
/** A bad cast keeps its length, as published. */
const castLengthMax = 1_024;
const cycleLengthMax = 10;
const cycleRepeats = 3;

/** A function as printed, without namespace noise, module, arguments and place. */
export function filteredFrame(printed: string): string {
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
 */
export function normalizeStateLine(line: string, keepNumbers = false): string {
  const printable = line.slice(0, 2_048).replace(/[^\x20-\x7e]/g, '');
  const plain = keepNumbers ? printable : withoutNumbers(printable);
  return plain.slice(0, plain.startsWith('Bad-cast') ? castLengthMax : lineLengthMax);
}

function withoutNumbers(line: string): string {
  return withoutOffset(line)
    .replace(/0x[a-fA-F0-9]{4,2048}U{0,64}/g, 'ADDRESS')
    .replace(longNumber, 'NUMBER');
}

// Not after ":" (a source line) nor inside a longer number or version: those are stable.
const longNumber =
  /(?<![:0-9.])(?:[0-9.]{4,2048}|(?<= )[0-9]{2,2048}|(?<=[@#])[0-9]{1,2048})(?![A-Za-z0-9.])/g;

/** Drops `+0x1f` from the end. */
export function withoutOffset(name: string): string {
  const plus = name.lastIndexOf('+0x');
  if (plus <= 0) return name;
  return /^[0-9a-fA-F]{1,16}$/.test(name.slice(plus + 3)) ? name.slice(0, plus) : name;
}

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
