import { pointerToken, type Result, refuse } from '@breakwater/kernel';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { asObject, asText, readJson } from '../json/read-json.ts';

/**
 * Reads Pipfile.lock (pipenv.pypa.io): what is locked for running (`default`), for development, and in
 * groups of the project's own. What came from git, a URL or a folder has no version, and is a note.
 */
export function parsePipfileLock(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const json = readJson(bytes, limits);
  if (!json.ok) return json;
  const root = asObject(json.value);
  if (root === null || asObject(root['_meta']) === null) {
    return refuse({
      code: 'document-malformed',
      expected: 'Pipfile.lock with _meta',
      got: 'another JSON file',
      todo: 'make the lock file again: pipenv lock',
    });
  }
  const found = new Findings(limits);
  for (const [group, value] of Object.entries(root)) {
    const packages = group === '_meta' ? null : asObject(value);
    for (const [name, entry] of Object.entries(packages ?? {})) {
      readPackage(name, entry, { path: `/${pointerToken(group)}/${pointerToken(name)}`, found });
    }
  }
  return found.result('pipfile-lock');
}

function readPackage(
  name: string,
  value: unknown,
  { path, found }: { readonly path: string; readonly found: Findings },
) {
  const entry = asObject(value);
  const version = /^==(\S+)$/.exec(asText(entry?.['version']) ?? '')?.[1];
  if (version !== undefined) return found.add({ ecosystem: 'PyPI', name, version, path });
  const range = asText(entry?.['version']);
  if (range !== undefined) {
    return found.note('not-pinned', path, `${name} may be ${range}: which one runs is not told`);
  }
  return found.note('version-missing', path, `${name} is not from a registry; no version is told`);
}
