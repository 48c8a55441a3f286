import { ok, type Result, refuse } from '@breakwater/kernel';
import { alpine } from './alpine.ts';
import { crates } from './crates.ts';
import { debian } from './debian.ts';
import { go } from './go.ts';
import { maven } from './maven.ts';
import { npm } from './npm.ts';
import { nuget } from './nuget.ts';
import { packagist } from './packagist.ts';
import { pypi } from './pypi.ts';
import { rpm } from './rpm.ts';
import { rubygems } from './rubygems.ts';
import type { Version, VersionScheme } from './scheme.ts';

export { type DebianParts, splitDebian } from './debian.ts';
export type { Version, VersionScheme } from './scheme.ts';

/**
 * Ecosystems whose order is known, by OSV's names. Distributions order as their package manager does.
 */
const schemes: ReadonlyMap<string, VersionScheme> = new Map([
  ['npm', npm],
  ['PyPI', pypi],
  ['Maven', maven],
  ['Go', go],
  ['crates.io', crates],
  ['RubyGems', rubygems],
  ['NuGet', nuget],
  ['Packagist', packagist],
  // Hex takes Semantic Versioning 2.0.0 to the letter, as Cargo does.
  ['Hex', crates],
  ...['Debian', 'Ubuntu'].map((name) => [name, debian] as const),
  ...['Alpine', 'Wolfi', 'Chainguard', 'Alpaquita', 'MinimOS'].map(
    (name) => [name, alpine] as const,
  ),
  ...[
    'Red Hat',
    'Rocky Linux',
    'AlmaLinux',
    'SUSE',
    'openSUSE',
    'Mageia',
    'openEuler',
    'Photon OS',
    'Azure Linux',
  ].map((name) => [name, rpm] as const),
]);

/** OSV's names of the ecosystems whose order is known. */
export const knownEcosystems: readonly string[] = [...schemes.keys()];

/** OSV's ecosystem without its release suffix: `Debian:12` gives `Debian`. */
export function baseEcosystem(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}

/** The ecosystem's scheme, or undefined; a release suffix (`Debian:12`) does not change it. */
export function schemeOf(ecosystem: string): VersionScheme | undefined {
  return schemes.get(baseEcosystem(ecosystem));
}

type VersionRefusal = 'version-malformed' | 'ecosystem-unknown';

/**
 * Parses `text` as a version of `ecosystem` (OSV's name, release suffix allowed).
 *
 * Out: the version with an order key that may be compared with keys of the same ecosystem.
 */
export function parse(ecosystem: string, text: string): Result<Version, VersionRefusal> {
  const scheme = schemeOf(ecosystem);
  if (scheme !== undefined) return scheme.parse(text);
  return refuse({
    code: 'ecosystem-unknown',
    expected: `an ecosystem whose order of versions is known: ${knownEcosystems.join(', ')}`,
    got: JSON.stringify(ecosystem.slice(0, 100)),
    todo: 'compare these versions with the ecosystem’s own tool',
  });
}

/** Orders two versions of one ecosystem: -1 where `a` is older, 0 where equal, 1 where newer. */
export function compare(
  ecosystem: string,
  a: string,
  b: string,
): Result<-1 | 0 | 1, VersionRefusal> {
  const left = parse(ecosystem, a);
  if (!left.ok) return left;
  const right = parse(ecosystem, b);
  if (!right.ok) return right;
  if (left.value.key === right.value.key) return ok(0);
  return ok(left.value.key < right.value.key ? -1 : 1);
}
