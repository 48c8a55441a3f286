import { ok, type Result, refuse } from '@breakwater/kernel';
import type { InventoryLimits, InventoryRefusal } from '../inventory/inventory.ts';
import { tooMany } from '../inventory/inventory.ts';
import { linesOf } from '../inventory/read-text.ts';

/** One entry of the list of Yarn 1. */
export interface ClassicEntry {
  /** The first of the patterns that led to it. */
  readonly pattern: string;
  readonly version: string | undefined;
  readonly resolved: string | undefined;
  readonly line: number;
}

/** Many ranges of one package stand in one line. */
const lineLengthMax = 65_536;

/**
 * Reads the list of Yarn 1: a line of patterns that ends in a colon, its fields two spaces in, and
 * what it depends on four. Refuses the first line that is none of these.
 */
export function readClassic(
  text: string,
  limits: InventoryLimits,
): Result<readonly ClassicEntry[], InventoryRefusal> {
  const entries: { -readonly [K in keyof ClassicEntry]: ClassicEntry[K] }[] = [];
  for (const { text: line, number } of linesOf(text)) {
    if (line.length > lineLengthMax) return malformed(number, 'a line that is too long');
    if (line.trim() === '' || line.startsWith('#') || line.startsWith('    ')) continue;
    const current = entries.at(-1);
    if (!line.startsWith(' ')) {
      const pattern = /^"?([^",:][^",]*?)"?(?:,.*)?:\s*$/.exec(line)?.[1];
      if (pattern === undefined) return malformed(number, line);
      entries.push({ pattern, version: undefined, resolved: undefined, line: number });
      if (entries.length > limits.entriesMax) return tooMany(limits);
      continue;
    }
    const [whole, name] = /^ {2}"?([\w-]{1,100})"?(?::|\s)/.exec(line) ?? [];
    if (whole === undefined || current === undefined) return malformed(number, line);
    const value = line.slice(whole.length).trim().replace(/^"|"$/g, '');
    if (name === 'version') current.version = value;
    if (name === 'resolved') current.resolved = value;
  }
  return ok(entries);
}

function malformed(line: number, got: string) {
  return refuse({
    code: 'document-malformed' as const,
    expected: 'yarn.lock as Yarn 1 writes it',
    got: `line ${line}: ${JSON.stringify(got.slice(0, 100))}`,
    todo: 'make the lock file again: yarn install',
  });
}
