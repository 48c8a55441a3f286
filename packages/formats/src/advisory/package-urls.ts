import { buildPurl, type Purl, parsePurl } from '../purl/purl.ts';
import { writeVers } from '../vers/vers.ts';
import type { AffectedPackage } from './advisory.ts';

/** A package of an advisory as package URLs name it. */
export interface PackageUrls {
  readonly type: string;
  /** The package, with the release of its distribution. */
  readonly plain: string;
  /** With the affected versions as `vers` (purl specification, known qualifiers). */
  readonly ranged: string;
  /** Each fixed version once, with its own. */
  readonly fixed: ReadonlyMap<string, string>;
}

/** Null: the package has no package URL. */
export function packageUrlsOf(affected: AffectedPackage): PackageUrls | null {
  const parsed = affected.purl === null ? null : parsePurl(affected.purl);
  if (parsed?.ok !== true) return null;
  const { type } = parsed.value;
  const distro = distroOf(affected.ecosystem);
  const known = distro === null ? {} : { distro };
  const plain = withMore(parsed.value, { qualifiers: known });
  const vers = writeVers(type, affected.intervals);
  const ranged = withMore(parsed.value, { qualifiers: { ...known, vers } });
  if (plain === null || ranged === null) return null;
  const fixed = new Map<string, string>();
  for (const { fixed: version } of affected.intervals) {
    const url = version === null ? null : withMore(parsed.value, { qualifiers: known, version });
    if (version !== null && url !== null) fixed.set(version, url);
  }
  return { type, plain, ranged, fixed };
}

/** A package URL without what {@link packageUrlsOf} added to it. */
export function bareUrl(purl: string): string {
  const parsed = parsePurl(purl);
  if (!parsed.ok) return purl;
  const { type, namespace, name, subpath } = parsed.value;
  const { distro: _, vers: __, ...qualifiers } = Object.fromEntries(parsed.value.qualifiers);
  const bare = buildPurl({ type, namespace, name, subpath, qualifiers });
  return bare.ok ? bare.value.canonical : purl;
}

function withMore(
  { type, namespace, name, subpath, qualifiers }: Purl,
  more: { readonly version?: string; readonly qualifiers: Readonly<Record<string, string>> },
): string | null {
  const all = { ...Object.fromEntries(qualifiers), ...more.qualifiers };
  const built = buildPurl({
    type,
    namespace,
    name,
    subpath,
    version: more.version,
    qualifiers: all,
  });
  return built.ok ? built.value.canonical : null;
}

/** What distributions call themselves (os-release, ID), where OSV calls them otherwise. */
const idOfFamily: ReadonlyMap<string, string> = new Map([
  ['Red Hat', 'rhel'],
  ['Rocky Linux', 'rocky'],
]);

/** The release of a distribution as purls of its packages name it; null: it is none. */
function distroOf(ecosystem: string): string | null {
  const [family, release] = ecosystem.split(':');
  if (family === undefined || release === undefined) return null;
  const id = idOfFamily.get(family) ?? family.toLowerCase().replaceAll(' ', '-');
  return `${id}-${release.replace(/^v(?=\d)/, '')}`;
}
