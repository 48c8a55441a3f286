import { ok, type Result, refuse } from '@breakwater/kernel';
import { FAILSAFE_SCHEMA, loadAll, YAMLException } from 'js-yaml';
import type { InventoryLimits } from '../inventory/inventory.ts';
import { readText } from '../inventory/read-text.ts';

/** What a reader takes in: a text of YAML becomes thirty times as large in memory. */
const bytesMax = 16 * 1024 * 1024;
/** No lock file has one; an alias to what holds it would go in circles. */
const aliasesMax = 0;

/**
 * Reads the documents of a YAML stream (YAML 1.2.2) in the failsafe schema (§10.1): every scalar is a
 * text, so that a version `1.10` is not a number and no tag makes anything. Depth is bounded, aliases
 * are refused.
 *
 * Out: the documents, or a refusal that names the line.
 */
export function readYaml(
  bytes: Uint8Array,
  limits: InventoryLimits,
): Result<readonly unknown[], 'too-large' | 'not-utf8' | 'not-yaml'> {
  const text = readText(bytes, { bytesMax: Math.min(bytesMax, limits.bytesMax) });
  if (!text.ok) return text;
  try {
    const documents = loadAll(text.value, {
      schema: FAILSAFE_SCHEMA,
      maxDepth: limits.depthMax,
      maxAliases: aliasesMax,
    });
    return ok(documents);
  } catch (error) {
    return refuse({
      code: 'not-yaml' as const,
      expected: 'YAML 1.2 without aliases',
      got:
        error instanceof YAMLException
          ? `line ${(error.mark?.line ?? 0) + 1}: ${error.reason.slice(0, 200)}`
          : 'a text that is none',
      todo: 'send the file unchanged, as the tool wrote it',
    });
  }
}
