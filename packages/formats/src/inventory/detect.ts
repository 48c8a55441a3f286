import { type Result, refuse } from '@breakwater/kernel';
import { parseCycloneDx } from '../cyclonedx/cyclonedx.ts';
import { type DpkgOptions, parseDpkg } from '../dpkg/dpkg.ts';
import { asObject, readJson } from '../json/read-json.ts';
import { parsePackageLock } from '../package-lock/package-lock.ts';
import { type Inventory, type InventoryRefusal, inventoryLimits } from './inventory.ts';

/** The three formats inventories are read in. */
export type InventoryFormat = Exclude<Inventory['format'], 'product-list'>;

/**
 * Tells the format of an inventory from its content; the name of the file decides nothing, because
 * people rename files.
 */
export function detectInventory(bytes: Uint8Array): Result<InventoryFormat, InventoryRefusal> {
  const head = new TextDecoder('utf-8').decode(bytes.subarray(0, 65_536));
  if (/^\s*[{[]/.test(head)) return detectJson(bytes);
  if (/^\+\+\+-=/m.test(head) || isList(head) || isQuery(head)) {
    return { ok: true, value: 'dpkg' };
  }
  return unknown('a text in none of these formats');
}

/**
 * Reads an inventory in any known format.
 *
 * In: the file as it is; `dpkg` options apply where it is a Debian package list.
 * Out: components and notes, or a refusal that says what was expected.
 */
export function parseInventory(
  bytes: Uint8Array,
  options: { readonly dpkg?: DpkgOptions } = {},
): Result<Inventory, InventoryRefusal> {
  const format = detectInventory(bytes);
  if (!format.ok) return format;
  switch (format.value) {
    case 'package-lock':
      return parsePackageLock(bytes);
    case 'cyclonedx':
      return parseCycloneDx(bytes);
    case 'dpkg':
      return parseDpkg(bytes, options.dpkg);
  }
}

function detectJson(bytes: Uint8Array): Result<InventoryFormat, InventoryRefusal> {
  const json = readJson(bytes, inventoryLimits);
  if (!json.ok) return json;
  const root = asObject(json.value);
  if (root?.['bomFormat'] === 'CycloneDX') return { ok: true, value: 'cyclonedx' };
  if (root !== null && ('lockfileVersion' in root || isOldLock(root))) {
    return { ok: true, value: 'package-lock' };
  }
  return unknown(
    typeof root?.['spdxVersion'] === 'string' ? 'an SPDX document' : 'another JSON file',
  );
}

/** npm 5 and earlier shrinkwraps carry no lockfileVersion. */
function isOldLock(root: Readonly<Record<string, unknown>>): boolean {
  const first = Object.values(asObject(root['dependencies']) ?? {})[0];
  return asObject(first)?.['version'] !== undefined;
}

function isList(head: string): boolean {
  return /^[uihrp][nicUFHWt]R? +[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)? +(\S*\d|<none>)/m.test(head);
}

function isQuery(head: string): boolean {
  return /^[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?\t\S*\d/m.test(head);
}

function unknown(got: string) {
  return refuse({
    code: 'format-unknown' as const,
    expected: 'package-lock.json, a `dpkg -l` or `dpkg-query -W` list, or CycloneDX JSON',
    got,
    todo: 'export the inventory in one of these formats and send it unchanged',
  });
}
