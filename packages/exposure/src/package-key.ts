import { baseEcosystem } from '@breakwater/versions';

/**
 * One key for every spelling of a package's name, whatever the release of its ecosystem.
 *
 * PyPI reads names without case and takes `-`, `_` and `.` for the same (packaging.python.org, "Names
 * and normalization"); NuGet and Packagist read them without case. Elsewhere the spelling decides.
 */
export function packageKey(named: { readonly ecosystem: string; readonly name: string }): string {
  const base = baseEcosystem(named.ecosystem);
  // No ecosystem and no name holds a NUL.
  return `${base}\0${spelled(base, named.name)}`;
}

function spelled(base: string, name: string): string {
  if (base === 'PyPI') return name.toLowerCase().replace(/[-_.]+/g, '-');
  return base === 'NuGet' || base === 'Packagist' ? name.toLowerCase() : name;
}
