import type { Result } from '@breakwater/kernel';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { asObject, asText } from '../json/read-json.ts';
import { readToml } from '../toml/read-toml.ts';

/**
 * Reads Cargo.lock, version 1 to 4 (The Cargo Book, "Cargo.toml vs Cargo.lock").
 *
 * A package with a source is a component. One without is the project, a member of its workspace or a
 * folder beside it, and a note. What came from git is listed by the version it claims, with a note.
 */
export function parseCargoLock(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const root = readToml(bytes, limits);
  if (!root.ok) return root;
  const found = new Findings(limits);
  const packages = root.value['package'];
  for (const [index, value] of (Array.isArray(packages) ? packages : []).entries()) {
    readPackage(value, `/package/${index}`, found);
    if (found.full) break;
  }
  return found.result('cargo-lock');
}

function readPackage(value: unknown, path: string, found: Findings) {
  const entry = asObject(value);
  const name = asText(entry?.['name']);
  const version = asText(entry?.['version']);
  if (name === undefined) return found.note('name-missing', path, 'the entry has no name');
  if (version === undefined) return found.note('version-missing', path, `${name} has no version`);
  const source = asText(entry?.['source']);
  if (source === undefined) {
    return found.note(
      'own-project',
      path,
      `${name} is a crate of the project itself, or beside it`,
    );
  }
  if (!/^(registry|sparse)\+/.test(source)) found.noteOrigin(name, source, path);
  return found.add({ ecosystem: 'crates.io', name, version, path });
}
