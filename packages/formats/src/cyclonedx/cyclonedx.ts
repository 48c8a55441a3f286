import { type Result, refuse } from '@breakwater/kernel';
import { readAddress } from '../inventory/address.ts';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { asObject, asText, readJson } from '../json/read-json.ts';
import { sourceToldByTrivy } from './trivy.ts';

type Members = Readonly<Record<string, unknown>>;

/** Versions with JSON whose `components` mean the same (ECMA-424 and its forerunners). */
const specVersions: readonly unknown[] = ['1.2', '1.3', '1.4', '1.5', '1.6', '1.7'];

/**
 * Reads the components of a CycloneDX JSON document, version 1.2 to 1.7, nested ones included.
 *
 * A component is known by its purl; one without a purl, or of an ecosystem whose advisories we
 * cannot name, becomes a note. `metadata.component`, the thing described, is a note too.
 */
export function parseCycloneDx(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const json = readJson(bytes, limits);
  if (!json.ok) return json;
  const root = asObject(json.value);
  if (root?.['bomFormat'] !== 'CycloneDX' || !specVersions.includes(root['specVersion'])) {
    return refuse({
      code: 'format-version-unsupported',
      expected: 'CycloneDX JSON with specVersion 1.2 to 1.7',
      got: JSON.stringify(root?.['specVersion'])?.slice(0, 40) ?? 'no specVersion',
      todo: 'export the SBOM again as CycloneDX JSON 1.6',
    });
  }
  const found = new Findings(limits);
  readTree(root, found);
  return found.result('cyclonedx');
}

/** Walks `components` with an explicit stack. */
function readTree(root: Members, found: Findings): void {
  const described = asObject(asObject(root['metadata'])?.['component']);
  const waiting: { readonly owner: Members; readonly path: string }[] = [{ owner: root, path: '' }];
  if (described !== null) {
    const path = '/metadata/component';
    const name = asText(described['name']) ?? 'without a name';
    found.note('own-project', path, `the thing described (${name}), not a part of it`);
    waiting.push({ owner: described, path });
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const list = next.owner['components'];
    if (list !== undefined && !Array.isArray(list)) {
      found.note('entry-malformed', `${next.path}/components`, 'components is not a list');
    }
    for (const [index, value] of (Array.isArray(list) ? list : []).entries()) {
      const path = `${next.path}/components/${index}`;
      const component = asObject(value);
      if (component === null) found.note('entry-malformed', path, 'the component is not an object');
      else {
        readComponent(component, path, found);
        if (component['components'] !== undefined) waiting.push({ owner: component, path });
      }
      if (found.full) return;
    }
  }
}

function readComponent(component: Members, path: string, found: Findings) {
  readAddress(
    {
      purl: asText(component['purl']),
      name: asText(component['name']) ?? 'a component without a name',
      version: asText(component['version']),
      source: sourceToldByTrivy(component),
      path,
    },
    found,
  );
}
