import { buildPurl, type Purl, parsePurl } from '@breakwater/formats/purl';
import { ok, type Result } from '@breakwater/kernel';
import { hostName } from './host.ts';
import { fileSegments } from './path.ts';
import { refusal } from './refusal.ts';
import { type RepositoryFacts, repository } from './repository.ts';
import { type PackageTarget, type RepositoryTarget, targetLengthMax } from './target.ts';

/** What a package URL names: where, and which versions if it says so. */
export interface PackageAndVersion {
  readonly target: PackageTarget | RepositoryTarget;
  /** One version, or for a repository a commit or another name in it. */
  readonly version: string | null;
  /** The range of the qualifier `vers`. */
  readonly vers: string | null;
}

/** Types that name a repository at a forge (purl specification, types). */
const forgeTypes: ReadonlyMap<string, string> = new Map([
  ['github', 'github.com'],
  ['gitlab', 'gitlab.com'],
  ['bitbucket', 'bitbucket.org'],
]);

/**
 * Parses a package URL. Qualifiers that choose a build (`arch`, `distro`, `checksum`) do not count:
 * whoever looks at another build looks at the same code. `repository_url` counts: another registry
 * may serve another package by the same name.
 */
export function parsePackage(
  text: string,
  facts: RepositoryFacts = {},
): Result<PackageAndVersion, 'package-malformed'> {
  const given = parsePurl(text);
  const purl = given.ok ? given : parsePurl(completed(text));
  if (!purl.ok) return malformed(text, purl.refusal.got);
  const { subpath = '', qualifiers } = purl.value;
  const version = given.ok ? (purl.value.version ?? null) : null;
  const vers = qualifiers.get('vers') ?? null;
  const source = repositoryOf(purl.value, facts);
  if (source === null) return malformed(text, 'no repository at that place');
  if (source !== 'none') return ok({ target: source, version, vers });
  const path = fileSegments(subpath);
  const named = namedPurl(purl.value);
  if (path === null || named === null) {
    return malformed(text, 'a path that leads out of the package');
  }
  const target = asTarget({ purl: named, type: purl.value.type }, path.join('/'));
  if (target.lineage.length > targetLengthMax) return malformed(text, 'a name too long to keep');
  return ok({ target, version, vers });
}

function asTarget(
  { purl, type }: { readonly purl: string; readonly type: string },
  path: string,
): PackageTarget {
  return {
    kind: 'package',
    text: path === '' ? purl : `${purl}#${path}`,
    lineage: path === '' ? `${purl}!` : `${purl}!/${path}/`,
    purl,
    type,
    path,
  };
}

/** Types whose package URLs need a version, and Conan's with a namespace a channel, to be read. */
const versionedTypes = /^pkg:(?:conan|cran|swift)\//i;

/** A package URL that names a place alone, with what its type wants besides. */
function completed(text: string): string {
  if (!versionedTypes.test(text)) return text;
  const [, named = '', query, fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(text) ?? [];
  const version = /@[^/]*$/.test(named) ? '' : '@0';
  const isBare = !/^pkg:conan\/.*\//i.test(named) || /(?:^|&)channel=/.test(query ?? '');
  const pairs = [...(query === undefined ? [] : [query]), ...(isBare ? [] : ['channel=any'])];
  return `${named}${version}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}${fragment}`;
}

/** The canonical package URL of the place alone; null: none can be built. */
function namedPurl(purl: Purl): string | null {
  const { type } = purl;
  const namespace = foldedTypes.get(type)?.includes('namespace')
    ? purl.namespace?.toLowerCase()
    : purl.namespace;
  const needs = versionedTypes.test(`pkg:${type}/`);
  const channel = type === 'conan' && namespace !== undefined ? { channel: 'any' } : {};
  const built = buildPurl({
    type,
    namespace,
    name: foldedName(purl),
    version: needs ? '0' : undefined,
    qualifiers: { ...registryOf(purl.qualifiers), ...channel },
  });
  if (!built.ok) return null;
  const { canonical } = built.value;
  return needs
    ? canonical
        .replace('@0', '')
        .replace(/channel=any&?/, '')
        .replace(/\?$/, '')
    : canonical;
}

/** Parts that the specification's definitions of types call not case-sensitive. */
const foldedTypes: ReadonlyMap<string, readonly ('name' | 'namespace')[]> = new Map([
  ['brew', ['name', 'namespace']],
  ['chrome-extension', ['name']],
  ['luarocks', ['name', 'namespace']],
  ['otp', ['name']],
  ['vscode-extension', ['name', 'namespace']],
  ['yocto', ['namespace']],
  // NuGet itself takes its ids in any case; the specification keeps them as they are.
  ['nuget', ['name']],
]);

function foldedName({ type, name }: Purl): string {
  // PEP 503 takes these spellings for one name; the specification folds fewer.
  if (type === 'pypi') return name.toLowerCase().replace(/[-_.]+/g, '-');
  return foldedTypes.get(type)?.includes('name') === true ? name.toLowerCase() : name;
}

/** The registry, where it is not the type's own. */
function registryOf(qualifiers: ReadonlyMap<string, string>): Record<string, string> {
  const url = qualifiers.get('repository_url')?.trim().replace(/\/+$/, '');
  if (url === undefined || url === '') return {};
  const [, host = '', rest = ''] = /^(?:https?:\/\/)?([^/]*)(.*)$/i.exec(url) ?? [];
  // One registry over either scheme.
  return { repository_url: `${hostName(host) ?? host.toLowerCase()}${rest}` };
}

/** The repository that a purl of a forge, or of type `git`, names; null: not a good one. */
function repositoryOf(purl: Purl, facts: RepositoryFacts): RepositoryTarget | 'none' | null {
  const { type, namespace = '', name, subpath = '' } = purl;
  const forge = forgeTypes.get(type);
  if (forge === undefined && type !== 'git') return 'none';
  const [first = '', ...others] = namespace.split('/');
  const host = forge ?? hostName(first);
  if (host === null || !host.includes('.')) return null;
  const path = [...(forge === undefined ? others : [first, ...others]), name].join('/');
  return repository({ host, path, within: subpath }, facts);
}

function malformed(text: string, why: string) {
  return refusal('package-malformed', text, {
    expected: 'a package URL such as pkg:npm/lodash or pkg:pypi/requests@2.32.0',
    todo: `write it as the purl specification says (${why.slice(0, 200)})`,
  });
}
