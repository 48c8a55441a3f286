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
import { readYaml } from '../yaml/read-yaml.ts';
import type { SpdxDocument, SpdxPackage } from './document.ts';
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
  if (form === 'json') {
    const json = readJson(bytes, limits);
    return json.ok ? { ok: true, value: documentOf(json.value) } : json;
  }
  const yaml = readYaml(bytes, limits);
  return yaml.ok ? { ok: true, value: documentOf(yaml.value[0]) } : yaml;
}

function documentOf(value: unknown): SpdxDocument {
  const root = asObject(value) ?? {};
  const list = root['packages'];
  const described = root['documentDescribes'];
  const relationships = root['relationships'];
  const ids = (Array.isArray(described) ? described : []).flatMap((id) => asText(id) ?? []);
  for (const each of Array.isArray(relationships) ? relationships : []) {
    const relation = asObject(each);
    const target = asText(relation?.['relatedSpdxElement']);
    const isOfDocument = asText(relation?.['spdxElementId']) === 'SPDXRef-DOCUMENT';
    const describes = relation?.['relationshipType'] === 'DESCRIBES';
    if (isOfDocument && describes && target !== undefined) ids.push(target);
  }
  return {
    version: asText(root['spdxVersion']) ?? '',
    packages: (Array.isArray(list) ? list : []).map((each, index) => packageOf(each, index)),
    described: new Set(ids),
  };
}

function packageOf(value: unknown, index: number): SpdxPackage {
  const members = asObject(value);
  const references = members?.['externalRefs'];
  const purls = (Array.isArray(references) ? references : []).flatMap((each) => {
    const reference = asObject(each);
    const locator = asText(reference?.['referenceLocator']);
    return reference?.['referenceType'] === 'purl' && locator !== undefined ? [locator] : [];
  });
  return {
    id: asText(members?.['SPDXID']),
    name: asText(members?.['name']) ?? '',
    version: asText(members?.['versionInfo']),
    sourceInfo: asText(members?.['sourceInfo']),
    purls,
    path: `/packages/${index}`,
  };
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
