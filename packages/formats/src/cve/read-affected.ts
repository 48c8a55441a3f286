import { listOf, type Members, membersOf, wordsOf } from '../json/members.ts';
import { buildPurl, parsePurl } from '../purl/purl.ts';
import { type CveAffected, type CveStatus, type CveVersion, cveLimits } from './cve.ts';

/** The products a container speaks of. */
export function readAffected(container: Members, role: 'CNA' | 'ADP'): readonly CveAffected[] {
  const by = wordsOf(membersOf(container['providerMetadata'])['shortName'], 100) ?? role;
  return listOf(container['affected'], cveLimits.affectedMax).map((each) => {
    const given = membersOf(each);
    const collectionUrl = wordsOf(given['collectionURL'], 2_048);
    const packageName = wordsOf(given['packageName'], 2_048);
    return {
      by,
      vendor: wordsOf(given['vendor'], 512),
      product: wordsOf(given['product'], 2_048),
      collectionUrl,
      packageName,
      purl: bareOf(wordsOf(given['packageURL'], 2_048)) ?? purlIn(collectionUrl, packageName),
      cpes: textsIn(given['cpes']),
      repository: wordsOf(given['repo'], 2_048),
      platforms: textsIn(given['platforms']),
      files: textsIn(given['programFiles']),
      routines: listOf(given['programRoutines'], 1_000).flatMap(
        (routine) => wordsOf(membersOf(routine)['name'], 4_096) ?? [],
      ),
      defaultStatus: statusOf(given['defaultStatus']),
      versions: listOf(given['versions'], cveLimits.versionsMax).flatMap(readVersion),
    };
  });
}

function readVersion(value: unknown): readonly CveVersion[] {
  const given = membersOf(value);
  const version = wordsOf(given['version'], 1_024);
  if (version === null) return [];
  const changes = listOf(given['changes'], 1_000).flatMap((change) => {
    const at = wordsOf(membersOf(change)['at'], 1_024);
    return at === null ? [] : [{ at, status: statusOf(membersOf(change)['status']) }];
  });
  return [
    {
      version,
      status: statusOf(given['status']),
      lessThan: wordsOf(given['lessThan'], 1_024),
      lessThanOrEqual: wordsOf(given['lessThanOrEqual'], 1_024),
      type: wordsOf(given['versionType'], 128),
      changes,
    },
  ];
}

/** The schema's default is that nobody knows. */
function statusOf(value: unknown): CveStatus {
  return (['affected', 'unaffected'] as const).find((status) => status === value) ?? 'unknown';
}

function textsIn(value: unknown): readonly string[] {
  return listOf(value, 1_000).flatMap((each) => wordsOf(each, 4_096) ?? []);
}

function bareOf(text: string | null): string | null {
  const purl = text === null ? null : parsePurl(text);
  if (purl?.ok !== true) return null;
  const { type, namespace, name } = purl.value;
  const bare = buildPurl({ type, namespace, name });
  return bare.ok ? bare.value.canonical : null;
}

/** Kinds of packages by where they lie, as CNAs write it; `www.` aside. */
const kinds: Readonly<Record<string, { readonly type: string; readonly namespace?: string }>> = {
  'registry.npmjs.org': { type: 'npm' },
  'npmjs.com': { type: 'npm' },
  'pypi.org': { type: 'pypi' },
  'pypi.python.org': { type: 'pypi' },
  'repo.maven.apache.org': { type: 'maven' },
  'repo1.maven.org': { type: 'maven' },
  'central.sonatype.com': { type: 'maven' },
  'pkg.go.dev': { type: 'golang' },
  'proxy.golang.org': { type: 'golang' },
  'golang.org': { type: 'golang' },
  'crates.io': { type: 'cargo' },
  'rubygems.org': { type: 'gem' },
  'nuget.org': { type: 'nuget' },
  'packagist.org': { type: 'composer' },
  'hex.pm': { type: 'hex' },
  'repo.hex.pm': { type: 'hex' },
  'pub.dev': { type: 'pub' },
  'packages.debian.org': { type: 'deb', namespace: 'debian' },
};

/** A collection and a name in it say what a package URL says. */
function purlIn(collection: string | null, name: string | null): string | null {
  const host = /^https?:\/\/(?:www\.)?([^/:?#]+)/i.exec(collection ?? '')?.[1];
  const kind = host === undefined ? undefined : kinds[host.toLowerCase()];
  if (kind === undefined || name === null) return null;
  const parts = name.split(kind.type === 'maven' ? /[:/]/ : '/');
  const last = parts.pop() ?? '';
  const namespace = kind.namespace ?? (parts.length === 0 ? undefined : parts.join('/'));
  const purl = buildPurl({ type: kind.type, namespace, name: last });
  return purl.ok ? purl.value.canonical : null;
}
