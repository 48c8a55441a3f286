import type { Result } from '@breakwater/kernel';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { linesOf, readText } from '../inventory/read-text.ts';

/**
 * Reads gradle.lockfile and buildscript-gradle.lockfile (docs.gradle.org, "Locking versions"):
 * `group:artifact:version=configurations`, one a line.
 */
export function parseGradleLock(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const text = readText(bytes, limits);
  if (!text.ok) return text;
  const found = new Findings(limits);
  for (const { text: line, number } of linesOf(text.value)) {
    if (found.full) break;
    // `empty=` names the configurations without dependencies.
    if (line.trim() === '' || line.startsWith('#') || line.startsWith('empty=')) continue;
    const path = `line ${number}`;
    const [, name, version] = /^([^:=\s]{1,250}:[^:=\s]{1,250}):([^:=\s]{1,250})=/.exec(line) ?? [];
    if (name === undefined || version === undefined) {
      found.note('entry-malformed', path, 'the line is not group:artifact:version=configurations');
    } else found.add({ ecosystem: 'Maven', name, version, path });
  }
  return found.result('gradle-lock');
}
