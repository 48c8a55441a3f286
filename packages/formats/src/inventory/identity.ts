import type { Purl } from '../purl/purl.ts';
import { distributionOf } from './distribution.ts';

/** A component under the names advisories use. */
export interface Identity {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly installedAs?: string;
  /** False where a distribution's binary name stands in for the source package. */
  readonly sourceKnown: boolean;
}

/** What a bill of materials tells of a component beside its purl. */
export interface Told {
  readonly version?: string | undefined;
  /** The source package it was built from. */
  readonly source?:
    | { readonly name?: string | undefined; readonly version?: string | undefined }
    | undefined;
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
/** `alpine` is what syft wrote before purl had a type for apk. */
const systems = new Set(['deb', 'rpm', 'apk', 'alpine']);

/**
 * OSV's ecosystem, name and version of a purl; null where OSV has none we know.
 *
 * Of a distribution the source package comes from `told`, else from the `upstream` qualifier (syft,
 * grype); its release from the qualifier `distro`.
 */
export function identityOf(purl: Purl, told: Told): Identity | null {
  const version = purl.version ?? told.version;
  if (systems.has(purl.type)) return identityInSystem(purl, version, told);
  const language = languages.get(purl.type);
  if (language === undefined) return null;
  const name =
    purl.namespace === undefined ? purl.name : purl.namespace + language.joint + purl.name;
  return { ecosystem: language.ecosystem, name, version, sourceKnown: true };
}

function identityInSystem(
  purl: Purl,
  binaryVersion: string | undefined,
  told: Told,
): Identity | null {
  const { id, version: release } = systemOf(purl);
  const distribution = distributionOf(id);
  if (distribution === undefined) return null;
  const known = release === undefined ? undefined : distribution.release(release);
  const ecosystem = known === undefined ? distribution.name : `${distribution.name}:${known}`;
  const installed = withEpoch(purl, binaryVersion);
  if (distribution.namedBy === 'binary') {
    return { ecosystem, name: purl.name, version: installed, sourceKnown: true };
  }
  const upstream = sourceOf(purl);
  const source = told.source?.name ?? upstream.name;
  const version = told.source?.version ?? upstream.version ?? installed;
  // syft (it alone writes `package-id`) leaves `upstream` out where both names are the same.
  const sourceKnown =
    source !== undefined ||
    purl.qualifiers.has('package-id') ||
    purl.qualifiers.get('arch') === 'source';
  const name = source ?? purl.name;
  const identity = { ecosystem, name, version, sourceKnown };
  return name === purl.name ? identity : { ...identity, installedAs: purl.name };
}

/** `distro=debian-12.5`, or a bare `distro=3.18.4` beside the namespace `alpine`. */
function systemOf(purl: Purl): { readonly id: string; readonly version: string | undefined } {
  const distro = purl.qualifiers.get('distro') ?? '';
  const [, named, version] = /^(?:([a-z][a-z.-]*?)-)?(\d.*|sid)$/i.exec(distro) ?? [];
  const namespace = purl.namespace ?? '';
  // opensuse is the namespace of all its editions; the qualifier tells which.
  const id = namespace === 'opensuse' || namespace === '' ? (named ?? namespace) : namespace;
  return { id, version };
}

/** `gcc-12@12.2.0-13`, or the source package's file name as rpm has it. */
function sourceOf(purl: Purl): { readonly name?: string; readonly version?: string } {
  const upstream = purl.qualifiers.get('upstream');
  if (upstream === undefined || upstream === '') return {};
  const file = /^(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm$/.exec(upstream)?.[1];
  if (file !== undefined) return { name: file };
  const [name = '', version] = upstream.split('@');
  return { name, ...(version === undefined || version === '' ? {} : { version }) };
}

/** The epoch may stand in a qualifier of its own: always for rpm, for deb as Trivy writes it. */
function withEpoch(purl: Purl, version: string | undefined): string | undefined {
  const epoch = purl.qualifiers.get('epoch');
  const isTold = epoch !== undefined && epoch !== '0' && !version?.includes(':');
  return isTold && version !== undefined ? `${epoch}:${version}` : version;
}
