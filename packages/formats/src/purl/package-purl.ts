import { buildPurl } from './purl.ts';

/** The purl type of an OSV ecosystem, its fixed namespace or the sign that ends one in its names. */
const types: ReadonlyMap<
  string,
  { readonly type: string; readonly joint?: string; readonly namespace?: string }
> = new Map([
  ['npm', { type: 'npm', joint: '/' }],
  ['PyPI', { type: 'pypi' }],
  ['Maven', { type: 'maven', joint: ':' }],
  ['Go', { type: 'golang', joint: '/' }],
  ['crates.io', { type: 'cargo' }],
  ['RubyGems', { type: 'gem' }],
  ['NuGet', { type: 'nuget' }],
  ['Packagist', { type: 'composer', joint: '/' }],
  ['Debian', { type: 'deb', namespace: 'debian' }],
  ['Ubuntu', { type: 'deb', namespace: 'ubuntu' }],
  ['Alpine', { type: 'apk', namespace: 'alpine' }],
  ['Red Hat', { type: 'rpm', namespace: 'redhat' }],
  ['Rocky Linux', { type: 'rpm', namespace: 'rocky-linux' }],
  ['AlmaLinux', { type: 'rpm', namespace: 'almalinux' }],
]);

/**
 * The package URL of what OSV calls by its ecosystem (with or without a release) and name; undefined
 * where the ecosystem has none.
 */
export function packagePurl(ecosystem: string, name: string, version?: string): string | undefined {
  const known = types.get(ecosystem.split(':', 1)[0] ?? '');
  if (known === undefined) return undefined;
  const cut = known.joint === undefined ? -1 : name.lastIndexOf(known.joint);
  const purl = buildPurl({
    type: known.type,
    namespace: known.namespace ?? (cut < 0 ? undefined : name.slice(0, cut)),
    name: name.slice(cut + 1),
    version,
  });
  return purl.ok ? purl.value.canonical : undefined;
}
