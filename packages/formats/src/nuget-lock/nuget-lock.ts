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
 * Reads NuGet's packages.lock.json, version 1 and 2 (learn.microsoft.com/nuget, "Locking
 * dependencies"). A package locked for several frameworks is a component for each; projects are the
 * project's own.
 */
export function parseNugetLock(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const json = readJson(bytes, limits);
  if (!json.ok) return json;
  const root = asObject(json.value);
  const version = root?.['version'];
  if (version !== 1 && version !== 2) {
    return refuse({
      code: 'format-version-unsupported',
      expected: 'packages.lock.json of version 1 or 2',
      got: JSON.stringify(version)?.slice(0, 40) ?? 'no version',
      todo: 'make the lock file again: dotnet restore --use-lock-file',
    });
  }
  const found = new Findings(limits);
  for (const [framework, list] of Object.entries(asObject(root?.['dependencies']) ?? {})) {
    for (const [name, value] of Object.entries(asObject(list) ?? {})) {
      const path = `/dependencies/${pointerToken(framework)}/${pointerToken(name)}`;
      readPackage(name, value, { path, found });
    }
  }
  return found.result('nuget-lock');
}

function readPackage(
  name: string,
  value: unknown,
  { path, found }: { readonly path: string; readonly found: Findings },
) {
  const entry = asObject(value);
  if (entry?.['type'] === 'Project') {
    return found.note('own-project', path, `${name} is a project beside this one`);
  }
  const version = asText(entry?.['resolved']);
  if (version === undefined) return found.note('version-missing', path, `${name} has no version`);
  return found.add({ ecosystem: 'NuGet', name, version, path });
}
