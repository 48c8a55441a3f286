import type { Told } from '../inventory/identity.ts';
import { asObject, asText } from '../json/read-json.ts';

/** The source package that Trivy tells in properties of its own, `aquasecurity:trivy:SrcName`. */
export function sourceToldByTrivy(properties: unknown): NonNullable<Told['source']> {
  return { name: property(properties, 'SrcName'), version: sourceVersion(properties) };
}

function sourceVersion(properties: unknown): string | undefined {
  const version = property(properties, 'SrcVersion');
  if (version === undefined) return undefined;
  const epoch = property(properties, 'SrcEpoch');
  const release = property(properties, 'SrcRelease');
  return (epoch ? `${epoch}:` : '') + version + (release ? `-${release}` : '');
}

function property(properties: unknown, key: string): string | undefined {
  if (!Array.isArray(properties)) return undefined;
  for (const each of properties) {
    const members = asObject(each);
    if (members?.['name'] === `aquasecurity:trivy:${key}`) return asText(members['value']);
  }
  return undefined;
}
