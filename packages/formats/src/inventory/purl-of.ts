import { buildPurl } from '../purl/purl.ts';

/** The purl type of an OSV ecosystem, and the sign that ends the namespace in its names. */
const types: ReadonlyMap<string, { readonly type: string; readonly joint: string | null }> =
  new Map([
    ['npm', { type: 'npm', joint: '/' }],
    ['PyPI', { type: 'pypi', joint: null }],
    ['Maven', { type: 'maven', joint: ':' }],
    ['Go', { type: 'golang', joint: '/' }],
    ['crates.io', { type: 'cargo', joint: null }],
    ['RubyGems', { type: 'gem', joint: null }],
    ['NuGet', { type: 'nuget', joint: null }],
    ['Packagist', { type: 'composer', joint: '/' }],
  ]);

/** The package URL of a package of a language's registry; undefined where it has none. */
export function purlOf(ecosystem: string, name: string, version: string): string | undefined {
  const known = types.get(ecosystem);
  if (known === undefined) return undefined;
  const cut = known.joint === null ? -1 : name.lastIndexOf(known.joint);
  const purl = buildPurl({
    type: known.type,
    namespace: cut < 0 ? undefined : name.slice(0, cut),
    name: name.slice(cut + 1),
    version,
  });
  return purl.ok ? purl.value.canonical : undefined;
}
