import { ok, type Result, refuse } from '@breakwater/kernel';
import {
  type Component,
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
  type Note,
  type NoteCode,
  tooMany,
} from '../inventory/inventory.ts';
import { asObject, asText, readJson } from '../json/read-json.ts';
import { parsePurl } from '../purl/purl.ts';
import { identityOf } from './identity.ts';

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
  const found = readTree(root, limits.entriesMax);
  if (found === null) return tooMany(limits);
  return ok({ format: 'cyclonedx', ...found });
}

interface Found {
  readonly components: Component[];
  readonly notes: Note[];
}

/** Walks `components` with an explicit stack; null beyond `entriesMax` entries. */
function readTree(root: Members, entriesMax: number): Found | null {
  const found: Found = { components: [], notes: [] };
  const described = asObject(asObject(root['metadata'])?.['component']);
  const waiting: { readonly owner: Members; readonly path: string }[] = [{ owner: root, path: '' }];
  if (described !== null) {
    const path = '/metadata/component';
    const name = asText(described['name']) ?? 'without a name';
    note(found, 'own-project', path, `the thing described (${name}), not a part of it`);
    waiting.push({ owner: described, path });
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const list = next.owner['components'];
    if (list !== undefined && !Array.isArray(list)) {
      note(found, 'entry-malformed', `${next.path}/components`, 'components is not a list');
    }
    for (const [index, value] of (Array.isArray(list) ? list : []).entries()) {
      const path = `${next.path}/components/${index}`;
      const component = asObject(value);
      if (component === null)
        note(found, 'entry-malformed', path, 'the component is not an object');
      else {
        readComponent(component, path, found);
        if (component['components'] !== undefined) waiting.push({ owner: component, path });
      }
      if (found.components.length + found.notes.length > entriesMax) return null;
    }
  }
  return found;
}

function readComponent(component: Members, path: string, found: Found) {
  const label = asText(component['name'])?.slice(0, 200) ?? 'a component without a name';
  const text = asText(component['purl']);
  if (text === undefined) {
    return note(found, 'identity-missing', path, `${label} has no package URL`);
  }
  const purl = parsePurl(text);
  if (!purl.ok) {
    return note(found, 'identity-malformed', path, `${label}: ${purl.refusal.got}`);
  }
  const identity = identityOf(purl.value, component);
  if (identity === null) {
    return note(found, 'ecosystem-unknown', path, `${label} is of purl type ${purl.value.type}`);
  }
  if (identity.version === undefined) {
    return note(found, 'version-missing', path, `${label} has no version`);
  }
  const { sourceKnown, version, ...rest } = identity;
  found.components.push({ ...rest, version, purl: purl.value.canonical, path });
  if (!sourceKnown) {
    note(
      found,
      'source-unknown',
      path,
      `${label}: its source package is not told; binary name used`,
    );
  }
}

function note(found: Found, code: NoteCode, path: string, text: string): void {
  found.notes.push({ code, path, text });
}
