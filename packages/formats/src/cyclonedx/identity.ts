import { asObject, asText } from '../json/read-json.ts';
import type { Purl } from '../purl/purl.ts';

/** A component under the names advisories use. */
export interface Identity {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly installedAs?: string;
  /** False where a distribution's binary name stands in for the source package. */
  readonly sourceKnown: boolean;
}

/** Purl types whose OSV ecosystem follows from the type alone, and how the name is written. */
const languages: ReadonlyMap<string, { readonly ecosystem: string; readonly joint: string }> =
  new Map([
    ['npm', { ecosystem: 'npm', joint: '/' }],
    ['pypi', { ecosystem: 'PyPI', joint: '/' }],
    ['cargo', { ecosystem: 'crates.io', joint: '/' }],
    ['gem', { ecosystem: 'RubyGems', joint: '/' }],
    ['golang', { ecosystem: 'Go', joint: '/' }],
    ['maven', { ecosystem: 'Maven', joint: ':' }],
    ['nuget', { ecosystem: 'NuGet', joint: '/' }],
    ['composer', { ecosystem: 'Packagist', joint: '/' }],
    ['hex', { ecosystem: 'Hex', joint: '/' }],
    ['pub', { ecosystem: 'Pub', joint: '/' }],
  ]);

/**
 * OSV's ecosystem, name and version of a purl; null where OSV has none we know.
 *
 * For Debian and Ubuntu the source package comes from the `upstream` qualifier (syft, grype) or from
 * Trivy's `SrcName` and `SrcVersion` properties of the component.
 */
export function identityOf(
  purl: Purl,
  component: Readonly<Record<string, unknown>>,
): Identity | null {
  const version = purl.version ?? asText(component['version']);
  if (purl.type === 'deb') return identityOfDeb(purl, version, component);
  const language = languages.get(purl.type);
  if (language === undefined) return null;
  const name =
    purl.namespace === undefined ? purl.name : purl.namespace + language.joint + purl.name;
  return { ecosystem: language.ecosystem, name, version, sourceKnown: true };
}

function identityOfDeb(
  purl: Purl,
  binaryVersion: string | undefined,
  component: Readonly<Record<string, unknown>>,
): Identity | null {
  const distribution = { debian: 'Debian', ubuntu: 'Ubuntu' }[purl.namespace ?? ''];
  if (distribution === undefined) return null;
  const release = releaseOf(purl.qualifiers.get('distro'), distribution);
  const ecosystem = release === undefined ? distribution : `${distribution}:${release}`;
  const [upstream, upstreamVersion] = (purl.qualifiers.get('upstream') ?? '').split('@');
  const source = asText(upstream) ?? trivyProperty(component, 'SrcName');
  const version = asText(upstreamVersion) ?? trivySourceVersion(component) ?? binaryVersion;
  // syft (it alone writes `package-id`) leaves `upstream` out where both names are the same.
  const sourceKnown =
    source !== undefined ||
    purl.qualifiers.has('package-id') ||
    purl.qualifiers.get('arch') === 'source';
  const name = source ?? purl.name;
  const known = { ecosystem, name, version, sourceKnown };
  return name === purl.name ? known : { ...known, installedAs: purl.name };
}

/** `debian-12.5` is Debian's 12; Ubuntu counts the month too, and marks its April releases LTS. */
function releaseOf(distro: string | undefined, distribution: string): string | undefined {
  if (distribution === 'Debian') return /^(?:debian-)?(\d+|sid)(?:\.\d+)?$/.exec(distro ?? '')?.[1];
  const number = /^(?:ubuntu-)?(\d\d\.\d\d)$/.exec(distro ?? '')?.[1];
  if (number === undefined) return undefined;
  const isLts = number.endsWith('.04') && Number(number.slice(0, 2)) % 2 === 0;
  return isLts ? `${number}:LTS` : number;
}

function trivySourceVersion(component: Readonly<Record<string, unknown>>): string | undefined {
  const version = trivyProperty(component, 'SrcVersion');
  if (version === undefined) return undefined;
  const epoch = trivyProperty(component, 'SrcEpoch');
  const release = trivyProperty(component, 'SrcRelease');
  return (epoch ? `${epoch}:` : '') + version + (release ? `-${release}` : '');
}

function trivyProperty(
  component: Readonly<Record<string, unknown>>,
  key: string,
): string | undefined {
  const properties = component['properties'];
  if (!Array.isArray(properties)) return undefined;
  for (const property of properties) {
    const members = asObject(property);
    if (members?.['name'] === `aquasecurity:trivy:${key}`) return asText(members['value']);
  }
  return undefined;
}
