import { pointerToken, type Result, refuse } from '@breakwater/kernel';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { asObject, asText } from '../json/read-json.ts';
import { readYaml } from '../yaml/read-yaml.ts';

/**
 * Reads bun.lock (bun.sh, "Lockfile"), lockfileVersion 0 and 1: JSON with commas at the end of lists,
 * which as a flow mapping is YAML.
 *
 * Each entry of `packages` is a list that begins with `name@version`. Folders and workspaces are the
 * project's own; what came from git or a URL has no version here, and is a note.
 */
export function parseBunLock(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const documents = readYaml(bytes, limits);
  if (!documents.ok) return documents;
  const root = asObject(documents.value[0]);
  const version = asText(root?.['lockfileVersion']);
  if (version !== '0' && version !== '1') {
    return refuse({
      code: 'format-version-unsupported',
      expected: 'bun.lock with lockfileVersion 0 or 1',
      got: version?.slice(0, 40) ?? 'no lockfileVersion',
      todo: 'make the lock file again: bun install --save-text-lockfile',
    });
  }
  const found = new Findings(limits);
  for (const [key, value] of Object.entries(asObject(root?.['packages']) ?? {})) {
    readPackage(key, value, found);
    if (found.full) break;
  }
  return found.result('bun-lock');
}

function readPackage(key: string, value: unknown, found: Findings) {
  const path = `/packages/${pointerToken(key.slice(0, 1000))}`;
  const first = asText(Array.isArray(value) ? value[0] : undefined);
  const cut = first?.indexOf('@', 1) ?? -1;
  if (first === undefined || cut < 0) {
    return found.note('entry-malformed', path, 'the entry does not begin with name@version');
  }
  const name = first.slice(0, cut);
  const version = first.slice(cut + 1);
  if (/^(?:file|link|workspace|root):/.test(version)) {
    return found.note('own-project', path, `${name} is a folder of the project itself`);
  }
  if (/[:/]/.test(version)) {
    const text = `${name} came from ${version.slice(0, 200)}; no version is told`;
    return found.note('version-missing', path, text);
  }
  // The key is the path of names that leads to this copy; its last name is what it is called there.
  const installedAs = /(?:@[^/]+\/)?[^/]+$/.exec(key)?.[0];
  return found.add({ ecosystem: 'npm', name, version, installedAs, path });
}
