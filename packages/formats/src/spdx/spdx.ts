import { type Result, refuse } from '@breakwater/kernel';
import { readAddress } from '../inventory/address.ts';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { documentOf, type SpdxDocument, type SpdxPackage } from './document.ts';
import { splitSpdx } from './split.ts';
import { readTagValue } from './tag-value.ts';

/**
 * Reads the packages of an SPDX document, version 2.2 or 2.3 (ISO/IEC 5962, spdx.github.io/spdx-spec),
 * as JSON, YAML or tag-value.
 *
 * A package is known by the purl among its external references (§7.21). The one package the document
 * describes, where it describes one of several, is what the others are parts of, and a note.
 */
export function parseSpdx(
  bytes: Uint8Array,
  form: 'json' | 'yaml' | 'tag-value',
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const document = readDocument(bytes, form, limits);
  if (!document.ok) return document;
  const { version, packages, described } = document.value;
  if (!/^SPDX-2\.[23]$/.test(version)) return notSupported(version);
  const found = new Findings(limits);
  const [only] = described;
  const whole = described.size === 1 && packages.length > 1 ? only : undefined;
  for (const each of packages) {
    if (found.full) break;
    if (each.id !== undefined && each.id === whole) {
      const text = `the thing described (${each.name.slice(0, 200)}), not a part of it`;
      found.note('own-project', each.path, text);
    } else readPackage(each, found);
  }
  return found.result('spdx');
}

function readDocument(
  bytes: Uint8Array,
  form: 'json' | 'yaml' | 'tag-value',
  limits: InventoryLimits,
): Result<SpdxDocument, InventoryRefusal> {
  if (form === 'tag-value') return readTagValue(bytes, limits);
  if (form === 'json') return splitSpdx(bytes, limits);
  const yaml = readYaml(bytes, limits);
  return yaml.ok ? { ok: true, value: documentOf(yaml.value[0]) } : yaml;
}

function readPackage({ name, version, sourceInfo, purls, path }: SpdxPackage, found: Findings) {
  const label = name === '' ? 'a package without a name' : name;
  // Trivy: "built package from: glibc 2.36-9+deb12u4".
  const [, source, sourceVersion] =
    /^built package from: (\S+)(?: (\S+))?$/.exec(sourceInfo?.slice(0, 1000) ?? '') ?? [];
  const told = { version, source: { name: source, version: sourceVersion } };
  const [purl] = purls;
  readAddress({ ...told, purl, name: label, path }, found);
}

function notSupported(version: string) {
  return refuse({
    code: 'format-version-unsupported' as const,
    expected: 'SPDX 2.2 or 2.3, as JSON, YAML or tag-value',
    got: version === '' ? 'no spdxVersion' : version.slice(0, 40),
    todo: 'export the SBOM again as SPDX 2.3 or CycloneDX JSON',
  });
}
