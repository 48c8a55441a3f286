import type { Told } from '../inventory/identity.ts';
import { asObject, asText } from '../json/read-json.ts';

type Members = Readonly<Record<string, unknown>>;

/** The source package that Trivy tells in properties of its own, `aquasecurity:trivy:SrcName`. */
export function sourceToldByTrivy(component: Members): NonNullable<Told['source']> {
  return { name: property(component, 'SrcName'), version: sourceVersion(component) };
}

function sourceVersion(component: Members): string | undefined {
  const version = property(component, 'SrcVersion');
  if (version === undefined) return undefined;
  const epoch = property(component, 'SrcEpoch');
  const release = property(component, 'SrcRelease');
  return (epoch ? `${epoch}:` : '') + version + (release ? `-${release}` : '');
}

function property(component: Members, key: string): string | undefined {
  const properties = component['properties'];
  if (!Array.isArray(properties)) return undefined;
  for (const each of properties) {
    const members = asObject(each);
    if (members?.['name'] === `aquasecurity:trivy:${key}`) return asText(members['value']);
  }
  return undefined;
}
