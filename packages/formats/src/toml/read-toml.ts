import { ok, type Result, refuse } from '@breakwater/kernel';
import { parse, TomlError } from 'smol-toml';
import type { InventoryLimits } from '../inventory/inventory.ts';
import { readText } from '../inventory/read-text.ts';
import { asObject } from '../json/read-json.ts';

/**
 * Reads a TOML document (TOML 1.0.0) from its bytes; depth is bounded while it is read.
 *
 * Out: the root table, or a refusal that names the line.
 */
export function readToml(
  bytes: Uint8Array,
  limits: InventoryLimits,
): Result<Readonly<Record<string, unknown>>, 'too-large' | 'not-utf8' | 'not-toml'> {
  const text = readText(bytes, limits);
  if (!text.ok) return text;
  try {
    const root = parse(text.value, { maxDepth: limits.depthMax });
    // the parser counts brackets; a dotted key nests without any
    if (isDeeperThan(root, limits.depthMax)) throw new TypeError('dotted keys too deep');
    return ok(asObject(root) ?? {});
  } catch (error) {
    return refuse({
      code: 'not-toml' as const,
      expected: 'TOML 1.0',
      got:
        error instanceof TomlError
          ? `line ${error.line}: ${error.message.split('\n')[0]?.slice(0, 200)}`
          : 'a text that is none',
      todo: 'send the file unchanged, as the tool wrote it',
    });
  }
}

function isDeeperThan(value: unknown, depthMax: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthMax) return true;
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
  }
  return false;
}
