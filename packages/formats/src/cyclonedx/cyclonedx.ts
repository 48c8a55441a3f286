import { type Result, refuse } from '@breakwater/kernel';
import { readAddress } from '../inventory/address.ts';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { type Draft, splitCycloneDx } from './split.ts';

/** Versions with JSON whose `components` mean the same (ECMA-424 and its forerunners). */
const specVersions: readonly unknown[] = ['1.2', '1.3', '1.4', '1.5', '1.6', '1.7'];

/**
 * Reads the components of a CycloneDX JSON document, version 1.2 to 1.7, nested ones included.
 *
 * A component is known by its purl; one without a purl, or of an ecosystem whose advisories we
 * cannot name, becomes a note. `metadata.component`, the thing described, is a note too. Memory is
 * bounded by what is kept: the document is never built.
 */
export function parseCycloneDx(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const document = splitCycloneDx(bytes, limits);
  if (!document.ok) return document;
  const { bomFormat, specVersion, drafts } = document.value;
  if (bomFormat !== 'CycloneDX' || !specVersions.includes(specVersion)) {
    return refuse({
      code: 'format-version-unsupported',
      expected: 'CycloneDX JSON with specVersion 1.2 to 1.7',
      got: JSON.stringify(specVersion)?.slice(0, 40) ?? 'no specVersion',
      todo: 'export the SBOM again as CycloneDX JSON 1.6',
    });
  }
  const found = new Findings(limits);
  for (const draft of drafts) readDraft(draft, found);
  return found.result('cyclonedx');
}

function readDraft({ kind, path, name, version, purl, source }: Draft, found: Findings) {
  switch (kind) {
    case 'described': {
      const text = `the thing described (${name?.slice(0, 200) ?? 'without a name'}), not a part of it`;
      return found.note('own-project', path, text);
    }
    case 'not-a-list':
      return found.note('entry-malformed', path, 'components is not a list');
    case 'not-an-object':
      return found.note('entry-malformed', path, 'the component is not an object');
    case 'component': {
      const label = name ?? 'a component without a name';
      return readAddress({ purl, name: label, version, source, path }, found);
    }
  }
}
