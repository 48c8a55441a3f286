import { asObject, asText } from '../json/read-json.ts';

/** What is looked at of an SPDX 2 document, whatever form it is written in. */
export interface SpdxDocument {
  /** `SPDX-2.3`. */
  readonly version: string;
  readonly packages: readonly SpdxPackage[];
  /** Ids of what the document describes. */
  readonly described: ReadonlySet<string>;
}

export interface SpdxPackage {
  readonly id: string | undefined;
  readonly name: string;
  readonly version: string | undefined;
  readonly sourceInfo: string | undefined;
  readonly purls: readonly string[];
  readonly path: string;
}

/** A document that was built whole, as from YAML. */
export function documentOf(value: unknown): SpdxDocument {
  const root = asObject(value) ?? {};
  const listed = (name: string) => {
    const list = root[name];
    return Array.isArray(list) ? list : [];
  };
  const ids = listed('documentDescribes').flatMap((id) => asText(id) ?? []);
  const related = listed('relationships').flatMap((each) => describedBy(each) ?? []);
  return {
    version: asText(root['spdxVersion']) ?? '',
    packages: listed('packages').map((each, index) => packageOf(each, index)),
    described: new Set([...ids, ...related]),
  };
}

/** What a relationship says that the document describes; undefined where it says another thing. */
export function describedBy(relationship: unknown): string | undefined {
  const relation = asObject(relationship);
  const isOfDocument = relation?.['spdxElementId'] === 'SPDXRef-DOCUMENT';
  if (!isOfDocument || relation?.['relationshipType'] !== 'DESCRIBES') return undefined;
  return asText(relation['relatedSpdxElement']);
}

/** The members of one package that are looked at. */
export function packageOf(value: unknown, index: number): SpdxPackage {
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
