import { type Result, refuse } from '@breakwater/kernel';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { asObject, asText, readJson } from '../json/read-json.ts';

/**
 * Reads composer.lock (getcomposer.org, "composer.lock"): `packages` and `packages-dev`. Folders
 * (`path`) are the project's own. A branch such as `dev-main` is listed, and no advisory's range can be
 * held against it.
 */
export function parseComposerLock(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const json = readJson(bytes, limits);
  if (!json.ok) return json;
  const root = asObject(json.value);
  if (!Array.isArray(root?.['packages'])) {
    return refuse({
      code: 'document-malformed',
      expected: 'composer.lock with a list of packages',
      got: 'no such list',
      todo: 'make the lock file again: composer update --lock',
    });
  }
  const found = new Findings(limits);
  for (const group of ['packages', 'packages-dev'] as const) {
    const list = root[group];
    for (const [index, value] of (Array.isArray(list) ? list : []).entries()) {
      readPackage(value, `/${group}/${index}`, found);
      if (found.full) break;
    }
  }
  return found.result('composer-lock');
}

function readPackage(value: unknown, path: string, found: Findings) {
  const entry = asObject(value);
  const name = asText(entry?.['name']);
  const version = asText(entry?.['version']);
  if (name === undefined) return found.note('name-missing', path, 'the entry has no name');
  if (asObject(entry?.['dist'])?.['type'] === 'path') {
    return found.note('own-project', path, `${name} is a folder of the project itself`);
  }
  if (version === undefined) return found.note('version-missing', path, `${name} has no version`);
  return found.add({ ecosystem: 'Packagist', name, version, path });
}
