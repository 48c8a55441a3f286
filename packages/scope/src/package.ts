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
  const purl = parsePurl(text);
  if (!purl.ok) return malformed(text, purl.refusal.got);
  const { version = null, subpath = '', qualifiers } = purl.value;
  const vers = qualifiers.get('vers') ?? null;
  const source = repositoryOf(purl.value, facts);
  if (source === null) return malformed(text, 'no repository at that place');
  if (source !== 'none') return ok({ target: source, version, vers });
  const path = fileSegments(subpath);
  const named = buildPurl({
    type: purl.value.type,
    namespace: purl.value.namespace,
    name: foldedName(purl.value),
    qualifiers: registryOf(qualifiers),
  });
  if (path === null || !named.ok) return malformed(text, 'a path that leads out of the package');
  const target = asTarget(named.value, path.join('/'));
  if (target.lineage.length > targetLengthMax) return malformed(text, 'a name too long to keep');
  return ok({ target, version, vers });
}

function asTarget(purl: Purl, path: string): PackageTarget {
  const { canonical, type } = purl;
  return {
    kind: 'package',
    text: path === '' ? canonical : `${canonical}#${path}`,
    lineage: path === '' ? `${canonical}!` : `${canonical}!/${path}/`,
    purl: canonical,
    type,
    path,
  };
}

/** PEP 503 and NuGet take these spellings for one name; the purl specification folds fewer. */
function foldedName({ type, name }: Purl): string {
  if (type === 'pypi') return name.toLowerCase().replace(/[-_.]+/g, '-');
  return type === 'nuget' ? name.toLowerCase() : name;
}

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
  if (host === null) return null;
  const path = [...(forge === undefined ? others : [first, ...others]), name].join('/');
  return repository({ host, path, within: subpath }, facts);
}

function malformed(text: string, why: string) {
  return refusal('package-malformed', text, {
    expected: 'a package URL such as pkg:npm/lodash or pkg:pypi/requests@2.32.0',
    todo: `write it as the purl specification says (${why.slice(0, 200)})`,
  });
}
